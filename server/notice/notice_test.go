// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package notice_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// events are all, with facts as their callers give them.
var events = map[notice.Event]notice.Facts{
	notice.MethodAdded:      {Method: "totp"},
	notice.MethodChanged:    {Method: "sms"},
	notice.MethodRemoved:    {},
	notice.CodesRenewed:     {},
	notice.CodeUsed:         {Left: 3},
	notice.SecondFailed:     {},
	notice.SecondBlocked:    {},
	notice.NewDevice:        {Device: "Firefox 141.0 on Windows"},
	notice.BypassIssued:     {},
	notice.ResetDone:        {Phone: "+15550100123"},
	notice.ResetAsked:       {},
	notice.Unlocked:         {},
	notice.ResyncOpened:     {},
	notice.SignedOut:        {Phone: "+15550100123"},
	notice.Suspended:        {Phone: "+15550100123"},
	notice.Restored:         {Phone: "+15550100123"},
	notice.AppLinked:        {Device: "Kutano Authenticator"},
	notice.IdentityLinked:   {Method: "google"},
	notice.IdentityUnlinked: {Method: "apple"},
}

type bench struct {
	db   *store.DB
	keys *seal.Keys
	w    *notice.Writer
	ana  people.User
}

func setUp(t *testing.T, db *store.DB) bench {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{3}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	b := bench{db: db, keys: keys, w: &notice.Writer{
		Keys: keys, BaseURL: "https://app.kutano.example", Workspace: "Harbour School", Host: "app.kutano.example",
	}}
	err = db.Tx(t.Context(), func(q store.Q) error {
		b.ana, err = people.Create(t.Context(), q, "ana@example.org", "Ana", people.Member, start)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// messages empties the outbox.
func (b bench) messages(t *testing.T) []outbox.Message {
	t.Helper()
	var all []outbox.Message
	err := b.db.Rows(t.Context(), "SELECT dedupe, channel, body, expires_at FROM outbox ORDER BY id", nil, func(scan func(...any) error) error {
		var dedupe, channel string
		var sealed []byte
		var expires int64
		if err := scan(&dedupe, &channel, &sealed, &expires); err != nil {
			return err
		}
		plain, err := b.keys.Open(seal.Place{Table: "outbox", Row: dedupe, Column: "body"}, sealed)
		if err != nil {
			return err
		}
		m := outbox.Message{Channel: outbox.Channel(channel), Dedupe: dedupe, Expires: store.Time(expires)}
		all = append(all, m)
		return json.Unmarshal(plain, &all[len(all)-1])
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.db.Exec(t.Context(), "DELETE FROM outbox"); err != nil {
		t.Fatal(err)
	}
	return all
}

func (b bench) tell(t *testing.T, u people.User, e notice.Event, f notice.Facts, at time.Time) []outbox.Message {
	t.Helper()
	err := b.db.Tx(t.Context(), func(q store.Q) error { return b.w.Tell(t.Context(), q, u, e, f, at) })
	if err != nil {
		t.Fatal(err)
	}
	return b.messages(t)
}

var link = regexp.MustCompile(`https://app\.kutano\.example/objection\?t=([A-Za-z0-9_-]{43})`)

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v); it is now:\n%s", path, err, got)
	}
}

func show(all []outbox.Message) string {
	var b strings.Builder
	for _, m := range all {
		b.WriteString("[" + string(m.Channel) + " to " + m.To + "] " + m.Subject + "\n\n" + m.Text + "\n\n")
	}
	return link.ReplaceAllString(b.String(), "https://app.kutano.example/objection?t=TOKEN")
}

// R71: after a backup code was used the user is told to make new ones.
func TestTexts(t *testing.T) {
	b := setUp(t, dbtest.SQLite(t))
	for e, f := range events {
		u := b.ana
		if e == notice.ResetDone {
			u.EnrolBy = start.Add(24 * time.Hour)
		}
		golden(t, string(e), show(b.tell(t, u, e, f, start)))
	}
	err := b.db.Tx(t.Context(), func(q store.Q) error {
		if err := b.w.SignInCode(t.Context(), q, "ana@example.org", "flow", "012345", 1, start.Add(10*time.Minute), start); err != nil {
			return err
		}
		return b.w.TextCode(t.Context(), q, "+15550100123", "678901", "sending-1", start.Add(10*time.Minute), start)
	})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "codes", show(b.messages(t)))
}

// Every notice offers the way to object, says what support never asks, and holds
// nothing that lets anyone in; the link's token is kept as a hash only.
func TestNotices(t *testing.T) {
	digits := regexp.MustCompile(`\d{6}|[0-9A-Z]{5}-[0-9A-Z]{5}`)
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		b := setUp(t, db)
		for e, f := range events {
			f.Phone = "+15550100123"
			all := b.tell(t, b.ana, e, f, start)
			if len(all) != 2 || all[0].Channel != outbox.Mail || all[1].Channel != outbox.SMS || all[1].To != f.Phone {
				t.Fatalf("%s: %d messages", e, len(all))
			}
			for _, m := range all {
				if links := link.FindAllStringSubmatch(m.Text, -1); len(links) != 1 {
					t.Errorf("%s: %d links", e, len(links))
				} else if ev, until := b.objection(t, links[0][1]); ev != string(e) || !until.Equal(start.Add(7*24*time.Hour)) {
					t.Errorf("%s: the objection is to %q, until %v", e, ev, until)
				}
				if digits.MatchString(link.ReplaceAllString(m.Text+m.Subject, "")) {
					t.Errorf("%s has something like a code in it:\n%s", e, m.Text)
				}
				if strings.ContainsAny(m.Subject+m.Text, "!") {
					t.Errorf("%s shouts", e)
				}
			}
			if !strings.Contains(all[0].Text, "Kutano support will never ask you for a code.") {
				t.Errorf("%s does not say what support never asks", e)
			}
			if n := len(all[1].Text); n > 306 { // two parts of GSM 03.38
				t.Errorf("the text message of %s has %d characters", e, n)
			}
		}
	})
}

func (b bench) objection(t *testing.T, token string) (event string, until time.Time) {
	t.Helper()
	var ms int64
	err := b.db.Row(t.Context(), "SELECT event, expires_at FROM objections WHERE token_hash = ? AND user_id = ?",
		[]any{seal.Hash(token), b.ana.ID}, &event, &ms)
	if err != nil {
		t.Fatal(err)
	}
	return event, store.Time(ms)
}

// A code's message has no link, so that it cannot be taken for one that asks to
// be clicked; that of a text message ends as phones want it.
func TestCodes(t *testing.T) {
	b := setUp(t, dbtest.SQLite(t))
	expires := start.Add(10 * time.Minute)
	send := func(n int) {
		t.Helper()
		err := b.db.Tx(t.Context(), func(q store.Q) error {
			if err := b.w.SignInCode(t.Context(), q, "ana@example.org", "flow", "012345", n, expires, start); err != nil {
				return err
			}
			return b.w.TextCode(t.Context(), q, "+15550100123", "012345", "x", expires, start)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	send(1)
	send(1)
	send(2)
	all := b.messages(t)
	if len(all) != 3 { // two mails, one text message
		t.Fatalf("%d messages: what has the same name is written once", len(all))
	}
	for _, m := range all {
		if strings.Contains(m.Text, "http") || strings.Contains(m.Text, "objection") || strings.Contains(m.Subject, "012345") {
			t.Errorf("wrong in a message with a code: %q\n%s", m.Subject, m.Text)
		}
		if !strings.Contains(m.Text, "012345") || !strings.Contains(m.Text, "10 minutes") || !m.Expires.Equal(expires) {
			t.Errorf("missing in a message with a code:\n%s", m.Text)
		}
		if m.Channel == outbox.SMS && !strings.HasSuffix(m.Text, "\n@app.kutano.example #012345") {
			t.Errorf("the text message ends otherwise: %q", m.Text)
		}
	}
}

// Someone who keeps failing cannot fill a mailbox.
func TestFailuresAreToldOnceAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		b := setUp(t, db)
		err := b.db.Tx(t.Context(), func(q store.Q) error {
			for _, at := range []time.Duration{0, time.Second, 20 * time.Minute, time.Hour} {
				if err := b.w.Tell(t.Context(), q, b.ana, notice.SecondFailed, notice.Facts{}, start.Add(at)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(b.messages(t)); n != 2 {
			t.Fatalf("%d messages", n)
		}
	})
}

func TestNoSuchEvent(t *testing.T) {
	b := setUp(t, dbtest.SQLite(t))
	err := b.db.Tx(t.Context(), func(q store.Q) error {
		return b.w.Tell(t.Context(), q, b.ana, "birthday", notice.Facts{}, start)
	})
	if err == nil {
		t.Fatal("an event without words was told")
	}
}

// Names that others choose stay names: no header, no line, no link of theirs.
func TestNamesAreTame(t *testing.T) {
	b := setUp(t, dbtest.SQLite(t))
	for _, device := range []string{
		"x\r\nBcc: eve@evil.example", "http://evil.example/login", "evil.example", "//evil.example", "a\u2028b", "mailto:eve@evil.example",
		strings.Repeat("y", 5000),
	} {
		all := b.tell(t, b.ana, notice.NewDevice, notice.Facts{Device: device}, start)
		for _, bad := range []string{"evil.example", "//evil", "Bcc:", "\r", "\u2028", "eve@", strings.Repeat("y", 61)} {
			if strings.Contains(all[0].Text, bad) {
				t.Errorf("a device called %.20q brings %q into the mail", device, bad)
			}
		}
	}
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		u := b.ana
		u.Name = rapid.String().Draw(t, "name")
		f := notice.Facts{Device: rapid.String().Draw(t, "device")}
		w := *b.w
		w.Workspace = rapid.String().Draw(t, "workspace")
		var lines, plain int
		err := b.db.Tx(ctx, func(q store.Q) error { return w.Tell(ctx, q, u, notice.NewDevice, f, start) })
		if err != nil {
			t.Fatal(err)
		}
		var dedupe string
		var sealed []byte
		if err := b.db.Row(ctx, "SELECT dedupe, body FROM outbox ORDER BY id DESC LIMIT 1", nil, &dedupe, &sealed); err != nil {
			t.Fatal(err)
		}
		body, err := b.keys.Open(seal.Place{Table: "outbox", Row: dedupe, Column: "body"}, sealed)
		var m outbox.Message
		if err != nil || json.Unmarshal(body, &m) != nil {
			t.Fatal("the message cannot be read")
		}
		if _, err := mail.ParseAddress(m.To); err != nil || strings.ContainsAny(m.Subject, "\r\n") {
			t.Fatalf("headers: %q %q", m.To, m.Subject)
		}
		lines, plain = strings.Count(m.Text, "\n"), strings.Count(m.Text, "://")
		if lines != 18 || plain != 2 {
			t.Fatalf("%d lines, %d links:\n%s", lines, plain, m.Text)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// of are facts with nothing wrong, for a topic.
func of(topic string) Facts {
	f := usual()
	f.Topic, f.Left, f.Codes.Left = topic, -1, -1
	return f
}

// R56: each topic has one next thing for each finding, the way that it goes on in the
// guide, and says why.
func TestTopics(t *testing.T) {
	absent := func(f *Facts) { f.Here = false }
	locked := func(f *Facts) { f.Here, f.Store = false, Locked }
	service := func(s Service) func(*Facts) { return func(f *Facts) { f.Service = s } }
	noted := func(f *Facts) { f.Codes = Codes{Known: true, Where: "in the safe at home", Left: 7} }
	for _, c := range []struct {
		topic string
		with  func(*Facts)
		do    Do
		way   guide.Outcome
		what  string
	}{
		{guide.Refused, func(*Facts) {}, NextCode, guide.TypeCode, "One code can be mistyped"},
		{guide.Refused, func(f *Facts) { f.Clock = tone(verdict.Unknown) }, NextCode, guide.Nothing, "One code can be mistyped"}, // R53 before R54
		{guide.Refused, func(f *Facts) { f.Clock = tone(verdict.Fail) }, FixClock, guide.WrongTime, "47 seconds slow"},
		{guide.Refused, func(f *Facts) { f.Refused = 2 }, Rescan, guide.Rescan, "probably an old one"}, // R55
		{guide.Refused, func(f *Facts) { f.Refused, f.Clock, f.Asked = 2, tone(verdict.Unknown), true }, Rescan, guide.Rescan, "Perhaps the clock is wrong"},
		{guide.Refused, func(f *Facts) { f.Refused, f.Type = 2, otpauth.HOTP }, Rescan, guide.Rescan, "The key here is probably an old one."},
		{guide.Refused, func(f *Facts) { f.Refused, f.Others = 2, 1 }, OtherLine, guide.OtherLine, "another account"},
		{guide.Refused, absent, Scan, guide.Absent, "no account for Kutano"},
		{guide.Refused, func(f *Facts) { f.Here, f.Removed = false, true }, BringBack, guide.Removed, "was removed"},
		{guide.Refused, locked, Unlock, guide.Locked, "key is locked"},
		{guide.Refused, func(f *Facts) { f.Store = NoKeyring }, Unlock, guide.Locked, "No keyring answers"},
		{guide.Refused, func(f *Facts) { f.Store = Denied }, Unlock, guide.Locked, "does not let this app use"},
		{guide.Refused, service(Texts), ReadMessage, guide.ByMessage, "by text message"},
		{guide.Refused, service(Elsewhere), OtherApp, guide.UseBackup, "set up since then"},
		{guide.Refused, service(Shut), UseBackup, guide.UseBackup, "too many wrong ones"},
		{guide.Refused, func(f *Facts) { f.Service, f.Codes = Shut, Codes{Known: true} }, Ask, guide.Unsolved, "too many wrong ones"},
		{guide.Refused, service(TurnedOff), SignIn, guide.NotAsked, "is off at the service"},
		{guide.Refused, service(WasReset), SignIn, guide.NotAsked, "has reset"}, // R60
		{guide.Refused, func(f *Facts) { f.Refused, f.Rescanned = 2, true }, Ask, guide.Unsolved, "still refused"},
		{guide.NoText, func(*Facts) {}, GoOn, guide.Nothing, "Nothing that this app can check"},
		{guide.NoText, service(Texts), GoOn, guide.Nothing, "Nothing that this app can check"},
		{guide.NoText, service(InOrder), TypeCode, guide.TypeCode, "makes its codes"},
		{guide.NoText, func(f *Facts) { f.Here, f.Service = false, InOrder }, OtherApp, guide.UseBackup, "sends no text messages"},
		{guide.NoText, service(WasReset), SignIn, guide.NotAsked, "has reset"},
		{guide.Lost, func(*Facts) {}, TypeCode, guide.TypeCode, "makes its codes"},
		{guide.Lost, absent, GoOn, guide.Nothing, ""},
		{guide.Lost, func(f *Facts) { noted(f); f.Here = false }, UseBackup, guide.UseBackup, "in the safe at home, 7 left"}, // R57 R68
		{guide.Lost, func(f *Facts) { f.Here, f.Service = false, Texts }, ReadMessage, guide.ByMessage, "your phone number"},
		{guide.Lost, locked, Unlock, guide.Locked, ""},
		{guide.NoCodes, noted, UseBackup, guide.UseBackup, "7 left"},
		{guide.NoCodes, func(f *Facts) { f.Codes = Codes{Known: true} }, TypeCode, guide.TypeCode, ""},
		{guide.NoCodes, absent, GoOn, guide.Nothing, ""},
		{guide.NoCodes, locked, Unlock, guide.Locked, ""},
		{guide.KeysLocked, locked, Unlock, guide.Locked, ""},
		{guide.KeysLocked, func(*Facts) {}, TypeCode, guide.TypeCode, ""},
		{guide.KeysLocked, func(f *Facts) { f.Store = Gone }, UseBackup, guide.UseBackup, "no longer on this device"},
		{guide.KeysLocked, absent, Scan, guide.Absent, ""},
		{guide.KeysLocked, func(f *Facts) { f.Here, f.Removed = false, true }, BringBack, guide.Removed, ""},
		{guide.WrongAccount, func(f *Facts) { f.Others = 1 }, OtherLine, guide.OtherLine, ""},
		{guide.WrongAccount, func(*Facts) {}, GoOn, guide.Nothing, ""},
		{guide.WrongAccount, locked, Unlock, guide.Locked, ""},
		{guide.Empty, func(*Facts) {}, TypeCode, guide.TypeCode, ""},
		{guide.Empty, func(f *Facts) { f.Here, f.Removed = false, true }, BringBack, guide.Removed, ""},
		{guide.Empty, absent, GoOn, guide.Nothing, ""},
		{guide.Empty, service(Elsewhere), GoOn, guide.Nothing, ""},
		{guide.NewDevice, absent, GoOn, guide.Nothing, ""},
		{guide.NewDevice, func(*Facts) {}, TypeCode, guide.TypeCode, ""},
	} {
		f := of(c.topic)
		c.with(&f)
		r := Of(f)
		if r.Do != c.do || r.Way != c.way || !strings.Contains(r.What, c.what) || r.Next == "" {
			t.Errorf("%s: do %d by %q, want %d by %q (%q): %+v", c.topic, r.Do, r.Way, c.do, c.way, c.what, r)
		}
	}
}

// What is known of the service and of the backup codes stands among what was looked
// at, for the recovery topics alone.
func TestTopicLines(t *testing.T) {
	f := of(guide.Refused)
	f.Service, f.Codes, f.Unproved = Texts, Codes{Known: true, Where: "in the safe at home", Left: 1}, true
	f.Clock.Spoken = "Codes are corrected: this clock is 47 seconds slow."
	want := "✓ Kutano · ana@example.com is in this app.\n✓ Its key is here and makes codes.\n✓ Your clock is right.\n" +
		"✓ Codes are corrected: this clock is 47 seconds slow.\n" +
		"! As far as this app knows, none of its codes has ever been accepted: perhaps setting up was not finished.\n" +
		"! The service sends your codes by text message.\n✓ Backup codes: in the safe at home, 1 left.\n"
	if got := lines(Of(f)); got != want {
		t.Errorf("got\n%s", got)
	}
	f.Topic = ""
	if got := lines(Of(f)); strings.Contains(got, "service") || strings.Contains(got, "Backup") || strings.Contains(got, "ever accepted") {
		t.Errorf("in the set-up\n%s", got)
	}
	for want, with := range map[string]func(*Facts){
		"✗ The keys are locked, so this app cannot make codes now.\n! You have not noted": func(f *Facts) { f.Here, f.Store = false, Locked },
		"✗ No keyring answers on this device":                                             func(f *Facts) { f.Store = NoKeyring },
		"✗ The system did not let this app read its keys.":                                func(f *Facts) { f.Store = Denied },
		"✓ The service asks for a code from an app.":                                      func(f *Facts) { f.Service = InOrder },
		"! Two-factor sign-in is off at the service.":                                     func(f *Facts) { f.Service = TurnedOff },
		"! An administrator has reset":                                                    func(f *Facts) { f.Service = WasReset },
		"✗ The service accepts no codes":                                                  func(f *Facts) { f.Service = Shut },
		"✗ An app has been set up since then":                                             func(f *Facts) { f.Service = Elsewhere },
		"! The link with the service has ended":                                           func(f *Facts) { f.Service = Ended },
		"✗ None of the backup codes":                                                      func(f *Facts) { f.Codes = Codes{Known: true} },
		"! According to the service, 9 backup codes are left.":                            func(f *Facts) { f.Codes = Codes{Left: 9} },
		"✓ Backup codes: 3 left.":                                                         func(f *Facts) { f.Codes = Codes{Known: true, Left: 3} },
		"✓ Backup codes: noted, but not where.":                                           func(f *Facts) { f.Codes = Codes{Known: true, Left: -1} },
	} {
		f := of(guide.Lost)
		with(&f)
		if got := lines(Of(f)); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	f = of(guide.NoText)
	if f.Service = InOrder; lines(Of(f)) != "✗ The service asks for a code from an app, and sends no text messages.\n! You have not noted here where your backup codes are.\n" {
		t.Errorf("of messages\n%s", lines(Of(f)))
	}
	if f.Service = Texts; !strings.HasPrefix(lines(Of(f)), "✓ The service sends your codes by text message.\n") {
		t.Errorf("of messages\n%s", lines(Of(f)))
	}
}

// What the linked service said is from when it was seen last, and its lines say when.
func TestSeenAt(t *testing.T) {
	f := of(guide.Refused)
	f.SeenAt = time.Date(2026, 3, 2, 10, 31, 0, 0, time.Local)
	when := " (Seen at 2026-03-02 10:31.)\n"
	for _, s := range []Service{InOrder, Texts, TurnedOff, WasReset, Shut, Elsewhere} {
		if f.Service = s; strings.Count(lines(Of(f)), when) != 1 {
			t.Errorf("%d: it is not said when\n%s", s, lines(Of(f)))
		}
	}
	for _, s := range []Service{NoService, Ended} {
		if f.Service = s; strings.Contains(lines(Of(f)), when) {
			t.Errorf("%d: it says when nothing was said\n%s", s, lines(Of(f)))
		}
	}
	f.Codes = Codes{Left: 9}
	if got := lines(Of(f)); !strings.Contains(got, "9 backup codes are left. You have not noted here where they are."+when) {
		t.Errorf("of the codes\n%s", got)
	}
}

// When the clock was measured stands in its line, which is told from the others.
func TestClockAt(t *testing.T) {
	f := of(guide.Refused)
	r := Of(f)
	if r.Timed < 0 || r.Looked[r.Timed] != (Line{Good, f.Clock.Headline}) {
		t.Errorf("%d of %v", r.Timed, r.Looked)
	}
	f.ClockAt = time.Date(2026, 3, 2, 10, 31, 0, 0, time.Local)
	if r = Of(f); r.Timed < 0 || r.Looked[r.Timed].Text != f.Clock.Headline+" (Checked at 2026-03-02 10:31.)" {
		t.Errorf("%d of %v", r.Timed, r.Looked)
	}
	f.Topic = guide.NoText
	if r = Of(f); r.Timed != -1 {
		t.Errorf("of messages: %d of %v", r.Timed, r.Looked)
	}
	m := &clock.Measurement{At: clock.Times{Wall: f.ClockAt}}
	for want, s := range map[time.Time]clock.Status{
		f.ClockAt: {Measured: m}, {}: {Measured: m, Stale: clock.Stepped},
	} {
		if got := ClockAt(s); !got.Equal(want) || !ClockAt(clock.Status{}).IsZero() {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

// While the app is locked by a passphrase neither the account's name nor where the
// backup codes are is said.
func TestDiscreet(t *testing.T) {
	for _, topic := range guide.Topics() {
		for _, store := range []Store{Locked, Open, Gone} {
			f := of(topic)
			f.Discreet, f.Store, f.Account, f.Codes = true, store, name, Codes{Known: true, Where: "in the safe at home", Left: 7}
			r := Of(f)
			all := lines(r) + r.What + r.Next
			if strings.Contains(all, "ana@") || strings.Contains(all, "at home") {
				t.Errorf("%s\n%s", topic, all)
			}
			if !strings.Contains(all, "The app has a note of where the backup codes are.") || topic != guide.NoText && !strings.Contains(all, "The account is in this app.") {
				t.Errorf("%s says nothing instead\n%s", topic, all)
			}
		}
	}
}

// Whatever the facts and the topic: one verdict, one next thing, and the guide has a
// way on that the step of the topic offers.
func TestWhateverTheTopic(t *testing.T) {
	g, err := guide.Recover()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := of(rapid.SampledFrom(guide.Topics()).Draw(t, "topic"))
		f.Here, f.Removed = rapid.Bool().Draw(t, "here"), rapid.Bool().Draw(t, "removed")
		f.Store = Store(rapid.IntRange(0, int(Denied)).Draw(t, "store"))
		f.Service = Service(rapid.IntRange(0, int(Ended)).Draw(t, "service"))
		f.Others, f.Refused = rapid.IntRange(0, 2).Draw(t, "others"), rapid.IntRange(1, 4).Draw(t, "refused")
		f.Clock = tone(rapid.SampledFrom([]verdict.Tone{verdict.Unknown, verdict.Right, verdict.Look, verdict.Fail}).Draw(t, "clock"))
		f.Codes = Codes{Known: rapid.Bool().Draw(t, "known"), Left: rapid.IntRange(-1, 5).Draw(t, "left")}
		r := Of(f)
		if r.What == "" || r.Next == "" || len(r.Looked) == 0 || shouting.MatchString(r.What+r.Next) || strings.Contains(r.What+r.Next, "{") {
			t.Fatalf("%+v", r)
		}
		run, err := g.Begin(f.Topic, guide.Facts{guide.Several: f.Others > 0})
		if err != nil {
			t.Fatal(err)
		}
		if run.Step().Live != guide.Checks { // it asks first which it is
			if err := run.Choose(run.Choices()[0]); err != nil {
				t.Fatal(err)
			}
		}
		if err := run.Outcome(r.Way); err != nil || guide.Checks.Label(r.Way) == "" {
			t.Fatalf("%s does not lead on by %q: %v", f.Topic, r.Way, err)
		}
	})
}

func TestServiceOf(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC) }
	app := link.Status{Enabled: true, Method: link.TOTP, Since: at(1)}
	with := func(change func(*link.Linked)) link.Linked {
		l := link.Linked{Seen: app, SeenAt: at(9)}
		change(&l)
		return l
	}
	switched := []link.Event{link.SwitchedToApp}
	for _, c := range []struct {
		name     string
		l        link.Linked
		ok       bool
		verified time.Time
		want     Service
	}{
		{"none", link.Linked{}, false, at(1), NoService},
		{"never seen", link.Linked{}, true, at(1), NoService},
		{"ended", with(func(l *link.Linked) { l.Ended = true }), true, at(1), Ended},
		{"an app", with(func(*link.Linked) {}), true, at(1), InOrder},
		{"an app, never proved here", with(func(*link.Linked) {}), true, time.Time{}, InOrder},
		{"the same set-up, a little later there", with(func(l *link.Linked) { l.Seen.Since = at(1).Add(time.Minute) }), true, at(1), InOrder},
		{"proved since", with(func(*link.Linked) {}), true, at(5), InOrder},
		{"set up anew since", with(func(l *link.Linked) { l.Seen.Since = at(4) }), true, at(2), Elsewhere},
		{"told of another app", with(func(l *link.Linked) { l.Seen.Since, l.Untold = at(1).Add(time.Minute), switched }), true, at(1), Elsewhere},
		{"told of this one: proved since", with(func(l *link.Linked) { l.Untold = switched }), true, at(5), InOrder},
		{"told of an app that may be this one", with(func(l *link.Linked) { l.Untold = switched }), true, time.Time{}, InOrder},
		{"the clock here was slow when it was set up", with(func(l *link.Linked) { l.Seen.Since = at(1).Add(45 * time.Minute) }), true, at(1), InOrder},
		{"messages", with(func(l *link.Linked) { l.Seen.Method = link.SMS }), true, at(1), Texts},
		{"shut", with(func(l *link.Linked) { l.Seen.Blocked = true }), true, at(1), Shut},
		{"off", with(func(l *link.Linked) { l.Seen = link.Status{} }), true, at(1), TurnedOff},
		{"reset", with(func(l *link.Linked) { l.Seen = link.Status{EnrolBy: at(20)} }), true, at(1), WasReset},
	} {
		if got := ServiceOf(c.l, c.ok, c.verified); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestCodesOf(t *testing.T) {
	seen := link.Linked{SeenAt: time.Unix(1, 0), Seen: link.Status{Codes: link.Codes{Left: 9, All: 10}}}
	home := backupcodes.Set{Place: backupcodes.Elsewhere, Where: "at home", First: 10, Left: 7}
	none := backupcodes.Set{Place: backupcodes.Elsewhere, Where: "in the old list", First: 10}
	here := backupcodes.Set{Place: backupcodes.Here, First: 10, Left: 4}
	uncounted := backupcodes.Set{Place: backupcodes.Elsewhere, Where: "somewhere"}
	for name, c := range map[string]struct {
		sets []backupcodes.Set
		ok   bool
		want Codes
		says string
	}{
		"nothing":                  {nil, false, Codes{Left: -1}, ""},
		"counted by the service":   {nil, true, Codes{Left: 9}, ""},
		"noted":                    {[]backupcodes.Set{home}, true, Codes{true, "at home", 7}, "at home, 7 left"},
		"the old list is used up":  {[]backupcodes.Set{none, home}, false, Codes{true, "at home", 7}, "at home, 7 left"},
		"in either order":          {[]backupcodes.Set{home, none}, false, Codes{true, "at home", 7}, "at home, 7 left"},
		"all used up":              {[]backupcodes.Set{none}, false, Codes{true, "in the old list", 0}, "in the old list, 0 left"},
		"here":                     {[]backupcodes.Set{here}, false, Codes{true, "in this app’s safe", 4}, "in this app’s safe, 4 left"},
		"not counted":              {[]backupcodes.Set{uncounted}, false, Codes{true, "somewhere", -1}, "somewhere"},
		"not counted, and used up": {[]backupcodes.Set{uncounted, none}, false, Codes{true, "somewhere", -1}, "somewhere"},
	} {
		got := CodesOf(c.sets, seen, c.ok)
		if got != c.want || got.Says() != c.says {
			t.Errorf("%s: %+v, %q", name, got, got.Says())
		}
	}
}

// Codes that the service replaced since let nobody in, wherever they are noted.
func TestCodesOfBefore(t *testing.T) {
	made := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := link.Linked{SeenAt: made.AddDate(0, 0, 1), Seen: link.Status{Enabled: true, Codes: link.Codes{Left: 9, All: 10, Made: made}}}
	old := backupcodes.Set{Place: backupcodes.Elsewhere, Where: "in the old list", First: 10, Left: 7, Made: made.AddDate(-1, 0, 0)}
	same := backupcodes.Set{Place: backupcodes.Elsewhere, Where: "at home", First: 10, Left: 6, Made: made.Add(-10 * time.Minute)}
	if got := CodesOf([]backupcodes.Set{old}, l, true); got != (Codes{Left: 9}) {
		t.Errorf("%+v", got)
	}
	if got := CodesOf([]backupcodes.Set{old, same}, l, true); got != (Codes{true, "at home", 6}) {
		t.Errorf("%+v", got)
	}
	if got := CodesOf([]backupcodes.Set{old}, l, false); got.Where != "in the old list" {
		t.Errorf("nobody says that they were replaced: %+v", got)
	}
}

func TestStoreOf(t *testing.T) {
	for err, want := range map[error]Store{
		nil: Open, keystore.ErrLocked: Locked, keystore.ErrSealed: Locked, keystore.ErrPassphrase: Locked, keystore.ErrNoPassphrase: Locked,
		keystore.ErrNoService: NoKeyring, keystore.ErrTimeout: NoKeyring, keystore.ErrDenied: Denied, keystore.ErrNotFound: Gone, errors.New("else"): Gone,
	} {
		if err != nil {
			err = fmt.Errorf("read: %w", err)
		}
		if got := StoreOf(err); got != want {
			t.Errorf("%v: %d", err, got)
		}
	}
}

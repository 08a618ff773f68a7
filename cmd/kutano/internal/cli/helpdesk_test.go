// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
)

// calling is a command line beside a desk.
type calling struct {
	*desktest.Desk
	t         *testing.T
	asked     *int // how often the permission was asked for, nil for no matter
	out, errs bytes.Buffer
}

type standingClock time.Time

func (c standingClock) Now() time.Time { return time.Time(c) }

func newCalling(t *testing.T, agent string) *calling {
	t.Helper()
	d := desktest.New()
	d.Agent = agent
	return &calling{Desk: d, t: t}
}

func (c *calling) app(in io.Reader, out, errs io.Writer) *App {
	var device clock.Clock = standingClock(c.Now)
	return &App{
		In: in, Out: out, Err: errs, Clock: device,
		waits: func(context.Context, time.Duration) error { return nil },
		desk: func(context.Context) (link.Desk, link.Who, error) {
			if c.asked != nil {
				*c.asked++
			}
			return c.Desk, link.Who{ID: c.Agent}, nil
		},
	}
}

// run runs kutano helpdesk, and fails where the exit code is another.
func (c *calling) run(exit int, args ...string) string {
	c.t.Helper()
	c.out.Reset()
	c.errs.Reset()
	got := c.app(strings.NewReader(""), &c.out, &c.errs).Run(c.t.Context(), append([]string{"helpdesk"}, args...))
	if got != exit {
		c.t.Fatalf("kutano helpdesk %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got, exit, c.out.String(), c.errs.String())
	}
	return c.out.String() + c.errs.String()
}

func (c *calling) says(text string, wants ...string) {
	c.t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			c.t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// deed runs it with --json.
func (c *calling) deed(exit int, args ...string) (d shownDeed, failed failure) {
	c.t.Helper()
	c.run(exit, append(args, "--json")...)
	var doc struct {
		Desk  shownDeed
		Error failure
	}
	if err := json.Unmarshal(c.out.Bytes(), &doc); err != nil {
		c.t.Fatalf("%v: %s", err, c.out.String())
	}
	return doc.Desk, doc.Error
}

func heardSlow(t *testing.T) string {
	t.Helper()
	p, err := phrase.Encode(standing.Standing{
		Platform: standing.Windows, Clock: standing.Slow30, Source: standing.NTP, Enrolment: standing.Active, Codes: standing.ManyLeft,
		Automatic: standing.AutomaticOff, Last: standing.RefusedWrong, Major: 1, Minor: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(p.Digits(), " ")
}

func heardGood(t *testing.T, last standing.Last) string {
	t.Helper()
	p, err := phrase.Encode(standing.Standing{
		Platform: standing.Windows, Clock: standing.ClockRight, Source: standing.NTP, Enrolment: standing.Active, Codes: standing.NoneLeft,
		Automatic: standing.AutomaticOn, Last: last, Major: 1, Minor: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(p.Digits(), " ")
}

func TestHelpdeskFind(t *testing.T) {
	c := newCalling(t, "hana")
	c.says(c.run(0, "find", "a@example"), "ana@example.com", "olga@example.com", "owner")
	c.says(c.run(3, "find", "nobody"), "No user matches.")
	c.says(c.run(2, "find"), "Name one user.")
	c.says(c.run(0, "show", "ben"), "ben@example.com: user", "with an authenticator app", "3 backup codes are left of 10", "changed within the last seven days", "You may: Sign out everywhere · Unlock · Allow two codes · Make a bypass code")
	c.says(c.run(0, "show", "olga"), "owner", "You may: -")
	c.says(c.run(0, "show", "ada@example"), "ada@example.com")
	c.says(c.run(3, "show", "example.com"), "6 users match.", "Give the whole e-mail address.")
	c.run(0, "show", "ana@example.com", "--json")
	if s := c.out.String(); !strings.Contains(s, `"call_back_ok":true`) || !strings.Contains(s, `"may":["look-up"`) {
		t.Error(s)
	}
}

var (
	proofsAlone = []string{"--check", "called-back", "--check", "manager", "--check", "second-channel", "--confirm-calm", "--reason", "The phone fell into the lake.", "--ticket", "T-12", "--yes"}
	leftOut     = []string{"--skip", "phrase", "--skip", "step", "--skip", "backup-code", "--skip", "bypass-code"}
	identified  = slices.Concat(proofsAlone, leftOut)
)

// with is an act for a user, with what is said of the call; more comes last, and wins.
func with(args []string, act, user string, more ...string) []string {
	return slices.Concat([]string{act, user}, args, more)
}

// R58 R59: each act with its record, and the audit id that confirms it.
func TestHelpdeskActs(t *testing.T) {
	c := newCalling(t, "amir")
	for i, act := range []string{"sign-out", "unlock", "resync", "reset"} {
		audit := fmt.Sprint(1742 + i)
		c.says(c.run(0, with(identified, act, "ana@example.com")...), "It was done. Audit number "+audit+".")
	}
	made := c.Users[0].Cases[0]
	if made.Ticket != "T-12" || len(made.Checks) != 3 || !strings.HasPrefix(made.Reason, "The phone fell into the lake. Skipped: The six words were heard. Skipped: ") {
		t.Errorf("%+v", made)
	}
	if d, _ := c.deed(0, with(identified, "reset", "ada@example.com")...); d.State != "waiting" || d.Audit != 1746 || !strings.Contains(d.Note, "waiting for a second administrator") {
		t.Errorf("an administrator's reset: %+v", d)
	}
	if d, _ := c.deed(0, with(proofsAlone, "reset", "ana", "--phrase", heardSlow(t), "--done", "step", "--done", "backup-code", "--skip", "advised", "--skip", "bypass-code", "--again")...); d.State != "done" || d.Earlier ||
		!strings.Contains(d.Note, "The clock is 30 to 59 seconds slow.") || strings.Count(d.Note, "Skipped: ") != 2 {
		t.Errorf("%+v", d)
	}
}

// An agent who tries to skip checks, resets oneself, resets an owner alone.
func TestHelpdeskRefuses(t *testing.T) {
	c := newCalling(t, "hana")
	base := slices.Concat([]string{"--confirm-calm", "--reason", "The phone fell into the lake.", "--yes"}, leftOut)
	c.says(c.run(6, with(base, "unlock", "ana")...), "One proof of who the caller is.", "Say: “", "Nothing was done.")
	c.says(c.run(6, with(base, "bypass", "ana", "--check", "video-id", "--check", "in-person", "--skip", "called-back", "--json", "--show-code")...), "A second proof, of a different kind")
	c.says(c.run(6, with(base, "bypass", "ana", "--check", "called-back", "--check", "video-id", "--json", "--show-code")...), "A second proof, of a different kind")
	c.says(c.run(6, with(base, "unlock", "ben", "--check", "called-back")...), "does not count")
	c.says(c.run(6, with(identified, "reset", "ana")...), "Only an administrator can reset.")
	c.says(c.run(6, with(identified, "unlock", "hana")...), "That is your own account.")
	c.says(c.run(6, with(identified, "unlock", "olga")...), "Only another administrator")
	c.says(c.run(6, "unlock", "ana", "--check", "manager", "--reason", "The phone fell into the lake.", "--yes"), "Your answer: is anybody applying pressure?", "Your answer: is any other change wanted?")
	c.says(c.run(2, "unlock", "ana", "--check", "voice", "--reason", "The phone fell into the lake.", "--yes"), "There is no such check.", "second-channel")
	c.says(c.run(2, "unlock", "ana", "--check", "manager", "--confirm-calm"), "Give a reason.")
	c.says(c.run(2, with(base, "unlock", "ana", "--check", "manager", "--reason", "Her code was 123 456.")...), "long number")
	c.says(c.run(2, with(base, "unlock", "ana", "--check", "manager", "--ticket", "ana@example.com")...), "address")
	c.says(c.run(2, with(base[:3], "unlock", "ana", append([]string{"--check", "manager"}, leftOut...)...)...), "Add --yes if you mean it.")
	if len(c.Done) != 0 {
		t.Errorf("done: %v", c.Done)
	}
	c.Agent = "amir"
	c.says(c.run(6, with(identified, "reset", "amir")...), "That is your own account.")
	c.says(c.run(6, with(identified, "bypass", "ada", "--json", "--show-code")...), "There are no bypass codes for administrators")
	if len(c.Done) != 0 {
		t.Errorf("done: %v", c.Done)
	}
}

// What comes first in the script is named, as done or as left out: nothing is left out
// by itself. R57
func TestHelpdeskNamesWhatWasDone(t *testing.T) {
	c := newCalling(t, "amir")
	c.says(c.run(6, with(proofsAlone, "unlock", "ana@example.com")...), "The six words, or a written reason", "The next step, or a written reason", "A backup code, or a written reason")
	d, failed := c.deed(6, with(proofsAlone, "unlock", "ana@example.com")...)
	if d.State != "" || !strings.Contains(failed.Message, "The six words, or a written reason") {
		t.Errorf("%+v, %+v", d, failed)
	}
	for _, act := range []string{"unlock", "resync", "reset"} {
		for i, lacks := range []string{"The six words, or", "The next step, or", "A backup code, or", "A bypass code first, or"} {
			if act != "reset" && i == 3 {
				continue
			}
			args := slices.Concat(proofsAlone, leftOut[:2*i], leftOut[2*i+2:])
			if text := c.run(6, with(args, act, "ana@example.com")...); strings.Count(text, "  ! ") != 1 || !strings.Contains(text, lacks) {
				t.Errorf("%s: %s", act, text)
			}
		}
	}
	seen := slices.Concat(proofsAlone[2:], leftOut) // not called back
	c.says(c.run(6, with(seen, "reset", "ana@example.com")...), "A call to the number on record, or a written reason why it was not made.")
	for _, wrong := range [][]string{{"--done", "phrase"}, {"--done", "advised"}, {"--skip", "calm"}, {"--skip", "manager"}, {"--done", "voice"}} {
		c.says(c.run(2, with(identified, "unlock", "ana@example.com", wrong...)...), "There is no such check.", "backup-code")
	}
	c.says(c.run(2, with(identified, "unlock", "ana@example.com", "--skip", "called-back")...), "called-back cannot be done and skipped.")
	c.says(c.run(2, with(identified, "unlock", "ana@example.com", "--phrase", heardSlow(t))...), "phrase cannot be done and skipped.")
	if len(c.Done) != 0 {
		t.Errorf("done: %v", c.Done)
	}
	d, _ = c.deed(0, with(seen, "reset", "ana@example.com", "--skip", "called-back")...)
	if want := "- Skipped: Called back on the number on record (The phone fell into the lake.)"; d.State != "done" || !strings.Contains(d.Note, want) {
		t.Errorf("%+v", d)
	}
	called := slices.Concat(proofsAlone[:4], proofsAlone[6:], leftOut)
	c.says(c.run(6, with(called, "reset", "ana@example.com")...), "A second proof, of a different kind, of who the caller is. The call back is not one.")
	d, _ = c.deed(0, with(seen, "reset", "ben@example.com")...) // whose number was changed yesterday
	if want := "- Calling back was not possible: the number on record was changed within the last seven days\n"; d.State != "done" || !strings.Contains(d.Note, want) {
		t.Errorf("%+v", d)
	}
}

// Where the words advise unlocking or two codes, a script says why that is not enough
// for what leads further. R59
func TestHelpdeskAdvised(t *testing.T) {
	c := newCalling(t, "amir")
	heard := slices.Concat(proofsAlone, []string{"--phrase", heardSlow(t), "--done", "step", "--done", "backup-code", "--skip", "bypass-code"})
	for _, act := range []string{"bypass", "reset"} {
		args := with(heard, act, "ana@example.com", "--json")
		if act == "bypass" {
			args = append(args, "--show-code")
		}
		c.says(c.run(6, args...), "Two codes in a row, which the finding advises, or a written reason why they do not help.")
		if c.run(0, append(args, "--skip", "advised")...); !strings.Contains(c.out.String(), "Skipped: What the finding advises was done (The phone fell into the lake.)") {
			t.Error(c.out.String())
		}
	}
	c.run(0, with(heard, "unlock", "ana@example.com")...)
	c.run(0, with(heard, "resync", "ana@example.com")...)
	// Where nothing is advised, nothing is left out.
	if d, _ := c.deed(0, with(slices.Concat(proofsAlone[2:], leftOut), "reset", "ben@example.com", "--skip", "advised")...); strings.Contains(d.Note, "What the finding advises") {
		t.Error(d.Note)
	}
}

// After an act there is something to say, by which the caller goes on. R59
func TestHelpdeskSaysWhatComesNext(t *testing.T) {
	c := newCalling(t, "amir")
	for act, want := range map[string]string{
		"unlock": "Please try again now", "resync": "Please reload Kutano’s sign-in page, and choose “My helpdesk asked me to type two codes”", "reset": "Please sign in as usual",
	} {
		c.says(c.run(0, with(identified, act, "ana@example.com")...), "Say: “"+want)
		if d, _ := c.deed(0, with(identified, act, "ana@example.com", "--again")...); !strings.HasPrefix(d.Say, want) {
			t.Errorf("%s: %q", act, d.Say)
		}
	}
	if text := c.run(0, with(identified, "sign-out", "ana@example.com")...); strings.Contains(text, "Say: “") {
		t.Error(text)
	}
	if d, _ := c.deed(0, with(identified, "reset", "ada@example.com")...); !strings.HasPrefix(d.Say, "For an administrator, two of us") {
		t.Errorf("%q", d.Say)
	}
	args := with(identified, "bypass", "ana@example.com", "--show-code")
	if d, _ := c.deed(0, args...); !strings.Contains(d.Say, "choose “Use a code from your helpdesk”") {
		t.Errorf("%q", d.Say)
	}
	if d, _ := c.deed(0, args...); !d.Earlier || d.Say != "" || !strings.Contains(d.Note, "Make a bypass code: done before this, and not done again. Audit number ") {
		t.Errorf("there is no code to read out: %+v", d)
	}
}

// A script whose answer was lost goes on with other words: it is not done twice, and
// what was done is named with its number.
func TestHelpdeskInOtherWords(t *testing.T) {
	c := newCalling(t, "amir")
	c.Fail = func(call string, after bool) error {
		return when(call == "reset" && after || call == "look" && c.Done["reset"] > 0, fmt.Errorf("%w: cut", link.ErrUnreachable))
	}
	if d, _ := c.deed(1, with(identified, "reset", "ana@example.com")...); d.State != "not_known" || d.Say != "" {
		t.Errorf("%+v", d)
	}
	c.Fail, c.Now = nil, c.Now.Add(10*time.Minute)
	other := with(identified, "reset", "ana@example.com", "--reason", "Once more, for the answer was lost.", "--ticket", "T-13")
	c.says(c.run(0, other...), "It was already done at ", "and was not done again. Audit number 1742.", "add --again")
	if c.Done["reset"] != 1 {
		t.Errorf("done %d times", c.Done["reset"])
	}
	c.says(c.run(0, append(other, "--again")...), "It was done. Audit number 1743.")
}

// The bypass code is a secret for some minutes: nothing but a terminal gets it unasked.
func TestHelpdeskBypass(t *testing.T) {
	c := newCalling(t, "hana")
	c.says(c.run(2, with(identified, "bypass", "ana")...), "only in a terminal")
	c.says(c.run(2, with(identified, "bypass", "ana", "--json")...), "--show-code")
	if len(c.Done) != 0 {
		t.Errorf("a code was made that nobody sees: %v", c.Done)
	}
	d, _ := c.deed(0, with(identified, "bypass", "ana", "--show-code")...)
	if d.Code != desktest.Code || len(d.Spelled) != 8 || d.Spelled[0] != "Bravo" || d.Until-c.Now.Unix() != 900 || strings.Contains(d.Note, desktest.Code) {
		t.Errorf("%+v", d)
	}
	d, _ = c.deed(0, with(identified, "bypass", "ana", "--show-code")...)
	if !d.Earlier || d.Code != "" || c.Done["bypass-code"] != 1 {
		t.Errorf("the same within the hour: %+v", d)
	}
	if d, _ = c.deed(0, with(identified, "bypass", "ana", "--show-code", "--again")...); d.Code == "" || c.Done["bypass-code"] != 2 {
		t.Errorf("%+v", d)
	}
}

// The service goes down in mid-action: what is told is true, and nothing is done twice.
func TestHelpdeskServiceDown(t *testing.T) {
	away := fmt.Errorf("%w: down", link.ErrUnreachable)
	for _, tt := range []struct {
		name  string
		fail  func(call string, after, before bool) error
		exit  int
		state string
		text  string
	}{
		{"before", func(call string, after, _ bool) error { return when(call == "look" && !after, away) }, 1, "", "cannot be reached"},
		{"answer lost", func(call string, after, _ bool) error { return when(call == "reset" && after, away) }, 0, "done", "it was done, at "},
		{"request lost", func(call string, after, _ bool) error { return when(call == "reset" && !after, away) }, 1, "not_done", "It was not done."},
		{"stays down", func(call string, after, sent bool) error {
			return when(call == "reset" && after || sent && call == "look", away)
		}, 1, "not_known", "It is not known whether it was done"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCalling(t, "amir")
			c.Fail = func(call string, after bool) error { return tt.fail(call, after, c.Done["reset"] > 0) }
			c.says(c.run(tt.exit, with(identified, "reset", "ana@example.com")...), tt.text)
			c = newCalling(t, "amir")
			c.Fail = func(call string, after bool) error { return tt.fail(call, after, c.Done["reset"] > 0) }
			d, f := c.deed(tt.exit, with(identified, "reset", "ana@example.com")...)
			if d.State != tt.state || (tt.exit == 0) != (f.Kind == "") {
				t.Errorf("%+v, %+v", d, f)
			}
			c.Fail = nil
			c.Now = c.Now.Add(5 * time.Minute)
			if d, _ = c.deed(0, with(identified, "reset", "ana@example.com")...); d.State != "done" || c.Done["reset"] != 1 {
				t.Errorf("tried again: done %d times, %+v", c.Done["reset"], d)
			}
		})
	}
}

func when(holds bool, err error) error {
	if holds {
		return err
	}
	return nil
}

func TestHelpdeskNotLinked(t *testing.T) {
	for _, args := range [][]string{{"find", "ana"}, {"show", "ana"}, with(identified, "unlock", "ana")} {
		var out, errs bytes.Buffer
		a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
		if got := a.Run(t.Context(), append([]string{"--data", t.TempDir(), "helpdesk"}, args...)); got != 3 || !strings.Contains(errs.String(), "kutano helpdesk link") {
			t.Errorf("%v: exit %d\n%s", args, got, errs.String())
		}
	}
}

// Where nobody is asked, a part of a name is not enough: the one whom it fits may be
// another.
func TestActOnWhoIsMeant(t *testing.T) {
	c := newCalling(t, "hana")
	seen := slices.Concat([]string{"--check", "video-id", "--confirm-calm", "--reason", "The phone fell into the lake.", "--yes"}, leftOut)
	for _, part := range []string{"be", "en@example.com"} {
		c.says(c.run(3, with(seen, "unlock", part)...), "Give the whole e-mail address.")
	}
	if len(c.Done) != 0 {
		t.Errorf("%v", c.Done)
	}
	for _, whole := range []string{"ana@example.com", "Ana@Example.com", "ana"} {
		c = newCalling(t, "hana")
		if c.run(0, with(seen, "unlock", whole)...); c.Done["unlock"] != 1 {
			t.Errorf("%s: %v", whole, c.Done)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

func TestWritten(t *testing.T) {
	for text, want := range map[string]error{
		"The phone fell into the lake.":      nil,
		"Passed 2 checks, case 12345 of day": nil,
		"short":                              ErrReason,
		"line\x00break in a reason":          ErrReason,
		"turned \u202e round in a reason":    ErrReason,
		strings.Repeat("long ", 100):         ErrReason,
		"ana@example.com has no phone":       ErrPersonal,
		"the code was 123456 she says":       ErrPersonal,
		"the code was 123 456 she says":      ErrPersonal,
		"the code was 123,456 she says":      ErrPersonal,
		"the code was 1_2_3_4_5_6 she says":  ErrPersonal,
		"call +49 (0)151-23 45 67 instead":   ErrPersonal,
		"born on 1990-02-03 she says":        ErrPersonal,
		"the code was ١٢٣٤٥٦ she says":       ErrPersonal,
	} {
		if err := Written(text); !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
	c := New(Agent{})
	if err := c.Ticket("HELP-20260302-000123"); err != nil {
		t.Error(err)
	}
	if err := c.Ticket("ana@example.com"); !errors.Is(err, ErrPersonal) {
		t.Error(err)
	}
	if err := c.Ticket(strings.Repeat("x", 101)); !errors.Is(err, ErrTicket) {
		t.Error(err)
	}
	for _, err := range []error{c.Tick(Calm, true), c.Tick("x", true), c.Answer(Boss, true), c.Skip("x", "a reason"), c.Tick(Phrase, true), c.Tick(Advised, true), c.Tick(Least, true)} {
		if !errors.Is(err, ErrCheck) {
			t.Error(err)
		}
	}
}

func TestRecord(t *testing.T) {
	c := New(Agent{ID: "hana", Role: link.RoleHelpdesk})
	c.Meet(user(link.RoleUser))
	c.Hear(with(func(s *standing.Standing) { s.Clock = standing.Slow30 }), 1)
	_ = c.Skip(Step, "the device is managed")
	_ = c.Skip(Backup, "has none with them")
	_ = c.Skip(Advised, "they were refused")
	_ = c.Tick(Boss, true)
	_ = c.Tick(Channel, true)
	_ = c.Tick(Called, true)
	_ = c.Answer(Calm, true)
	_ = c.Answer(Alone, true)
	_ = c.Ticket(" T-12 ")
	if err := c.Remark("Travels without the phone."); err != nil {
		t.Fatal(err)
	}
	r, err := c.Record(link.ActBypass)
	want := "Travels without the phone. The clock is 30 to 59 seconds slow. Codes will be refused. " +
		"Skipped: The caller took the next step (the device is managed) Skipped: A backup code was tried, or there is none (has none with them) " +
		"Skipped: What the finding advises was done (they were refused)"
	if err != nil || r.Reason != want || r.Ticket != "T-12" || !r.Confirmed || !slices.Equal(r.Checks, []link.Check{link.CalledBack, link.Manager, link.SecondChannel}) {
		t.Errorf("%+v, %v", r, err)
	}
	for _, i := range []Item{Phrase, Video, Met, Step, Backup, Least} {
		_ = c.Skip(i, strings.Repeat("why ", 24))
	}
	if r, err := c.Record(link.ActBypass); err != nil || len([]rune(r.Reason)) != mostReason {
		t.Errorf("%d characters, %v", len([]rune(r.Reason)), err)
	}
}

// What is left out for the agent's own words has them in the note, and once in the record.
func TestSkipByRemark(t *testing.T) {
	c := asked(t, link.RoleAdmin, user(link.RoleUser))
	_, _ = c.Tick(Boss, true), c.Tick(Video, true)
	if err := c.SkipByRemark(Called); !errors.Is(err, ErrReason) {
		t.Errorf("left out without a word: %v", err)
	}
	why := strings.TrimSpace(strings.Repeat("long ", 40))
	if err := errors.Join(c.Remark(why), c.SkipByRemark(Called), c.SkipByRemark(Backup)); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[Item]error{Calm: ErrNoSkip, Alone: ErrNoSkip, "x": ErrCheck} {
		if err := c.SkipByRemark(i); !errors.Is(err, want) {
			t.Errorf("%s: %v", i, err)
		}
	}
	r, err := c.Record(link.ActBypass)
	if want := " Skipped: A backup code was tried, or there is none. Skipped: Called back on the number on record."; err != nil || strings.Count(r.Reason, why) != 1 || !strings.Contains(r.Reason, want) {
		t.Errorf("%q, %v", r.Reason, err)
	}
	if !strings.Contains(Note(c), "Skipped: Called back on the number on record ("+why+")") {
		t.Error(Note(c))
	}
}

// However much is written, the record says what was left out. R59
func TestLongRecord(t *testing.T) {
	c := asked(t, link.RoleAdmin, user(link.RoleUser))
	_, _ = c.Tick(Boss, true), c.Tick(Video, true)
	why := strings.TrimSpace(strings.Repeat("quite long ", mostWhy/11))
	err := c.Remark(strings.TrimSpace(strings.Repeat("long ", mostRemark/5)))
	for _, i := range []Item{Phrase, Step, Backup, Called, Least} {
		err = errors.Join(err, c.Skip(i, why))
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Record(link.ActReset)
	if n := utf8.RuneCountInString(r.Reason); err != nil || n > mostReason {
		t.Errorf("%d characters, %v", n, err)
	}
	for _, i := range []Item{Phrase, Step, Backup, Called, Least} {
		if !strings.Contains(r.Reason, Label(i)) {
			t.Errorf("%q is not in %q", Label(i), r.Reason)
		}
	}
}

func TestNote(t *testing.T) {
	c := New(Agent{ID: "hana", Role: link.RoleHelpdesk})
	c.Meet(user(link.RoleUser))
	c.Hear(with(func(s *standing.Standing) { s.Clock, s.Codes = standing.Slow30, standing.NeverSaved }), 1)
	_ = c.Tick(Step, true)
	c.Hear(with(func(s *standing.Standing) { s.Codes, s.Last = standing.NeverSaved, standing.RefusedWrong }), 1)
	_ = c.Skip(Backup, "was never saved")
	_ = c.Tick(Called, true)
	_ = c.Tick(Boss, true)
	_ = c.Answer(Calm, true)
	_ = c.Answer(Alone, true)
	_ = c.Ticket("T-12")
	c.Did(Deed{Act: link.ActUnlock, Audit: 1741})
	c.Did(Deed{Act: link.ActBypass, Audit: 1742})
	c.Did(Deed{Act: link.ActSignOut, Unknown: true})
	want := `Kutano: call from somebody who cannot get in
Ticket: T-12

Found
- The clock is 30 to 59 seconds slow. Codes will be refused.
- The clock is right. What was wrong has been put right.
- A code was refused, and the clock is right: the key may be an old one.
- From a check phrase of format 1; app version 1.8, on Windows

Checked
- The six words were heard
- The caller took the next step
- Skipped: A backup code was tried, or there is none (was never saved)
- Called back on the number on record
- The manager, found in the company directory, vouches
- Nobody is applying pressure
- No other change is wanted

Done
- Unlock. Audit number 1741
- Make a bypass code. Audit number 1742
- Sign out everywhere: it is not known whether it was done. Look at the user’s page before you try again

What happens next
- The user was told that the account was unlocked
- The user was told on every channel that a bypass code was made
- Make sure that the user sets it up again, then close the ticket
- The user should make new backup codes
`
	if got := Note(c); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, personal := range []string{"ana", "Ana", "@", "1234"} {
		if strings.Contains(strings.ReplaceAll(Note(c), "manager", ""), personal) {
			t.Errorf("%q stands in the note", personal)
		}
	}
	c = asked(t, link.RoleAdmin, user(link.RoleUser))
	c.Did(Deed{Act: link.ActUnlock})
	c.Did(Deed{Act: link.ActReset, Waiting: true})
	if got := Note(c); strings.Contains(got, " 0") || !strings.Contains(got, "- Unlock. Audit number not known\n") || !strings.Contains(got, "second administrator. Audit number not known\n") {
		t.Error(got)
	}
	c.Did(Deed{Act: link.ActUnlock, Audit: 8, Earlier: true})
	if got := Note(c); !strings.Contains(got, "- Unlock: done before this, and not done again. Audit number 8\n") {
		t.Error(got)
	}
	empty := Note(New(Agent{}))
	if !strings.Contains(empty, "The six words were not heard.") || !strings.Contains(empty, "Nothing was changed") {
		t.Error(empty)
	}
	c = asked(t, link.RoleAdmin, user(link.RoleOwner))
	c.Did(Deed{Act: link.ActReset, Audit: 9, Waiting: true})
	if got := Note(c); !strings.Contains(got, "waiting for a second administrator. Audit number 9") || !strings.Contains(got, "belongs to an administrator or an owner") {
		t.Error(got)
	}
}

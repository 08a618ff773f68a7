// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desktest"
)

var acts = []link.DeskAct{link.ActSignOut, link.ActUnlock, link.ActResync, link.ActBypass, link.ActReset}

func record() link.Record {
	return link.Record{Reason: "The clock is right now.", Checks: []link.Check{link.Manager, link.CalledBack}, Ticket: "T-12", Confirmed: true}
}

func doing(d *desktest.Desk, act link.DeskAct, id string) *Doing {
	return &Doing{
		Desk: d, ID: id, Act: act, Record: record(), Now: func() time.Time { return d.Now },
		Wait: func(context.Context, time.Duration) error { return nil },
	}
}

func newDesk() *desktest.Desk {
	d := desktest.New()
	d.Agent = "amir"
	return d
}

func TestDo(t *testing.T) {
	for _, act := range acts {
		d := newDesk()
		deed, o, err := doing(d, act, "ana").Do(t.Context())
		if err != nil || o.State != Done || o.Lost || o.Audit != 1742 || d.Done[string(act)] != 1 {
			t.Errorf("%s: %+v, %v", act, o, err)
		}
		if got := deed.Bypass.Reveal(); (got == desktest.Code) != (act == link.ActBypass) {
			t.Errorf("%s: the code is %q", act, got)
		}
	}
	if _, o, err := doing(newDesk(), link.ActReset, "ada").Do(t.Context()); err != nil || o.State != Waiting {
		t.Errorf("an administrator's reset: %+v, %v", o, err)
	}
	d := newDesk()
	if _, o, err := doing(d, link.ActLookUp, "ana").Do(t.Context()); !errors.Is(err, ErrNoSuchAct) || o.State != NotDone || len(d.Calls) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
	if _, o, err := doing(d, link.ActReset, "amir").Do(t.Context()); !errors.Is(err, link.ErrYourself) || o.State != NotDone || d.Calls["look"] != 1 {
		t.Errorf("oneself: %+v, %v after %v", o, err, d.Calls)
	}
}

var errCut = fmt.Errorf("%w: the line was cut", link.ErrUnreachable)

// The service fails at every point, and at every two points: what is told is true, and
// nothing is done twice, however often it is tried.
func TestFailsAtEveryPoint(t *testing.T) {
	type point struct {
		call  string
		nth   int
		after bool
	}
	for _, act := range acts {
		var points []point
		for _, call := range []string{"look", string(act)} {
			for nth := 1; nth <= 4; nth++ {
				points = append(points, point{call, nth, false}, point{call, nth, true})
			}
		}
		for _, a := range points {
			for _, b := range points {
				d := newDesk()
				d.Fail = func(call string, after bool) error {
					for _, p := range []point{a, b} {
						if p.call == call && p.after == after && p.nth == d.Calls[call] {
							return errCut
						}
					}
					return nil
				}
				told := tries(t, d, doing(d, act, "ana"))
				if d.Done[string(act)] != 1 || told != Done {
					t.Fatalf("%s, cut at %v and %v: done %d times, told %d", act, a, b, d.Done[string(act)], told)
				}
			}
		}
	}
}

// tries tries until it is done, and fails where what is told is not true.
func tries(t *testing.T, d *desktest.Desk, w *Doing) State {
	t.Helper()
	var o Outcome
	for range 8 {
		var err error
		var deed link.Deed
		deed, o, err = w.Do(t.Context())
		done := d.Done[string(w.Act)] > 0
		switch {
		case o.State == Done && (!done || err != nil || o.Audit != 1742 || deed.Audit != 1742):
			t.Fatalf("told that it is done: %+v, %v", o, err)
		case o.State == NotDone && (done || err == nil):
			t.Fatalf("told that it is not done: %+v, %v", o, err)
		case o.State == NotKnown && !errors.Is(err, ErrLost):
			t.Fatalf("%+v, %v", o, err)
		case o.State == Done:
			return Done
		}
	}
	return o.State
}

// A service keeps a reason with its lines and blanks, the app shows it in one line: it is
// the same record, and what was done is found.
func TestReasonWithLines(t *testing.T) {
	for _, reason := range []string{"Lost  the phone on a journey", "Lost the phone\non a journey\r\n", "\tLost the phone on\u00a0a journey", "Lost the phone \U0001F937\u200d\u2642\ufe0f on a journey"} {
		d := newDesk()
		d.Fail = func(call string, after bool) error {
			if call == "reset" && after {
				d.Users[0].Cases[0].Reason = link.Plain(reason) // as package remote reads it
				return errCut
			}
			return nil
		}
		w := doing(d, link.ActReset, "ana")
		w.Record.Reason = reason
		_, o, err := w.Do(t.Context())
		if err != nil || o.State != Done || !o.Lost {
			t.Errorf("%q: %+v, %v", reason, o, err)
		}
		if _, o, err = w.Do(t.Context()); err != nil || o.State != Done || d.Done["reset"] != 1 {
			t.Errorf("%q, once more: %+v, %v, done %d times", reason, o, err, d.Done["reset"])
		}
	}
}

// The process that did it is gone, and the agent tries again: with the same record, or
// in other words, as a person does who was told nothing.
func TestTriedAgainLater(t *testing.T) {
	d := newDesk()
	if _, _, err := doing(d, link.ActReset, "ana").Do(t.Context()); err != nil {
		t.Fatal(err)
	}
	made := d.Now
	d.Now = made.Add(recent - time.Second)
	_, o, err := doing(d, link.ActReset, "ana").Do(t.Context())
	if err != nil || o.State != Done || !o.Earlier || !o.At.Equal(made) || o.Audit != 1742 || d.Done["reset"] != 1 {
		t.Errorf("%+v, %v, done %d times", o, err, d.Done["reset"])
	}
	if got := Say(link.ActReset, o, time.UTC); got != "It was already done at 10:31, and was not done again. Audit number 1742." {
		t.Error(got)
	}
	for name, tt := range map[string]struct {
		change func(*Doing)
		times  int
	}{
		"again":                 {func(w *Doing) { w.Again = true }, 2},
		"again, in other words": {func(w *Doing) { w.Again, w.Record.Reason = true, "Something else by now." }, 2},
		"later":                 {func(*Doing) { d.Now = made.Add(recent) }, 2},
		"other ticket":          {func(w *Doing) { w.Record.Ticket = "T-13" }, 1},
		"other reason":          {func(w *Doing) { w.Record.Reason += " Twice." }, 1},
		"other check":           {func(w *Doing) { w.Record.Checks = []link.Check{link.Manager, link.VideoID} }, 1},
		"another's act":         {func(*Doing) { d.Users[0].Cases[0].By = "ada" }, 2},
		"for another user":      {func(*Doing) { d.Users[0].Cases, d.Users[1].Cases = nil, d.Users[0].Cases }, 2},
		"another act":           {func(*Doing) { d.Users[0].Cases[0].Act = link.ActUnlock }, 2},
		"was refused":           {func(*Doing) { d.Users[0].Cases[0].State = "refused" }, 2},
		"waits, in other words": {func(w *Doing) { d.Users[0].Cases[0].State, w.Record.Reason = "waiting", "Still no telephone." }, 1},
	} {
		d = newDesk()
		_, _, _ = doing(d, link.ActReset, "ana").Do(t.Context())
		d.Now = made.Add(time.Minute)
		w := doing(d, link.ActReset, "ana")
		tt.change(w)
		if _, o, err := w.Do(t.Context()); err != nil || o.Earlier != (tt.times == 1) || o.Earlier && (o.Audit != 1742 || !o.At.Equal(made)) || d.Done["reset"] != tt.times {
			t.Errorf("%s: %+v, %v, done %d times", name, o, err, d.Done["reset"])
		}
	}
}

// The answer is lost and cannot be looked up, and a script goes on with other words.
func TestTriedAgainInOtherWords(t *testing.T) {
	for _, act := range acts {
		d := newDesk()
		away := false
		d.Fail = func(call string, after bool) error {
			if away = away || call == string(act) && after; away {
				return errCut
			}
			return nil
		}
		if _, o, err := doing(d, act, "ana").Do(t.Context()); o.State != NotKnown || !errors.Is(err, ErrLost) {
			t.Fatalf("%s: %+v, %v", act, o, err)
		}
		d.Fail = nil
		w := doing(d, act, "ana")
		w.Record = link.Record{Reason: "Once more, for it is not known whether it was done.", Checks: []link.Check{link.VideoID, link.Manager}, Confirmed: true}
		if _, o, err := w.Do(t.Context()); err != nil || o.State != Done || !o.Earlier || o.Audit != 1742 || d.Done[string(act)] != 1 {
			t.Errorf("%s: %+v, %v, done %d times", act, o, err, d.Done[string(act)])
		}
	}
}

// The agent's clock is hours off: what was done a moment ago is still not done twice,
// and what was done yesterday is no reason.
func TestAgentsClockIsWrong(t *testing.T) {
	for _, off := range []time.Duration{-26 * time.Hour, -3 * time.Hour, 3 * time.Hour, 26 * time.Hour} {
		for since, earlier := range map[time.Duration]bool{5 * time.Minute: true, 2 * time.Hour: false} {
			d := newDesk()
			if _, _, err := doing(d, link.ActUnlock, "ana").Do(t.Context()); err != nil {
				t.Fatal(err)
			}
			d.Now = d.Now.Add(since)
			w := doing(d, link.ActUnlock, "ana")
			w.Now = func() time.Time { return d.Now.Add(off) }
			if _, o, err := w.Do(t.Context()); err != nil || o.Earlier != earlier {
				t.Errorf("%v off, done %v ago: %+v, %v", off, since, o, err)
			}
		}
	}
}

// A service's answer has its texts with plain blanks, and a sentence of some languages
// has others in it: it is the same record all the same.
func TestLostWithOtherBlanks(t *testing.T) {
	d := newDesk()
	w := doing(d, link.ActUnlock, "ana")
	w.Record.Reason = "L’horloge est juste\u202f: le code\u00a0aussi."
	d.Fail = func(call string, after bool) error {
		if call == "unlock" && after {
			c := &d.Users[0].Cases[0]
			c.Reason = strings.Join(strings.Fields(c.Reason), " ")
			return errCut
		}
		return nil
	}
	if _, o, err := w.Do(t.Context()); err != nil || o.State != Done || !o.Lost {
		t.Errorf("%+v, %v", o, err)
	}
}

// The request arrives at the service only after its answer was given up.
func TestArrivesLate(t *testing.T) {
	d := newDesk()
	w := doing(d, link.ActBypass, "ana")
	late := false
	d.Fail = func(call string, after bool) error {
		if call == "bypass-code" && !after && !late {
			return errCut
		}
		return nil
	}
	w.Wait = func(ctx context.Context, _ time.Duration) error {
		late = true
		_, err := d.Bypass(ctx, "ana", record())
		return err
	}
	_, o, err := w.Do(t.Context())
	if err != nil || o.State != Done || !o.Lost || d.Done["bypass-code"] != 1 {
		t.Errorf("%+v, %v, done %d times", o, err, d.Done["bypass-code"])
	}
	if got := Say(w.Act, o, time.UTC); !strings.Contains(got, "it was done, at 10:31. Audit number 1742. The code is not shown again. A new one replaces it.") {
		t.Error(got)
	}
}

// The agent gives up while it is under way: what was sent is looked up all the same.
func TestGivesUp(t *testing.T) {
	d := newDesk()
	ctx, cancel := context.WithCancel(t.Context())
	d.Fail = func(call string, after bool) error {
		if call == "reset" && after {
			cancel()
			return context.Canceled
		}
		return nil
	}
	_, o, err := doing(d, link.ActReset, "ana").Do(ctx)
	if err != nil || o.State != Done || !o.Lost {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestFind(t *testing.T) {
	d := newDesk()
	away := false
	d.Fail = func(call string, after bool) error {
		if call == "reset" && after {
			away = true
		}
		if away {
			return errCut
		}
		return nil
	}
	w := doing(d, link.ActReset, "ana")
	if _, o, err := w.Do(t.Context()); o.State != NotKnown || !errors.Is(err, ErrLost) || !errors.Is(err, link.ErrUnreachable) {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, o, err := w.Find(t.Context()); o.State != NotKnown || !errors.Is(err, ErrLost) {
		t.Fatalf("%+v, %v", o, err)
	}
	away, d.Fail = false, nil
	deed, o, err := w.Find(t.Context())
	if err != nil || o.State != Done || deed.Case != "case-1742" || d.Done["reset"] != 1 || d.Calls["reset"] != 1 {
		t.Errorf("%+v, %+v, %v", deed, o, err)
	}
}

// However the service fails, and however often it is tried: told is what is true.
func TestNeverTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk()
		d.Fail = func(string, bool) error {
			if rapid.IntRange(0, 2).Draw(rt, "fails") == 0 {
				return rapid.SampledFrom([]error{errCut, link.ErrStrange, link.ErrTLS, link.ErrNotService, context.DeadlineExceeded, errors.New("odd")}).Draw(rt, "how")
			}
			return nil
		}
		w := doing(d, rapid.SampledFrom(acts).Draw(rt, "act"), rapid.SampledFrom([]string{"ana", "ben"}).Draw(rt, "user"))
		for range rapid.IntRange(1, 6).Draw(rt, "tries") {
			_, o, err := w.Do(context.Background())
			n := d.Done[string(w.Act)]
			if n > 1 || o.State == Done && n != 1 || o.State == NotDone && (n != 0 || err == nil) {
				rt.Fatalf("done %d times, told %+v, %v", n, o, err)
			}
		}
	})
}

func TestSay(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 31, 0, 0, time.UTC)
	for _, tt := range []struct {
		act  link.DeskAct
		o    Outcome
		want string
	}{
		{link.ActReset, Outcome{State: Done, Audit: 7}, "It was done. Audit number 7."},
		{link.ActReset, Outcome{State: Done, Earlier: true, Audit: 7}, "It was done a moment ago, and was not done again. Audit number 7."},
		{link.ActReset, Outcome{State: Done, Lost: true, At: at, Audit: 7}, "The service’s answer was lost, but it was done, at 10:31. Audit number 7."},
		{link.ActReset, Outcome{State: Waiting, Audit: 7}, "It has been requested: a second administrator can approve it, after a day at the earliest. Audit number 7."},
		{link.ActReset, Outcome{State: Waiting, Earlier: true, Audit: 7}, "It has already been requested: a second administrator can approve it, a day after the request. Audit number 7."},
		{link.ActReset, Outcome{State: NotKnown}, "It is not known whether it was done. Check before you try again."},
		{link.ActReset, Outcome{}, "It was not done."},
	} {
		if got := Say(tt.act, tt.o, time.UTC); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.o, got, tt.want)
		}
	}
}

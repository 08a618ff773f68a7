// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package desk does something for a user at a service's helpdesk, once, and tells the
// truth about what came of it also where the service's answer was lost.
//
// A request whose answer is lost may have been carried out. So nobody is told that it
// failed, and nothing is sent again, before it was looked up among the user's cases.
package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

var (
	// ErrLost is returned where the service's answer was lost, and it could not be looked up either whether it was done. It wraps why.
	ErrLost = errors.New("not known whether it was done")
	// ErrNoSuchAct is returned for what is not done for a user at a desk.
	ErrNoSuchAct = errors.New("not done at the desk")
)

// State is what came of it.
type State uint8

// The states.
const (
	NotDone  State = iota // for certain
	Done                  // for certain
	Waiting               // it is asked for, and a second administrator has to approve
	NotKnown              // look again before it is tried again
)

// Outcome is what came of it.
type Outcome struct {
	State State
	// Lost tells that the service's answer was lost, and that it was looked up.
	Lost bool
	// Earlier tells that the agent did the same for the user not long before, and that it
	// was not done again. That may have been in a call of its own, so say when it was.
	Earlier bool
	At      time.Time // when it was done; zero where the service did not say
	Audit   int64     // id in the service's audit log, 0 for none
}

const (
	// pause is how long a request that is under way still has before it is looked up
	// once more.
	pause = 2 * time.Second
	// recent is how long the same act for the same user counts as the same thing,
	// whatever its record says: an agent who was told nothing tries again soon, and
	// perhaps in other words.
	recent = time.Hour
)

// Doing is one thing that is done for one user. Keep it until its outcome is known:
// it remembers what was there before. It is for one goroutine at a time.
type Doing struct {
	Desk   link.Desk
	ID     string // of the user, at the service
	Act    link.DeskAct
	Record link.Record
	Now    func() time.Time // the time, to the hour, for a service that does not tell it
	// Again tells that the agent may have done the same for the user not long before, and
	// that it is wanted once more all the same.
	Again bool
	// Wait pauses; nil for the real time.
	Wait func(ctx context.Context, d time.Duration) error

	before map[string]bool // the cases that were there before it was sent; nil while it was not
}

// Do does it, unless it was done already. The error is nil where it is done or
// waits. Do may be called again for an outcome of NotDone or NotKnown: it looks first
// whether it was done meanwhile.
//
// That ctx ends does not take back what was sent: it is looked up all the same.
func (d *Doing) Do(ctx context.Context) (link.Deed, Outcome, error) {
	send, ok := d.request()
	if !ok {
		return link.Deed{}, Outcome{}, ErrNoSuchAct
	}
	s, err := d.Desk.Look(ctx, d.ID)
	if err != nil {
		if d.before != nil {
			return link.Deed{}, Outcome{State: NotKnown, Lost: true}, fmt.Errorf("%w: %w", ErrLost, err)
		}
		return link.Deed{}, Outcome{}, fmt.Errorf("look up before %s: %w", d.Act, err)
	}
	if c, ok := d.already(s); ok {
		deed, o := ofCase(c)
		o.Lost, o.Earlier = d.before != nil, d.before == nil
		return deed, o, nil
	}
	if d.before == nil {
		d.before = map[string]bool{}
		for _, c := range s.Cases {
			d.before[c.ID] = true
		}
	}
	deed, err := send(ctx, d.ID, d.Record)
	switch {
	case err == nil:
		o := Outcome{State: Done, Audit: deed.Audit, Earlier: deed.Repeated}
		if deed.Waiting {
			o.State = Waiting
		}
		return deed, o, nil
	case refused(err):
		return link.Deed{}, Outcome{}, fmt.Errorf("%s: %w", d.Act, err)
	}
	return d.lookUp(ctx, err)
}

// Find looks whether it was done, and does nothing.
func (d *Doing) Find(ctx context.Context) (link.Deed, Outcome, error) {
	return d.look(ctx)
}

func (d *Doing) request() (func(context.Context, string, link.Record) (link.Deed, error), bool) {
	switch d.Act {
	case link.ActSignOut:
		return d.Desk.SignOut, true
	case link.ActUnlock:
		return d.Desk.Unlock, true
	case link.ActResync:
		return d.Desk.Resync, true
	case link.ActBypass:
		return d.Desk.Bypass, true
	case link.ActReset:
		return d.Desk.Reset, true
	}
	return nil, false
}

// lookUp finds out what became of a request whose answer was lost.
func (d *Doing) lookUp(ctx context.Context, lost error) (link.Deed, Outcome, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*link.Timeout+pause)
	defer cancel()
	deed, o, err := d.look(ctx)
	if o.State == NotDone && err == nil { // it may be under way
		if err := d.wait(ctx); err != nil {
			return link.Deed{}, Outcome{State: NotKnown, Lost: true}, fmt.Errorf("%w: %w", ErrLost, lost)
		}
		deed, o, err = d.look(ctx)
	}
	switch {
	case o.State == NotKnown:
		return deed, o, fmt.Errorf("%w: %w", ErrLost, lost)
	case o.State == NotDone && err == nil:
		return deed, o, fmt.Errorf("%s: %w", d.Act, lost)
	}
	return deed, o, err
}

// look looks the user up, and for what was sent.
func (d *Doing) look(ctx context.Context) (link.Deed, Outcome, error) {
	s, err := d.Desk.Look(ctx, d.ID)
	if err != nil {
		return link.Deed{}, Outcome{State: NotKnown, Lost: true}, fmt.Errorf("%w: %w", ErrLost, err)
	}
	if c, ok := d.sent(s); ok {
		deed, o := ofCase(c)
		o.Lost = true
		return deed, o, nil
	}
	return link.Deed{}, Outcome{State: NotDone, Lost: true}, nil
}

func (d *Doing) wait(ctx context.Context) error {
	if d.Wait != nil {
		return d.Wait(ctx, pause)
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// already finds what was done before it is sent: by an earlier Do, or, where there was
// none, by the same agent not long ago. By what record that was does not matter then: a
// record that was written anew may be of the same wish.
func (d *Doing) already(s link.Subject) (link.Case, bool) {
	switch {
	case d.before != nil:
		return d.sent(s)
	case d.Again:
		return link.Case{}, false
	}
	now := s.At // cases have the service's time, and the agent's clock may be wrong
	if now.IsZero() {
		now = d.Now()
	}
	return d.mine(s, func(c link.Case) bool { return now.Sub(c.Made) < recent })
}

// sent finds the case of what was sent.
func (d *Doing) sent(s link.Subject) (link.Case, bool) {
	return d.mine(s, func(c link.Case) bool { return !d.before[c.ID] && same(c, d.Record) })
}

// mine finds the agent's newest case of this act, of those that which allows.
func (d *Doing) mine(s link.Subject, which func(link.Case) bool) (link.Case, bool) {
	for _, c := range s.Cases {
		if c.Mine && c.Act == d.Act && (c.State == "done" || c.State == "waiting") && which(c) {
			return c, true
		}
	}
	return link.Case{}, false
}

// same tells whether a case has the same record. Texts are compared as they are shown,
// as the case has them, and blanks may come back as others: the narrow one of French
// before a colon as a plain one.
func same(c link.Case, r link.Record) bool {
	return alike(c.Reason, r.Reason) && alike(c.Ticket, r.Ticket) &&
		slices.Equal(sorted(c.Checks), sorted(r.Checks))
}

func alike(a, b string) bool {
	return slices.Equal(strings.Fields(link.Plain(a)), strings.Fields(link.Plain(b)))
}

func sorted(checks []link.Check) []link.Check {
	return slices.Compact(slices.Sorted(slices.Values(checks)))
}

func ofCase(c link.Case) (link.Deed, Outcome) {
	d := link.Deed{Audit: c.Audit, Case: c.ID, Waiting: c.State == "waiting", Until: c.Until}
	o := Outcome{State: Done, At: c.Made, Audit: c.Audit}
	if d.Waiting {
		o.State = Waiting
	}
	return d, o
}

// refused tells whether an error is the service's answer, or was known before
// anything was sent: then it was not done. All others are looked up.
func refused(err error) bool {
	for _, is := range []error{
		link.ErrAddress, link.ErrNotLinked, link.ErrEnded, link.ErrScope, link.ErrStale, link.ErrTooMany, link.ErrBlocked, link.ErrCode,
		link.ErrOver, link.ErrClosed, link.ErrNewer, link.ErrUnreadable, link.ErrBusy,
		link.ErrForbidden, link.ErrYourself, link.ErrChecks, link.ErrProveAgain, link.ErrApproval, link.ErrNobody, link.ErrNotOn,
		link.ErrOtherMethod, link.ErrQuery, link.ErrOtherUser,
	} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

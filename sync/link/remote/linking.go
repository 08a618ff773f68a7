// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// EnrolLife is how long a permission to set a method up is good after the user
// signed in to give it; the service says so itself, this is for what is shown.
const EnrolLife = 10 * time.Minute

// whose asks whose account a permission is for, which nobody keeps yet.
func (c *Client) whose(ctx context.Context, p link.Permission) (link.Who, error) {
	a, err := c.call(ctx, p, http.MethodGet, pathMe, nil)
	if err == nil && a.status != http.StatusOK {
		err = a.refused()
	}
	if err != nil {
		return link.Who{}, fmt.Errorf("ask whose account it is: %w", err)
	}
	return decodeWho(a.body)
}

// Take keeps a permission to see the status, and asks whose it is. It takes the
// place of one from before, which is given back, also one of another user or
// another service. Where it fails the permission is given back, and the link is as
// it was.
func (h *Home) Take(ctx context.Context, p link.Permission) (link.Linked, error) {
	defer p.Clear()
	who, err := h.Client.whose(ctx, p)
	var l link.Linked
	var old []link.Permission
	if err == nil {
		l, old, err = h.take(context.WithoutCancel(ctx), p, who)
	}
	if err != nil {
		_ = h.Client.giveBack(context.WithoutCancel(ctx), p) // else it ends by itself
		return link.Linked{}, fmt.Errorf("link: %w", err)
	}
	for _, one := range old {
		h.Client.discard(ctx, one)
	}
	return l, nil
}

// discard gives a permission back that is kept no more, and clears it. Where the
// service cannot be told it ends by itself.
func (c *Client) discard(ctx context.Context, p link.Permission) {
	if p.Refresh.Len() > 0 {
		_ = c.giveBack(context.WithoutCancel(ctx), p)
	}
	p.Clear()
}

// take keeps a permission, and returns those that are kept no more.
func (h *Home) take(ctx context.Context, p link.Permission, who link.Who) (link.Linked, []link.Permission, error) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return link.Linked{}, nil, err
	}
	defer unlock()
	f, err := h.readOver()
	if err != nil {
		return link.Linked{}, nil, err
	}
	status, err := h.permission(ctx, nameStatus)
	if shut(err) {
		return link.Linked{}, nil, err
	}
	old := []link.Permission{status}
	if f.Desk != nil && !f.Desk.of(p.Address, who) { // a desk is the linked user's
		at, err := h.leave(ctx, nameDesk)
		if err != nil {
			return link.Linked{}, nil, err
		}
		old, f.Desk = append(old, at), nil
	}
	if other := !f.of(p.Address, who); other || p.May(link.Enrol) {
		enrol, err := h.leave(ctx, nameEnrol) // first, so that nobody is set up with another's
		if err != nil {
			return link.Linked{}, nil, err
		}
		old = append(old, enrol)
		f.Enrol = time.Time{}
		if other { // what was seen there says nothing here
			f.Seen, f.SeenAt, f.Untold = nil, time.Time{}, nil
		}
	}
	j := whoJSON(who)
	f.told(link.LinkEnded)
	f.Address, f.Who, f.Since, f.Scopes, f.Ended = p.Address, &j, p.Made, p.Scopes, false
	if p.May(link.Enrol) {
		f.Enrol = p.Made.Add(EnrolLife)
	}
	if err := h.keep(ctx, nameStatus, p); err != nil {
		return link.Linked{}, nil, err
	}
	if err := h.write(f); err != nil {
		return link.Linked{}, nil, errors.Join(err, h.putBack(ctx, nameStatus, status))
	}
	return f.linked(), old, nil
}

// leave forgets a permission, and returns it. The lock is held.
func (h *Home) leave(ctx context.Context, name string) (link.Permission, error) {
	p, err := h.permission(ctx, name)
	if shut(err) {
		return link.Permission{}, err
	}
	return p, h.forget(ctx, name)
}

// putBack keeps the permission from before again; none where it is empty.
func (h *Home) putBack(ctx context.Context, name string, p link.Permission) error {
	if p.Refresh.Len() == 0 {
		return h.forget(ctx, name)
	}
	return h.keep(ctx, name, p)
}

// TakeEnrol keeps a permission to set a method up beside the one to see the status,
// until GiveBack. One of another user or another service is given back and is
// ErrOtherUser. Where nothing is linked, or the link has ended, it links.
func (h *Home) TakeEnrol(ctx context.Context, p link.Permission) error {
	if !p.May(link.Enrol) {
		p.Clear()
		return link.ErrScope
	}
	l, ok, err := h.Linked()
	if err == nil && (!ok || l.Ended) || errors.Is(err, link.ErrUnreadable) {
		_, err = h.Take(ctx, p)
		return err
	}
	defer p.Clear()
	if err == nil {
		var who link.Who
		if who, err = h.Client.whose(ctx, p); err == nil && (p.Address != l.Address || who.ID != l.Who.ID) {
			err = link.ErrOtherUser
		}
	}
	var old link.Permission
	if err == nil {
		old, err = h.takeEnrol(context.WithoutCancel(ctx), p, l)
	}
	if err != nil {
		_ = h.Client.giveBack(context.WithoutCancel(ctx), p) // else it ends by itself
		return fmt.Errorf("keep the permission to set up: %w", err)
	}
	h.Client.discard(ctx, old) // so that nobody can finish what was begun with it
	return nil
}

// takeEnrol keeps a permission for what is linked, and returns the one from before.
func (h *Home) takeEnrol(ctx context.Context, p link.Permission, l link.Linked) (link.Permission, error) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return link.Permission{}, err
	}
	defer unlock()
	f, err := h.read()
	if err != nil {
		return link.Permission{}, err
	}
	if f.Address != l.Address || f.Who.ID != l.Who.ID { // linked anew meanwhile
		return link.Permission{}, link.ErrOtherUser
	}
	f.Enrol = p.Made.Add(EnrolLife)
	old, err := h.permission(ctx, nameEnrol)
	if shut(err) {
		return link.Permission{}, err
	}
	if err := h.keep(ctx, nameEnrol, p); err != nil {
		old.Clear()
		return link.Permission{}, err
	}
	if err := h.write(f); err != nil {
		defer old.Clear()
		return link.Permission{}, errors.Join(err, h.putBack(ctx, nameEnrol, old))
	}
	return old, nil
}

// Refuse gives a permission back that nobody keeps: it came after the user had given up.
func (h *Home) Refuse(ctx context.Context, p link.Permission) error {
	defer p.Clear()
	return h.Client.giveBack(context.WithoutCancel(ctx), p)
}

// GiveBack gives the permission to set a method up back, and forgets it. Where the
// service cannot be reached it is forgotten all the same: it ends by itself.
func (h *Home) GiveBack(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	p, err := h.drop(ctx, nameEnrol, func(f *file) { f.Enrol = time.Time{} })
	if err != nil {
		return err
	}
	h.Client.discard(ctx, p)
	return nil
}

// drop forgets a permission here, and returns it.
func (h *Home) drop(ctx context.Context, name string, do func(*file)) (link.Permission, error) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return link.Permission{}, err
	}
	defer unlock()
	f, err := h.read()
	if err != nil {
		return link.Permission{}, err
	}
	p, err := h.permission(ctx, name)
	if err != nil && !errors.Is(err, link.ErrNotLinked) && !errors.Is(err, link.ErrUnreadable) {
		return link.Permission{}, err
	}
	if err := h.forget(ctx, name); err != nil {
		p.Clear()
		return link.Permission{}, err
	}
	do(&f)
	return p, h.write(f)
}

// Unlink gives all permissions back and forgets the link. What fails before it is
// forgotten leaves it as it was. Where only the service could not be told there is an
// error, and Linked says that nothing is linked: the user can end the link in the
// service's settings.
func (h *Home) Unlink(ctx context.Context) error {
	if err := errors.Join(h.GiveBack(ctx), h.GiveBackDesk(ctx)); err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	p, err := h.drop(context.WithoutCancel(ctx), nameStatus, func(f *file) {
		*f = file{Unwatched: f.Unwatched, Enrolment: f.Enrolment}
	})
	defer p.Clear()
	if err == nil && p.Refresh.Len() > 0 {
		err = h.Client.giveBack(context.WithoutCancel(ctx), p)
	}
	if err != nil {
		return fmt.Errorf("unlink: %w", err)
	}
	return nil
}

// Refresh asks for the status, keeps it as the last seen one, and tells what
// happened since, the most urgent first; that is kept, too, until [Home.Told]. Where
// the permission has ended, that is noted and told once, with ErrEnded.
func (h *Home) Refresh(ctx context.Context) (link.Status, []link.Event, error) {
	return h.look(ctx, link.Compare)
}

// See is Refresh after something was done here: nothing of it is told as something
// that happened elsewhere.
func (h *Home) See(ctx context.Context) error {
	_, _, err := h.look(ctx, func(_, _ link.Status) []link.Event { return nil })
	return err
}

// look is Refresh; compare tells what happened between two looks.
func (h *Home) look(ctx context.Context, compare func(before, now link.Status) []link.Event) (link.Status, []link.Event, error) {
	before, _, err := h.Linked()
	if err != nil {
		return link.Status{}, nil, err
	}
	s, err := h.Session(ctx)
	var now link.Status
	if err == nil {
		now, err = s.Status(ctx)
	}
	if errors.Is(err, link.ErrEnded) {
		return before.Seen, endedNow(before), errors.Join(err, h.change(context.WithoutCancel(ctx), func(f *file) {
			if f.still(before) {
				f.end()
			}
		}))
	}
	if err != nil {
		return before.Seen, nil, err
	}
	if !before.EnrolUntil.IsZero() && h.Client.Clock.Now().After(before.EnrolUntil) {
		_ = h.GiveBack(ctx) // it is of no use any more, and ends by itself
	}
	var events []link.Event
	err = h.change(ctx, func(f *file) {
		if !f.still(before) {
			return // what was asked is another link's
		}
		if f.Seen != nil {
			last, _ := f.seen() // it was read before
			events = compare(last, now)
			f.tell(events...)
		}
		f.Seen, f.SeenAt = encodeStatus(now), h.Client.Clock.Now().UTC()
	})
	return now, events, err
}

// still tells whether a link is the one from before: it was not ended or made anew meanwhile.
func (f *file) still(before link.Linked) bool {
	return f.Address != "" && f.Address == before.Address && f.Who.ID == before.Who.ID && f.Since.Equal(before.Since)
}

func endedNow(before link.Linked) []link.Event {
	if before.Ended {
		return nil
	}
	return []link.Event{link.LinkEnded}
}

// EnrolmentNote is what package enrolment has noted; empty for nothing.
func (h *Home) EnrolmentNote() ([]byte, error) {
	f, err := h.read()
	return f.Enrolment, err
}

// SetEnrolmentNote keeps its note, a JSON object; an empty one removes it.
func (h *Home) SetEnrolmentNote(ctx context.Context, note []byte) error {
	return h.change(context.WithoutCancel(ctx), func(f *file) { f.Enrolment = note })
}

// ServiceTime is the time of the linked service.
func (h *Home) ServiceTime(ctx context.Context) (time.Time, error) {
	f, err := h.read()
	if err == nil && f.Address == "" {
		err = link.ErrNotLinked
	}
	if err != nil {
		return time.Time{}, err
	}
	at, _, err := h.Client.Time(ctx, f.Address)
	return at, err
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// How long a permission to work at the desk is good after the agent signed in to give
// it. The service says so itself; this is for what is shown.
const (
	ActLife  = 10 * time.Minute // for what changes something
	DeskLife = time.Hour        // in all
)

// deskNote says in link.json who works at the desk. It is not secret.
type deskNote struct {
	Address string    `json:"address"`
	Who     whoJSON   `json:"who"`
	Since   time.Time `json:"since"`
}

func (n deskNote) ok() bool {
	base, err := link.ParseAddress(n.Address)
	return err == nil && base == n.Address && n.Who.odd() == "" && sane(n.Since)
}

// of tells whether it is the desk of a user of a service.
func (n deskNote) of(address string, who link.Who) bool {
	return n.Address == address && n.Who.ID == who.ID
}

func (n deskNote) at() link.AtDesk {
	return link.AtDesk{
		Address: n.Address, Who: link.Who(n.Who), Since: n.Since, Acts: n.Since.Add(ActLife), Ends: n.Since.Add(DeskLife),
	}
}

// TakeDesk keeps a permission to work at the desk, beside the one to see the status,
// until GiveBackDesk. Where a service is linked it is that one's desk and that user's:
// of another it is given back and is ErrOtherUser. Where nothing is linked, or the link
// has ended, it stands alone and links nothing. One from before is given back.
func (h *Home) TakeDesk(ctx context.Context, p link.Permission) (link.AtDesk, error) {
	defer p.Clear()
	if !p.May(link.DeskWork) {
		return link.AtDesk{}, link.ErrScope
	}
	who, err := h.Client.whose(ctx, p)
	var old link.Permission
	n := deskNote{Address: p.Address, Who: whoJSON(who), Since: p.Made.UTC()}
	if err == nil {
		old, err = h.takeDesk(context.WithoutCancel(ctx), p, n)
	}
	if err != nil {
		_ = h.Client.giveBack(context.WithoutCancel(ctx), p) // else it ends by itself
		return link.AtDesk{}, fmt.Errorf("keep the permission to work at the desk: %w", err)
	}
	h.Client.discard(ctx, old)
	return n.at(), nil
}

// takeDesk keeps a permission, and returns the one from before.
func (h *Home) takeDesk(ctx context.Context, p link.Permission, n deskNote) (link.Permission, error) {
	unlock, err := h.lock(ctx)
	if err != nil {
		return link.Permission{}, err
	}
	defer unlock()
	f, err := h.readOver()
	if err != nil {
		return link.Permission{}, err
	}
	if f.Address != "" && !f.Ended && (f.Address != n.Address || f.Who.ID != n.Who.ID) {
		return link.Permission{}, link.ErrOtherUser
	}
	old, err := h.permission(ctx, nameDesk)
	if shut(err) {
		return link.Permission{}, err
	}
	f.Desk = &n
	if err := h.keep(ctx, nameDesk, p); err != nil {
		old.Clear()
		return link.Permission{}, err
	}
	if err := h.write(f); err != nil { // the note names whose permission it is
		defer old.Clear()
		return link.Permission{}, errors.Join(err, h.putBack(ctx, nameDesk, old))
	}
	return old, nil
}

// AtDesk tells who works at the desk, without asking anybody; ok is false for nobody.
func (h *Home) AtDesk() (at link.AtDesk, ok bool, err error) {
	f, err := h.read()
	if err != nil || f.Desk == nil {
		return link.AtDesk{}, false, err
	}
	return f.Desk.at(), true, nil
}

// Desk is the service's desk; ErrScope where nobody was allowed to work there, it was
// given back or it ended: ask for a permission with [link.DeskWork].
func (h *Home) Desk(ctx context.Context) (link.Desk, error) {
	f, err := h.read()
	if err != nil {
		return nil, err
	}
	p, err := h.permission(ctx, nameDesk)
	p.Clear()
	switch {
	case f.Desk == nil, errors.Is(err, link.ErrNotLinked), errors.Is(err, link.ErrUnreadable), err == nil && p.Address != f.Desk.Address:
		return nil, link.ErrScope
	case err != nil:
		return nil, err
	}
	return &desk{session: &session{home: h, name: nameDesk}, me: f.Desk.Who.ID}, nil
}

// GiveBackDesk ends the work at the desk: the permission is given back and forgotten.
// Where the service cannot be reached it is forgotten all the same: it ends by itself.
func (h *Home) GiveBackDesk(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	p, err := h.drop(ctx, nameDesk, func(f *file) { f.Desk = nil })
	if err != nil {
		return err
	}
	h.Client.discard(ctx, p)
	return nil
}

// desk is a [link.Desk].
type desk struct {
	*session

	me string // id of the agent
}

// do asks, if the permission is still this agent's: another may have taken it meanwhile,
// and nothing is done or looked for under their name.
func (d *desk) do(ctx context.Context, method, path string, body any, want int) (answer, error) {
	f, err := d.home.read()
	switch {
	case err != nil:
		return answer{}, err
	case f.Desk != nil && f.Desk.Who.ID != d.me:
		return answer{}, link.ErrOtherUser
	}
	return d.session.do(ctx, method, path, body, want)
}

// Paths of the desk, see server/api/openapi.yaml.
const (
	pathFind  = "/v1/admin/users/find"
	pathUsers = "/v1/admin/users/"
)

// Find returns at most 20 users by a part of a name or an address.
func (d *desk) Find(ctx context.Context, query string) ([]link.Subject, error) {
	a, err := d.do(ctx, http.MethodPost, pathFind, struct {
		Query string `json:"query"`
	}{query}, http.StatusOK)
	if err != nil {
		return nil, fmt.Errorf("look for users: %w", err)
	}
	return decodeFound(a.body)
}

// about asks about one user; ErrNobody for an id that can be none.
func (d *desk) about(ctx context.Context, method, id, then string, body any) (answer, error) {
	if !idForm.MatchString(id) {
		return answer{}, link.ErrNobody
	}
	return d.do(ctx, method, pathUsers+id+then, body, http.StatusOK)
}

// Look looks a user up; the service notes that it was done.
func (d *desk) Look(ctx context.Context, id string) (link.Subject, error) {
	a, err := d.about(ctx, http.MethodGet, id, "", nil)
	if err != nil {
		return link.Subject{}, fmt.Errorf("look a user up: %w", err)
	}
	s, err := decodeSubject(a.body, d.me)
	if err != nil {
		return link.Subject{}, err
	}
	s.At = d.home.Client.Clock.Now().Add(a.offset)
	return s, nil
}

// recordJSON is a record as the service takes it.
type recordJSON struct {
	Reason    string       `json:"reason"`
	Checks    []link.Check `json:"checks"`
	Ticket    string       `json:"ticket"`
	Confirmed bool         `json:"confirmed"`
}

func (d *desk) act(ctx context.Context, a link.DeskAct, id, then string, r link.Record) (link.Deed, error) {
	body := recordJSON{Reason: r.Reason, Checks: append([]link.Check{}, r.Checks...), Ticket: r.Ticket, Confirmed: r.Confirmed}
	got, err := d.about(ctx, http.MethodPost, id, then, body)
	if err != nil {
		return link.Deed{}, fmt.Errorf("%s at the desk: %w", a, err)
	}
	defer clear(got.body)
	return decodeDeed(got.body, a)
}

// Unlock forgets a user's failures.
func (d *desk) Unlock(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(ctx, link.ActUnlock, id, "/2fa/unlock", r)
}

// Resync lets a user type two codes that follow one another on the service's own page.
func (d *desk) Resync(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(ctx, link.ActResync, id, "/2fa/resync", r)
}

// Bypass makes a code that leads to setting up again and nowhere else.
func (d *desk) Bypass(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(ctx, link.ActBypass, id, "/2fa/bypass-code", r)
}

// Reset takes a user's second factor off; of an administrator it only asks a second one.
func (d *desk) Reset(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(ctx, link.ActReset, id, "/2fa/reset", r)
}

// SignOut ends all sessions and linked apps of a user.
func (d *desk) SignOut(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return d.act(ctx, link.ActSignOut, id, "/sign-out", r)
}

// deskKinds are the problems that mean something of their own at the desk.
var deskKinds = map[string]error{
	"forbidden":              link.ErrForbidden,
	"not-for-oneself":        link.ErrYourself,
	"elevation-required":     link.ErrProveAgain,
	"second-factor-required": link.ErrProveAgain,
	"enrolment-required":     link.ErrProveAgain,
	"approval-required":      link.ErrApproval,
	"not-found":              link.ErrNobody,
	"not-enrolled":           link.ErrNotOn,
	"method-mismatch":        link.ErrOtherMethod,
}

// fields are those of a record that the service can complain about.
var fields = []string{"reason", "checks", "ticket", "confirmed"}

// refusedAtDesk is refused, for what is asked at the desk.
func (a answer) refusedAtDesk() error {
	p, kind, ok := a.what()
	if !ok {
		return a.refused()
	}
	switch {
	case kind == "identity-checks-missing", kind == "invalid-request" && slices.Contains(fields, p.Field):
		e := &link.ChecksError{}
		if slices.Contains(fields, p.Field) {
			e.Field = p.Field
		}
		return e
	case kind == "invalid-request" && p.Field == "query":
		return link.ErrQuery
	}
	if err, ok := deskKinds[kind]; ok {
		return fmt.Errorf("%w: %s", err, kind)
	}
	return a.refused()
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"

	"github.com/kutano/authenticator/sync/link"
)

// lazy is the desk that is asked each time anew: the permission may have been given
// again meanwhile. Where it is of one agent, another's permission does not do, which is
// [link.ErrOtherUser]: what the first one did is not known as theirs.
type lazy struct {
	home Home
	of   string // id of the agent; "" for whoever has the permission
}

func (l lazy) desk(ctx context.Context) (link.Desk, error) {
	if at, ok, err := l.home.AtDesk(); l.of != "" && err == nil && ok && at.Who.ID != l.of {
		return nil, link.ErrOtherUser
	}
	return l.home.Desk(ctx)
}

// Find finds users.
func (l lazy) Find(ctx context.Context, query string) ([]link.Subject, error) {
	d, err := l.desk(ctx)
	if err != nil {
		return nil, err
	}
	return d.Find(ctx, query)
}

// Look looks a user up.
func (l lazy) Look(ctx context.Context, id string) (link.Subject, error) {
	d, err := l.desk(ctx)
	if err != nil {
		return link.Subject{}, err
	}
	return d.Look(ctx, id)
}

func (l lazy) act(ctx context.Context, do func(link.Desk) (link.Deed, error)) (link.Deed, error) {
	d, err := l.desk(ctx)
	if err != nil {
		return link.Deed{}, err
	}
	return do(d)
}

// Unlock forgets a user's failures.
func (l lazy) Unlock(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return l.act(ctx, func(d link.Desk) (link.Deed, error) { return d.Unlock(ctx, id, r) })
}

// Resync lets a user type two codes.
func (l lazy) Resync(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return l.act(ctx, func(d link.Desk) (link.Deed, error) { return d.Resync(ctx, id, r) })
}

// Bypass makes a code.
func (l lazy) Bypass(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return l.act(ctx, func(d link.Desk) (link.Deed, error) { return d.Bypass(ctx, id, r) })
}

// Reset takes a user's second factor off.
func (l lazy) Reset(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return l.act(ctx, func(d link.Desk) (link.Deed, error) { return d.Reset(ctx, id, r) })
}

// SignOut ends a user's sessions.
func (l lazy) SignOut(ctx context.Context, id string, r link.Record) (link.Deed, error) {
	return l.act(ctx, func(d link.Desk) (link.Deed, error) { return d.SignOut(ctx, id, r) })
}

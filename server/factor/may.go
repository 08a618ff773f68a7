// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package factor

import (
	"context"
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// mayEnrol refuses a session that may not begin to set a method up now.
func mayEnrol(in session.Session, enrolled bool, now time.Time) error {
	if err := mayFinish(in, enrolled, now); err != nil {
		return err
	}
	if !in.IsFresh(now, enrolled) {
		return refusal.New(refusal.NeedsElevation)
	}
	return nil
}

// mayFinish refuses a session that may not go on with what it began. A linked app
// has to be fresh to the end: its permission is for so long and no longer.
func mayFinish(in session.Session, enrolled bool, now time.Time) error {
	switch {
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case !in.May(session.EnrolOnly):
		return refusal.New(refusal.Forbidden)
	case in.App != "" && !in.IsFresh(now, enrolled):
		return refusal.New(refusal.NeedsElevation)
	}
	return nil
}

// maySettle refuses a session that may not take the second factor off or make new
// codes now: linked apps never may.
func maySettle(in session.Session, enrolled bool, now time.Time) error {
	switch {
	case in.App != "":
		return refusal.New(refusal.Forbidden)
	case in.Need == session.Second:
		return refusal.New(refusal.NeedsSecond)
	case in.Need == session.Enrol:
		return refusal.New(refusal.NeedsEnrolment)
	case !enrolled:
		return refusal.New(refusal.NotEnrolled)
	case !in.IsFresh(now, enrolled):
		return refusal.New(refusal.NeedsElevation)
	}
	return nil
}

// alive is session.ErrEnded where a session, or a linked app, was ended since it was
// found, as another one does that changes the second factor at the same time.
func alive(ctx context.Context, q store.Q, in session.Session) error {
	live, err := session.Live(ctx, q, in)
	if err == nil && !live {
		return session.ErrEnded
	}
	return err
}

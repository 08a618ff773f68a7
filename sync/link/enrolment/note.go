// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package enrolment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
)

// Note is what is remembered of a pending enrolment. Nothing of it is secret.
type Note struct {
	ID      string      `json:"id"`
	Method  link.Method `json:"method"`
	Service string      `json:"service"`           // its address
	User    string      `json:"user"`              // link.Who.ID
	Account vault.ID    `json:"account,omitempty"` // where its key is, for an app
	Old     vault.ID    `json:"old,omitempty"`     // the account that it will replace
	Name    string      `json:"name,omitempty"`    // of the account at the service
	Phone   string      `json:"phone,omitempty"`   // the number with all but its last digits hidden
	Expires time.Time   `json:"expires"`           // by the service's clock
	Before  time.Time   `json:"before,omitzero"`   // link.Status.Since when it was begun
	// Tried is when a code was sent whose answer is not known, by the service's clock.
	Tried time.Time `json:"tried,omitzero"`
	// Accepted says that the service accepted it, and only the vault has to follow.
	Accepted bool `json:"accepted,omitempty"`
}

// How far the service's time of the change may be from when the code was sent:
// the request was on its way for so long at most, or the clock was set a little.
const (
	slackBefore = 5 * time.Second
	slackAfter  = 2 * time.Minute
)

// decodeNote reads a note.
func decodeNote(b []byte) (Note, error) {
	var n Note
	if json.Unmarshal(b, &n) != nil || n.ID == "" || n.Method != link.TOTP && n.Method != link.SMS || n.Service == "" || n.User == "" {
		return Note{}, link.ErrUnreadable
	}
	return n, nil
}

// Noted tells what is under way, without asking anybody.
func (m *Machine) Noted() (Note, bool, error) {
	b, err := m.Home.EnrolmentNote()
	if err != nil || len(b) == 0 {
		return Note{}, false, err
	}
	n, err := decodeNote(b)
	if err != nil {
		return Note{}, false, fmt.Errorf("read what is set up: %w", err)
	}
	return n, true, nil
}

// noted is Noted with ErrNone where there is none.
func (m *Machine) noted() (Note, error) {
	n, ok, err := m.Noted()
	if err == nil && !ok {
		err = ErrNone
	}
	return n, err
}

func (m *Machine) save(ctx context.Context, n Note) error {
	b, err := json.Marshal(n)
	if err == nil {
		err = m.Home.SetEnrolmentNote(ctx, b)
	}
	if err != nil {
		return fmt.Errorf("note what is set up: %w", err)
	}
	return nil
}

func (m *Machine) forget(ctx context.Context) error {
	if err := m.Home.SetEnrolmentNote(ctx, nil); err != nil {
		return fmt.Errorf("note that nothing is set up: %w", err)
	}
	return nil
}

// verdict is what a status says of the noted enrolment.
func (n Note) verdict(s link.Status) State {
	switch {
	case s.Pending != nil && s.Pending.ID == n.ID:
		return Waiting
	case n.acceptedIn(s):
		return DoneCodesLost
	case s.Pending != nil, !s.Since.Equal(n.Before):
		return Elsewhere
	}
	return Over
}

// acceptedIn tells whether the code whose answer is not known was accepted: the
// method is in use, and has been since that code was sent. What was set up at
// another time was set up elsewhere.
func (n Note) acceptedIn(s link.Status) bool {
	return !n.Tried.IsZero() && s.Enabled && s.Method == n.Method && !s.Since.Equal(n.Before) &&
		s.Since.After(n.Tried.Add(-slackBefore)) && s.Since.Before(n.Tried.Add(slackAfter))
}

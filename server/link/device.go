// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/server/limit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// letters are those of user codes: easy to read and to say, and no words (RFC
// 8628, 6.1). Eight of them are 34 bits.
const (
	letters  = "BCDFGHJKLMNPQRSTVWXZ"
	codeSize = 8
)

// Limits of the device grant. With 20 tries an hour, someone who tries to find
// another's waiting code succeeds once in a hundred thousand years (RFC 8628, 5.1).
var (
	typed = limit.Limit{Name: "link user code", Most: 20, Window: time.Hour}
	begun = limit.Limit{Name: "link device", Most: 30, Window: time.Hour}
)

// States of a device grant.
const (
	waiting = "waiting"
	granted = "granted"
	refused = "refused"
	used    = "used"
)

// BeginDevice begins a device grant. address is the network address of who asks, for a limit.
// There is none for work at the desk: who can talk an agent into typing a code that
// somebody else began would have the desk, and the service cannot tell whose screen
// shows the code (RFC 8628, 5.4). A browser on the app's own machine can.
func (s *Service) BeginDevice(ctx context.Context, client string, scopes []session.Scope, address string) (Device, error) {
	c, ok := clientOf(client)
	if !ok {
		return Device{}, oauth("invalid_client", "this app is not known")
	}
	scopes, bad := parseScopes(scopeText(scopes))
	if bad != nil {
		return Device{}, bad
	}
	if slices.Contains(scopes, session.DeskWork) {
		return Device{}, oauth("invalid_scope", "work at the desk is allowed only in a browser on the machine of the app")
	}
	d := Device{DeviceCode: seal.Token(), VerificationURI: s.BaseURL + "/oauth/device", ExpiresIn: DeviceLife, Interval: DeviceInterval}
	now := s.Clock()
	var over error
	err := s.DB.Tx(ctx, func(q store.Q) error {
		if over = begun.Take(ctx, q, s.Keys, address, now); over != nil {
			return unlessRefused(over)
		}
		for { // a code that is taken is one in some millions
			code := newUserCode()
			n, err := q.Exec(ctx, "INSERT INTO link_devices (device_hash, user_code, client, scope, state, slow, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)"+
				" ON CONFLICT (user_code) DO NOTHING",
				seal.Hash(d.DeviceCode), code, c.ID, scopeText(scopes), waiting, int(DeviceInterval.Seconds()), store.Millis(now.Add(DeviceLife)))
			if err != nil || n == 1 {
				d.UserCode = code[:codeSize/2] + "-" + code[codeSize/2:]
				return err
			}
		}
	})
	if err = errors.Join(err, over); err != nil {
		return Device{}, fmt.Errorf("begin to link a device: %w", err)
	}
	return d, nil
}

// unlessRefused is nil for a refusal, so that what was counted stays counted.
func unlessRefused(err error) error {
	if refusal.Of(err) != nil {
		return nil
	}
	return err
}

func newUserCode() string {
	var code []byte
	var b [1]byte
	const fair = 256 - 256%len(letters)
	for len(code) < codeSize {
		_, _ = rand.Read(b[:]) // never fails
		if int(b[0]) < fair {  // the rest would make some letters likelier
			code = append(code, letters[int(b[0])%len(letters)])
		}
	}
	return string(code)
}

// userCode reads a user code as people type it: any case, with or without
// hyphen or spaces (RFC 8628, 6.1).
func userCode(text string) (string, error) {
	if len(text) > 64 {
		return "", refusal.New(refusal.CodeMalformed)
	}
	code := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t-‐‑‒–—−._\u00a0", r) {
			return -1
		}
		return r
	}, strings.ToUpper(text))
	if len(code) != codeSize || strings.Trim(code, letters) != "" {
		return "", refusal.New(refusal.CodeMalformed)
	}
	return code, nil
}

// waitingFor is a device grant that a user code stands for.
type waitingFor struct {
	hash   []byte
	client Client
	scopes []session.Scope
}

// lookUp finds the device grant of a typed code, and counts the try before it
// looks. What it refuses comes as the second value, so that the count stays.
func (s *Service) lookUp(ctx context.Context, q store.Q, in session.Session, code string, now time.Time) (w waitingFor, no, err error) {
	if no := ready(in); no != nil {
		return w, no, nil
	}
	if err := typed.Take(ctx, q, s.Keys, in.UserID, now); err != nil {
		return w, err, unlessRefused(err)
	}
	var client, scope, state string
	var expires int64
	err = q.Row(ctx, "SELECT device_hash, client, scope, state, expires_at FROM link_devices WHERE user_code = ?"+q.Lock(),
		[]any{code}, &w.hash, &client, &scope, &state, &expires)
	switch {
	case errors.Is(err, store.ErrNone):
		return w, refusal.New(refusal.CodeWrong), nil
	case err != nil:
		return w, nil, err
	case !now.Before(store.Time(expires)):
		return w, refusal.New(refusal.CodeExpired), nil
	case state != waiting:
		return w, refusal.New(refusal.CodeUsed), nil
	}
	w.client, _ = clientOf(client)
	w.scopes = scopesOf(scope)
	return w, nil, nil
}

// DeviceRequest finds what a typed user code is for, to show it before it is
// decided. The request has no redirect address.
func (s *Service) DeviceRequest(ctx context.Context, in session.Session, code string) (Request, error) {
	code, err := userCode(code)
	if err != nil {
		return Request{}, err
	}
	var w waitingFor
	var no error
	err = s.DB.Tx(ctx, func(q store.Q) (err error) {
		w, no, err = s.lookUp(ctx, q, in, code, s.Clock())
		return err
	})
	if err = errors.Join(err, no); err != nil {
		return Request{}, fmt.Errorf("find what a code is for: %w", err)
	}
	return Request{Client: w.client, Scopes: w.scopes}, nil
}

// DecideDevice allows or refuses it. What Allow refuses, it refuses.
func (s *Service) DecideDevice(ctx context.Context, in session.Session, code string, allow bool) error {
	code, err := userCode(code)
	if err != nil {
		return err
	}
	now := s.Clock()
	var no error
	err = s.DB.Tx(ctx, func(q store.Q) error {
		var w waitingFor
		var err error
		if w, no, err = s.lookUp(ctx, q, in, code, now); no != nil || err != nil {
			return err
		}
		state := refused
		if allow {
			state = granted
			if no = mayAllow(ctx, q, in, w.scopes, now); no != nil {
				return unlessRefused(no)
			}
		}
		_, err = q.Exec(ctx, "UPDATE link_devices SET state = ?, user_id = ?, first_at = ?, second_at = ? WHERE device_hash = ?",
			state, in.UserID, store.Millis(in.First), store.Millis(in.Second), w.hash)
		return err
	})
	if err = errors.Join(err, no); err != nil {
		return fmt.Errorf("decide on linking a device: %w", err)
	}
	return nil
}

// byDevice answers an app that asks whether its user code was typed (RFC 8628, 3.4 and 3.5).
func (s *Service) byDevice(ctx context.Context, q store.Q, c Client, v values, now time.Time) (Tokens, *OAuthError, error) {
	if v["device_code"] == "" {
		return Tokens{}, oauth("invalid_request", "device_code is required"), nil
	}
	var g grant
	var state string
	var polled, expires int64
	var slow int
	hash := seal.Hash(v["device_code"])
	err := q.Row(ctx, "SELECT COALESCE(user_id, ''), client, scope, state, first_at, second_at, polled_at, slow, expires_at FROM link_devices WHERE device_hash = ?"+q.Lock(),
		[]any{hash}, &g.user, &g.client, &g.scope, &state, &g.first, &g.second, &polled, &slow, &expires)
	if errors.Is(err, store.ErrNone) || err == nil && (g.client != c.ID || state == used) {
		return Tokens{}, oauth("invalid_grant", "there is no such device code"), nil
	}
	if err != nil {
		return Tokens{}, nil, err
	}
	if !now.Before(store.Time(expires)) {
		return Tokens{}, oauth("expired_token", "the code was not typed in time"), nil
	}
	var bad *OAuthError
	t := Tokens{}
	switch {
	case polled != 0 && now.Sub(store.Time(polled)) < time.Duration(slow)*time.Second:
		slow += int(DeviceInterval.Seconds())
		bad = oauth("slow_down", "asked too soon: wait five seconds longer from now on")
	case state == waiting:
		bad = oauth("authorization_pending", "the code was not typed yet")
	case state == refused:
		bad = oauth("access_denied", "the user did not allow it")
	default:
		if t, _, bad, err = s.begin(ctx, q, g, now); err != nil {
			return Tokens{}, nil, err
		}
		state = used
	}
	_, err = q.Exec(ctx, "UPDATE link_devices SET state = ?, polled_at = ?, slow = ? WHERE device_hash = ?", state, store.Millis(now), slow, hash)
	return t, bad, err
}

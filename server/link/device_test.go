// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
)

func (b *bench) device(t *testing.T, scopes ...session.Scope) link.Device {
	t.Helper()
	d, err := b.BeginDevice(b.ctx, app, scopes, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (b *bench) poll(d link.Device) (link.Tokens, error) {
	return b.Token(b.ctx, map[string][]string{
		"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {app}, "device_code": {d.DeviceCode},
	})
}

func TestDevice(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t)
		if !regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$`).MatchString(d.UserCode) {
			t.Fatalf("user code %q", d.UserCode)
		}
		if d.ExpiresIn != 10*time.Minute || d.Interval != 5*time.Second || d.VerificationURI != b.BaseURL+"/oauth/device" {
			t.Fatalf("%+v", d)
		}
		_, err := b.poll(d)
		wantOAuth(t, err, "authorization_pending")
		r, err := b.DeviceRequest(b.ctx, b.in, " "+strings.ToLower(strings.ReplaceAll(d.UserCode, "-", " – ")))
		if err != nil || r.Client.ID != app || len(r.Scopes) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, true); err != nil {
			t.Fatal(err)
		}
		wantKind(t, b.DecideDevice(b.ctx, b.in, d.UserCode, false), refusal.CodeUsed)
		b.now = b.now.Add(5 * time.Second)
		tokens, err := b.poll(d)
		if err != nil {
			t.Fatal(err)
		}
		in, _, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil || in.UserID != b.ana.ID || in.AAL() != 2 || in.May(session.EnrolOnly) {
			t.Fatalf("%+v, %v", in, err)
		}
		b.now = b.now.Add(5 * time.Second)
		_, err = b.poll(d)
		wantOAuth(t, err, "invalid_grant")
	})
}

func TestDeviceRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t)
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, false); err != nil {
			t.Fatal(err)
		}
		_, err := b.poll(d)
		wantOAuth(t, err, "access_denied")
		_, err = b.BeginDevice(b.ctx, "x", nil, "")
		wantOAuth(t, err, "invalid_client")
		_, err = b.BeginDevice(b.ctx, app, []session.Scope{"admin"}, "")
		wantOAuth(t, err, "invalid_scope")
		_, err = b.poll(link.Device{DeviceCode: "x"})
		wantOAuth(t, err, "invalid_grant")
		_, err = b.poll(link.Device{})
		wantOAuth(t, err, "invalid_request")
	})
}

func TestDeviceExpires(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t)
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, true); err != nil {
			t.Fatal(err)
		}
		other := b.device(t)
		b.now = b.now.Add(10 * time.Minute)
		_, err := b.poll(d)
		wantOAuth(t, err, "expired_token")
		wantKind(t, b.DecideDevice(b.ctx, b.in, other.UserCode, true), refusal.CodeExpired)
	})
}

// TestSlowDown: each question that comes too soon adds five seconds (RFC 8628, 3.5).
func TestSlowDown(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t)
		for i, step := range []struct {
			wait time.Duration
			want string
		}{
			{0, "authorization_pending"},
			{4999 * time.Millisecond, "slow_down"}, // now 10
			{9 * time.Second, "slow_down"},         // now 15
			{15 * time.Second, "authorization_pending"},
			{14 * time.Second, "slow_down"}, // now 20
			{20 * time.Second, "authorization_pending"},
		} {
			b.now = b.now.Add(step.wait)
			_, err := b.poll(d)
			var e *link.OAuthError
			if !errors.As(err, &e) || e.Code != step.want {
				t.Fatalf("question %d: %v, want %s", i, err, step.want)
			}
		}
	})
}

func TestDeviceNeedsWhatAllowNeeds(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t, session.EnrolOnly)
		stale := b.signIn(t, session.Nothing, b.now.Add(-session.Fresh))
		wantKind(t, b.DecideDevice(b.ctx, stale, d.UserCode, true), refusal.NeedsElevation)
		wantKind(t, b.DecideDevice(b.ctx, b.signIn(t, session.Second, time.Time{}), d.UserCode, true), refusal.NeedsSecond)
		wantKind(t, b.DecideDevice(b.ctx, b.signIn(t, session.Enrol, time.Time{}), d.UserCode, true), refusal.NeedsEnrolment)
		_, err := b.poll(d)
		wantOAuth(t, err, "authorization_pending")
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, true); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(5 * time.Second)
		tokens, err := b.poll(d)
		if err != nil || len(tokens.Scopes) != 2 {
			t.Fatalf("%+v, %v", tokens, err)
		}
	})
}

func TestGuessingIsLimited(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		d := b.device(t)
		for range 20 {
			_, err := b.DeviceRequest(b.ctx, b.in, "BBBB-BBBB")
			wantKind(t, err, refusal.CodeWrong)
		}
		wantKind(t, b.DecideDevice(b.ctx, b.in, d.UserCode, true), refusal.TooManyTries)
		_, err := b.DeviceRequest(b.ctx, b.in, d.UserCode)
		wantKind(t, err, refusal.TooManyTries)
		b.now = b.now.Add(time.Hour)
		d = b.device(t)
		if _, err := b.DeviceRequest(b.ctx, b.in, d.UserCode); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBeginningIsLimited(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for range 30 {
			b.device(t)
		}
		_, err := b.BeginDevice(b.ctx, app, nil, "192.0.2.1")
		wantKind(t, err, refusal.TooManyTries)
		if _, err := b.BeginDevice(b.ctx, app, nil, "192.0.2.2"); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTyping: a code is found however it is typed, and what has not its form costs no try.
func TestTyping(t *testing.T) {
	b := newBench(t)
	for range 30 {
		for _, wrong := range []string{"", "BCDF", "BCDF-GHJ", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ1", "БCDF-GHJK", strings.Repeat(" ", 99), "\x00BCDFGHJK"} {
			if _, err := b.DeviceRequest(b.ctx, b.in, wrong); !refusal.Is(err, refusal.CodeMalformed) {
				t.Fatalf("%q: %v", wrong, err)
			}
		}
	}
	d := b.device(t)
	rapid.Check(t, func(r *rapid.T) {
		var typed strings.Builder
		for _, c := range d.UserCode {
			s := string(c)
			if rapid.Bool().Draw(r, "small") {
				s = strings.ToLower(s)
			}
			typed.WriteString(s + rapid.SampledFrom([]string{"", "", " ", "-", "–", "."}).Draw(r, "between"))
		}
		if _, err := b.DB.Exec(b.ctx, "DELETE FROM limits"); err != nil {
			r.Fatal(err)
		}
		if _, err := b.DeviceRequest(b.ctx, b.in, typed.String()); err != nil {
			r.Fatalf("%q for %q: %v", typed.String(), d.UserCode, err)
		}
	})
}

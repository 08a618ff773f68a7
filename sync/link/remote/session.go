// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// session uses a permission that a [Home] keeps. It makes the permission new when
// that is due, and keeps what it got before it uses it.
type session struct {
	home *Home
	name string // of the permission
}

// Paths of the API, see server/api/openapi.yaml.
const (
	pathMe         = "/v1/me"
	pathStatus     = "/v1/me/2fa"
	pathEnrolments = "/v1/me/2fa/enrolments"
	pathConfirm    = "/v1/me/2fa/backup-codes/confirm"
)

// Who tells whose account it is.
func (s *session) Who(ctx context.Context) (link.Who, error) {
	a, err := s.do(ctx, http.MethodGet, pathMe, nil, http.StatusOK)
	if err != nil {
		return link.Who{}, fmt.Errorf("ask whose account it is: %w", err)
	}
	return decodeWho(a.body)
}

// Status tells the state of two-factor authentication.
func (s *session) Status(ctx context.Context) (link.Status, error) {
	a, err := s.do(ctx, http.MethodGet, pathStatus, nil, http.StatusOK)
	if err != nil {
		return link.Status{}, fmt.Errorf("ask for the status: %w", err)
	}
	return decodeStatus(a.body)
}

// Enrol begins to set a method up; phone is the number as typed, for SMS. What was
// pending before is replaced by the service, so ask the status first. The method
// from before works until the new one is proved.
func (s *session) Enrol(ctx context.Context, m link.Method, phone string) (link.Enrolment, error) {
	a, err := s.do(ctx, http.MethodPost, pathEnrolments, struct {
		Method link.Method `json:"method"`
		Phone  string      `json:"phone,omitempty"`
	}{m, phone}, http.StatusCreated)
	if err != nil {
		return link.Enrolment{}, fmt.Errorf("begin to set up: %w", err)
	}
	defer clear(a.body)
	return decodeEnrolment(a.body, m)
}

// enrolmentPath is where one enrolment is; ErrOver for an id that can be none.
func enrolmentPath(id, then string) (string, error) {
	if !idForm.MatchString(id) {
		return "", link.ErrOver
	}
	return pathEnrolments + "/" + id + then, nil
}

// about asks about one enrolment.
func (s *session) about(ctx context.Context, method, id, then string, body any, want int) (answer, error) {
	path, err := enrolmentPath(id, then)
	if err != nil {
		return answer{}, err
	}
	return s.do(ctx, method, path, body, want)
}

// Enrolment shows one that this permission began; ErrOver where there is none any more.
func (s *session) Enrolment(ctx context.Context, id string) (link.Enrolment, error) {
	a, err := s.about(ctx, http.MethodGet, id, "", nil, http.StatusOK)
	if err != nil {
		return link.Enrolment{}, fmt.Errorf("look at what is set up: %w", err)
	}
	defer clear(a.body)
	return decodeEnrolment(a.body, "")
}

// Verify proves a method with a code: from then on it is the only one. A refused
// code is a [CodeError]. Where the answer is lost or not understood, the status
// says whether the service accepted it.
func (s *session) Verify(ctx context.Context, id, code string) (link.Enrolled, error) {
	a, err := s.about(ctx, http.MethodPost, id, "/verify", struct {
		Code string `json:"code"`
	}{code}, http.StatusOK)
	if err != nil {
		return link.Enrolled{}, fmt.Errorf("prove the method: %w", err)
	}
	defer clear(a.body)
	return decodeEnrolled(a.body, "")
}

// Resend sends the code by text message again, which replaces the one before. Too soon is a [WaitError].
func (s *session) Resend(ctx context.Context, id string) (link.Sent, error) {
	a, err := s.about(ctx, http.MethodPost, id, "/resend", nil, http.StatusAccepted)
	if err != nil {
		return link.Sent{}, fmt.Errorf("have a code sent: %w", err)
	}
	return decodeSent(a.body)
}

// Cancel drops an enrolment. One that is not there is no error.
func (s *session) Cancel(ctx context.Context, id string) error {
	_, err := s.about(ctx, http.MethodDelete, id, "", nil, http.StatusNoContent)
	if err != nil && !errors.Is(err, link.ErrOver) {
		return fmt.Errorf("drop what is set up: %w", err)
	}
	return nil
}

// Confirm tells the service that the backup codes were saved.
func (s *session) Confirm(ctx context.Context) error {
	if _, err := s.do(ctx, http.MethodPost, pathConfirm, nil, http.StatusNoContent); err != nil {
		return fmt.Errorf("say that the codes are saved: %w", err)
	}
	return nil
}

// early is how long before its end an access permission is made new.
const early = 30 * time.Second

// do asks, and asks once more with a new permission where the one it has is worth
// nothing any more: then nothing was done yet.
func (s *session) do(ctx context.Context, method, path string, body any, want int) (answer, error) {
	p, err := s.home.permission(ctx, s.name)
	if err != nil {
		return answer{}, err
	}
	defer func() { p.Clear() }()
	renewed := false
	if !s.home.Client.Clock.Now().Before(p.Until.Add(-early)) {
		if p, err = s.renew(ctx, p); err != nil {
			return answer{}, err
		}
		renewed = true
	}
	a, err := s.ask(ctx, p, method, path, body)
	if err == nil && a.status == http.StatusUnauthorized && !renewed {
		if p, err = s.renew(ctx, p); err != nil {
			return answer{}, err
		}
		a, err = s.ask(ctx, p, method, path, body)
	}
	if err != nil {
		return answer{}, err
	}
	if a.status != want && s.name == nameDesk {
		return answer{}, a.refusedAtDesk()
	}
	if a.status != want {
		return answer{}, a.refused()
	}
	return a, nil
}

func (s *session) ask(ctx context.Context, p link.Permission, method, path string, body any) (answer, error) {
	var text []byte
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return answer{}, fmt.Errorf("%w: a text that is none", link.ErrStrange)
		}
		text = b
	}
	return s.home.Client.call(ctx, p, method, path, text)
}

// renew makes the permission new, unless another process has. Once begun it goes on
// whoever gives up: an answer that nobody keeps would end the link. The store is
// tried before that, for the same reason.
func (s *session) renew(ctx context.Context, used link.Permission) (link.Permission, error) {
	ctx = context.WithoutCancel(ctx)
	unlock, err := s.home.lock(ctx)
	if err != nil {
		return used, err
	}
	defer unlock()
	p, err := s.home.permission(ctx, s.name)
	if err != nil {
		return used, err
	}
	if !p.Refresh.Equal(used.Refresh) {
		used.Clear()
		return p, nil
	}
	if err := s.home.keep(ctx, s.name, p); err != nil {
		p.Clear()
		return used, err
	}
	fresh, err := s.home.Client.renew(ctx, p)
	p.Clear()
	if errors.Is(err, link.ErrEnded) {
		return used, errors.Join(link.ErrEnded, s.home.ended(ctx, s.name))
	}
	if err != nil {
		return used, fmt.Errorf("make the permission new: %w", err)
	}
	if err := s.home.keep(ctx, s.name, fresh); err != nil {
		fresh.Clear()
		return used, err
	}
	used.Clear()
	return fresh, nil
}

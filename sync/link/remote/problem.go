// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
)

// problemJSON is what is wrong, as RFC 9457 says it.
type problemJSON struct {
	Type       string `json:"type"`
	Field      string `json:"field"`
	RetryAfter int    `json:"retry_after"`
	TriesLeft  *int   `json:"tries_left"`
}

// kinds are the problems that are errors as they are. Their names stay for good.
var kinds = map[string]error{
	"blocked":                link.ErrBlocked,
	"enrolment-expired":      link.ErrOver,
	"not-found":              link.ErrOver,
	"flow-ended":             link.ErrOver,
	"enrolment-closed":       link.ErrClosed,
	"phone-invalid":          link.ErrPhone,
	"sign-in-required":       link.ErrEnded,
	"elevation-required":     link.ErrStale,
	"second-factor-required": link.ErrStale,
	"enrolment-required":     link.ErrStale,
	"insufficient-scope":     link.ErrScope,
	"forbidden":              link.ErrScope,
	"no-backup-codes":        link.ErrOver,
	"not-enrolled":           link.ErrOver,
	"unavailable":            link.ErrUnreachable,
	"internal":               link.ErrUnreachable,
}

// what is the problem that an answer tells, and its kind; false where it tells none.
func (a answer) what() (p problemJSON, kind string, ok bool) {
	if !a.problem || decodeInto(a.body, &p) != nil {
		return p, "", false
	}
	return p, p.Type[strings.LastIndexByte(p.Type, '/')+1:], true
}

// refused says what an answer that is no success means.
func (a answer) refused() error {
	p, kind, ok := a.what()
	if !ok {
		return a.byStatus()
	}
	switch kind {
	case "code-wrong", "code-malformed", "code-used", "code-expired":
		e := &link.CodeError{Left: -1, Off: -a.offset, Used: kind == "code-used", Late: kind == "code-expired"}
		if p.TriesLeft != nil && *p.TriesLeft >= 0 {
			e.Left = min(*p.TriesLeft, 1000)
		}
		return e
	case "too-many-tries", "too-many-sent":
		return &link.WaitError{Wait: max(a.wait, min(time.Duration(max(p.RetryAfter, 1))*time.Second, mostWait))}
	}
	if err, ok := kinds[kind]; ok {
		return fmt.Errorf("%w: %s", err, kind)
	}
	return a.byStatus()
}

// byStatus is what a status says where the body says nothing.
func (a answer) byStatus() error {
	switch {
	case a.status == http.StatusUnauthorized:
		return link.ErrEnded
	case a.status == http.StatusForbidden:
		return link.ErrScope
	case a.status == http.StatusTooManyRequests:
		return &link.WaitError{Wait: max(a.wait, time.Second)}
	case a.status >= 500:
		return fmt.Errorf("%w: status %d", link.ErrUnreachable, a.status)
	}
	return fmt.Errorf("%w: status %d", link.ErrStrange, a.status)
}

// What OAuth answers while the user has not answered (RFC 8628, 3.5).
var (
	errPending  = errors.New("the code was not typed yet")
	errSlowDown = errors.New("asked too soon")
)

// oauthErrors are the errors of RFC 6749, 4.1.2.1 and 5.2, and RFC 8628, 3.5.
var oauthErrors = map[string]error{
	"access_denied":           link.ErrDenied,
	"expired_token":           link.ErrExpired,
	"authorization_pending":   errPending,
	"slow_down":               errSlowDown,
	"invalid_grant":           link.ErrEnded,
	"invalid_scope":           link.ErrScope,
	"server_error":            link.ErrUnreachable,
	"temporarily_unavailable": link.ErrUnreachable,
}

func oauthError(code string) error {
	if err, ok := oauthErrors[code]; ok {
		return err
	}
	return fmt.Errorf("%w: %.40q", link.ErrStrange, code)
}

// oauth says what an answer of an endpoint of OAuth means; nil for success.
func (a answer) oauth() error {
	if a.status == http.StatusOK {
		return nil
	}
	var e struct {
		Error string `json:"error"`
	}
	if a.problem || decodeInto(a.body, &e) != nil || e.Error == "" {
		return a.refused()
	}
	return oauthError(e.Error)
}

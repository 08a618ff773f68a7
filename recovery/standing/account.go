// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"errors"
	"slices"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// enrolment is the state of the Kutano account: what the linked service says first,
// then what is here.
//
// The service's word is that of the last look, while the link holds; without one,
// what the user said of how codes come. A removed account counts only where no
// other is here and a code of it could be of use: not where the service has nothing
// that it could fit.
func (s Sources) enrolment() Enrolment {
	seen, linked := s.seen()
	ours := s.ours()
	e := s.atService(seen, linked)
	inBin := len(ours) == 0 && slices.ContainsFunc(s.Removed, s.Ours)
	switch {
	case inBin && (e == NoAccount || e == Shut):
		return InBin
	case e != NoAccount:
		return e
	case len(ours) == 0:
		return NoAccount
	case linked && s.Linked.Replaced(s.proved()):
		return Replaced
	case len(ours) > 1:
		return Duplicates
	case slices.ContainsFunc(ours, unusual):
		return Unusual
	case s.proved().IsZero() && s.Last != Accepted:
		return Unproved
	}
	return Active
}

// atService is what the service says of the account; NoAccount where that is
// nothing out of the ordinary.
func (s Sources) atService(seen link.Status, linked bool) Enrolment {
	switch {
	case !linked:
		return map[readiness.Method]Enrolment{readiness.SMS: ByText, readiness.Off: Off}[s.Upkeep.Method]
	case seen.Blocked:
		return Shut
	case !seen.Enabled && !seen.EnrolBy.IsZero():
		return WasReset
	case !seen.Enabled:
		return Off
	case seen.Method == link.SMS:
		return ByText
	}
	return NoAccount
}

// unusual tells whether the codes are not of the sort that Kutano's page asks for.
func unusual(a vault.Account) bool {
	return a.Type != otpauth.TOTP || a.Algorithm != otpauth.SHA1 || a.Digits != otpauth.DefaultDigits || a.Period != otpauth.DefaultPeriod
}

// link is the state of the link. An error that says nothing of the link, such as
// that the keys are locked, leaves it as it is noted.
func (s Sources) link() Link {
	switch err := s.LinkErr; {
	case errors.Is(err, link.ErrNewer), errors.Is(err, link.ErrStrange): // the service, or a file, is of a newer version
		return AppTooOld
	case errors.Is(err, link.ErrUnreadable), errors.Is(err, link.ErrEnded), s.Linked != nil && s.Linked.Ended:
		return LinkExpired // to be linked anew
	case s.Linked == nil:
		return NoLink
	case errors.Is(err, link.ErrNotLinked): // the permission is gone
		return LinkExpired
	case errors.Is(err, link.ErrTLS):
		return LinkTLS
	case errors.Is(err, link.ErrUnreachable), errors.Is(err, link.ErrNotService):
		return LinkOffline
	case s.serviceDiffers():
		return ServiceClock
	}
	return LinkOK
}

// serviceDiffers tells that the service's time was not believed, because others
// said something else.
func (s Sources) serviceDiffers() bool {
	m := s.Clock.Measured
	return m != nil && s.Clock.Stale == "" && has(m.Against, clock.Service)
}

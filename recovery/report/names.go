// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"math"
	"slices"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
)

// other is the name of what has none here.
const other Name = "other"

// arches are the architectures that Go knows and that people have.
var arches = []Name{"386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x", "wasm"}

func arch(goarch string) Name {
	if slices.Contains(arches, Name(goarch)) {
		return Name(goarch)
	}
	return other
}

// backend names what keeps the keys.
func backend(s Sources) Name {
	switch {
	case s.Kind == keystore.File:
		return "sealed-file"
	case s.Kind != keystore.Keyring, errors.Is(s.StoreErr, keystore.ErrNoService):
		return "none"
	}
	switch s.GOOS {
	case "darwin":
		return "keychain"
	case "windows":
		return "credential-manager"
	}
	return "secret-service"
}

// reason names a sentinel.
type reason struct {
	err  error
	name Name
}

// named returns the name of the first sentinel that an error wraps, "" for no error.
func named(err error, all []reason) Name {
	if err == nil {
		return ""
	}
	for _, r := range all {
		if errors.Is(err, r.err) {
			return r.name
		}
	}
	return other
}

var storeReasons = []reason{
	{keystore.ErrLocked, "locked"},
	{keystore.ErrSealed, "sealed"},
	{keystore.ErrNoPassphrase, "no-passphrase"},
	{keystore.ErrPassphrase, "wrong-passphrase"},
	{keystore.ErrDenied, "denied"},
	{vault.ErrReadOnly, "read-only"},
	{vault.ErrKeysGone, "keys-gone"},
	{vault.ErrMoved, "moved"},
	{vault.ErrOther, "other-store"},
	{keystore.ErrNotFound, "not-found"},
	{vault.ErrAside, "set-aside"},
	{vault.ErrNewer, "newer"},
	{keystore.ErrNewer, "newer"},
	{keystore.ErrUnreadable, "unreadable"},
	{keystore.ErrDamaged, "damaged"},
	{vault.ErrBusy, "busy"},
	{keystore.ErrNoService, "no-service"},
	{keystore.ErrTimeout, "timeout"},
	{context.DeadlineExceeded, "timeout"},
	{fs.ErrNotExist, "file-gone"},
	{fs.ErrPermission, "permission"},
	{keystore.ErrFailed, "failed"},
}

func storeReason(err error) Name { return named(err, storeReasons) }

var linkReasons = []reason{
	{link.ErrNewer, "newer"},
	{link.ErrStrange, "strange"},
	{link.ErrUnreadable, "unreadable"},
	{link.ErrEnded, "ended"},
	{link.ErrNotLinked, "not-linked"},
	{link.ErrTLS, "tls"},
	{link.ErrUnreachable, "unreachable"},
	{link.ErrNotService, "not-service"},
	{link.ErrTooMany, "too-many"},
	{link.ErrBusy, "busy"},
	{keystore.ErrLocked, "locked"},
	{keystore.ErrSealed, "locked"},
}

func links(s Sources, state standing.Link) Link {
	l := Link{State: Name(state.String()), Reason: named(s.LinkErr, linkReasons), Days: -1}
	if s.Linked == nil || s.Linked.SeenAt.IsZero() {
		return l
	}
	l.Days = days(s.Now.Sub(s.Linked.SeenAt))
	switch seen := s.Linked.Seen; {
	case !seen.Enabled:
		l.Method = "off"
	case seen.Method.Known():
		l.Method = Name(seen.Method)
	default:
		l.Method = other
	}
	return l
}

// kinds are those of sources of the time.
var kinds = []clock.Kind{clock.NTP, clock.NTS, clock.Web, clock.Service, clock.System, clock.Codes, clock.Tries}

func clocks(s Sources) Clock {
	c := Clock{Correction: seconds(s.Clock.Applied), Off: s.Clock.Off, Network: other, Days: -1, Samples: []Sample{}}
	switch n := s.Clock.Network; n {
	case clock.Unasked:
		c.Network = "unasked"
	case clock.Never, clock.OnDemand, clock.Daily:
		c.Network = Name(n)
	}
	c.Synced = map[system.Answer]Name{system.Yes: "yes", system.No: "no"}[s.Hint.Synced]
	c.Synced = cmp.Or(c.Synced, "unknown")
	m := s.Clock.Measured
	if m == nil {
		return c
	}
	switch why := s.Clock.Stale; why {
	case "":
		c.Days = days(s.Clock.Age)
	case clock.Stepped, clock.Restarted:
		c.Stale = Name(why)
	default:
		c.Stale = other
	}
	for _, e := range m.With {
		c.Samples = append(c.Samples, sample(e, true))
	}
	for _, e := range m.Against {
		c.Samples = append(c.Samples, sample(e, false))
	}
	slices.SortFunc(c.Samples, func(x, y Sample) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Offset, y.Offset), cmp.Compare(x.Uncertainty, y.Uncertainty))
	})
	return c
}

func sample(e clock.Estimate, agrees bool) Sample {
	s := Sample{Kind: other, Offset: seconds(e.Offset), Uncertainty: math.Ceil(e.Uncertainty.Seconds()*10) / 10, Agrees: agrees, Proven: e.Proven}
	if slices.Contains(kinds, e.Kind) {
		s.Kind = Name(e.Kind)
	}
	return s
}

// events are what the user has to see to, once each, in the order of the alphabet.
func events(s Sources) []Name {
	all := []Name{}
	if s.Linked != nil {
		for _, e := range s.Linked.Untold {
			if e.Known() {
				all = append(all, Name(e))
			}
		}
	}
	for _, n := range s.Notices {
		switch n.Kind {
		case vault.NoticeOlderFolder:
			all = append(all, "older-folder")
		case vault.NoticeOlderKeys:
			all = append(all, "older-keys")
		case vault.NoticeUnguarded:
			all = append(all, "unguarded")
		}
	}
	for name, is := range map[Name]bool{
		"correction-dropped": s.Clock.Dropped != nil, "correction-wanted": s.Clock.Ask,
		"clock-file-damaged": s.Clock.Damaged, "clock-file-newer": s.Clock.Newer,
		"number-changed-here": s.Upkeep.NumberChanged != 0,
	} {
		if is {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

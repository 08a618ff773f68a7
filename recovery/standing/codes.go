// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"errors"
	"slices"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// few is the most that counts as few.
const few = 3

// codes is what is known of the backup codes.
//
// The linked service counts them best; where it made some and nobody said that they
// are saved, here or there, they count as never saved. Else it is what is noted and
// kept here: of several sets the best one, since any code of it lets one in. After a
// set-up of which nothing is noted they were never saved.
func (s Sources) codes() Codes {
	sets := s.sets()
	if seen, ok := s.seen(); ok && seen.Enabled && seen.Codes.All > 0 {
		made := seen.Codes.Made.Add(-link.ClocksApart)
		sets = slices.DeleteFunc(sets, func(b backupcodes.Set) bool { return b.Made.Before(made) }) // worth nothing
		if seen.Codes.Left > 0 && len(sets) == 0 && !seen.Codes.Saved {
			return NeverSaved
		}
		return left(seen.Codes.Left)
	}
	if len(sets) > 0 {
		return best(sets)
	}
	switch {
	case errors.Is(s.SafeErr, backupcodes.ErrRegister), errors.Is(s.SafeErr, backupcodes.ErrNewer):
		return CodesHere // nobody can tell how many, or whose
	case s.Upkeep.SetUp != 0 && s.Upkeep.Method != readiness.Off:
		return NeverSaved
	}
	return CodesUnknown
}

// sets are those of Kutano's accounts: by their account, or by their title where
// that account is not here. Codes whose file is missing are gone, unless they are
// elsewhere, too.
func (s Sources) sets() []backupcodes.Set {
	ours := map[string]bool{}
	for _, a := range s.Accounts {
		ours[string(a.ID)] = s.Ours(a)
	}
	var sets []backupcodes.Set
	for _, b := range s.Sets {
		is, here := ours[b.Account]
		if !is && (here || !s.Profile.Recognises(b.Title)) {
			continue
		}
		if b.Place == backupcodes.Here && errors.Is(s.SafeErr, backupcodes.ErrMissing) {
			if b.Where == "" {
				b.First, b.Left = max(b.First, 1), 0
			}
			b.Place = backupcodes.Elsewhere
		}
		sets = append(sets, b)
	}
	return sets
}

// best is the best that any of the sets says.
func best(sets []backupcodes.Set) Codes {
	most, unknown := 0, CodesUnknown
	for _, b := range sets {
		switch {
		case b.Known():
			most = max(most, b.Left)
		case b.Place == backupcodes.Here:
			unknown = CodesHere
		case unknown == CodesUnknown:
			unknown = CodesNoted
		}
	}
	if most == 0 && unknown != CodesUnknown {
		return unknown
	}
	return left(most)
}

func left(n int) Codes {
	switch {
	case n <= 0:
		return NoneLeft
	case n <= few:
		return FewLeft
	}
	return ManyLeft
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// look is how a set is shown.
type look struct {
	set    backupcodes.Set
	icon   kit.IconName
	place  string // where the codes are
	left   string // how many are left, and how old they are
	warn   string // what needs the user; "" is nothing
	next   string // what to do about it
	tone   kit.Tone
	kutano bool // they are codes of Kutano, as far as is known
}

// lookOf says how a set stands. Accounts are nil where nothing is known of them.
func lookOf(set backupcodes.Set, now time.Time, accounts []vault.Account) look {
	l := look{set: set, icon: kit.IconSafe, place: placeOf(set), left: leftOf(set) + " · " + ageOf(set.Made, now)}
	if set.Place == backupcodes.Elsewhere {
		l.icon = kit.IconFile
	}
	account, known := accountOf(accounts, set.Account)
	l.kutano = account.Kutano || !known && strings.Contains(strings.ToLower(set.Title), "kutano")
	switch {
	case set.Known() && set.Left == 0:
		l.tone, l.warn = kit.Fail, words.T("All of them are used.")
	case set.Low():
		l.tone, l.warn = kit.Look, words.N(set.Left, "Only 1 code is left.", "Only {n} codes are left.")
	case set.Renew():
		l.tone, l.warn = kit.Calm, words.T("One was used, so new ones are advised.")
	}
	if l.warn != "" {
		l.next = words.T("Make new ones where you made these, and keep those instead.")
		if l.kutano {
			l.next = words.T("Make new ones in Kutano’s settings, and keep those instead.")
		}
	}
	if set.Account != "" && accounts != nil && !known {
		l.left += " · " + words.T("its account is no longer in this app")
	}
	return l
}

// placeOf says where the codes are.
func placeOf(set backupcodes.Set) string {
	switch {
	case set.Place == backupcodes.Elsewhere && set.Where == "":
		return words.T("Somewhere else")
	case set.Place == backupcodes.Elsewhere:
		return set.Where
	case set.Where != "":
		return words.T("Here, sealed") + " · " + set.Where
	}
	return words.T("Here, sealed")
}

// leftOf says how many codes are left.
func leftOf(set backupcodes.Set) string {
	if !set.Known() {
		return words.T("Number of codes not noted")
	}
	return words.T("{left} of {all} left", "left", set.Left, "all", set.First)
}

const day = 24 * time.Hour

// ageOf says how old something is, as exactly as anybody wants to know.
func ageOf(made, now time.Time) string {
	days := int(now.Sub(made) / day)
	switch {
	case days < 1:
		return words.T("from today")
	case days < 60:
		return words.N(days, "1 day old", "{n} days old")
	case days < 730:
		return words.N(days/30, "1 month old", "{n} months old")
	}
	return words.N(days/365, "1 year old", "{n} years old")
}

// dateOf writes a day as it reads the same everywhere.
func dateOf(t time.Time) string { return t.Local().Format("2006-01-02") }

// accountOf finds an account by its id.
func accountOf(accounts []vault.Account, id string) (vault.Account, bool) {
	i := slices.IndexFunc(accounts, func(a vault.Account) bool { return string(a.ID) == id })
	if i < 0 || id == "" {
		return vault.Account{}, false
	}
	return accounts[i], true
}

// nameOf is the whole name of an account.
func nameOf(a vault.Account) string {
	if a.Name == "" || a.Title() == a.Name {
		return a.Title()
	}
	return a.Title() + " · " + a.Name
}

// sorted puts Kutano's accounts first, as they stand among the codes.
func sorted(accounts []vault.Account) []vault.Account {
	all := slices.Clone(accounts)
	slices.SortStableFunc(all, func(a, b vault.Account) int {
		return cmp.Compare(rank(a), rank(b))
	})
	return all
}

func rank(a vault.Account) int {
	if a.Kutano {
		return 0
	}
	return 1
}

// keyHere reports whether codes for an account would be kept beside its key: of
// none in particular they are taken to be for Kutano. R65.
func keyHere(accounts []vault.Account, id string) bool {
	if accounts == nil {
		return true // nobody knows, and a warning too many costs little
	}
	if id != "" {
		_, here := accountOf(accounts, id)
		return here
	}
	return slices.ContainsFunc(accounts, func(a vault.Account) bool { return a.Kutano })
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"cmp"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// item is an entry of a password manager.
type item struct {
	title, user string
	tags        []string
	favourite   bool
	trashed     bool
	codes       []string // see fromText; blank ones do not count
}

// add adds an entry for each code. An item without codes adds none.
func (i item) add(add func(foreign.Entry)) {
	var all []foreign.Entry
	for _, text := range i.codes {
		if strings.TrimSpace(text) != "" {
			all = append(all, i.fromText(text))
		}
	}
	i.addEntries(all, add)
}

// addEntries adds entries with what the item says of all of them.
func (i item) addEntries(all []foreign.Entry, add func(foreign.Entry)) {
	for _, e := range all {
		for _, tag := range i.tags {
			if tag = strings.TrimSpace(tag); tag != "" {
				e.Tags = append(e.Tags, tag)
			}
		}
		e.Favourite, e.Trashed = i.favourite, i.trashed
		if len(all) > 1 && e.Err == nil {
			e.Remarks = append(e.Remarks, foreign.OneOfSeveral)
		}
		add(e)
	}
}

// fromText makes an entry of what password managers keep in one field: a key
// URI, a steam:// link, or nothing but the key in base32. The names in a URI win
// over the item's.
func (i item) fromText(text string) foreign.Entry {
	text = strings.TrimSpace(text)
	scheme, _, isURI := strings.Cut(text, "://")
	if !isURI {
		return foreign.Fields{Issuer: i.title, Name: i.user, Secret: text}.Entry()
	}
	e := foreign.FromURI(text)
	if strings.EqualFold(scheme, "steam") {
		e.Key.Issuer = "" // the link names no account: the item does
		return e.Named(cmp.Or(i.title, "Steam"), i.user)
	}
	if e.Err == nil && i.title == e.Key.Account {
		return e.Named("", i.user) // the title is no service but the account once more
	}
	return e.Named(i.title, i.user)
}

// refused is an entry for an item of which not even the field could be read.
func (i item) refused(err error) foreign.Entry { return foreign.Refused(i.title, i.user, err) }

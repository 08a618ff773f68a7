// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "github.com/kutano/authenticator/vault/backupcodes"

// shownSet is a set of backup codes, by what is not secret.
type shownSet struct {
	ID       backupcodes.ID `json:"id"`
	Account  string         `json:"account"` // an id of kutano list, or ""
	Title    string         `json:"title"`
	Place    string         `json:"place"`     // here or elsewhere
	Where    string         `json:"where"`     // as noted, or ""
	First    int            `json:"first"`     // how many there were at first, 0 where it is not known
	Left     int            `json:"left"`      // how many are unused; without meaning where first is 0
	Made     int64          `json:"made"`      // Unix seconds
	LastUsed int64          `json:"last_used"` // Unix seconds, 0 for never
	Removed  int64          `json:"removed"`   // Unix seconds, 0 where it was not
	Low      bool           `json:"low"`       // so few are left that new ones are needed soon
	Renew    bool           `json:"renew"`     // new ones are advised
}

func showSet(s backupcodes.Set) shownSet {
	return shownSet{
		ID: s.ID, Account: s.Account, Title: s.Title, Place: string(s.Place), Where: s.Where, First: s.First, Left: s.Left,
		Made: s.Made.Unix(), LastUsed: unix(s.LastUsed), Removed: unix(s.Removed), Low: s.Low(), Renew: s.Renew(),
	}
}

func showSets(sets []backupcodes.Set) []shownSet {
	list := make([]shownSet, len(sets)) // never nil: "backup_codes" is there when empty, too
	for i, s := range sets {
		list[i] = showSet(s)
	}
	return list
}

// shownReading is one way to read a text as codes, without the codes.
type shownReading struct {
	Count int  `json:"count"` // codes
	Twice int  `json:"twice"` // that stood there more than once and count once
	Whole bool `json:"whole"` // blanks within a line belong to the code
}

func showReadings(rs []backupcodes.Reading) []shownReading {
	list := make([]shownReading, len(rs))
	for i, r := range rs {
		list[i] = shownReading{len(r.Codes), r.Twice, r.Whole}
	}
	return list
}

// shownBackupCode is one backup code, for kutano safe show --yes alone.
type shownBackupCode struct {
	Number int    `json:"number"` // in its set, from 1
	Code   string `json:"code"`
	Used   int64  `json:"used"` // Unix seconds, 0 for never
}

// shownSafe tells what became of the safe.
type shownSafe struct {
	Aside string `json:"aside"` // the name of the file that was put aside, or ""
}

// shownImport is what safe import found, in numbers of sets.
type shownImport struct {
	Added   int `json:"added"`
	Same    int `json:"same"`
	Removed int `json:"removed"` // removed or replaced here, and not brought back
}

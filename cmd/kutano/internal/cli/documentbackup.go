// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"time"

	"github.com/kutano/authenticator/vault/snapshot"
)

// shownGuard tells about the passphrase of the keys.
type shownGuard struct {
	Set bool `json:"set"`
}

// shownSnapshot is a snapshot as its list tells of it.
type shownSnapshot struct {
	Name       string `json:"name"`
	Made       int64  `json:"made"` // Unix seconds
	Size       int64  `json:"size"` // bytes
	Accounts   int    `json:"accounts"`
	Lost       int    `json:"lost"` // accounts without their keys, which are not in it
	Generation uint64 `json:"generation"`
	Key        string `json:"key"` // the recovery key's fingerprint, "" where it is not known
	Era        int    `json:"era"` // rises with each loss; snapshots of the highest are from after it
}

// shownCheck is a snapshot that was verified.
type shownCheck struct {
	shownSnapshot
	Status string `json:"status"` // ok, damaged or other_key
	Reason string `json:"reason"` // a sentence, or ""
}

// shownRoot tells about the recovery key, by what is not secret.
type shownRoot struct {
	Key   string `json:"key"`   // its fingerprint
	Since int64  `json:"since"` // Unix seconds
}

// shownCopy tells where copies of snapshots go.
type shownCopy struct {
	Folder string `json:"folder"`
	Every  string `json:"every"`  // never, change, day or week
	Last   int64  `json:"last"`   // Unix seconds, 0 for never
	Reason string `json:"reason"` // why the last one failed, or ""
}

// shownNotice is something that was noticed.
type shownNotice struct {
	Kind string `json:"kind"` // older_folder or older_keys
	At   int64  `json:"at"`   // Unix seconds
}

// shownFile is a backup that was written.
type shownFile struct {
	File string `json:"file"` // as named, "-" for standard output
	Size int    `json:"size"` // bytes
	Lock string `json:"lock"` // passphrase or key
}

func showSnapshot(i snapshot.Info) shownSnapshot {
	return shownSnapshot{
		Name: i.Name, Made: i.Made.Unix(), Size: i.Size, Accounts: i.Accounts, Lost: i.Lost,
		Generation: i.Generation, Key: i.Key, Era: i.Era,
	}
}

// unix is 0 for the zero time.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// day writes a time as people read it in a table.
func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04")
}

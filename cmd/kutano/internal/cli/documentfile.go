// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

// shownRead is a file that was read for kutano import.
type shownRead struct {
	File      string `json:"file"`      // its name; "stdin"
	Format    string `json:"format"`    // as kutano import --formats has it, "kutano" for a backup, "" for none that is known
	App       string `json:"app"`       // whose format that is
	Encrypted bool   `json:"encrypted"` // it was under a password or for a key
	Entries   int    `json:"entries"`
	Deleted   bool   `json:"deleted"` // overwritten and deleted after the import
	Reason    string `json:"reason"`  // why it could not be read as a whole, or ""
}

// shownFormat is a format that can be read.
type shownFormat struct {
	ID  string `json:"id"`
	App string `json:"app"`
}

// shownTarget is a format that can be written.
type shownTarget struct {
	shownFormat
	Ext       string `json:"ext"`       // of the file's name, with its dot
	Encrypted string `json:"encrypted"` // always, optional or never
	Several   bool   `json:"several"`   // it may be several files
}

// shownUndone is what import --undo did, or would do, in numbers of accounts.
type shownUndone struct {
	Gone     int `json:"gone"`     // added ones that are no longer here
	Removed  int `json:"removed"`  // that had come back and are removed again
	Replaced int `json:"replaced"` // that have their old keys again
	Returned int `json:"returned"` // that had been removed and are here again
	Left     int `json:"left"`     // that were changed since and stay as they are
}

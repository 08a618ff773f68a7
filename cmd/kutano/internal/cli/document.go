// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// document is the one object that --json prints.
type document struct {
	Accounts   any          `json:"accounts,omitempty"`   // a slice of one of the types below
	Incomplete []movingOut  `json:"incomplete,omitempty"` // scan, import: pictures of a move that are missing
	Files      any          `json:"files,omitempty"`      // import: what was read; export: what was written
	Formats    any          `json:"formats,omitempty"`    // import and export --formats
	Passphrase *shownGuard  `json:"passphrase,omitempty"` // passphrase: what is set now
	Snapshots  any          `json:"snapshots,omitempty"`  // snapshot: a slice of one of the types below
	Recovery   *shownRoot   `json:"recovery,omitempty"`   // snapshot key: the one in use
	Copies     *shownCopy   `json:"copies,omitempty"`     // snapshot copies: as they are set
	Notices    any          `json:"notices,omitempty"`    // snapshot dismiss: what was dismissed
	Backup     *shownFile   `json:"backup,omitempty"`     // export: the file
	Clock      *shownClock  `json:"clock,omitempty"`      // clock: what is known of it
	Link       *shownLink   `json:"link,omitempty"`       // link: what is linked, and its status
	Practice   *shownScore  `json:"practice,omitempty"`   // practice: how the calls were answered
	Undone     *shownUndone `json:"undone,omitempty"`     // import --undo
	Phrase     *shownPhrase `json:"phrase,omitempty"`     // phrase
	Report     any          `json:"report,omitempty"`     // report: a report.Report

	Guide   string        `json:"guide,omitempty"`   // setup, recover: the guide as Markdown or HTML
	Profile *shownProfile `json:"profile,omitempty"` // profile show, use and reset
	Signer  string        `json:"signer,omitempty"`  // profile key and sign: the key's fingerprint
	QR      string        `json:"qr,omitempty"`      // profile qr: the text of the QR code

	BackupCodes any              `json:"backup_codes,omitempty"` // safe: a slice of sets
	BackupCode  *shownBackupCode `json:"backup_code,omitempty"`  // safe show --yes
	Readings    any              `json:"readings,omitempty"`     // safe add --dry-run: the likelier first
	Imported    *shownImport     `json:"imported,omitempty"`     // safe import
	Safe        *shownSafe       `json:"safe,omitempty"`         // safe passphrase and start-anew

	Advice *shownAdvice `json:"advice,omitempty"`  // helpdesk phrase: what keeps a caller out
	Users  any          `json:"users,omitempty"`   // helpdesk find and show: a slice of one of the types there
	AtDesk *shownDesk   `json:"at_desk,omitempty"` // helpdesk link: where, as whom, until when
	Desk   *shownDeed   `json:"desk,omitempty"`    // helpdesk unlock and its likes: what came of it

	Warnings []failure `json:"warnings,omitempty"` // what went wrong beside the result
	Error    *failure  `json:"error,omitempty"`    // in every run that does not exit with 0
}

// shown is an account. Every field is always there.
type shown struct {
	ID        vault.ID `json:"id"` // "" where it is not kept: a dry run, a refused entry
	Issuer    string   `json:"issuer"`
	Name      string   `json:"name"`
	Type      string   `json:"type"`      // totp, hotp or steam; "" for a refused entry
	Algorithm string   `json:"algorithm"` // SHA1, SHA256 or SHA512
	Digits    int      `json:"digits"`
	Period    int      `json:"period"`  // seconds; 0 for hotp
	Counter   uint64   `json:"counter"` // the next one; for a code, the one it was made with; 0 but for hotp
}

// shownCode is an account with its code.
type shownCode struct {
	shown
	Code  string `json:"code"`
	From  int64  `json:"valid_from"`  // Unix seconds; 0 for hotp
	Until int64  `json:"valid_until"` // Unix seconds, exclusive; 0 for hotp
	Next  string `json:"next"`        // the code after this one; "" for hotp
}

// shownEntry is what was found in a source and what became of it.
type shownEntry struct {
	shown
	Source string `json:"source"` // file name, "screen", "clipboard", "stdin" or "prompt"
	Status string `json:"status"` // new, same, differs or refused; of a backup also removed and only_here; of export written, or fits in a dry run
	Reason string `json:"reason"` // a sentence, or ""
	// Remarks are sentences on an entry of another app's export that came in.
	Remarks []string `json:"remarks,omitempty"`
}

// shownKey is an account with its key, for show-qr alone.
type shownKey struct {
	shown
	URI string `json:"uri"`
}

// movingOut is a move from another app of which pictures are missing.
type movingOut struct {
	Have []int `json:"have"` // numbers of the pictures read, from 1
	Size int   `json:"size"` // of how many
}

type failure struct {
	Kind    string `json:"kind"` // explain.Kind
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func showAccount(a vault.Account) shown {
	s := shown{
		ID: a.ID, Issuer: a.Issuer, Name: a.Name, Type: a.Type.String(), Algorithm: a.Algorithm.String(),
		Digits: a.Digits, Period: a.Period,
	}
	if a.Type == otpauth.HOTP {
		s.Period, s.Counter = 0, a.Counter
	}
	return s
}

func showKey(k otpauth.Key) shown {
	return showAccount(vault.Account{
		Issuer: k.Issuer, Name: k.Account, Type: k.Type, Algorithm: k.Algorithm,
		Digits: k.Digits, Period: k.Period, Counter: k.Counter,
	})
}

func showAccounts(as []vault.Account) []shown {
	list := make([]shown, len(as)) // never nil: "accounts" is there when empty, too
	for i, a := range as {
		list[i] = showAccount(a)
	}
	return list
}

// print writes the object on one line.
func (d *document) print(a *App) error {
	enc := json.NewEncoder(a.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(d)
}

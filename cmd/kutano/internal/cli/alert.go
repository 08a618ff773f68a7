// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
)

// hinted names the command that helps, where an error's own words cannot.
func (a *App) hinted(err error) error {
	var own *told
	next := ""
	switch {
	case errors.As(err, &own):
	case errors.Is(err, vault.ErrKeysGone) && a.hasSnapshots():
		next = words.T("Bring the accounts back from a snapshot: kutano snapshot restore latest")
	case errors.Is(err, vault.ErrNoRecovery):
		next = words.T("Make one first: kutano snapshot key")
	case errors.Is(err, vault.ErrForeignKey):
		next = words.T("Make a new recovery key, kutano snapshot key, and find out who changed the folder.")
	case errors.Is(err, errNoDesk):
		return tell(explain.NotFound, words.T("This app is not allowed to help callers."), words.T("Nothing was done."), words.T("Ask for permission first: kutano helpdesk link"))
	case errors.Is(err, link.ErrProveAgain):
		next = words.T("Sign in again in the browser: kutano helpdesk link")
	case errors.Is(err, vault.ErrNoGuard):
		next = words.T("To set one: kutano passphrase set")
	case errors.Is(err, clock.ErrNothing):
		next = words.T("To measure it: kutano clock")
	case errors.Is(err, vault.ErrNeedsGuard):
		next = words.T("To change it: kutano passphrase change")
	}
	if next == "" {
		return err
	}
	m := explain.Error(err)
	return tell(m.Kind, m.What, m.Safe, next)
}

func (a *App) hasSnapshots() bool {
	folder, err := a.snapshots()
	if err != nil {
		return false
	}
	list, err := folder.List()
	return err == nil && len(list) > 0
}

// warnOfSnapshot tells that a change was kept and the snapshot of it was not.
func (a *App) warnOfSnapshot(err error) {
	m := explain.Error(a.hinted(err))
	m.What = words.T("The change is kept, but its snapshot could not be written:") + " " + m.What
	m.Safe = words.T("Earlier snapshots are as they were.")
	a.warn(m)
}

// warnOfCopy tells that a snapshot was written and not copied.
func (a *App) warnOfCopy(err error) {
	m := explain.Error(err)
	m.What = words.T("The last copy could not be made: {reason}", "reason", m.What)
	a.warn(m)
}

// mentionNotices tells what was noticed and not dismissed yet.
func (a *App) mentionNotices(v *vault.Vault) {
	for _, n := range v.Notices() {
		m := explain.Message{Kind: explain.Older, Safe: words.T("Accounts or counters may be missing.")}
		switch n.Kind {
		case vault.NoticeOlderKeys:
			m.What = words.T("Your keys are an older copy of what they were.")
		case vault.NoticeUnguarded:
			m.What = words.T("Your keys are no longer under your passphrase: the keyring was reset or put back from an older copy.")
		default:
			m.What = words.T("Your data folder is an older copy of what it was.")
		}
		m.Next = words.T("See what there is with kutano snapshot list; when all is well, kutano snapshot dismiss ends this notice.")
		a.warn(m)
	}
}

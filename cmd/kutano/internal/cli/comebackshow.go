// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// preview shows what is in the backup, before anything changes.
func (c *comeback) preview() error {
	if c.app.json {
		return nil
	}
	var rows [][]string
	if isTerminal(c.app.Out) {
		rows = append(rows, []string{words.T("STATUS"), words.T("SERVICE"), words.T("ACCOUNT"), words.T("REASON")})
	}
	for _, r := range c.rows {
		issuer, name := c.names(r)
		said := strings.Join(append([]string{c.reason(r)}, r.remarked()...), " ")
		rows = append(rows, []string{statusWord(r.status), dash(clean(issuer)), dash(clean(name)), strings.TrimSpace(said)})
	}
	if _, err := io.WriteString(c.app.Out, table(rows)); err != nil {
		return fmt.Errorf("print backup: %w", err)
	}
	return nil
}

func statusWord(s status) string {
	switch s {
	case isNew:
		return words.T("new")
	case isSame:
		return words.T("same")
	case isDiffers:
		return words.T("differs")
	case wasRemoved:
		return words.T("removed")
	case onlyHere:
		return words.T("only here")
	}
	return words.T("refused")
}

// names returns an entry's service and account, as far as they can be told.
func (c *comeback) names(r *returning) (issuer, name string) {
	switch {
	case r.err != nil:
		return "", r.label
	case r.at < 0:
		return r.account.Issuer, r.account.Name
	}
	f := &c.found[r.at]
	switch {
	case f.Err == nil:
		return f.Key.Issuer, f.Key.Account
	case errors.Is(f.Err, vault.ErrAside):
		return "", f.Entry.Note // where Preview puts the name of such a line
	}
	for _, seen := range otpauth.Find(f.Entry.URI.Reveal()) {
		return "", seen.Name
	}
	return "", ""
}

// why returns the error for a refused entry.
func (c *comeback) why(r *returning) error {
	if r.at < 0 {
		return r.err
	}
	return c.found[r.at].Err
}

// reason says why an entry is not simply taken in, or "".
func (c *comeback) reason(r *returning) string {
	switch {
	case r.status == isRefused:
		return explain.Reason(c.why(r))
	case r.left:
		return words.T("You left it out.")
	case r.twin:
		return words.T("It was found twice.")
	case r.status == isSame:
		return words.T("It is here already.")
	case r.status == isDiffers && r.beside:
		return words.T("It is here with another key; both are kept.")
	case r.status == isDiffers && r.use:
		return words.T("It is here with another key, which gives way.")
	case r.status == isDiffers:
		return words.T("It is here with another key.")
	case r.status == wasRemoved && r.foreign:
		return words.T("It was in the other app's bin.")
	case r.status == wasRemoved:
		return words.T("It was removed before the backup was made.")
	case r.status == onlyHere:
		return words.T("The backup does not have it.")
	}
	return ""
}

// remarked says what a person may want to know about an entry.
func (r *returning) remarked() []string {
	var said []string
	for _, m := range r.remarks {
		if text := explain.Remark(m); text != "" {
			said = append(said, text)
		}
	}
	return said
}

// finish reports what was done and what was not.
func (c *comeback) finish() error {
	if c.app.json {
		if c.app.doc == nil {
			c.app.doc = &document{}
		}
		c.app.doc.Accounts = c.show()
		return c.outcome()
	}
	for _, sentence := range c.summary() {
		if err := c.app.print(sentence); err != nil {
			return err
		}
	}
	if c.imports && c.taken.Added+c.taken.Replaced > 0 {
		c.app.say(words.T("To undo it: kutano import --undo"))
	}
	return c.outcome()
}

// summary says what was done.
func (c *comeback) summary() []string {
	if c.dryRun {
		c.app.say(words.T("Nothing was changed."))
		return nil
	}
	var said []string
	if n := c.wanted(func(r *returning) bool { return r.use && (r.status == isNew || r.beside) }); n > 0 {
		if c.imports {
			said = append(said, words.N(n, "1 account is added.", "{n} accounts are added."))
		} else {
			said = append(said, words.N(n, "1 account is back.", "{n} accounts are back."))
		}
	}
	if n := c.taken.Replaced; n > 0 {
		said = append(said, c.sayReplaced(n))
	}
	if n := c.taken.Removed; n > 0 {
		said = append(said, words.N(n,
			"1 account is removed. It can be brought back for 30 days.",
			"{n} accounts are removed. They can be brought back for 30 days."))
	}
	if len(said) == 0 && c.wanted(func(r *returning) bool { return r.status != isSame }) == 0 {
		said = append(said, words.T("Everything in it is here already."))
	}
	return said
}

func (c *comeback) sayReplaced(n int) string {
	if c.imports {
		return words.N(n,
			"1 account has the file's key now. Its other one can be brought back for 30 days.",
			"{n} accounts have the files' keys now. Their other ones can be brought back for 30 days.")
	}
	return words.N(n,
		"1 account has the backup's key now. Its other one can be brought back for 30 days.",
		"{n} accounts have the backup's keys now. Their other ones can be brought back for 30 days.")
}

func (c *comeback) show() []shownEntry {
	list := make([]shownEntry, 0, len(c.rows))
	for _, r := range c.rows {
		s := shownEntry{Source: r.source, Status: string(r.status), Reason: c.reason(r), Remarks: r.remarked()}
		switch {
		case r.err != nil:
			s.Name = r.label
		case r.at < 0:
			s.shown = showAccount(r.account)
		case c.found[r.at].Err != nil:
			_, s.Name = c.names(r)
		default:
			s.shown = showKey(c.found[r.at].Key)
			s.ID = r.account.ID
		}
		list = append(list, s)
	}
	return list
}

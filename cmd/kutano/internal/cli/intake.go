// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// status is what a found key is to the vault; the names are the contract's.
type status string

const (
	isNew     status = "new"
	isSame    status = "same"    // it is here already, with this key
	isDiffers status = "differs" // it is here with another key
	isRefused status = "refused" // it cannot be an account
)

// entry is one key found in a source, and what becomes of it.
type entry struct {
	source  string
	name    string // the label as far as it can be told
	key     otpauth.Key
	status  status
	err     error         // why it is refused
	account vault.Account // the account here: the existing one, or the added one
	twin    *entry        // an earlier entry of the same names
	done    bool          // added or replaced now
	skip    bool          // the person does not want it
}

func newEntry(source string, f otpauth.Found) *entry {
	e := &entry{source: source, name: f.Name, key: f.Key}
	if f.Err != nil {
		e.refuse(f.Err)
	}
	return e
}

func (e *entry) refuse(err error) { e.status, e.err = isRefused, err }

// title names the entry for a person.
func (e *entry) title() string {
	if e.err != nil || e.key.Issuer == "" && e.key.Account == "" {
		if e.name == "" {
			return words.T("an entry without a name")
		}
		return clean(e.name)
	}
	return title(e.key.Issuer, e.key.Account)
}

// intake takes found keys into the vault.
type intake struct {
	app     *App
	vault   *vault.Vault // nil for a dry run where nothing is kept yet
	entries []*entry
	dryRun  bool
	replace bool // replace keys that differ, without asking
	ask     bool // ask before adding
	quiet   bool // ask nothing at all
}

// run classifies the entries, asks where that is wanted, keeps what is to be
// kept and reports. Its error says that some entries were not taken.
func (in *intake) run(ctx context.Context) error {
	defer in.clear()
	if err := in.app.unlocked(ctx, in.classify); err != nil {
		return err
	}
	if !in.dryRun {
		if err := in.choose(ctx); err != nil {
			return err
		}
		if err := in.app.unlocked(ctx, in.keep); err != nil {
			return err
		}
	}
	if err := in.report(ctx); err != nil {
		return err
	}
	return in.outcome()
}

func (in *intake) clear() {
	for _, e := range in.entries {
		e.key.Secret.Clear()
	}
}

// classify compares every entry with the vault, and with those before it.
func (in *intake) classify(ctx context.Context) error {
	here := map[string]bool{}
	if in.vault != nil {
		for _, acc := range in.vault.Accounts() {
			here[nameOf(acc.Issuer, acc.Name)] = true
		}
	}
	before := map[string]*entry{}
	for _, e := range in.entries {
		if e.err != nil {
			continue
		}
		name := nameOf(e.key.Issuer, e.key.Account)
		if first := before[name]; first != nil {
			e.status, e.twin = isDiffers, first
			if first.key.Same(e.key) {
				e.status = isSame
			}
			continue
		}
		before[name] = e
		e.status = isNew
		if here[name] {
			if err := in.compare(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// nameOf is the same for names that differ in case only. It saves comparing
// thousands with thousands; the vault has the last word.
func nameOf(issuer, name string) string {
	return strings.ToLower(issuer) + "\x00" + strings.ToLower(name)
}

func (in *intake) compare(ctx context.Context, e *entry) error {
	s, acc, err := in.vault.Compare(ctx, e.key)
	if err != nil {
		return err
	}
	e.status = map[vault.Status]status{vault.New: isNew, vault.Same: isSame, vault.Differs: isDiffers}[s]
	e.account = acc
	return nil
}

// keep adds what is new, all in one change, and replaces what may be replaced.
func (in *intake) keep(ctx context.Context) error {
	var fresh []*entry
	var ks []otpauth.Key
	for _, e := range in.entries {
		if e.status == isNew && !e.skip && !e.done {
			fresh, ks = append(fresh, e), append(ks, e.key)
		}
	}
	if len(ks) == 0 {
		return in.replaceAll(ctx)
	}
	as, err := in.vault.AddAll(ctx, ks)
	switch {
	case err == nil:
		for i, e := range fresh {
			e.account, e.done = as[i], true
		}
	case isAboutOne(err):
		if err := in.keepSingly(ctx, fresh); err != nil {
			return err
		}
	default:
		return err
	}
	return in.replaceAll(ctx)
}

// isAboutOne tells whether an error is about one key and not about the store.
func isAboutOne(err error) bool {
	return errors.Is(err, vault.ErrExists) || errors.Is(err, vault.ErrTooLarge) || errors.Is(err, keystore.ErrTooLarge) ||
		explain.Error(err).Kind == explain.Refused
}

func (in *intake) keepSingly(ctx context.Context, fresh []*entry) error {
	for _, e := range fresh {
		acc, err := in.vault.Add(ctx, e.key)
		var exists *vault.ExistsError
		switch {
		case err == nil:
			e.account, e.done = acc, true
		case errors.As(err, &exists):
			e.account, e.status = exists.Account, isDiffers
			if exists.Same {
				e.status = isSame
			}
		case isAboutOne(err):
			e.refuse(err)
		default:
			return err
		}
	}
	return nil
}

func (in *intake) replaceAll(ctx context.Context) error {
	for _, e := range in.entries {
		if e.status != isDiffers || e.done || e.skip || !in.replace || e.twin != nil {
			continue
		}
		acc, err := in.vault.Replace(ctx, e.account.ID, e.key)
		if isAboutOne(err) {
			e.refuse(err)
			continue
		}
		if err != nil {
			return err
		}
		e.account, e.done = acc, true
	}
	return nil
}

// outcome is the error for a run in which not everything was taken.
func (in *intake) outcome() error {
	var refused, differ, total int
	var last error
	for _, e := range in.entries {
		total++
		switch {
		case e.status == isRefused:
			refused++
			last = e.err
		case e.status == isDiffers && !e.done && !e.skip && !in.dryRun:
			differ++
		}
	}
	switch {
	case refused > 0 && total == 1:
		m := explain.Error(last)
		return tell(explain.Refused, m.What, words.T("Nothing was changed."), m.Next)
	case refused > 0:
		return tell(explain.Refused,
			words.T("{refused} of {total} entries were not taken.", "refused", refused+differ, "total", total), "",
			words.T("The reason stands beside each. Show their QR codes again at the service, or type the keys in."))
	case differ > 0:
		return tell(explain.Exists,
			words.N(differ, "1 account is here with another key and was left as it is.", "{n} accounts are here with other keys and were left as they are."), "",
			words.T("If you set it up anew, run the same again with --replace. The old key can be brought back for 30 days."))
	}
	return nil
}

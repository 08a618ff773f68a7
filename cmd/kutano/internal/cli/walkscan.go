// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// facts are those that the guides ask for. The terminal connects with no service.
func (w *walk) facts() guide.Facts {
	n := len(w.accounts())
	l, linked := w.linked()
	return guide.Facts{
		guide.KeyHere: n > 0, guide.Several: n > 1, guide.CodesKnown: len(w.codeSets()) > 0,
		guide.ByText: check.ServiceOf(l, linked, time.Time{}) == check.Texts || upkeep.Open(w.dir).Load().Method == readiness.SMS,
	}
}

// opened opens the vault at the first need.
func (w *walk) opened(ctx context.Context) (*vault.Vault, error) {
	if w.vault == nil {
		v, err := w.app.open(ctx)
		if err != nil {
			return nil, err
		}
		w.vault, w.closedBy = v, nil
	}
	return w.vault, nil
}

// all are the accounts that are here, as far as that can be told.
func (w *walk) all() []vault.Account {
	if w.vault == nil {
		return w.peeked.Accounts
	}
	return w.vault.Accounts()
}

// removed are Kutano's accounts that can be brought back.
func (w *walk) removed() []vault.Account {
	all := w.peeked.Removed
	if w.vault != nil {
		all = w.vault.Removed()
	}
	return slices.DeleteFunc(slices.Clone(all), func(acc vault.Account) bool { return !w.profile.Recognises(acc.Issuer) })
}

// accounts are those of Kutano, as far as that can be told.
func (w *walk) accounts() []vault.Account {
	var ours []vault.Account
	for _, acc := range w.all() {
		if w.profile.Recognises(acc.Issuer) || w.run != nil && string(acc.ID) == w.run.Account() {
			ours = append(ours, acc)
		}
	}
	return ours
}

// about is the account that the walk is known to be about: the one that was
// scanned, else the only one of Kutano's.
func (w *walk) about() (vault.Account, bool) {
	ours := w.accounts()
	for _, acc := range ours {
		if string(acc.ID) == w.run.Account() {
			return acc, true
		}
	}
	if len(ours) != 1 {
		return vault.Account{}, false
	}
	return ours[0], true
}

// account is the one that the walk is about, else the first of Kutano's.
func (w *walk) account() (vault.Account, bool) {
	if acc, ok := w.about(); ok {
		return acc, true
	}
	if ours := w.accounts(); len(ours) > 0 {
		return ours[0], true
	}
	return vault.Account{}, false
}

// scanOptions are the ways to bring the account here. R36
func (w *walk) scanOptions() []option {
	look := func(f scanFlags) func(context.Context) (bool, error) {
		return func(ctx context.Context) (bool, error) {
			s := scanner{app: w.app}
			if err := s.look(ctx, nil, f); err != nil {
				return false, err
			}
			return w.takeIn(ctx, s.entries)
		}
	}
	return []option{
		{words.T("Look at my screens"), look(scanFlags{screen: true})},
		{words.T("Look into the clipboard"), look(scanFlags{clipboard: true})},
		{words.T("Open a picture"), w.openPicture},
		{words.T("Type or paste the key"), w.typeKey},
		{guide.Scan.Label(guide.Kept), w.haveIt},
	}
}

func (w *walk) openPicture(ctx context.Context) (bool, error) {
	path, err := w.app.ask(ctx, words.T("The picture’s file: "))
	if err != nil || path == "" {
		return false, err
	}
	s := scanner{app: w.app}
	if err := s.look(ctx, []string{path}, scanFlags{}); err != nil {
		return false, err
	}
	return w.takeIn(ctx, s.entries)
}

func (w *walk) typeKey(ctx context.Context) (bool, error) {
	f := addFlags{kind: "totp", algorithm: "SHA1", digits: otpauth.DefaultDigits, period: otpauth.DefaultPeriod, issuer: "Kutano"}
	f.set = pflag.NewFlagSet("", pflag.ContinueOnError)
	f.set.StringVar(&f.issuer, "issuer", "Kutano", "")
	if err := f.set.Set("issuer", "Kutano"); err != nil {
		return false, err
	}
	entries, err := w.app.askForEntry(ctx, f)
	if err != nil {
		return false, err
	}
	return w.takeIn(ctx, entries)
}

// haveIt goes on with an account that is here.
func (w *walk) haveIt(ctx context.Context) (bool, error) {
	if _, err := w.opened(ctx); err != nil {
		return false, err
	}
	if _, ok := w.account(); !ok {
		w.app.say(words.T("The account is not in this app."))
		return false, nil
	}
	return true, w.run.Outcome(guide.Kept)
}

// takeIn keeps what was found and goes on, where one of it is the account that
// the walk is about.
func (w *walk) takeIn(ctx context.Context, entries []*entry) (bool, error) {
	in := intake{app: w.app, entries: entries, ask: true}
	defer in.clear()
	sure, err := w.meant(ctx, entries)
	if err != nil || !sure {
		return false, err
	}
	if in.vault, err = w.opened(ctx); err != nil {
		return false, err
	}
	if err := w.app.unlocked(ctx, in.classify); err != nil {
		return false, err
	}
	if err := in.choose(ctx); err != nil {
		return false, err
	}
	if err := w.app.unlocked(ctx, in.keep); err != nil {
		return false, err
	}
	var kept *entry
	for _, e := range entries {
		if !e.skip {
			w.app.say(in.sentence(e))
		}
		if (e.done || e.status == isSame) && kept == nil && e.account.ID != "" {
			kept = e
		}
	}
	if kept == nil {
		return false, in.outcome()
	}
	w.run.SetAccount(string(kept.account.ID))
	w.rescanned, w.until = w.tried.Refused > 0, time.Time{}
	w.tried.Anew()
	return true, w.run.Outcome(guide.Added)
}

// meant asks about a QR code of another service, and of another user than before.
func (w *walk) meant(ctx context.Context, entries []*entry) (bool, error) {
	before, known := w.about()
	for _, e := range entries {
		if e.err != nil {
			continue
		}
		question := ""
		switch {
		case !w.profile.Recognises(e.key.Issuer):
			question = words.T("This is the QR code of {account}, and not of Kutano. Take it all the same?", "account", e.title())
		case known && nameOf("", before.Name) != nameOf("", e.key.Account):
			question = words.T("This is the account {account}, and before it was {before}. Is that right?", "account", e.title(), "before", title(before.Issuer, before.Name))
		}
		if question == "" {
			continue
		}
		if sure, err := w.app.confirm(ctx, question, "--yes", false); err != nil || !sure {
			return false, err
		}
	}
	return true, nil
}

// showCode shows the code to type, and waits for the next one where this one is
// nearly over. R41 R54
func (w *walk) showCode(ctx context.Context) (bool, error) {
	v, err := w.opened(ctx)
	if err != nil {
		return false, err
	}
	acc, ok := w.account()
	if !ok {
		w.app.say(words.T("The account is not in this app."))
		return false, nil
	}
	now := w.app.codeTime()
	m := w.app.make(ctx, v, acc, now, false, true)
	if m.err != nil {
		return false, m.err
	}
	if left := m.code.Until.Sub(now); acc.Type != otpauth.HOTP && left < codeWait {
		w.app.say(words.T("This code is nearly over; here comes the next one…"))
		if !wait(ctx, left) {
			return false, ctx.Err()
		}
		now = w.app.codeTime()
		if m = w.app.make(ctx, v, acc, now, false, true); m.err != nil {
			return false, m.err
		}
	}
	w.until = m.code.Until
	line := "  " + grouped(m.code.Value) + "   " + title(acc.Issuer, acc.Name)
	if acc.Type != otpauth.HOTP {
		line += " · " + lasts(m, now)
	}
	w.app.say("")
	w.app.say(line)
	return false, nil
}

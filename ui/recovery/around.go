// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Vault is what the place needs of the accounts. [*vault.Vault] is one.
type Vault interface {
	Restore(ctx context.Context, id vault.ID) error
	MarkVerified(ctx context.Context, id vault.ID, at time.Time) error
	Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error)
}

// Around is what the place needs of the window it stands in. Functions that are nil
// cannot be: the place then leads on without.
type Around struct {
	Canvas func() fyne.Canvas
	Dir    string // the data folder; "" keeps nothing
	Clock  clock.Clock
	Vault  func() Vault // nil while the accounts are not open

	// Look gathers how things stand: what the window knows is taken at once, and the
	// rest by what it returns, on another goroutine. It asks nobody, on the network
	// or at the keyboard. With keys the length of every key is told, too.
	Look    func(keys bool) func(context.Context) (report.Sources, error)
	Profile func() profile.Profile

	Code     guided.CodeAround // shows codes
	CopyCode func(code string) // copies one that is shown, and clears it after a while

	// Measure measures the clock at once, where the user lets it be measured, and tells
	// what was in the way, nil for nothing.
	Measure func(done func(trouble *kit.Message))

	ShowCodes func()                     // the list
	ShowClock func()                     // the page where it is measured and corrected; it comes back
	Scan      func()                     // brings an account in
	Unlock    func(done func(err error)) // has the keys unlocked
	Ask       func(done func(err error)) // asks the linked service how the account stands
	Reload    func()                     // shows the accounts anew
	Toast     func() *kit.Toast
	Note      func(func(*upkeep.State)) // notes what is known at a step
	SetUp     func(entry string)        // goes on in the set-up
	Helpdesk  func()                    // the room of those who answer the calls; nil for none
	// ChooseFolder lets the user choose; it calls chosen with false when the user
	// thinks better of it.
	ChooseFolder func(chosen func(dir string, ok bool), fail func(error))

	// Locked tells that the place lies over a window that is locked, where only its own
	// sheets are shown.
	Locked bool

	// Leave leads out of a topic that was opened from elsewhere, and Leaves says so;
	// nil is the place's own front.
	Leave  func()
	Leaves string
	// Return leads from the front to where the whole place was opened from; nil where
	// it stands for itself.
	Return func()
	Turned func() // another step is on show, or the front
}

func (a *Around) vault() Vault {
	if a.Vault == nil {
		return nil
	}
	return a.Vault()
}

func (a *Around) profile() profile.Profile {
	if a.Profile == nil {
		return profile.Default()
	}
	return a.Profile()
}

func (a *Around) say(text string) {
	if a.Toast != nil {
		a.Toast().Say(text, 4)
	}
}

// known is how things stood when it was looked last.
type known struct {
	report.Sources
	at bool // it was looked
}

// ours are the Kutano accounts that are here, as far as can be told.
func (k *known) ours() []vault.Account { return k.among(k.Accounts) }

func (k *known) among(as []vault.Account) []vault.Account {
	var all []vault.Account
	for _, a := range as {
		if k.Ours(a) {
			all = append(all, a)
		}
	}
	return all
}

// account is the one that a run is about: the one it names, or else the first of
// Kutano's.
func (k *known) account(id string) (vault.Account, bool) {
	all := k.ours()
	for _, a := range all {
		if string(a.ID) == id {
			return a, true
		}
	}
	if len(all) == 0 {
		return vault.Account{}, false
	}
	return all[0], true
}

func (k *known) linked() (link.Linked, bool) {
	if k.Linked == nil {
		return link.Linked{}, false
	}
	return *k.Linked, true
}

// sets are the backup codes that are Kutano's: by their account, or by their title
// where that is not here.
func (k *known) sets() []backupcodes.Set {
	here := map[string]bool{}
	for _, a := range k.Accounts {
		here[string(a.ID)] = k.Ours(a)
	}
	var all []backupcodes.Set
	for _, s := range k.Sets {
		if is, known := here[s.Account]; is || !known && k.Profile.Recognises(s.Title) {
			all = append(all, s)
		}
	}
	return all
}

func (k *known) codes() check.Codes {
	l, ok := k.linked()
	return check.CodesOf(k.sets(), l, ok)
}

// discreet tells that the app is locked by a passphrase, so that neither names nor
// places are shown: whoever is at the window may be somebody else.
func (p *Page) discreet() bool {
	return p.vault() == nil && (p.now.Guarded || errors.Is(p.now.StoreErr, keystore.ErrSealed))
}

// service is how the account stands at the linked service, as it was seen last.
func (k *known) service(a vault.Account, here bool) check.Service {
	l, ok := k.linked()
	if !here {
		return check.ServiceOf(l, ok, k.Now)
	}
	return check.ServiceOf(l, ok, a.Verified)
}

// store is whether keys can be used. That the folder cannot be written keeps none
// from making codes.
func (k *known) store() check.Store {
	if errors.Is(k.StoreErr, vault.ErrReadOnly) {
		return check.Open
	}
	return check.StoreOf(k.StoreErr)
}

// clock is how the clock is known to stand.
func (k *known) clock() standing.Clock {
	if !k.at {
		return standing.ClockUnchecked
	}
	return standing.Of(k.Sources.Sources).Clock
}

func (k *known) verdict() verdict.Verdict { return verdict.Of(k.Clock, k.Hint, k.Now) }

// facts are those that the guide's choices go by.
func (k *known) facts() guide.Facts {
	n := len(k.ours())
	l, ok := k.linked()
	return guide.Facts{
		guide.KeyHere: n > 0, guide.Several: n > 1, guide.CodesKnown: len(k.sets()) > 0,
		guide.PhoneSize: fyne.CurrentDevice().IsMobile(),
		guide.ByText:    check.ServiceOf(l, ok, time.Time{}) == check.Texts || k.Upkeep.Method == readiness.SMS,
	}
}

// fill is what stands in the guide for this workspace and this person.
func (p *Page) fill() guide.Fill {
	f := p.profile().Fill()
	if !p.discreet() {
		f.Codes = strings.TrimSpace(p.now.codes().Says())
	}
	return f
}

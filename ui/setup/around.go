// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"net/url"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/secret"
)

// Vault is what the assistant needs of the accounts. [*vault.Vault] is one.
type Vault interface {
	Accounts() []vault.Account
	Removed() []vault.Account
	Remove(ctx context.Context, id vault.ID) error
	Restore(ctx context.Context, id vault.ID) error
	MarkVerified(ctx context.Context, id vault.ID, at time.Time) error
}

// Adding brings the account in. [*add.Flow] is one.
type Adding interface {
	Expect(w *add.Expected)
	Scan()
	OpenPicture()
	Paste()
	Type()
	Seen(t add.Texts)
	Showing() *kit.Sheet
}

// Enrolling sets a method up at the linked service. [*enrolment.Machine] is one.
// Its methods may wait for the network and are never called two at a time.
type Enrolling interface {
	Noted() (enrolment.Note, bool, error)
	Begin(ctx context.Context, method link.Method, phone string) (enrolment.Standing, error)
	Prove(ctx context.Context) (enrolment.Standing, error)
	Verify(ctx context.Context, code string) (enrolment.Standing, error)
	Resume(ctx context.Context) (enrolment.Standing, error)
	Resend(ctx context.Context) (link.Sent, error)
	Cancel(ctx context.Context) (enrolment.Standing, error)
	Confirm(ctx context.Context) error
}

// Upkeep keeps what was said and done. [*upkeep.File] is one.
type Upkeep interface {
	Load() upkeep.State
	Change(ctx context.Context, change func(*upkeep.State)) (upkeep.State, error)
}

// Profile is what the workspace says of itself.
type Profile struct {
	Fill    guide.Fill
	Service bool // it names a service to connect with
	Months  int  // between reviews; 0 is upkeep.ReviewMonths, less than 0 never
	// Kutano tells the issuer of a Kutano account; nil is any that has "kutano" in it.
	Kutano func(issuer string) bool
}

// Around is what the place needs of the window it stands in. Functions that are
// nil cannot be: the assistant then leads on without.
type Around struct {
	Canvas func() fyne.Canvas
	Dir    string // the data folder
	Clock  clock.Clock
	// Codes is the clock that codes are made with.
	Codes clock.Clock
	Vault func() Vault // nil until the accounts are open, and while they are locked

	Adding Adding
	Eyes   add.Eyes
	// NoScreen reports that the screen cannot be looked at each second, because the
	// desktop would ask or show it each time; then only the clipboard is watched.
	NoScreen func() bool
	// Away reports that the window is out of sight. It may take a moment and is
	// called on other goroutines.
	Away func() bool
	// Choosing reports that a dialog in which a file is chosen stands over the place,
	// which goes on being ticked; it may be nil.
	Choosing func() bool

	// Phone reports that this is a phone, whose screen cannot show what it is to
	// scan; nil asks the device.
	Phone func() bool

	Row    func(id vault.ID, now time.Time) (codes.Row, bool)
	Copy   func(id vault.ID) // copies the code of an account
	Plain  func() bool       // seconds as a number instead of a ring
	Veiled func() bool       // dots in place of every code
	Reload func()            // shows the accounts anew
	Forget func(id vault.ID) // an account's codes are of an old key
	Toast  func() *kit.Toast

	Profile func() Profile
	Open    func(u *url.URL) error // opens an address in the browser
	// CopyText copies what is no secret.
	CopyText func(text string)
	// Stuck opens a topic of the recovery page; it comes back to the step.
	Stuck func(topic string)
	Home  func() // shows the codes
	// Turned is told when another step is on show, or all entries. What stands over
	// the page goes by it, and must not move the page after it was read.
	Turned func()

	Verdict   func() verdict.Verdict // on the device's clock
	ShowClock func()                 // the page where it is measured and corrected
	// MayMeasure reports that the user lets the clock be measured on the network.
	MayMeasure func() bool

	Readiness func() readiness.Facts
	// Lead leads to where a missing way back in is made; nil for none.
	Lead   func(readiness.Kind) func()
	Upkeep Upkeep
	// CodesKnown tells whether it is known where the backup codes are.
	CodesKnown func() bool
	// TakeCodes asks where backup codes are to be kept, and keeps them or a note of
	// where they are. It copies the codes, of which there may be none yet. Done is
	// told guide.Kept, guide.Noted or guide.Later, once.
	TakeCodes func(account vault.ID, title string, codes []secret.Value, done func(guide.Outcome))

	// Linked tells whose account is linked, ok false for none, and how it stands in
	// one sentence. It asks nobody.
	Linked func() (email, stands string, ok bool)
	// Connect shows the sheet that links; done is told whether it was done.
	Connect func(done func(linked bool))
	// Allow asks the user, in the browser, for the permission to set a method up;
	// done is told nil, or why there is none.
	Allow     func(done func(error))
	Enrolling func() Enrolling
}

func (a *Around) kutano(issuer string) bool {
	if f := a.profile().Kutano; f != nil {
		return f(issuer)
	}
	return strings.Contains(strings.ToLower(issuer), "kutano")
}

func (a *Around) profile() Profile {
	if a.Profile == nil {
		return Profile{}
	}
	return a.Profile()
}

func (a *Around) linked() (email, stands string, ok bool) {
	if a.Linked == nil {
		return "", "", false
	}
	return a.Linked()
}

// accounts returns the accounts of Kutano that are here.
func (a *Around) accounts() []vault.Account {
	v := a.Vault()
	if v == nil {
		return nil
	}
	var here []vault.Account
	for _, one := range v.Accounts() {
		if one.Kutano || a.kutano(one.Issuer) {
			here = append(here, one)
		}
	}
	return here
}

// account finds an account that is here, of whatever service.
func (a *Around) account(id vault.ID) (vault.Account, bool) {
	if v := a.Vault(); v != nil && id != "" {
		for _, one := range v.Accounts() {
			if one.ID == id {
				return one, true
			}
		}
	}
	return vault.Account{}, false
}

func (a *Around) choosing() bool { return a.Choosing != nil && a.Choosing() }

func (a *Around) phone() bool {
	if a.Phone == nil {
		return fyne.CurrentDevice().IsMobile()
	}
	return a.Phone()
}

func (a *Around) facts() guide.Facts {
	_, _, linked := a.linked()
	return guide.Facts{
		guide.Linked: linked && a.Enrolling != nil, guide.KeyHere: len(a.accounts()) > 0,
		guide.PhoneSize:  a.phone(),
		guide.HasService: a.profile().Service && a.Connect != nil, guide.CodesKnown: a.CodesKnown != nil && a.CodesKnown(),
	}
}

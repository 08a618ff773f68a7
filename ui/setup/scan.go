// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// scanPiece finds the QR code and has the account kept. R36 R55
type scanPiece struct {
	page  *Page
	watch *watch
}

func newScanPiece(p *Page) *scanPiece {
	s := &scanPiece{page: p}
	s.watch = newWatch(p, s.seen)
	return s
}

func (s *scanPiece) First() fyne.Focusable { return nil }

// leave ends the watching; what is found from now on is not for the assistant.
func (s *scanPiece) Leave() {
	s.watch.stop()
	s.page.Adding.Expect(nil)
}

func (s *scanPiece) Draw() guided.Drawn {
	p := s.page
	p.Adding.Expect(&add.Expected{Odd: p.odd, Got: s.got})
	way := func(icon kit.IconName, text string, do func()) *kit.Button {
		b := kit.NewButton(text, func() {
			if s.watch.on {
				s.watch.stop()
				p.redraw() // it says so no more
			}
			do()
		})
		b.SetIcon(icon)
		return b
	}
	ways := []*kit.Button{
		way(kit.IconPicture, words.T("Open a picture"), p.Adding.OpenPicture),
		way(kit.IconPaste, words.T("Paste"), p.Adding.Paste),
		way(kit.IconKeyboard, words.T("Type it in"), p.Adding.Type),
	}
	rows := kit.Rows(kit.Space8)
	if !p.phone() {
		ways = slices.Insert(ways, 0, way(kit.IconScreen, words.T("Scan my screen now"), p.Adding.Scan))
		rows.Add(s.watch.object())
	}
	ways[0].SetStyle(kit.Main)
	d := guided.Drawn{Own: true, Main: ways[0], Others: ways[1:]}
	if here := p.accounts(); len(here) > 0 {
		b := kit.NewQuietButton(words.T("It is here already"), func() { s.had(here) })
		b.SetIcon(kit.IconCheck)
		rows.Add(kit.AtLeft(b))
	}
	d.Object = rows
	return d
}

// had goes on with an account that is here, after a question where there are several.
func (s *scanPiece) had(here []vault.Account) {
	p := s.page
	if len(here) == 1 {
		s.got(here[0], true)
		return
	}
	p.pickAccount(words.T("Which one is it?"), here, func(a vault.Account) { s.got(a, true) })
}

// pickAccount asks for one of several.
func (p *Page) pickAccount(title string, among []vault.Account, picked func(vault.Account)) {
	rows := kit.Rows(kit.Space8)
	for _, a := range among {
		rows.Add(kit.NewDoor(kit.IconKey, guided.NameOf(a), "", func() {
			p.pages.Close()
			picked(a)
		}))
	}
	p.pages.Page(&kit.Sheet{Title: title, Content: rows, Others: []*kit.Button{kit.NewButton(words.T("Cancel"), p.pages.Close)}})
}

// got goes on with the account.
func (s *scanPiece) got(a vault.Account, had bool) {
	p := s.page
	if p.piece != guided.Piece(s) {
		return // the person has gone on meanwhile
	}
	if p.refused > 0 {
		p.refused, p.rescanned = 0, true
	}
	p.run.SetAccount(string(a.ID))
	outcome := guide.Added
	if had {
		outcome = guide.Kept
		p.say(words.T("This account is here already. There is nothing to add."))
	} else {
		p.say(words.T("The account is kept"))
	}
	p.end(outcome)
}

func (p *Page) say(text string) {
	if p.Toast != nil {
		p.Toast().Say(text, 4)
	}
}

// odd tells a QR code that is not Kutano's, or is of another user than before.
func (p *Page) odd(k otpauth.Key) *add.Odd {
	if !p.kutano(k.Issuer) {
		service := k.Issuer
		if service == "" {
			service = k.Account
		}
		return &add.Odd{
			Title:    words.T("Is this Kutano’s code?"),
			Sentence: words.T("It says that it is of “{service}”. Kutano’s own appears in its security settings, after “Use authentication app” and “Continue”.", "service", service),
			Take:     words.T("It is my Kutano account"),
		}
	}
	before := p.user()
	if before == "" || k.Account == "" || strings.EqualFold(before, k.Account) {
		return nil
	}
	return &add.Odd{
		Title:    words.T("Is this the right user?"),
		Sentence: words.T("Until now this was about {before}, and this code is for {user}. Are you signed in to Kutano as somebody else?", "before", before, "user", k.Account),
		Take:     words.T("Use {user}", "user", k.Account),
	}
}

// user is whose account this is about, as far as is known.
func (p *Page) user() string {
	if p.run != nil {
		if a, ok := p.account(vault.ID(p.run.Account())); ok && p.kutano(a.Issuer) {
			return a.Name
		}
	}
	if email, _, ok := p.linked(); ok && email != "" {
		return email
	}
	if here := p.accounts(); len(here) == 1 {
		return here[0].Name
	}
	return ""
}

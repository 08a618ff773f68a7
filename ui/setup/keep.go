// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// keepPiece has the backup codes kept, or a note of where they are. R61 R65 R68
type keepPiece struct {
	guided.Still
	page *Page
}

func (k *keepPiece) Draw() guided.Drawn {
	p := k.page
	if p.codesDone == guide.Kept || p.codesDone == guide.Noted {
		done := p.codesDone
		return guided.Drawn{
			Object: guided.Good(words.T("Your backup codes are seen to already.")), Own: true,
			Main: kit.NewMainButton(words.T("Continue"), func() { p.end(done) }),
		}
	}
	d := guided.Drawn{Own: true, Others: []*kit.Button{kit.NewButton(words.T("Later"), func() { p.end(guide.Later) })}}
	if p.TakeCodes == nil {
		d.Main = kit.NewMainButton(words.T("They are in a safe place"), func() { p.end(guide.Noted) })
		return d
	}
	d.Main = kit.NewMainButton(words.T("Choose where"), func() { p.takeCodes(p.end) })
	if n := len(p.codes); n > 0 {
		d.Object = guided.Good(words.N(n, "The service gave 1 code. It is shown once, so keep it now.", "The service gave {n} codes. They are shown once, so keep them now."))
	} else if p.gaveCodes() && (p.CodesKnown == nil || !p.CodesKnown()) {
		d.Object = kit.NewMessage(kit.Look, kit.Message{What: words.T("The backup codes that the service gave are not here any more."), Next: newCodes()})
	}
	return d
}

// gaveCodes tells that the service gave backup codes in this walk. It does so
// once: after a restart or a lock they are gone.
func (p *Page) gaveCodes() bool {
	return slices.ContainsFunc(p.run.State().History, func(step string) bool { return step == "enrolled" || step == "texted" })
}

// newCodes says what is to be done about codes of the service that are lost.
func newCodes() string {
	return words.T("Make new backup codes in Kutano’s settings: the ones that were lost work for nobody then.")
}

// takeCodes hands the codes over that there are, or asks for them. Once they are
// kept, or it is noted where they are, ours are cleared.
func (p *Page) takeCodes(then func(guide.Outcome)) {
	var id vault.ID
	if p.run != nil {
		id = vault.ID(p.run.Account())
	} else if here := p.accounts(); len(here) == 1 {
		id = here[0].ID
	}
	title := words.T("Kutano")
	if a, ok := p.account(id); ok {
		title = guided.NameOf(a)
	} else if id = ""; p.isLinked() {
		email, _, _ := p.linked()
		title = words.T("Kutano · {user}", "user", email)
	}
	p.TakeCodes(id, title, p.codes, func(o guide.Outcome) {
		if o == guide.Kept || o == guide.Noted {
			had := len(p.codes) > 0
			p.dropCodes()
			p.codesDone = o
			if had {
				p.confirmCodes()
			}
		}
		then(o)
	})
}

// codesCard reminds of codes that the service gave and that are nowhere yet.
func (p *Page) codesCard() fyne.CanvasObject {
	says := words.N(len(p.codes), "1 new backup code is not kept yet.", "{n} new backup codes are not kept yet.")
	choose := kit.NewButton(words.T("Choose where"), func() {
		p.takeCodes(func(guide.Outcome) { p.refresh() })
	})
	return kit.NewCard(kit.Rows(kit.Space4,
		kit.NewMessage(kit.Look, kit.Message{What: says, Next: words.T("They are gone once the app is locked or closed.")}),
		kit.Inset(guided.Line(choose), 0, 0, kit.Space4, 0)))
}

// confirmCodes tells the linked service that the codes were saved. Where that does
// not come through, the service goes on asking for it, no more.
func (p *Page) confirmCodes() {
	e := p.enrolling()
	if e == nil || p.asking {
		return
	}
	p.asking = true
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, e.Confirm(ctx)
	}, func(bool, error) { p.asking = false })
}

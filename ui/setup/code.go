// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// codePiece shows the code to type, with the time that it has left. R41
type codePiece struct {
	guided.Still
	page    *Page
	account vault.Account
	here    bool
	code    *guided.Code
}

func newCodePiece(p *Page) *codePiece {
	return &codePiece{page: p, code: guided.NewCode(guided.CodeAround{
		Now: p.Codes.Now, Row: p.Row, Copy: func(id vault.ID) { p.Copy(id) }, Plain: p.Plain, Veiled: p.Veiled,
	})}
}

// Draw shows the code of the run's account.
func (c *codePiece) Draw() guided.Drawn {
	p := c.page
	c.account, c.here = p.account(vault.ID(p.run.Account()))
	if !c.here {
		// The account of the run has gone, or there was none: the only one of Kutano is it.
		if here := p.accounts(); len(here) == 1 {
			c.account, c.here = here[0], true
			p.run.SetAccount(string(c.account.ID))
		}
	}
	d := guided.Drawn{Own: true}
	next, rest := p.choices()
	if next != nil {
		d.Main = kit.NewMainButton(next.Label, func() {
			c.accepted()
			p.choose(*next)
		})
	}
	for _, choice := range rest {
		d.Others = append(d.Others, kit.NewButton(choice.Label, func() {
			p.refused++
			p.choose(choice)
		}))
	}
	if !c.here {
		d.Object = kit.NewMessage(kit.Look, kit.Message{
			What: words.T("The account is not in this app any more."),
			Next: words.T("Press “Back” and scan the QR code again."),
		})
		return d
	}
	d.Object = c.code.Card(c.account)
	return d
}

// accepted notes that the service took a code.
func (c *codePiece) accepted() {
	p := c.page
	p.refused, p.rescanned = 0, false
	v, id, now := p.Vault(), c.account.ID, p.Clock.Now()
	if v == nil || !c.here {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, v.MarkVerified(ctx, id, now)
	}, func(bool, error) { // bookkeeping only: the code was accepted all the same
		if p.Reload != nil {
			p.Reload()
		}
	})
}

// Tick shows how the code is now.
func (c *codePiece) Tick(time.Time) {
	if c.here {
		c.code.Tick()
	}
}

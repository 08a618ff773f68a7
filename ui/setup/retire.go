// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"

	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// retirePiece offers to remove the account that no longer works. R48
type retirePiece struct {
	guided.Still
	page    *Page
	account vault.Account
	err     error
}

func (r *retirePiece) Draw() guided.Drawn {
	p := r.page
	if r.account.ID == "" {
		r.account, _ = p.account(vault.ID(p.run.Account()))
	}
	here := p.accounts()
	if r.account.ID == "" && len(here) == 1 {
		r.account = here[0]
	}
	d := guided.Drawn{Own: true, Others: []*kit.Button{kit.NewButton(words.T("Keep it"), func() { p.end(guide.Kept) })}}
	switch {
	case len(here) == 0:
		d.Main = kit.NewMainButton(words.T("Continue"), func() { p.end(guide.Kept) })
		d.Others, d.Object = nil, guided.Good(words.T("No Kutano account is left in this app."))
		return d
	case r.account.ID == "":
		d.Main = kit.NewMainButton(words.T("Choose the account"), func() {
			p.pickAccount(words.T("Which account no longer works?"), here, func(a vault.Account) {
				r.account = a
				p.redraw()
			})
		})
		return d
	}
	d.Main = kit.NewMainButton(words.T("Remove it"), r.remove)
	name := container.NewBorder(nil, nil, container.NewCenter(kit.NewTile(r.account.Title())), nil, kit.NewStrong(guided.NameOf(r.account)))
	rows := kit.Rows(kit.Space8, name)
	if r.err != nil {
		rows.Add(guided.Trouble(r.err))
	}
	d.Object = kit.NewCard(rows)
	return d
}

func (r *retirePiece) remove() {
	p := r.page
	v, id := p.Vault(), r.account.ID
	if v == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, v.Remove(ctx, id)
	}, func(_ bool, err error) {
		if p.Reload != nil {
			p.Reload()
		}
		if p.piece != guided.Piece(r) {
			return
		}
		if r.err = err; err != nil {
			p.redraw()
			return
		}
		p.say(words.T("Removed. Settings has it for 30 days."))
		p.run.SetAccount("")
		p.end(guide.Removed)
	})
}

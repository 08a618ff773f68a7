// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// doneCard shows the code of an account that was just added, big and with its
// time, because the service is waiting for it (R41).
type doneCard struct {
	account vault.Account
	code    *kit.CodeText
	hint    *widget.Label
	ring    *kit.Ring
	time    *widget.Label
}

func (f *Flow) kept(k Kept) {
	a, ok := k.First()
	if !ok {
		f.Close()
		return
	}
	f.texts = nil
	if f.expected != nil {
		f.Close()
		f.expected.Got(a, false)
		return
	}
	c := &doneCard{
		account: a, code: kit.NewCodeText(), ring: kit.NewRing(),
		hint: kit.NewQuiet(""), time: kit.NewQuiet(""),
	}
	if f.Plain != nil {
		c.ring.SetPlain(f.Plain())
	}
	c.hint.Alignment = fyne.TextAlignCenter
	c.time.Alignment = fyne.TextAlignCenter
	say := kit.NewTitle(goBack(a))
	say.Wrapping = fyne.TextWrapWord
	say.Alignment = fyne.TextAlignCenter
	big := container.NewCenter(kit.Cols(kit.Space16, c.code, container.NewCenter(c.ring)))
	rows := []fyne.CanvasObject{
		identity(a.Title(), nameBeside(a)), say, kit.NewCard(kit.Rows(kit.Space4, big, c.time)), c.hint,
	}
	if n := len(k.Added) + len(k.Replaced); n > 1 {
		rows = append(rows, kit.NewQuiet(words.N(n-1, "1 more account was kept, too.", "{n} more accounts were kept, too.")))
	}
	never := kit.NewQuiet(words.T("Kutano support will never ask you for this code."))
	never.Alignment = fyne.TextAlignCenter
	rows = append(rows, never)
	main := kit.NewMainButton(words.T("Done"), f.Close)
	copyIt := kit.NewButton(words.T("Copy the code"), func() { f.Copy(a.ID) })
	copyIt.SetIcon(kit.IconCopy)
	f.page(&kit.Sheet{
		Title: doneTitle(k), Content: kit.Rows(kit.Space12, rows...),
		Main: main, Others: []*kit.Button{copyIt}, Width: 560,
	})
	if f.sheet == nil {
		return // locked meanwhile: it was not shown
	}
	f.card = c
	c.show(f.Row, f.Clock.Now(), f.veiled())
}

func doneTitle(k Kept) string {
	if len(k.Added) == 0 {
		return words.T("The key is replaced")
	}
	return words.T("The account is kept")
}

func nameBeside(a vault.Account) string {
	if a.Issuer == "" {
		return ""
	}
	return a.Name
}

// goBack is what to do now, with the service's name.
func goBack(a vault.Account) string {
	switch {
	case a.Kutano:
		return words.T("Now go back to Kutano, press Continue and type")
	case a.Issuer != "":
		return words.T("Now go back to {service} and type", "service", a.Issuer)
	}
	return words.T("Now go back to the service and type")
}

func (c *doneCard) show(row func(vault.ID, time.Time) (codes.Row, bool), now time.Time, veiled bool) {
	r, ok := row(c.account.ID, now)
	if !ok {
		return
	}
	switch {
	case r.State == codes.Failed:
		c.code.SetText("––– –––")
		c.time.SetText(explain.Reason(r.Err))
		return
	case c.account.Type == otpauth.HOTP && r.Code == "":
		c.code.SetText("––– –––")
		c.time.SetText(words.T("Its codes go by a counter: press “Next code” in the list."))
		return
	case r.Code == "":
		return
	}
	if veiled {
		c.code.SetText(r.Dots())
	} else {
		c.code.SetText(r.Plain())
	}
	c.ring.Set(r.Left, r.Period)
	if r.Period > 0 {
		c.time.SetText(words.N(r.Left, "valid for 1 more second", "valid for {n} more seconds"))
	}
	hint := ""
	if r.Period > 0 && r.Left <= 5 {
		hint = words.T("Too short to type? The next code comes in a moment.")
	}
	if c.hint.Text != hint {
		c.hint.SetText(hint)
	}
}

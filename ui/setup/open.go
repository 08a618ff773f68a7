// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"image"
	"image/color"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/scan"
)

// openPiece opens the page with the security settings in the browser. Where there
// is no browser, or Kutano is used on another device, it shows the address. R11
type openPiece struct {
	guided.Still
	page   *Page
	opened bool
	shown  bool // the address
	failed bool
	qr     image.Image
}

func (o *openPiece) address() string { return o.page.profile().Fill.Settings }

func (o *openPiece) Draw() guided.Drawn {
	p := o.page
	d := guided.Drawn{Own: true}
	next, rest := p.choices()
	choice := func() *kit.Button { return nil }
	if next != nil {
		choice = func() *kit.Button { return kit.NewButton(next.Label, func() { p.choose(*next) }) }
	}
	open := kit.NewMainButton(words.T("Open my Kutano settings"), o.open)
	switch {
	case o.address() == "" || p.Open == nil:
		d.Main = choice()
	case o.opened || o.failed:
		d.Main = choice()
		open.SetText(words.T("Open it again"))
		open.SetStyle(kit.Plain)
		d.Others = append(d.Others, open)
	default:
		d.Main = open
		d.Others = append(d.Others, choice())
	}
	if d.Main != nil {
		d.Main.SetStyle(kit.Main)
	}
	for _, c := range rest {
		d.Others = append(d.Others, kit.NewButton(c.Label, func() { p.choose(c) }))
	}
	d.Object = o.more()
	return d
}

// more is the address, or the way to it.
func (o *openPiece) more() fyne.CanvasObject {
	if o.address() == "" {
		return nil
	}
	if !o.shown {
		b := kit.NewQuietButton(words.T("On another device"), o.show)
		b.SetIcon(kit.IconPhone)
		return kit.AtLeft(b)
	}
	rows := kit.Rows(kit.Space4)
	if o.failed {
		rows.Add(kit.NewMessage(kit.Look, kit.Message{
			What: words.T("No browser could be opened here."),
			Next: words.T("Type this address into a browser, on this or another device, or scan it with a phone."),
		}))
	} else {
		rows.Add(kit.NewText(words.T("Type this address into the browser there, or scan it with the phone.")))
	}
	address := kit.NewText(o.address())
	address.TextStyle.Monospace = true
	address.Wrapping = fyne.TextWrapBreak
	rows.Add(address)
	if o.page.CopyText != nil {
		b := kit.NewButton(words.T("Copy the address"), func() { o.page.CopyText(o.address()) })
		b.SetIcon(kit.IconCopy)
		rows.Add(kit.AtLeft(b))
	}
	if o.qr != nil {
		rows.Add(kit.AtLeft(qrPicture(o.qr)))
	}
	return kit.NewCard(rows)
}

var errNoAddress = errors.New("no address")

func (o *openPiece) open() {
	u, err := url.Parse(o.address())
	if err == nil && u.Scheme != "https" && u.Scheme != "http" {
		err = errNoAddress
	}
	if err == nil {
		err = o.page.Open(u)
	}
	if err != nil {
		o.failed = true
		o.show()
		return
	}
	o.opened, o.failed = true, false
	o.page.redraw()
}

// show shows the address, and its QR code once that is drawn.
func (o *openPiece) show() {
	o.shown = true
	o.page.redraw()
	text := o.address()
	kit.Go(context.Background(), func(context.Context) (image.Image, error) {
		return scan.Draw(text, 180)
	}, func(img image.Image, err error) {
		if err == nil && o.page.piece == guided.Piece(o) {
			o.qr = img
			o.page.show()
		}
	})
}

// qrPicture shows a QR code, black on white in both themes.
func qrPicture(img image.Image) fyne.CanvasObject {
	pic := canvas.NewImageFromImage(img)
	pic.ScaleMode, pic.FillMode = canvas.ImageScalePixels, canvas.ImageFillContain
	pic.SetMinSize(fyne.NewSquareSize(180))
	white := canvas.NewRectangle(color.White)
	white.CornerRadius = kit.Space8
	return container.NewStack(white, kit.Pad(pic, kit.Space8))
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/scan"
)

// showQRFor is how long an account's QR code stays on the screen.
const showQRFor = 60 * time.Second

// qrSheet shows an account's QR code for a while.
type qrSheet struct {
	sheet *kit.Sheet
	until time.Time
	left  *widget.Label
}

// askQR shows an account's QR code after a question: who sees it can make its
// codes for ever.
func (s *Screen) askQR(a vault.Account) {
	kit.Confirm(s.Canvas(), words.T("Show the QR code of {name}?", "name", a.Title()),
		words.T("Whoever sees or photographs it can make this account’s codes from then on. Look around first. It closes by itself after a minute."),
		words.T("Show it"), false, func() { s.loadQR(a) })
}

func (s *Screen) loadQR(a vault.Account) {
	k := s.Keeper()
	if k == nil {
		return
	}
	px := s.qrPixels()
	kit.Go(context.Background(), func(ctx context.Context) (image.Image, error) {
		key, err := k.Key(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		uri := key.URI()
		defer uri.Clear()
		defer key.Secret.Clear()
		return scan.Draw(uri.Reveal(), px)
	}, func(img image.Image, err error) {
		if err != nil {
			s.Fail(err)
			return
		}
		if s.Model.Locked() {
			return
		}
		s.showQR(a, img)
	})
}

// qrPixels is how many device pixels a QR code may take in this window.
func (s *Screen) qrPixels() int {
	c := s.Canvas()
	size := c.Size()
	side := min(size.Width-2*kit.Space24, size.Height-260, 420)
	return int(max(side, 200) * c.Scale())
}

func (s *Screen) showQR(a vault.Account, img image.Image) {
	pic := canvas.NewImageFromImage(img)
	pic.ScaleMode = canvas.ImageScalePixels
	pic.FillMode = canvas.ImageFillContain
	// As many units as the picture has pixels: no module is wider than another.
	side := float32(img.Bounds().Dx()) / s.Canvas().Scale()
	pic.SetMinSize(fyne.NewSize(side, side))
	white := canvas.NewRectangle(color.White)
	white.CornerRadius = 8

	q := &qrSheet{until: s.Wall.Now().Add(showQRFor), left: centred(kit.NewQuiet(""))}
	q.sheet = &kit.Sheet{
		Title: a.Title(),
		Content: kit.Rows(kit.Space8,
			container.NewCenter(container.NewStack(white, kit.Pad(pic, kit.Space8))),
			centred(kit.NewText(words.T("Scan this with your other device’s authenticator app."))),
			centred(kit.NewQuiet(words.T("Kutano support will never ask you for this QR code or a picture of it."))),
			q.left),
		OnClose: func() { s.qr = nil },
	}
	q.sheet.Main = kit.NewMainButton(words.T("Done"), q.sheet.Close)
	s.qr = q
	q.tick(s.Wall.Now())
	q.sheet.Show(s.Canvas())
}

func (q *qrSheet) tick(now time.Time) {
	left := q.until.Sub(now)
	if left <= 0 {
		q.sheet.Close()
		return
	}
	secs := int((left + time.Second - 1) / time.Second)
	q.left.SetText(words.N(secs, "Closes in 1 second", "Closes in {n} seconds"))
}

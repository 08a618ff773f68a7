// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

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
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

// showFor is how long a QR code stays on the screen.
const showFor = 60 * time.Second

// shown are the QR codes of a move, one of them on the screen.
type shown struct {
	codes    []image.Image
	accounts int
	at       int // the one on the screen
	until    time.Time
	left     *widget.Label // nil while they are hidden
}

// show draws the QR codes and shows the first.
func (f *Flow) show() {
	j := f.job.takeOver()
	px := f.pixels()
	f.pages.Busy(words.T("One moment"), words.T("Drawing the QR codes…"), f.Close)
	kit.Work(&f.pages, func(ctx context.Context) (*shown, error) { return draw(ctx, j, px) }, func(s *shown, err error) {
		f.job = *j
		if err != nil {
			f.failed(err, f.accounts)
			return
		}
		f.qr = s
		f.code(0)
	}, func(*shown) { j.clear() })
}

// draw draws the codes of a move with the chosen accounts.
func draw(ctx context.Context, j *job, px int) (*shown, error) {
	var keys []otpauth.Key
	for _, e := range j.chosen() {
		keys = append(keys, e.Key)
	}
	uris, left := otpauth.Migration(keys)
	s := &shown{accounts: len(keys)}
	var err error
	for _, uri := range uris {
		var img image.Image
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			img, err = scan.Draw(uri.Reveal(), px)
		}
		uri.Clear()
		s.codes = append(s.codes, img)
	}
	if err == nil && len(left) > 0 {
		err = left[0].Err
	}
	return s, err
}

// pixels is how many device pixels a QR code may take in this window.
func (f *Flow) pixels() int {
	c := f.Canvas()
	size := c.Size()
	side := min(size.Width-5*kit.Space16, size.Height-270, 440)
	return int(max(side, 200) * c.Scale())
}

// code shows one of the codes.
func (f *Flow) code(at int) {
	q := f.qr
	if f.Veiled() {
		f.veil(at)
		return
	}
	left := centred(kit.NewQuiet(""))
	q.at, q.until = at, f.Clock.Now().Add(showFor)
	pic := canvas.NewImageFromImage(q.codes[at])
	pic.ScaleMode = canvas.ImageScalePixels
	pic.FillMode = canvas.ImageFillContain
	// As many units as the picture has pixels: no module is wider than another.
	side := float32(q.codes[at].Bounds().Dx()) / f.Canvas().Scale()
	pic.SetMinSize(fyne.NewSize(side, side))
	white := canvas.NewRectangle(color.White)
	white.CornerRadius = 8

	s := &kit.Sheet{
		Title: words.T("QR code {n} of {all}", "n", at+1, "all", len(q.codes)),
		Content: kit.Rows(kit.Space8,
			container.NewCenter(container.NewStack(white, kit.Pad(pic, kit.Space8))),
			centred(kit.NewText(words.T("In the phone’s app: “Import accounts” or “Scan a QR code”."))), left),
		Main:   kit.NewMainButton(words.T("Next"), func() { f.code(at + 1) }),
		Others: []*kit.Button{kit.NewButton(words.T("Close"), f.Close)},
	}
	if at > 0 {
		s.Others = append(s.Others, kit.NewButton(words.T("Previous"), func() { f.code(at - 1) }))
	}
	if at == len(q.codes)-1 {
		s.Main = kit.NewMainButton(words.T("Done"), f.scanned)
	}
	s.First = s.Main
	f.pages.Page(s, func() { q.left = nil })
	q.left = left
	f.Tick(f.Clock.Now())
}

func centred(l *widget.Label) *widget.Label {
	l.Alignment = fyne.TextAlignCenter
	return l
}

// scanned says what the phone should show now.
func (f *Flow) scanned() {
	n := f.qr.accounts
	f.qr = nil
	f.job.clear()
	f.pages.Page(&kit.Sheet{
		Title: words.T("All QR codes were shown"),
		Content: kit.NewMessage(kit.Good, kit.Message{
			What: words.N(n, "The phone should have 1 account more now.", "The phone should have {n} accounts more now."),
			Next: words.T("Compare a few codes with those here: they have to be the same."),
		}),
		Main: kit.NewMainButton(words.T("Done"), f.Close),
	})
}

// Tick counts down how long a QR code stays.
func (f *Flow) Tick(now time.Time) {
	q := f.qr
	if q == nil || q.left == nil {
		return
	}
	left := q.until.Sub(now)
	if left <= 0 {
		f.Veil()
		return
	}
	secs := int((left + time.Second - 1) / time.Second)
	q.left.SetText(words.N(secs, "Closes in 1 second", "Closes in {n} seconds"))
}

// Veil takes a QR code off the screen, because nobody seems to be there.
func (f *Flow) Veil() {
	q := f.qr
	if q == nil || q.left == nil {
		return
	}
	f.veil(q.at)
}

// veil stands in the place of a code.
func (f *Flow) veil(at int) {
	f.pages.Page(&kit.Sheet{
		Title:   words.T("The QR codes are hidden"),
		Content: kit.NewText(words.T("You were at number {n} of {all}.", "n", at+1, "all", len(f.qr.codes))),
		Main:    kit.NewMainButton(words.T("Show it again"), func() { f.code(at) }),
		Others:  []*kit.Button{kit.NewButton(words.T("Close"), f.Close)},
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"context"
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/scan"
)

// waiting is a code that waits to be typed, with the QR code of where.
type waiting struct {
	device link.Device
	qr     image.Image
}

// byCode asks the user in a browser on any device.
func (f *Flow) byCode(s link.Service) {
	f.pages.Busy(words.T("Use a code instead"), words.T("Asking for a code…"), f.Close)
	scopes, px := f.scopes, int(180*f.Canvas().Scale())
	kit.Work(&f.pages.Pages, func(ctx context.Context) (waiting, error) {
		d, err := s.Device(ctx, scopes)
		if err != nil {
			return waiting{}, err
		}
		qr, err := scan.Draw(d.Complete, px)
		return waiting{d, qr}, err
	}, func(w waiting, err error) {
		if err != nil {
			f.failed(err)
			return
		}
		f.showCode(w)
	}, nil)
}

// showCode shows the code, big, and waits until it was typed.
func (f *Flow) showCode(w waiting) {
	d := w.device
	code := canvas.NewText(d.UserCode, kit.Color("foreground"))
	code.TextSize, code.TextStyle = kit.Size(kit.SizeCode), fyne.TextStyle{Monospace: true, Bold: true}
	code.Alignment = fyne.TextAlignCenter
	minutes := int((d.Expires.Sub(f.Clock.Now()) + time.Minute - 1) / time.Minute)
	copyIt := kit.NewButton(words.T("Copy the address"), func() { f.Copy(d.Address) })
	f.pages.Page(&kit.Sheet{
		Title: words.T("Type this code in a browser"),
		Content: kit.Rows(kit.Space8,
			kit.NewText(words.T("On any device, open {address} and type:", "address", d.Address)),
			code, f.picture(w.qr),
			kit.NewQuiet(words.N(minutes, "It is good for 1 minute. Only type it at that address. This goes on by itself then.",
				"It is good for {n} minutes. Only type it at that address. This goes on by itself then."))),
		Others: []*kit.Button{kit.NewButton(words.T("Cancel"), f.Close), copyIt}, First: copyIt,
	})
	h := f.Home()
	kit.Work(&f.pages.Pages, d.Wait, f.allowed, func(p link.Permission) { late(h, p) })
}

// picture is the QR code of the address, black on white.
func (f *Flow) picture(img image.Image) fyne.CanvasObject {
	pic := canvas.NewImageFromImage(img)
	pic.ScaleMode, pic.FillMode = canvas.ImageScalePixels, canvas.ImageFillContain
	side := float32(img.Bounds().Dx()) / f.Canvas().Scale()
	pic.SetMinSize(fyne.NewSize(side, side))
	white := canvas.NewRectangle(color.White)
	white.CornerRadius = 8
	return container.NewCenter(container.NewStack(white, kit.Pad(pic, kit.Space8)))
}

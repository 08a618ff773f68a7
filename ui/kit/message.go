// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
)

// Tone is how much a notice wants to be seen. Each has an icon of its own, so
// that the colour never stands alone.
type Tone int

// The tones.
const (
	Calm Tone = iota // for information
	Good             // it worked
	Look             // something needs the user
	Fail             // this fails, or will
)

// Icon returns the icon that goes with the tone, and its colour.
func (t Tone) Icon() (IconName, fyne.ThemeColorName) {
	switch t {
	case Good:
		return IconCheck, theme.ColorNameSuccess
	case Look:
		return IconWarning, theme.ColorNameWarning
	case Fail:
		return IconFail, theme.ColorNameError
	}
	return IconInfo, theme.ColorNamePrimary
}

func (t Tone) ground() fyne.ThemeColorName {
	switch t {
	case Look:
		return ColorLookSoft
	case Fail:
		return ColorFailSoft
	}
	return ColorCalmSoft
}

// Message is what a person reads when something went wrong.
type Message struct {
	What string // what happened
	Safe string // that nothing is lost
	Next string // what to do next
}

// NewMessage returns a message to stand within a page. Parts that are empty
// are left out.
func NewMessage(tone Tone, m Message) fyne.CanvasObject {
	what := NewText(m.What)
	what.TextStyle.Bold = true
	said := Rows(-Space12, what)
	for _, s := range []string{m.Safe, m.Next} {
		if s != "" {
			said.Add(NewText(s))
		}
	}
	name, in := tone.Icon()
	icon := Inset(NewIcon(name, in, 24), Space8, 0, 0, Space4)
	block := container.NewBorder(nil, nil, container.NewVBox(icon), nil, said)
	guessWidth(block)
	return block
}

// Notice is what a banner says.
type Notice struct {
	Tone   Tone
	Text   string // one sentence
	Action string // the word on its button; "" has none
	Do     func()
	Later  func() // puts it off; nil where it cannot be
}

// Banner is one sentence over a page, with one button at most. There is never
// more than one banner.
type Banner struct {
	widget.BaseWidget
	notice *Notice
	moved  func() // the page below has to make room
	strip  *strip
	icon   *IconView
	text   *widget.Label
	button *Button
	later  *IconButton
	body   *fyne.Container
}

// NewBanner returns a hidden banner.
func NewBanner() *Banner {
	b := &Banner{}
	b.strip = newStrip(ColorCalmSoft, Space8)
	b.icon = NewIcon(IconInfo, theme.ColorNamePrimary, 20)
	b.text = NewText("")
	b.button = NewButton("", func() {
		if b.notice != nil && b.notice.Do != nil {
			b.notice.Do()
		}
	})
	b.later = NewIconButton(IconClose, words.T("Not now"), func() {
		if b.notice != nil && b.notice.Later != nil {
			b.notice.Later()
		}
	})
	buttons := container.NewCenter(Cols(0, b.button, b.later))
	inner := container.NewBorder(nil, nil, container.NewCenter(b.icon), buttons, container.New(middle{}, b.text))
	b.body = container.NewStack(b.strip, Inset(inner, Space4, Space4, Space12, Space8))
	b.ExtendBaseWidget(b)
	guessWidth(b.body)
	b.Hide()
	return b
}

// Set shows a notice; nil hides the banner.
func (b *Banner) Set(n *Notice) {
	b.notice = n
	if b.moved != nil {
		defer b.moved()
	}
	if n == nil {
		b.Hide()
		return
	}
	b.strip.name = n.Tone.ground()
	b.icon.Set(n.Tone.Icon())
	b.text.SetText(n.Text)
	b.button.SetText(n.Action)
	b.button.Hidden = n.Action == ""
	b.later.Hidden = n.Later == nil
	b.Show()
	b.Refresh()
}

// Notice returns what is shown, or nil.
func (b *Banner) Notice() *Notice { return b.notice }

// Press presses the banner's button.
func (b *Banner) Press() { b.button.Tapped(nil) }

// CreateRenderer is called by Fyne.
func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	return widget.NewSimpleRenderer(b.body)
}

// middle gives its object the whole width and the height it asks for, in the
// middle of the height that there is.
type middle struct{}

// Layout is part of fyne.Layout.
func (middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		h := o.MinSize().Height
		o.Move(fyne.NewPos(0, max(0, (size.Height-h)/2)))
	}
}

// MinSize is part of fyne.Layout.
func (middle) MinSize(objects []fyne.CanvasObject) fyne.Size { return maxWidth(0).MinSize(objects) }

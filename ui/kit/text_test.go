// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

func TestTexts(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(100, 100))
	if l := NewTitle("Title"); l.SizeName != theme.SizeNameSubHeadingText || !l.TextStyle.Bold {
		t.Error("a title is not large and bold")
	}
	if l := NewQuiet("Help"); l.SizeName != theme.SizeNameCaptionText || l.Wrapping != fyne.TextWrapWord {
		t.Error("a quiet text is not small")
	}
	if l := NewStrong("Name"); !l.TextStyle.Bold || l.Truncation != fyne.TextTruncateEllipsis {
		t.Error("a strong line is not bold or not cut")
	}
}

// TestTextIsNoTower: before it is laid out, what holds a text that wraps asks
// for a sensible height, so that nothing jumps.
func TestTextIsNoTower(t *testing.T) {
	window(t, ModeLight, NewText(""), fyne.NewSize(100, 100))
	sentence := "Have the page open? We look at your screen."
	banner := NewBanner()
	banner.Set(&Notice{Text: sentence, Action: "Look"})
	for _, o := range []fyne.CanvasObject{
		NewCheck(sentence, nil), banner,
		NewDoor(IconQR, "Scan my Kutano QR code", sentence, nil), NewMessage(Look, Message{sentence, sentence, sentence}),
	} {
		if h := o.MinSize().Height; h > 150 {
			t.Errorf("%T asks for a height of %v", o, h)
		}
	}
}

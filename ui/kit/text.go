// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// NewTitle returns the title of a section or a page.
func NewTitle(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.TextStyle.Bold = true
	l.SizeName = theme.SizeNameSubHeadingText
	l.Wrapping = fyne.TextWrapWord
	return l
}

// NewText returns a sentence that wraps.
func NewText(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// guessWidth gives what holds text that wraps a width to begin with. Without
// one Fyne takes the text for as narrow as a letter and as tall as a tower
// until it has been laid out twice, and all that stands around it jumps. It
// comes after the text's style was set, which is read then.
func guessWidth(o fyne.CanvasObject) {
	const usual = 320
	o.Resize(fyne.NewSize(usual, Space24))
}

// NewQuiet returns a small, quiet sentence that wraps.
func NewQuiet(text string) *widget.Label {
	l := NewText(text)
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

// NewLine returns one line of text that ends in … where it is too long.
func NewLine(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}

// NewStrong returns one bold line that ends in … where it is too long.
func NewStrong(text string) *widget.Label {
	l := NewLine(text)
	l.TextStyle.Bold = true
	return l
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package kit

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// CodeText shows a code in groups, or as dots.
type CodeText struct {
	widget.BaseWidget
	shown        string
	quiet, small bool
	text         *canvas.Text
}

// NewCodeText returns an empty code.
func NewCodeText() *CodeText {
	c := &CodeText{}
	c.ExtendBaseWidget(c)
	return c
}

// SetCode shows a code.
func (c *CodeText) SetCode(code string) { c.set(GroupCode(code)) }

// SetHidden shows dots for a code of so many characters.
func (c *CodeText) SetHidden(digits int) { c.set(HiddenCode(digits)) }

// SetText shows a text as it is, for what stands in a code's place.
func (c *CodeText) SetText(text string) { c.set(text) }

// SetQuiet uses the quiet colour, for a code that is not valid yet.
func (c *CodeText) SetQuiet(quiet bool) {
	if c.quiet != quiet {
		c.quiet = quiet
		c.Refresh()
	}
}

// SetSmall uses the size of plain text, for a next code.
func (c *CodeText) SetSmall(small bool) {
	if c.small != small {
		c.small = small
		c.Refresh()
	}
}

// Shown returns the text as it is shown.
func (c *CodeText) Shown() string { return c.shown }

func (c *CodeText) set(text string) {
	if c.shown != text {
		c.shown = text
		c.Refresh()
	}
}

// CreateRenderer is called by Fyne.
func (c *CodeText) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	c.text = canvas.NewText("", color.Transparent)
	c.text.TextStyle = fyne.TextStyle{Bold: true, Monospace: true}
	// Fyne has no bold monospaced font, and its test theme panics when asked
	// for one. The digits of its bold font are equally wide, which is what a
	// code needs so that it does not move.
	c.text.FontSource = theme.DefaultTextBoldFont()
	c.paint()
	return widget.NewSimpleRenderer(c.text)
}

// Refresh paints it anew.
func (c *CodeText) Refresh() {
	c.paint()
	c.BaseWidget.Refresh()
}

func (c *CodeText) paint() {
	if c.text == nil {
		return
	}
	// A wider blank than the font's own parts the groups more clearly.
	c.text.Text = strings.ReplaceAll(c.shown, " ", "\u2002")
	c.text.TextSize = Size(SizeCode)
	if c.small {
		c.text.TextSize = Size(theme.SizeNameText)
	}
	name := theme.ColorNameForeground
	if c.quiet {
		name = theme.ColorNamePlaceHolder
	}
	c.text.Color = Color(name)
}

// groups says how a code of so many digits is read out.
var groups = map[int][]int{6: {3, 3}, 7: {3, 4}, 8: {4, 4}, 9: {3, 3, 3}, 10: {3, 3, 4}}

// GroupCode puts blanks into a code of digits so that it is read and typed
// easily: 123 456, 1234 5678. Codes of up to five characters and codes with
// letters (Steam) stay whole.
func GroupCode(code string) string {
	for _, r := range code {
		if r < '0' || r > '9' {
			return code
		}
	}
	return group(strings.Split(code, ""))
}

// HiddenCode returns dots in the groups of a code of so many digits.
func HiddenCode(digits int) string {
	dots := make([]string, max(digits, 0))
	for i := range dots {
		dots[i] = "•"
	}
	return group(dots)
}

func group(chars []string) string {
	var b strings.Builder
	for _, size := range groups[len(chars)] {
		b.WriteString(strings.Join(chars[:size], ""))
		chars = chars[size:]
		if len(chars) > 0 {
			b.WriteByte(' ')
		}
	}
	b.WriteString(strings.Join(chars, ""))
	return b.String()
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/ui/kit"
)

// sizeWord is how big a word of the check phrase is.
const sizeWord = theme.SizeNameHeadingText

// cells puts objects into columns of one width, read line by line: three, two or one,
// as there is the room.
func cells(objects []fyne.CanvasObject) *fyne.Container {
	return container.New(&columns{}, objects...)
}

// columns remembers its width, because the height that it asks for depends on it.
type columns struct{ width float32 }

// count is how many columns there is room for.
func (c *columns) count(os []fyne.CanvasObject) int {
	widest := widestOf(os)
	for n := 3; n > 1; n-- {
		if float32(n)*widest+float32(n-1)*kit.Space16 <= c.width {
			return n
		}
	}
	return 1
}

func widestOf(os []fyne.CanvasObject) float32 {
	var w float32
	for _, o := range os {
		w = max(w, o.MinSize().Width)
	}
	return w
}

func tallestOf(os []fyne.CanvasObject) float32 {
	var h float32
	for _, o := range os {
		h = max(h, o.MinSize().Height)
	}
	return h
}

// Layout is part of fyne.Layout.
func (c *columns) Layout(os []fyne.CanvasObject, size fyne.Size) {
	c.width = size.Width
	n := c.count(os)
	w, h := (size.Width-float32(n-1)*kit.Space16)/float32(n), tallestOf(os)
	for i, o := range os {
		o.Resize(fyne.NewSize(w, h))
		o.Move(fyne.NewPos(float32(i%n)*(w+kit.Space16), float32(i/n)*(h+kit.Space8)))
	}
}

// MinSize is part of fyne.Layout.
func (c *columns) MinSize(os []fyne.CanvasObject) fyne.Size {
	n := c.count(os)
	lines := (len(os) + n - 1) / n
	return fyne.NewSize(widestOf(os), float32(lines)*(tallestOf(os)+kit.Space8)-kit.Space8)
}

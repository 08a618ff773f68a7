// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
)

// piece is the live piece of the step on show. It goes when the step goes.
type piece interface {
	draw() drawn
	first() fyne.Focusable // has the keyboard at first; nil is the main button
	tick(now time.Time)    // each second while it can be seen
	leave()                // stops what it does by itself, and wipes what was typed
}

// drawn is what a piece shows. The buttons are the step's choices, unless the
// piece has its own.
type drawn struct {
	object fyne.CanvasObject // nil for none
	own    bool
	main   *kit.Button
	others []*kit.Button
}

// still is what a piece has that does nothing by itself.
type still struct{}

func (still) first() fyne.Focusable { return nil }
func (still) tick(time.Time)        {}
func (still) leave()                {}

// live makes the piece of a step, nil for a step without.
func (p *Page) live(l guide.Live) piece {
	switch l {
	case guide.Link:
		return &linkPiece{page: p}
	case guide.Open:
		return &openPiece{page: p}
	case guide.Scan:
		return newScanPiece(p)
	case guide.Code:
		return newCodePiece(p)
	case guide.CheckUp:
		return &checkPiece{page: p}
	case guide.Codes:
		return &keepPiece{page: p}
	case guide.Enrol:
		return newEnrolPiece(p)
	case guide.Phone:
		return newPhonePiece(p)
	case guide.Text:
		return newTextPiece(p)
	case guide.Clock:
		return &clockPiece{page: p}
	case guide.Retire:
		return &retirePiece{page: p}
	case guide.Remind:
		return &remindPiece{page: p}
	case guide.Summary:
		return &summaryPiece{page: p}
	}
	return nil
}

// redraw shows the step anew after its piece has changed.
func (p *Page) redraw() {
	if p.run != nil {
		p.show()
		p.focus()
	}
}

// choices are the step's, the main one first.
func (p *Page) choices() (main *guide.Choice, others []guide.Choice) {
	for _, c := range p.step.Choices {
		if c.Main && main == nil {
			main = &c
			continue
		}
		others = append(others, c)
	}
	return main, others
}

// trouble says what went wrong within the step.
func trouble(err error) fyne.CanvasObject {
	m := explain.Error(err)
	return kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next})
}

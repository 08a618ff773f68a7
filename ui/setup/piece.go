// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/guided"
)

// live makes the piece of a step, nil for a step without.
func (p *Page) live(l guide.Live) guided.Piece {
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

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/ui/kit"
)

// Piece is the live piece of the step on show. It goes when the step goes.
type Piece interface {
	Draw() Drawn
	First() fyne.Focusable // has the keyboard at first; nil is the main button
	Tick(now time.Time)    // each second while it can be seen
	Leave()                // stops what it does by itself, and wipes what was typed
}

// Drawn is what a piece shows. The buttons are the step's choices, unless the
// piece has its own.
type Drawn struct {
	Object fyne.CanvasObject // nil for none
	Own    bool
	Main   *kit.Button
	Others []*kit.Button
}

// Still is what a piece has that does nothing by itself.
type Still struct{}

// First leaves the keyboard to the main button.
func (Still) First() fyne.Focusable { return nil }

// Tick does nothing.
func (Still) Tick(time.Time) {}

// Leave does nothing.
func (Still) Leave() {}

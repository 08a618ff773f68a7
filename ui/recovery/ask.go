// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// asked is how it went to ask the linked service at this place.
type asked struct {
	busy bool
	err  error
	at   time.Time // when err came
}

// failed is what was in the way; nil where the service was seen since.
func (a asked) failed(l link.Linked) error {
	if l.SeenAt.After(a.at) {
		return nil
	}
	return a.err
}

// or is what reading the link or asking the service gave last.
func (a asked) or(s standing.Sources) error {
	if s.LinkErr != nil || s.Linked == nil {
		return s.LinkErr
	}
	return a.failed(*s.Linked)
}

// seenAt is when the linked service was seen last, by which it is said how the account
// stands there; zero for never, and where that counts no more.
func (p *Page) seenAt() time.Time {
	if l, ok := p.now.linked(); ok && !l.Ended {
		return l.SeenAt
	}
	return time.Time{}
}

// askButton has the linked service asked where the user wants that: nothing here asks
// by itself. It is nil where that cannot be.
func (p *Page) askButton() *kit.Button {
	l, ok := p.now.linked()
	if !ok || l.Ended || p.Ask == nil || p.vault() == nil {
		return nil
	}
	ask := kit.NewButton(words.T("Ask the service now"), p.askNow)
	if p.asked.busy {
		ask.Disable()
	}
	return ask
}

// askTrouble says what was in the way of asking it; nil for nothing.
func (p *Page) askTrouble() fyne.CanvasObject {
	l, ok := p.now.linked()
	if !ok || l.Ended || p.asked.failed(l) == nil {
		return nil
	}
	return guided.Trouble(p.asked.err)
}

// askNow asks the service, and shows anew what comes of it.
func (p *Page) askNow() {
	if p.asked.busy {
		return
	}
	p.asked = asked{busy: true}
	p.redraw()
	p.Ask(func(err error) {
		p.asked = asked{err: err, at: p.Clock.Now()}
		if p.piece != nil { // else nothing of it is on show, or the window is locked
			p.look()
			p.redraw()
		}
	})
}

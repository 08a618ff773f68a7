// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

// watch looks at the screen and the clipboard each second until a key is there. It
// begins only when the person wants it, says so while it goes on, and ends with
// the step, with the lock, and when the window is out of sight.
type watch struct {
	page   *Page
	found  func(add.Texts)
	on     bool
	blind  bool // the screen cannot be looked at
	put    bool // it was ended because the window was out of sight
	cancel context.CancelFunc
	last   time.Time // tick before
	check  *kit.Check
}

// sleepy is how long ticks may stay away before the window counts as put away.
const sleepy = 4 * time.Second

func newWatch(p *Page, found func(add.Texts)) *watch {
	return &watch{page: p, found: found, blind: p.NoScreen != nil && p.NoScreen()}
}

// object is the tick that begins and ends it.
func (w *watch) object() fyne.CanvasObject {
	if w.page.Eyes == nil {
		return kit.VGap(0)
	}
	text := words.T("Watch for it: look at the screen and the clipboard each second until the code is there")
	if w.blind {
		text = words.T("Watch for it: look at the clipboard each second until the code is there")
	}
	w.check = kit.NewCheck(text, nil)
	w.check.SetChecked(w.on)
	w.check.OnChanged = w.set
	rows := kit.Rows(-kit.Space4, w.check)
	switch {
	case w.on && w.blind:
		rows.Add(w.says(kit.IconEye, words.T("Watching your clipboard now. It ends with this step, and nothing of it is kept.")))
	case w.on:
		rows.Add(w.says(kit.IconEye, words.T("Watching your screen and your clipboard now. It ends with this step, and nothing of it is kept.")))
	case w.put:
		rows.Add(w.says(kit.IconEyeOff, words.T("The watching has ended, because this window was out of sight.")))
	}
	return rows
}

func (w *watch) says(icon kit.IconName, text string) fyne.CanvasObject {
	_, in := kit.Calm.Icon()
	return container.NewBorder(nil, nil, guided.Signed(kit.Inset(kit.NewIcon(icon, in, 18), 0, 0, kit.Space8, 0)), nil, kit.NewText(text))
}

func (w *watch) set(on bool) {
	if on {
		w.on, w.put, w.last = true, false, time.Time{}
	} else {
		w.stop()
	}
	w.page.show()
	w.page.Canvas().Focus(w.check)
}

// stop ends it at once; what is being looked at is dropped.
func (w *watch) stop() {
	w.on = false
	if w.cancel != nil {
		w.cancel()
		w.cancel = nil
	}
}

// away ends it because nobody sees that it goes on.
func (w *watch) away() {
	w.stop()
	w.put = true
	w.page.redraw()
}

func (w *watch) tick(now time.Time) {
	if !w.on {
		return
	}
	late := !w.last.IsZero() && now.Sub(w.last) > sleepy
	w.last = now
	if late {
		w.away()
		return
	}
	if w.cancel != nil || w.page.Adding.Showing() != nil || w.page.choosing() {
		return // the look before has not ended, or something was found, or is chosen
	}
	w.look()
}

// look looks once.
func (w *watch) look() {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	eyes, blind, away := w.page.Eyes, w.blind, w.page.Away
	kit.Go(ctx, func(ctx context.Context) (seen, error) {
		return glance(ctx, eyes, blind, away)
	}, func(s seen, err error) {
		if ctx.Err() != nil {
			return // it was ended meanwhile
		}
		cancel()
		w.cancel = nil
		switch {
		case s.away:
			w.away()
		case s.blind && !w.blind:
			w.blind = true
			w.page.show()
		case w.page.choosing(): // it is looked at once more after that
		case err == nil && len(s.texts.Texts) > 0:
			w.stop()
			w.page.show()
			w.found(s.texts)
		}
	})
}

// seen is what one look found.
type seen struct {
	texts add.Texts // with a key in them, or empty
	blind bool      // the screen cannot be looked at
	away  bool      // the window was out of sight
}

// glance looks at the clipboard and the screen. The own window stays where it is.
func glance(ctx context.Context, eyes add.Eyes, blind bool, away func() bool) (seen, error) {
	if away != nil && away() {
		return seen{away: true}, nil
	}
	if t, err := add.LookAtClipboard(ctx, eyes); err == nil && hasKey(t) {
		return seen{texts: t}, nil
	}
	if blind {
		return seen{blind: true}, ctx.Err()
	}
	t, err := add.LookAtScreen(ctx, eyes, func(int) {})
	if err != nil {
		denied := errors.Is(err, scan.ErrNoScreen) || errors.Is(err, scan.ErrScreenDenied)
		return seen{blind: denied}, err
	}
	if !hasKey(t) {
		return seen{}, nil
	}
	return seen{texts: t}, nil
}

// hasKey tells texts in which there is a key address.
func hasKey(t add.Texts) bool {
	for _, one := range t.Texts {
		lower := strings.ToLower(one)
		if (strings.Contains(lower, "otpauth:") || strings.Contains(lower, "otpauth-migration:")) && len(otpauth.Find(one)) > 0 {
			return true
		}
	}
	return false
}

// tick lets the watching look.
func (s *scanPiece) Tick(now time.Time) { s.watch.tick(now) }

// seen goes on with what the watching found.
func (s *scanPiece) seen(t add.Texts) { s.page.Adding.Seen(t) }

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// enrolPiece has the linked service set this app up. The key is kept before the
// first code is sent, and there is never a second set-up beside one that is under
// way: see package enrolment.
type enrolPiece struct {
	serving
	noted bool // one is under way since before
}

func newEnrolPiece(p *Page) *enrolPiece {
	e := &enrolPiece{serving: serving{page: p}}
	e.self = e
	if m := p.enrolling(); m != nil {
		note, ok, err := m.Noted()
		e.noted = ok && err == nil && note.Method == link.TOTP
	}
	return e
}

func (e *enrolPiece) Tick(time.Time) {}

func (e *enrolPiece) Draw() guided.Drawn {
	p := e.page
	d := guided.Drawn{Own: true}
	hand := kit.NewButton(words.T("Do it by hand"), func() { p.end(guide.Failed) })
	rows := e.says()
	switch {
	case e.busy != "":
		d.Main, d.Others = nil, []*kit.Button{e.stop()}
	case errors.Is(e.err, link.ErrClockOff) && p.ShowClock != nil:
		d.Main = kit.NewMainButton(words.T("Check my clock"), p.ShowClock)
		d.Others = []*kit.Button{kit.NewButton(words.T("Try again"), e.begin), hand}
	case e.err != nil || e.told != "":
		d.Main = kit.NewMainButton(words.T("Try again"), e.begin)
		d.Others = []*kit.Button{hand}
	case e.noted:
		rows = append(rows, guided.Point(kit.IconInfo, theme.ColorNamePrimary, words.T("A set-up is under way already. We ask the service how it stands, and end it.")))
		d.Main = kit.NewMainButton(words.T("Go on with it"), e.begin)
		d.Others = []*kit.Button{kit.NewButton(words.T("Drop it"), e.drop), hand}
	default:
		d.Main = kit.NewMainButton(words.T("Set it up now"), e.begin)
		d.Others = []*kit.Button{hand}
	}
	if len(rows) > 0 {
		d.Object = kit.Rows(kit.Space8, rows...)
	}
	return d
}

// begin begins, or goes on with what is under way.
func (e *enrolPiece) begin() {
	e.noted = false
	e.standing(words.T("The service makes a key, and this app keeps it…"), beginApp, e.prove)
}

// beginApp takes up what is under way, or begins. Where the service has accepted
// text messages meanwhile, the app is set up in their stead.
func beginApp(ctx context.Context, m Enrolling) (enrolment.Standing, error) {
	_, under, err := m.Noted()
	if err != nil {
		return enrolment.Standing{}, err
	}
	if under {
		st, err := m.Resume(ctx)
		done := st.State == enrolment.Done || st.State == enrolment.DoneCodesLost
		if err != nil || st.Note.Method == link.TOTP && (done || st.State == enrolment.Waiting) {
			return st, err
		}
		if st.State == enrolment.Waiting { // a text message that nobody waits for any more
			if st, err = m.Cancel(ctx); err != nil {
				return st, err
			}
		}
	}
	return m.Begin(ctx, link.TOTP, "")
}

// prove sends the first code.
func (e *enrolPiece) prove(enrolment.Standing) {
	e.standing(words.T("The first code proves that it works…"), func(ctx context.Context, m Enrolling) (enrolment.Standing, error) {
		return m.Prove(ctx)
	}, func(enrolment.Standing) { e.tell(words.T("The service has not decided yet. Try again in a moment.")) })
}

// drop cancels what is under way.
func (e *enrolPiece) drop() {
	e.noted = false
	e.standing(words.T("Ending the set-up…"), func(ctx context.Context, m Enrolling) (enrolment.Standing, error) {
		st, err := m.Cancel(ctx)
		if err == nil && st.State == enrolment.Over {
			st.State = enrolment.None
		}
		return st, err
	}, func(enrolment.Standing) { e.tell("") })
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// mend is what to do about a wrong clock: to set it right, and to use corrected
// codes meanwhile.
type mend struct {
	page     *page
	object   fyne.CanvasObject // how to set the clock right
	correct  fyne.CanvasObject // corrected codes
	fold     *kit.Fold
	settings *kit.Button // nil where no page can be opened
	failed   *fyne.Container
	use      *kit.Check
}

func newMend(p *page) *mend {
	s := p.screen
	m := &mend{page: p, failed: kit.Rows(0)}
	rows := kit.Rows(0)
	for i, step := range s.Steps {
		number := kit.NewStrong(strconv.Itoa(i + 1))
		rows.Add(container.NewBorder(nil, nil, container.NewVBox(number), nil, kit.NewText(step)))
	}
	if s.Settings != nil {
		m.settings = kit.NewButton(words.T("Open the settings"), m.openSettings)
		rows.Add(kit.Inset(atLeft(m.settings), kit.Space8, 0, kit.Space4, 0))
	}
	rows.Add(m.failed)
	m.fold = kit.NewFold(words.T("Fix it on this computer"), rows)
	m.fold.Changed = func(bool) { p.relayout() }
	m.object = kit.NewCard(m.fold.Object())

	m.use = kit.NewCheck(words.T("Use corrected codes meanwhile"), nil)
	m.use.OnChanged = m.chosen
	m.correct = kit.NewCard(kit.Rows(-kit.Space8, m.use, kit.Inset(kit.Rows(-kit.Space12,
		kit.NewQuiet(words.T("Codes are then made for the right time, and work although this clock is wrong. The clock itself is not touched.")),
		kit.NewQuiet(words.T("Up to five minutes that happens by itself, if several sources agree; for more you are asked. A sign beside the search box shows it."))), 0, 0, 28, 0)))
	return m
}

// open shows the steps where there is something to set right.
func (m *mend) open(v verdict.Verdict) {
	m.failed.RemoveAll()
	wrong := v.Mark != "" || v.Cause != verdict.NoCause || v.Tone == verdict.Fail || v.Tone == verdict.Look
	m.fold.SetOpen(wrong)
}

func (m *mend) show(s clock.Status) {
	on := !s.Off && !s.Ask
	if m.use.Checked != on {
		m.use.OnChanged = nil // it is shown, not chosen
		m.use.SetChecked(on)
		m.use.OnChanged = m.chosen
	}
}

// chosen does as the user ticked. Who ticks it wants what was measured to be
// used, however much it is.
func (m *mend) chosen(on bool) {
	t := m.page.screen.True
	m.page.screen.decide(func() error {
		if !on {
			return t.TurnOff()
		}
		if err := t.TurnOn(); err != nil {
			return err
		}
		if t.Status().Ask {
			return t.Apply()
		}
		return nil
	})
}

func (m *mend) openSettings() {
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, m.page.screen.Settings(ctx)
	}, func(_ bool, err error) {
		m.failed.RemoveAll()
		if err != nil {
			m.failed.Add(kit.NewMessage(kit.Look, kit.Message{
				What: words.T("The settings could not be opened from here."),
				Next: words.T("Open them yourself, and follow the steps above."),
			}))
		}
		m.page.relayout()
	})
}

// atLeft keeps a button as wide as its word.
func atLeft(o fyne.CanvasObject) fyne.CanvasObject { return container.NewHBox(o) }

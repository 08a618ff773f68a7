// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/practice"
	"github.com/kutano/authenticator/ui/kit"
)

// training is a practice that was started here.
type training struct{ Training }

// Practise offers the calls to learn on.
func (r *Room) Practise() {
	if r.training != nil {
		r.rings()
		return
	}
	rows := kit.Rows(kit.Space8, kit.NewText(words.T("In your browser, somebody calls who cannot get in. You press what you say and do, the caller answers, and at the end you see which rules you kept. It all happens on this computer, with people who do not exist.")))
	all := kit.NewMainButton(words.T("All of them"), func() { r.startTraining(practice.All) })
	for _, s := range practice.Scenarios {
		rows.Add(kit.NewDoor(kit.IconPhone, practice.Title(s), "", func() { r.startTraining(s) }))
	}
	r.pages.Page(&kit.Sheet{
		Title: words.T("Practice calls"), Content: rows, Main: all, First: all, Others: []*kit.Button{r.cancel()},
	})
}

func (r *Room) startTraining(scenario string) {
	r.pages.Busy(words.T("Practice calls"), words.T("Starting…"), r.pages.Close)
	kit.Work(&r.pages, func(ctx context.Context) (Training, error) { return r.Train(ctx, scenario) }, func(t Training, err error) {
		if err != nil {
			r.failed(err)
			return
		}
		r.training = &training{t}
		r.rings()
		r.open()
		r.await(r.training)
	}, endLate)
}

// endLate ends a practice that nobody wants any more.
func endLate(t Training) {
	if t != nil {
		kit.Go(context.Background(), func(context.Context) (struct{}, error) {
			_, err := t.End()
			return struct{}{}, err
		}, func(struct{}, error) {})
	}
}

// open shows the page on which the phone rings.
func (r *Room) open() {
	if r.Open(r.training.Address()) != nil {
		r.Toast().Say(words.T("No browser could be opened. Open the address yourself."), 8)
	}
}

// await notices that a practice ended by itself.
func (r *Room) await(t *training) {
	kit.Go(context.Background(), func(context.Context) (practice.Score, error) {
		<-t.Ended()
		return t.End()
	}, func(s practice.Score, err error) {
		if r.training != t {
			return // it was closed
		}
		r.training = nil
		r.score(s, err)
	})
}

// rings says that the phone rings in the browser.
func (r *Room) rings() {
	t := r.training
	end := kit.NewMainButton(words.T("End the practice"), func() {
		r.pages.Busy(words.T("Practice calls"), words.T("Counting…"), r.pages.Close)
		kit.Go(context.Background(), func(context.Context) (struct{}, error) {
			_, err := t.End() // whoever awaits it tells the score
			return struct{}{}, err
		}, func(struct{}, error) {})
	})
	r.pages.Page(&kit.Sheet{
		Title: words.T("The phone rings in your browser"), Main: end, First: end,
		Others: []*kit.Button{kit.NewButton(words.T("Close"), r.pages.Close), kit.NewButton(words.T("Open it again"), r.open)},
		Content: kit.Rows(kit.Space8, kit.NewText(words.T("Answer the call there. When you are through, end the practice here: then it says how it went.")),
			kit.NewQuiet(t.Address())),
	})
}

// score says how the calls were answered.
func (r *Room) score(s practice.Score, err error) {
	if err != nil {
		r.failed(err)
		return
	}
	rows := []fyne.CanvasObject{kit.NewMessage(kit.Good, kit.Message{What: s.Line()})}
	for _, c := range s.Calls {
		rows = append(rows, kit.Rows(-kit.Space12,
			kit.NewText(words.T("{call}: {points} of 100.", "call", practice.Title(c.Scenario), "points", c.Points)), kit.NewQuiet(c.Advice())))
	}
	done := kit.NewMainButton(words.T("Done"), r.pages.Close)
	r.pages.Page(&kit.Sheet{
		Title: words.T("How it went"), Content: kit.Rows(kit.Space8, rows...), Main: done, First: done,
		Others: []*kit.Button{kit.NewButton(words.T("Practise again"), r.Practise)},
	})
}

// endTraining ends what runs.
func (r *Room) endTraining() {
	if t := r.training; t != nil {
		r.training = nil
		endLate(t)
	}
}

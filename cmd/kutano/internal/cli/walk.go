// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/vault"
)

// walk is a walk through a guide at the terminal.
type walk struct {
	app     *App
	guided  guided
	dir     string
	guide   *guide.Guide
	profile profile.Profile
	run     *guide.Run
	vault   *vault.Vault // nil until something needs it, see opened
	fresh   bool         // the step at hand was not shown yet

	// Where the vault could not be opened without a person: why, and what can be told
	// of the folder all the same.
	closedBy error
	peeked   vault.Peeked

	// Of the code that was shown last, for finding out why it was refused.
	until     time.Time
	tried     check.Tried
	rescanned bool
	checked   check.Result

	unmeasured bool // the clock was to be measured, and could not be
}

// option is one numbered line below a step. What it does tells whether the walk
// has gone on to another step.
type option struct {
	label string
	do    func(context.Context) (bool, error)
}

// errStop ends the walk where the person wants it to.
var errStop = errors.New("stopped")

func (a *App) beginWalk(ctx context.Context, g guided, all *guide.Guide, f guideFlags) (*walk, error) {
	dir, err := a.folder()
	if err != nil {
		return nil, err
	}
	p, err := a.profile()
	if err != nil {
		return nil, err
	}
	w := &walk{app: a, guided: g, dir: dir, guide: all, profile: p}
	if vault.Exists(dir) {
		open := w.openUnasked
		if !w.recovering() {
			open = func(ctx context.Context) error {
				_, err := w.opened(ctx)
				return err
			}
		}
		if err := open(ctx); err != nil {
			return nil, w.closed(err)
		}
	}
	if err := w.start(ctx, f); err != nil {
		return nil, w.closed(err)
	}
	w.run.SetFill(w.fill())
	return w, nil
}

// fill is what stands in the guide for this workspace and this person.
func (w *walk) fill() guide.Fill {
	f := w.profile.Fill()
	l, linked := w.linked()
	f.Codes = check.CodesOf(w.codeSets(), l, linked).Says()
	return f
}

// start goes on with the run that was kept, or begins one.
func (w *walk) start(ctx context.Context, f guideFlags) error {
	saved, ok, err := w.guide.Saved(w.dir, w.facts())
	if err != nil {
		w.app.warn(explain.Error(err))
	}
	if ok && !f.anew && !saved.Ended() && (f.entry == "" || f.entry == saved.Entry().Name) {
		w.run = saved
		w.app.say(words.T("We go on with “{title}”, where you stopped. To start from the beginning: {command}",
			"title", saved.Entry().Title, "command", w.guided.command()+" --anew"))
		if saved.Restarted() {
			w.app.say(words.T("The guide has changed since, so this part begins again."))
		}
		return nil
	}
	if f.entry == "" {
		if f.entry, err = w.askEntry(ctx); err != nil {
			return err
		}
	}
	w.run, err = w.guide.Begin(f.entry, w.facts())
	if err != nil || !ok || f.anew {
		return err
	}
	return w.mayReplace(ctx, saved, w.run)
}

// mayReplace asks whether the walk that begins may take the place of a kept one.
func (w *walk) mayReplace(ctx context.Context, saved, begun *guide.Run) error {
	if saved.Ended() || !saved.CanBack() {
		return nil
	}
	saved.SetFill(w.profile.Fill())
	begun.SetFill(w.profile.Fill())
	w.app.say(words.T("You stopped at “{step}”.", "step", saved.Step().Title))
	yes, err := w.app.confirm(ctx, words.T("Forget where you stopped, and begin “{title}”?", "title", begun.Entry().Title), "--anew", false)
	if err == nil && !yes {
		err = declined()
	}
	return err
}

// askEntry asks what the person wants to do or what happens; the first is the usual
// answer.
func (w *walk) askEntry(ctx context.Context) (string, error) {
	var titles []string
	for _, e := range w.guide.Titles(w.profile.Fill()) {
		titles = append(titles, e.Title)
	}
	i, err := w.pick(ctx, w.guided.asks(), titles)
	if err != nil {
		return "", err
	}
	return w.guide.Entries[i].Name, nil
}

// pick asks for one of several; the first is the usual one.
func (w *walk) pick(ctx context.Context, question string, among []string) (int, error) {
	w.app.say(question)
	for i, one := range among {
		w.app.say(fmt.Sprintf("%3d  %s", i+1, one))
	}
	for {
		answer, err := w.app.ask(ctx, words.T("Enter for 1, or a number: "))
		if err != nil {
			return 0, err
		}
		if n, ok := numbered(answer, 1, len(among)); ok {
			return n - 1, nil
		}
	}
}

// numbered reads a number from 1 to most; nothing is the usual one, 0 for none.
func numbered(answer string, usual, most int) (int, bool) {
	if answer == "" && usual > 0 {
		return usual, true
	}
	n, err := strconv.Atoi(answer)
	return n, err == nil && n >= 1 && n <= most
}

// closed ends what the walk has opened.
func (w *walk) closed(err error) error {
	if w.vault == nil {
		return err
	}
	return w.app.closeVault(w.vault, err)
}

// walk goes from step to step until an end, or until the person stops.
func (w *walk) walk(ctx context.Context) error {
	w.fresh = true
	for {
		w.run.SetFacts(w.facts())
		step := w.run.Step()
		if w.fresh {
			if err := w.run.Save(w.dir); err != nil {
				w.app.warn(explain.Error(err))
			}
			w.arrived(ctx, step)
			w.show(step)
			if err := w.live(ctx, step); err != nil {
				return err
			}
			w.fresh = false
		}
		if step.End {
			if on, err := w.end(ctx, step); err != nil || !on {
				return err
			}
			w.fresh = true
			continue
		}
		moved, err := w.askOption(ctx, w.options(step))
		if errors.Is(err, errStop) {
			w.app.say(words.T("Stopped here. {command} goes on at this step.", "command", w.guided.command()))
			return nil
		}
		if err = w.tell(ctx, err); err != nil {
			return err
		}
		w.fresh = moved
	}
}

// tell says what went wrong at a step, after which one can try something else.
// What ends the program comes back.
func (w *walk) tell(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	m := explain.Error(err)
	w.app.warn(m)
	return nil
}

// end forgets the walk, and goes on where the end leads further. It tells whether it
// does.
func (w *walk) end(ctx context.Context, step guide.Step) (bool, error) {
	if step.Pause {
		return false, nil
	}
	if err := w.guide.Forget(w.dir); err != nil {
		w.app.warn(explain.Error(err))
	}
	if len(step.Next) == 0 {
		return false, nil
	}
	return w.goOn(ctx)
}

// show prints a step.
func (w *walk) show(s guide.Step) {
	at, of := w.run.Progress()
	say := w.app.say
	say("")
	say("── " + w.run.Entry().Title + " · " + words.T("Step {n} of {all}", "n", at, "all", of) + " ──")
	say("")
	say(s.Title)
	say("")
	for _, t := range s.Text {
		say(t)
	}
	for _, p := range s.Points {
		say("  • " + clean(p))
	}
	for _, t := range s.Here {
		say("  → " + t)
	}
	for _, c := range s.Cards {
		w.showCard(c)
	}
	for _, n := range s.Notes {
		if name := w.profile.Name; name != "" {
			n = words.T("{workspace} says: {note}", "workspace", name, "note", n)
		}
		say("  » " + clean(n))
	}
	if s.Live == guide.Open && w.profile.Settings != "" {
		say("  " + w.profile.Settings)
	}
}

func (w *walk) showCard(c guide.Card) {
	name := c.Title
	if c.Recommended {
		name = words.T("{method} (recommended)", "method", c.Title)
	}
	w.app.say("")
	w.app.say(name + ": " + c.Best)
	for _, p := range c.Pros {
		w.app.say("  ✓ " + p)
	}
	for _, p := range c.Cons {
		w.app.say("  ✗ " + p)
	}
}

// options are what can be done at a step: what its live piece offers, then where
// it leads.
func (w *walk) options(s guide.Step) []option {
	all := w.liveOptions(s)
	for _, c := range s.Cards {
		all = append(all, w.choice(c.Choice))
	}
	for _, c := range s.Choices {
		all = append(all, w.choice(c))
	}
	switch s.Live {
	case guide.Code:
		all = append(all, option{words.T("Show the code again"), w.showCode})
	case guide.Call:
		all = append(all, option{words.T("Show the words again"), func(ctx context.Context) (bool, error) { return false, w.call(ctx) }})
	}
	return all
}

// choice follows a choice of the step, and notes how a code fared that was typed.
func (w *walk) choice(c guide.Choice) option {
	return option{c.Label, func(ctx context.Context) (bool, error) {
		s := w.run.Step()
		if err := w.run.Choose(c); err != nil {
			return true, err
		}
		if s.Live == guide.Code || s.Live == guide.Two {
			w.fared(ctx, s, c)
		}
		return true, nil
	}}
}

// outcome ends the live piece.
func (w *walk) outcome(l guide.Live, o guide.Outcome) option {
	return option{l.Label(o), func(context.Context) (bool, error) { return true, w.run.Outcome(o) }}
}

// askOption lists the options and does the one chosen.
func (w *walk) askOption(ctx context.Context, all []option) (bool, error) {
	w.app.say("")
	for i, o := range all {
		w.app.say(fmt.Sprintf("%3d  %s", i+1, o.label))
	}
	for {
		answer, err := w.app.ask(ctx, words.T("Enter for 1, a number, b for back, q to stop here: "))
		var t *told
		if errors.As(err, &t) && t.message.Kind == explain.Cancelled { // the end of the input
			return false, errStop
		}
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "q":
			return false, errStop
		case "b":
			if w.run.Back() {
				return true, nil
			}
			w.app.say(words.T("This is the first step."))
			continue
		}
		if n, ok := numbered(answer, 1, len(all)); ok {
			return all[n-1].do(ctx)
		}
	}
}

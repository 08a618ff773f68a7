// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/practice"
)

func (a *App) practiceCommand() *cobra.Command {
	var scenario string
	var noBrowser bool
	cmd := &cobra.Command{
		Use:   "practice",
		Short: words.T("Practise helping callers, and see your score"),
		Long: words.T(`Starts the program kutano-2fa on this computer and opens a page in the browser, on
which somebody calls who cannot get in. You are the helpdesk: you press what you
say and do, the caller answers, and at the end the page says which rules you kept.
One of the callers is not who they say they are.

Everything happens on this computer, with sample users; your accounts are not
touched. Ctrl+C ends it and prints the score.

The calls, by their names:
{calls}`, "calls", listedCalls()),
		Example: words.T(`  kutano practice                          all calls, one after another
  kutano practice --scenario slow-clock    only this one
  kutano practice --no-browser             print the address and open nothing`),
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.practice(cmd, scenario, noBrowser) },
	}
	cmd.Flags().StringVar(&scenario, "scenario", practice.All, words.T("the call to practise: its `name`, or all"))
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, words.T("print the address and open nothing"))
	return cmd
}

// listedCalls are the scenarios as the help shows them, one a line.
func listedCalls() string {
	var lines []string
	for _, s := range append(slices.Clone(practice.Scenarios), practice.All) {
		lines = append(lines, fmt.Sprintf("  %-20s %s", s, practice.Title(s)))
	}
	return strings.Join(lines, "\n")
}

// practice runs a training until Ctrl+C, or until its program ends.
func (a *App) practice(cmd *cobra.Command, scenario string, noBrowser bool) error {
	if !practice.Known(scenario) {
		return usage(words.T("There is no practice call with that name."), words.T("Choose one of these: {names}.", "names", strings.Join(practice.Scenarios, ", ")))
	}
	ctx := cmd.Context()
	path, err := practice.Find()
	if err != nil {
		return err
	}
	p, err := practice.Start(ctx, path, scenario)
	if err != nil {
		return err
	}
	a.say(words.T("The phone is ringing at {address}. Ctrl+C ends the practice and prints the score.", "address", p.Address))
	if !noBrowser {
		open := a.browse
		if open == nil {
			open = browse
		}
		if open(ctx, p.Address) != nil {
			a.say(words.T("No browser could be opened. Open the address yourself."))
		}
	}
	select {
	case <-ctx.Done(): // asked to end: that is no failure
	case <-p.Ended():
	}
	score, err := p.End()
	if err != nil {
		return err
	}
	return a.showScore(score)
}

// shownScore is how calls of a practice were answered.
type shownScore struct {
	Score int         `json:"score"` // the mean, out of 100
	Calls []shownCall `json:"calls"`
}

type shownCall struct {
	Scenario string   `json:"scenario"`
	Score    int      `json:"score"`
	Ending   string   `json:"ending"`  // in, refused or hung-up
	Seconds  int      `json:"seconds"` // it took
	Broken   []string `json:"broken"`  // names of the rules that were broken
	Advice   string   `json:"advice"`  // one sentence, or ""
}

func (a *App) showScore(s practice.Score) error {
	shown := &shownScore{Score: s.Points, Calls: []shownCall{}}
	var errs []error
	for _, c := range s.Calls {
		shown.Calls = append(shown.Calls, shownCall{
			Scenario: c.Scenario, Score: c.Points, Ending: c.Ending, Seconds: int(c.Took.Seconds()), Broken: append([]string{}, c.Broken...), Advice: c.Advice(),
		})
		if a.json {
			continue
		}
		line := words.T("{call}: {points} of 100.", "call", practice.Title(c.Scenario), "points", c.Points)
		_, err := fmt.Fprintln(a.Out, join(line, c.Advice()))
		errs = append(errs, err)
	}
	if a.json {
		a.doc = &document{Practice: shown}
		return nil
	}
	_, err := fmt.Fprintln(a.Out, s.Line())
	return errors.Join(append(errs, err)...)
}

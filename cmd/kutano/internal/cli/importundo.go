// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
)

// takeBack undoes the last import, or restore, as one change. Where nothing is
// kept yet there is none, and no data folder is founded.
func (im *importing) takeBack(cmd *cobra.Command) error {
	nothingKept := true
	return im.app.withVaultUnless(&nothingKept, func(ctx context.Context, v *vault.Vault, _ []string) error {
		if v == nil {
			return fmt.Errorf("undo import: %w", vault.ErrNothingToUndo)
		}
		last, ok := v.LastIntake()
		if !ok {
			return fmt.Errorf("undo import: %w", vault.ErrNothingToUndo)
		}
		var plan vault.Undone
		err := im.app.unlocked(ctx, func(ctx context.Context) (err error) {
			plan, err = v.PlanUndo(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if !im.app.json {
			im.app.say(sayIntake(last))
			im.sayLeft(plan)
		}
		if im.take.dryRun {
			s := shownUndone(plan)
			return im.app.reportUndone(&s, nil)
		}
		return im.takeBackNow(ctx, v)
	})(cmd, nil)
}

func (im *importing) sayLeft(plan vault.Undone) {
	if n := plan.Left; n > 0 {
		im.app.say(words.N(n, "1 of them was changed or used since and stays as it is.", "{n} of them were changed or used since and stay as they are."))
	}
}

func (im *importing) takeBackNow(ctx context.Context, v *vault.Vault) error {
	if !im.take.yes {
		yes, err := im.app.confirm(ctx, words.T("Undo it? What it added is gone then."), "--yes", false)
		if err != nil || !yes {
			return orDeclined(err)
		}
	}
	var done vault.Undone
	err := im.app.unlocked(ctx, func(ctx context.Context) (err error) {
		done, err = v.UndoIntake(ctx)
		return err
	})
	if err != nil {
		return err
	}
	s := shownUndone(done)
	return im.app.reportUndone(&s, sayUndone(done))
}

// sayIntake says what the last import did.
func sayIntake(last vault.Intake) string {
	text := words.T("The last import or restore was on {date}.", "date", day(last.At))
	for _, part := range []struct {
		n    int
		text func(n int) string
	}{
		{last.Added, func(n int) string { return words.N(n, "1 account was added.", "{n} accounts were added.") }},
		{last.Replaced, func(n int) string { return words.N(n, "1 account got another key.", "{n} accounts got other keys.") }},
		{last.Back, func(n int) string {
			return words.N(n, "1 removed account came back.", "{n} removed accounts came back.")
		}},
		{last.Removed, func(n int) string { return words.N(n, "1 account was removed.", "{n} accounts were removed.") }},
	} {
		if part.n > 0 {
			text += " " + part.text(part.n)
		}
	}
	return text
}

// sayUndone says what was undone.
func sayUndone(done vault.Undone) []string {
	var said []string
	for _, part := range []struct {
		n    int
		text func(n int) string
	}{
		{done.Gone, func(n int) string {
			return words.N(n, "1 account that was added is gone again.", "{n} accounts that were added are gone again.")
		}},
		{done.Replaced, func(n int) string {
			return words.N(n, "1 account has its old key again.", "{n} accounts have their old keys again.")
		}},
		{done.Removed, func(n int) string {
			return words.N(n, "1 account is among the removed ones again.", "{n} accounts are among the removed ones again.")
		}},
		{done.Returned, func(n int) string { return words.N(n, "1 account is back.", "{n} accounts are back.") }},
		{done.Left, func(n int) string {
			return words.N(n, "1 account was changed or used since and stays as it is.", "{n} accounts were changed or used since and stay as they are.")
		}},
	} {
		if part.n > 0 {
			said = append(said, part.text(part.n))
		}
	}
	return said
}

func (a *App) reportUndone(s *shownUndone, sentences []string) error {
	if a.json {
		a.doc = &document{Undone: s}
		return nil
	}
	for _, sentence := range sentences {
		if err := a.print(sentence); err != nil {
			return err
		}
	}
	return nil
}

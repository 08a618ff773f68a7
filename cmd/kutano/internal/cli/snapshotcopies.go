// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/snapshot"
)

var pace = []snapshot.Every{snapshot.EveryNever, snapshot.EveryChange, snapshot.EveryDay, snapshot.EveryWeek}

func (a *App) snapshotCopies() *cobra.Command {
	var to, every string
	cmd := &cobra.Command{
		Use:   "copies",
		Short: words.T("Copy snapshots to another folder, too"),
		Long: words.T(`Shows where snapshots are copied to, or sets it: a folder on another drive, or one
that another program carries elsewhere. A copy tells nothing to anyone who does
not have the recovery key. The newest ten are kept there; other files in the
folder are never touched.

Copies are made when accounts change, at most as often as --every says.`),
		Example: words.T(`  kutano snapshot copies
  kutano snapshot copies --to /media/usb/kutano --every change
  kutano snapshot copies --every never`),
		Args: noArgs,
	}
	cmd.Flags().StringVar(&to, "to", "", words.T("the `FOLDER` that copies go to"))
	cmd.Flags().StringVar(&every, "every", "", words.T("how often: `never|change|day|week`"))
	cmd.RunE = func(*cobra.Command, []string) error {
		folder, err := a.snapshots()
		if err != nil {
			return err
		}
		if to != "" || every != "" {
			if err := a.setCopies(folder, to, snapshot.Every(every)); err != nil {
				return err
			}
		}
		return a.showCopies(folder.Copies())
	}
	return cmd
}

// setCopies sets where copies go, and makes the first one: whoever sets it sees
// whether it works.
func (a *App) setCopies(folder *snapshot.Folder, to string, every snapshot.Every) error {
	c := folder.Copies()
	if to != "" {
		abs, err := filepath.Abs(to)
		if err != nil {
			return fmt.Errorf("find folder for copies: %w", err)
		}
		c = snapshot.Copies{Dir: abs, Every: c.Every}
		if c.Every == snapshot.EveryNever {
			c.Every = snapshot.EveryChange
		}
	}
	if every != "" {
		c.Every = every
	}
	switch {
	case !slices.Contains(pace, c.Every):
		return usage(words.T("Copies are made never, with each change, each day or each week."),
			words.T("Give --every never, change, day or week."))
	case c.Dir == "" && c.Every != snapshot.EveryNever:
		return usage(words.T("This needs the folder that copies go to."), words.T("Give it with --to."))
	}
	if err := folder.SetCopies(c); err != nil {
		return err
	}
	if err := folder.CopyIfDue(a.Clock.Now()); err != nil {
		m := explain.Error(err)
		m.What = words.T("It is set, but the first copy could not be made:") + " " + m.What
		a.warn(m)
	}
	return nil
}

func (a *App) showCopies(c snapshot.Copies) error {
	if a.json {
		a.doc = &document{Copies: &shownCopy{Folder: c.Dir, Every: string(c.Every), Last: unix(c.Last), Reason: c.Err}}
		return nil
	}
	sentence := words.T("No copies are made.")
	switch c.Every {
	case snapshot.EveryChange:
		sentence = words.T("Each snapshot is copied to {folder}", "folder", clean(c.Dir))
	case snapshot.EveryDay:
		sentence = words.T("Once a day the newest snapshot is copied to {folder}", "folder", clean(c.Dir))
	case snapshot.EveryWeek:
		sentence = words.T("Once a week the newest snapshot is copied to {folder}", "folder", clean(c.Dir))
	}
	if err := a.print(sentence); err != nil || c.Every == snapshot.EveryNever {
		return err
	}
	switch {
	case c.Err != "":
		a.say(words.T("The last copy could not be made: {reason}", "reason", clean(c.Err)))
	case c.Last.IsZero():
		a.say(words.T("None was made yet."))
	default:
		a.say(words.T("The last one was made on {date}.", "date", day(c.Last)))
	}
	return nil
}

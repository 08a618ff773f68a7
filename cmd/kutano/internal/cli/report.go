// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/vault/atomicfile"
)

func (a *App) reportCommand() *cobra.Command {
	var save string
	var yes bool
	cmd := &cobra.Command{
		Use:   "report",
		Short: words.T("Show a report for your helpdesk, without secrets"),
		Long: words.T(`Shows what your helpdesk needs to know when you cannot get in: versions, the
system, where the keys are and whether they can be used, how many accounts there
are and of which kinds, how far the clock is off, how the link and the backup
codes stand, and the check phrase.

It has no name, no address, no key and no code in it, and days instead of exact
times. It is not sent anywhere: with --save, it is shown and then written to a
file.

It works without a network, even when nothing else works. You are not asked for a
passphrase; with --passphrase-fd, the length of each key is given, too.`),
		Example: words.T(`  kutano report                    show it
  kutano report --save report.txt  show it, and write it to a file
  kutano report --json             for programs`),
		Args: noArgs,
	}
	cmd.Flags().StringVar(&save, "save", "", words.T("also write it to this `FILE`, whose name ends in .txt or .json"))
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("replace an existing file without asking"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !cmd.Flags().Changed("save") {
			return a.makeReport(cmd.Context(), nil)
		}
		form, err := formOf(save)
		if err != nil {
			return err
		}
		return a.makeReport(cmd.Context(), func(ctx context.Context, r report.Report) error {
			return a.saveReport(ctx, save, form(r), yes)
		})
	}
	return cmd
}

// formOf returns what writes a report into a file of that name.
func formOf(file string) (func(report.Report) []byte, error) {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".txt":
		return func(r report.Report) []byte { return []byte(r.Text()) }, nil
	case ".json":
		return report.Report.JSON, nil
	}
	return nil, usage(words.T("The name of the file has to end in .txt or .json."), words.T("For example: kutano report --save report.txt"))
}

// makeReport shows a report, and then saves it where that is asked for.
func (a *App) makeReport(ctx context.Context, save func(context.Context, report.Report) error) error {
	s, err := a.standing(ctx)
	if err != nil {
		return err
	}
	r := report.New(s)
	if a.json {
		a.doc = &document{Report: &r}
	} else if _, err := fmt.Fprint(a.Out, r.Text()); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	if save == nil {
		return nil
	}
	return save(ctx, r)
}

// saveReport writes a report into a file, and asks before it replaces one.
func (a *App) saveReport(ctx context.Context, file string, data []byte, yes bool) error {
	if err := a.writeFile(ctx, file, data, yes); err != nil {
		return err
	}
	if !a.json {
		a.say(words.T("The report is written. It is sent nowhere: give it to your helpdesk yourself."))
	}
	return nil
}

// writeFile writes a file that was named on the command line, and asks before it
// replaces one.
func (a *App) writeFile(ctx context.Context, file string, data []byte, yes bool) error {
	err := atomicfile.Create(file, data)
	if errors.Is(err, fs.ErrExist) {
		if info, e := os.Stat(file); e == nil && !info.Mode().IsRegular() {
			return tell(explain.Usage, words.T("Only a file can be replaced."), words.T("Nothing was changed."), words.T("Give another name."))
		}
		if !yes {
			sure, e := a.confirm(ctx, words.T("{file} is there already. Replace it?", "file", clean(filepath.Base(file))), "--yes", false)
			if e != nil || !sure {
				return orDeclined(e)
			}
		}
		err = atomicfile.Write(file, data)
	}
	if err != nil {
		return fmt.Errorf("write a file: %w", err)
	}
	return nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/runbook"
)

// shownPaper is a file that was written.
type shownPaper struct {
	File string `json:"file"`
	Size int    `json:"size"` // bytes
}

func (a *App) helpdeskRunbookCommand() *cobra.Command {
	var page, paper, lang string
	var yes bool
	cmd := &cobra.Command{
		Use:   "runbook",
		Short: words.T("Write the helpdesk’s runbook, to print or to read on screen"),
		Long: words.T(`Writes the rules, the script for a call, what each finding means and what to say,
the spelling alphabet, and the recovery guide: as a page for the browser, as pages
to print, or both. It says the same as the app, with what your workspace’s profile
adds. Nothing in it is secret.`),
		Example: words.T(`  kutano helpdesk runbook --pdf runbook.pdf
  kutano helpdesk runbook --html runbook.html --lang de`),
		Args: noArgs,
	}
	cmd.Flags().StringVar(&page, "html", "", words.T("write a page for the browser to this `FILE`"))
	cmd.Flags().StringVar(&paper, "pdf", "", words.T("write pages to print to this `FILE`"))
	cmd.Flags().StringVar(&lang, "lang", "", words.T("in this `language`, such as de"))
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("replace an existing file without asking"))
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		switch {
		case page == "" && paper == "":
			return usage(words.T("Say where to write it."), words.T("Give --html FILE, --pdf FILE, or both."))
		case lang != "" && !words.Use(lang):
			return usage(words.T("That is not a value for {flag}.", "flag", "--lang"),
				words.T("Give one of {names}.", "names", strings.Join(words.Languages(), ", ")))
		}
		return a.writeRunbook(cmd.Context(), page, paper, yes)
	}
	return cmd
}

func (a *App) writeRunbook(ctx context.Context, page, paper string, yes bool) error {
	p, err := a.profile()
	if err != nil {
		return err
	}
	d, err := runbook.Make(p.Fill(), a.Clock.Now())
	if err != nil {
		return err
	}
	var files []shownPaper
	if page != "" {
		data := runbook.HTML(d)
		if err := a.writeFile(ctx, page, data, yes); err != nil {
			return err
		}
		files = append(files, shownPaper{page, len(data)})
	}
	if paper != "" {
		data, err := runbook.PDF(d)
		if err == nil {
			err = a.writeFile(ctx, paper, data, yes)
		}
		if err != nil {
			return err
		}
		files = append(files, shownPaper{paper, len(data)})
	}
	if a.json {
		a.doc = &document{Files: files}
		return nil
	}
	return a.print(words.T("The runbook is written. Nothing in it is secret."))
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/guide/printed"
)

// setupFlags are what kutano setup is asked for.
type setupFlags struct {
	entry, print, lang string
	anew               bool
}

func (a *App) setupCommand() *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{
		Use:   "setup",
		Short: words.T("Set two-factor sign-in for Kutano up, step by step"),
		Long: words.T(`Walks Kutano's published guide with you, one instruction at a time: setting
two-factor sign-in up, changing the method, switching it off, new backup codes, a
new phone, a changed number, and a look over everything. It scans the QR code,
shows the code to type, and finds out why a code was refused. Where you stop, the
next kutano setup goes on.

--entry begins at: setup, switch-to-app, switch-to-sms, new-codes, new-phone,
changed-number, review, disable.

Without a terminal, and with --print, it writes the guide for reading or printing
instead, with what your workspace's profile adds.`),
		Example: words.T(`  kutano setup
  kutano setup --entry new-codes
  kutano setup --print html > guide.html
  kutano setup --print md --lang de`),
		Args: noArgs,
	}
	flags := cmd.Flags()
	flags.StringVar(&f.entry, "entry", "", words.T("begin at this `NAME`"))
	flags.StringVar(&f.print, "print", "", words.T("write the guide as: `md|html`"))
	flags.StringVar(&f.lang, "lang", "", words.T("in this `language`, such as de"))
	flags.BoolVar(&f.anew, "anew", false, words.T("begin anew, whatever was begun before"))
	_ = cmd.RegisterFlagCompletionFunc("entry", completeEntry) // the flags are there
	_ = cmd.RegisterFlagCompletionFunc("print", cobra.FixedCompletions([]string{"md", "html"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages(), cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.setup(cmd.Context(), f) }
	return cmd
}

func completeEntry(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	g, err := guide.Load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, e := range g.Entries {
		names = append(names, e.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (f setupFlags) check(g *guide.Guide) error {
	if _, ok := g.Entry(f.entry); f.entry != "" && !ok {
		names, _ := completeEntry(nil, nil, "")
		return usage(words.T("That is not a value for {flag}.", "flag", "--entry"), words.T("Give one of {names}.", "names", strings.Join(names, ", ")))
	}
	if f.print != "" && f.print != "md" && f.print != "html" {
		return usage(words.T("That is not a value for {flag}.", "flag", "--print"), words.T("Give --print md or --print html."))
	}
	if f.lang != "" && !words.Use(f.lang) {
		return usage(words.T("That is not a value for {flag}.", "flag", "--lang"),
			words.T("Give one of {names}.", "names", strings.Join(words.Languages(), ", ")))
	}
	return nil
}

func (a *App) setup(ctx context.Context, f setupFlags) error {
	g, err := guide.Load()
	if err != nil {
		return err
	}
	if err := f.check(g); err != nil {
		return err
	}
	if f.print != "" || !a.interactive() || a.json {
		return a.printGuide(g, f)
	}
	w, err := a.beginWalk(ctx, g, f)
	if err != nil {
		return err
	}
	return w.closed(w.walk(ctx))
}

// printGuide writes the guide, or a part of it.
func (a *App) printGuide(g *guide.Guide, f setupFlags) error {
	p, err := a.profile()
	if err != nil {
		return err
	}
	var entries []string
	if f.entry != "" {
		entries = []string{f.entry}
	}
	write := printed.Markdown
	if f.print == "html" {
		write = printed.HTML
	}
	text, err := write(g, entries, p.Fill())
	if err != nil {
		return err
	}
	if a.json {
		a.doc = &document{Guide: string(text)}
		return nil
	}
	if _, err := a.Out.Write(text); err != nil {
		return fmt.Errorf("print guide: %w", err)
	}
	return nil
}

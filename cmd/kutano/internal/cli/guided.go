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

// guided is a command that walks a guide with a person, or prints it.
type guided struct {
	name string // of the command
	flag string // names the entry to begin at
	load func() (*guide.Guide, error)
	asks func() string // what is asked where the flag is not given
}

// guideFlags are what such a command is asked for.
type guideFlags struct {
	entry, print, lang string
	anew               bool
}

// command is how it is typed.
func (g guided) command() string { return "kutano " + g.name }

// guideCommand gives a command what all guides have.
func (a *App) guideCommand(g guided, cmd *cobra.Command) *cobra.Command {
	var f guideFlags
	flags := cmd.Flags()
	flags.StringVar(&f.entry, g.flag, "", words.T("begin at this `NAME`"))
	flags.StringVar(&f.print, "print", "", words.T("write the guide as: `md|html`"))
	flags.StringVar(&f.lang, "lang", "", words.T("in this `language`, such as de"))
	flags.BoolVar(&f.anew, "anew", false, words.T("begin anew, whatever was begun before"))
	names := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return g.names(), cobra.ShellCompDirectiveNoFileComp
	}
	_ = cmd.RegisterFlagCompletionFunc(g.flag, names) // the flags are there
	_ = cmd.RegisterFlagCompletionFunc("print", cobra.FixedCompletions([]string{"md", "html"}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("lang", cobra.FixedCompletions(words.Languages(), cobra.ShellCompDirectiveNoFileComp))
	cmd.Args = noArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return a.guided(cmd.Context(), g, f) }
	return cmd
}

// names are those of the guide's entries.
func (g guided) names() []string {
	all, err := g.load()
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range all.Entries {
		names = append(names, e.Name)
	}
	return names
}

func (f guideFlags) check(g guided, all *guide.Guide) error {
	if _, ok := all.Entry(f.entry); f.entry != "" && !ok {
		return usage(words.T("That is not a value for {flag}.", "flag", "--"+g.flag), words.T("Give one of {names}.", "names", strings.Join(g.names(), ", ")))
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

func (a *App) guided(ctx context.Context, g guided, f guideFlags) error {
	all, err := g.load()
	if err != nil {
		return err
	}
	if err := f.check(g, all); err != nil {
		return err
	}
	if f.print != "" || !a.interactive() || a.json {
		return a.printGuide(all, f)
	}
	w, err := a.beginWalk(ctx, g, all, f)
	if err != nil {
		return err
	}
	return w.closed(w.walk(ctx))
}

// printGuide writes the guide, or a part of it.
func (a *App) printGuide(g *guide.Guide, f guideFlags) error {
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

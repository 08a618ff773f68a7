// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
)

// phraseFlags are what kutano phrase is asked for.
type phraseFlags struct {
	digits bool
	lang   string
}

// shownPhrase is the check phrase.
type shownPhrase struct {
	Language string            `json:"language"` // of the words
	Words    []string          `json:"words"`
	Digits   []string          `json:"digits"`   // the same, as groups of three digits
	Standing map[string]string `json:"standing"` // what it says, by the names of package standing
	Says     []string          `json:"says"`     // what of it is to be seen to, in sentences
}

func (a *App) phraseCommand() *cobra.Command {
	var f phraseFlags
	cmd := &cobra.Command{
		Use:   "phrase",
		Short: words.T("Show the words that tell your helpdesk how things stand"),
		Long: words.T(`Shows your check phrase: six words that you read out on the phone, so that your
helpdesk knows how this app, its clock and your Kutano account stand. The last
word helps to notice when another one was misheard.

It has no name, no key and no code in it: whoever hears it can do nothing with it.
As long as nothing changes, it stays the same. Once something has been put right,
it is a different one.

It works without a network, even when nothing else works, and never asks for a
passphrase.`),
		Example: words.T(`  kutano phrase              six words, and the same in digits
  kutano phrase --digits     only the digits
  kutano phrase --lang de    the words in another language`),
		Args: noArgs,
	}
	cmd.Flags().BoolVar(&f.digits, "digits", false, words.T("show only the digits"))
	cmd.Flags().StringVar(&f.lang, "lang", "", words.T("show the words in this `LANGUAGE`"))
	_ = cmd.RegisterFlagCompletionFunc("lang", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return phrase.Languages(), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f.lang = cmp.Or(f.lang, "-") // as where a variable of a script is empty
		if !cmd.Flags().Changed("lang") {
			f.lang = words.Current()
		}
		return a.phrase(cmd.Context(), f)
	}
	return cmd
}

func (a *App) phrase(ctx context.Context, f phraseFlags) error {
	lang := phrase.Language(f.lang) // English for what it does not know
	if base, _, _ := strings.Cut(strings.ReplaceAll(f.lang, "_", "-"), "-"); lang == words.English && !strings.EqualFold(base, lang) {
		return usage(words.T("That is not a value for {flag}.", "flag", "--lang"),
			words.T("Choose one of these: {languages}.", "languages", strings.Join(phrase.Languages(), ", ")))
	}
	s, err := a.standing(ctx)
	if err != nil {
		return err
	}
	st := standing.Of(s.Sources)
	p, err := phrase.Encode(st)
	if err != nil {
		return err
	}
	spoken, digits := p.Words(lang), p.Digits()
	says := toSeeTo(s.Say())
	if a.json {
		a.doc = &document{Phrase: &shownPhrase{Language: lang, Words: spoken, Digits: digits, Standing: st.Names(), Says: says}}
		return nil
	}
	if f.digits {
		return a.printLines(strings.Join(digits, " "))
	}
	return a.printLines(append(phraseLines(p, lang), itSays(says))...)
}

// phraseLines are the six words, numbered, and the same in digits.
func phraseLines(p phrase.Phrase, lang string) []string {
	lines := []string{words.T("Your check phrase, to read out to your helpdesk:"), ""}
	for i, w := range p.Words(lang) {
		lines = append(lines, fmt.Sprintf("  %d. %s", i+1, w))
	}
	return append(lines, "", words.T("The same in digits: {digits}", "digits", strings.Join(p.Digits(), " ")))
}

// toSeeTo are the sentences that may be why somebody cannot get in.
func toSeeTo(all []standing.Line) []string {
	says := []string{}
	for _, l := range all {
		if l.Look {
			says = append(says, l.Text)
		}
	}
	return says
}

// itSays is what the phrase says, in one line.
func itSays(says []string) string {
	if len(says) == 0 {
		return words.T("It says that nothing wrong was found here.")
	}
	return words.T("It says: {sentences}", "sentences", strings.Join(says, " "))
}

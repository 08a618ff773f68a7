// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
)

// shownAdvice is what keeps a caller out, and what to do.
type shownAdvice struct {
	Format    int      `json:"format"`   // of the phrase
	Newer     bool     `json:"newer"`    // the app that made it is newer, and says things that are not known here
	Language  string   `json:"language"` // of its words
	Platform  string   `json:"platform"`
	Version   string   `json:"version"` // of the app, as 1.8; "" for not known
	Finding   string   `json:"finding"`
	Next      string   `json:"next"`
	Say       string   `json:"say"`
	Press     []string `json:"press"`
	Ask       string   `json:"ask"`
	Then      string   `json:"then"`
	Act       string   `json:"act"` // what it may come to: look-up, unlock, resync or bypass-code
	Else      []string `json:"else"`
	Facts     []string `json:"facts"`
	Fixed     *bool    `json:"fixed,omitempty"`        // with --before: what kept the caller out is put right
	Different bool     `json:"other_device,omitempty"` // with --before: the words are of another device
	Changed   []string `json:"changed,omitempty"`      // with --before
}

// mostPhrase is how much is read of what may be a phrase.
const mostPhrase = 4 << 10

func (a *App) helpdeskPhraseCommand() *cobra.Command {
	before := ""
	cmd := &cobra.Command{
		Use:   "phrase [WORDS...]",
		Short: words.T("Find out from six words why a caller cannot get in"),
		Long: words.T(`Takes the six words that a caller reads out, or the six numbers below them, and
says why the caller cannot get in, what to do next, and what to say. The first
four letters of each word are enough, and words and numbers may be mixed. Without
WORDS you are asked for them, or standard input is read. They are not secret.

A wrong word is noticed, and so are two in the wrong order. --before compares with
the words from before a fix.`),
		Example: words.T(`  kutano helpdesk phrase 038 096 066 216 160 097
  kutano helpdesk phrase
  kutano helpdesk phrase --json < words.txt`),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.helpdeskPhrase(cmd.Context(), strings.Join(args, " "), before)
		},
	}
	cmd.Flags().StringVar(&before, "before", "", words.T("compare with these `words`, from before a fix"))
	return cmd
}

func (a *App) helpdeskPhrase(ctx context.Context, text, before string) (err error) {
	if strings.TrimSpace(text) == "" {
		if text, err = a.readPhrase(ctx); err != nil {
			return err
		}
	}
	d, err := phrase.Decode(text, words.Current())
	if err != nil {
		return err
	}
	var changed *helpdesk.Change
	if before != "" {
		was, err := phrase.Decode(before, words.Current())
		if err != nil {
			return err
		}
		c := helpdesk.Compare(was.Standing, d.Standing)
		changed = &c
	}
	if a.json {
		a.doc = &document{Advice: showAdvice(d, changed)}
		return nil
	}
	if d.Newer {
		a.say(newerPhrase())
	}
	var lines []string
	if changed != nil {
		lines = append(lines, changed.Headline, "")
	}
	return a.printLines(append(lines, adviceLines(helpdesk.Advise(d.Standing), d.Standing)...)...)
}

func newerPhrase() string {
	return words.T("The caller’s app is newer than this one, so some of what it says is not known here. Install the newest version.")
}

// readPhrase asks for a phrase, or reads it from standard input.
func (a *App) readPhrase(ctx context.Context) (string, error) {
	if a.interactive() {
		return a.ask(ctx, words.T("The six words or numbers, in order: "))
	}
	text, err := inBackground(ctx, nil, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.In, mostPhrase)) })
	if err != nil {
		return "", fmt.Errorf("read the words: %w", err)
	}
	if strings.TrimSpace(string(text)) == "" {
		return "", usage(words.T("Give the caller’s six words."), words.T("For example: kutano helpdesk phrase 038 096 066 216 160 097"))
	}
	return string(text), nil
}

// adviceLines are an advice as it is read at a terminal.
func adviceLines(ad helpdesk.Advice, s standing.Standing) []string {
	lines := []string{ad.Finding, "", words.T("Next: {step}", "step", ad.Next), words.T("Say: “{sentence}”", "sentence", ad.Say)}
	if len(ad.Press) > 0 {
		lines = append(lines, words.T("On their device ({platform}):", "platform", helpdesk.PlatformIs(s.Platform)))
		for i, step := range ad.Press {
			lines = append(lines, fmt.Sprintf("  %d  %s", i+1, step))
		}
	}
	lines = append(lines, words.T("Afterwards: {step}", "step", ad.Ask), ad.Then)
	if name := helpdesk.ActName(ad.Act); ad.Act != helpdesk.Acts()[0] {
		lines = append(lines, words.T("This may be needed: {act}", "act", name))
	}
	if len(ad.Else) > 0 {
		lines = append(lines, "", words.T("Also worth checking:"))
		for _, one := range ad.Else {
			lines = append(lines, "  "+one)
		}
	}
	return append(lines, "", words.T("App version {version}, on {platform}.", "version", helpdesk.Version(s), "platform", helpdesk.PlatformIs(s.Platform)))
}

func showAdvice(d phrase.Decoded, c *helpdesk.Change) *shownAdvice {
	ad := helpdesk.Advise(d.Standing)
	v := &shownAdvice{
		Format: d.Version, Newer: d.Newer, Language: d.Lang, Platform: helpdesk.PlatformIs(d.Standing.Platform),
		Finding: ad.Finding, Next: ad.Next, Say: ad.Say, Press: some(ad.Press), Ask: ad.Ask, Then: ad.Then, Act: string(ad.Act), Else: some(ad.Else),
		Facts: helpdesk.Facts(d.Standing),
	}
	if d.Standing.Major+d.Standing.Minor > 0 {
		v.Version = helpdesk.Version(d.Standing)
	}
	if c != nil {
		v.Fixed, v.Different, v.Changed = &c.Fixed, c.Other, some(c.Lines)
	}
	return v
}

// some is a list that is there also when it is empty.
func some(list []string) []string { return append([]string{}, list...) }

// phraseTrouble says what is wrong with a phrase, and what to do about it.
func phraseTrouble(err error) string {
	m := explain.Error(err)
	return join(m.What, m.Next)
}

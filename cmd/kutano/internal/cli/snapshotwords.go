// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// The second screen of a terminal: what is shown there is not in what can be
// scrolled back to when it is left.
const (
	enterScreen = "\x1b[?1049h\x1b[2J\x1b[H"
	leaveScreen = "\x1b[2J\x1b[H\x1b[?1049l"
)

// showWords shows the words until Enter.
func (a *App) showWords(ctx context.Context, key []string) error {
	a.say(words.T("The recovery key is 16 words. Have paper and a pen ready: they are shown once."))
	if _, err := a.ask(ctx, words.T("Press Enter to see them: ")); err != nil {
		return err
	}
	text := enterScreen + words.T("Write these words down in their order, with their numbers:") + "\n\n" + wordTable(key) + "\n"
	if _, err := io.WriteString(a.Out, text); err != nil {
		return fmt.Errorf("show words: %w", err)
	}
	_, err := a.ask(ctx, words.T("Press Enter when you have written them down; they are then gone: "))
	if _, e := io.WriteString(a.Out, leaveScreen); err == nil && e != nil {
		err = fmt.Errorf("hide words: %w", e)
	}
	return err
}

// wordTable puts the words into four rows.
func wordTable(key []string) string {
	var rows [][]string
	for i, w := range key {
		if i%4 == 0 {
			rows = append(rows, nil)
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], fmt.Sprintf("%2d. %s", i+1, w))
	}
	return table(rows)
}

// proveWords has two of the words typed back. The terminal does not show them.
func (a *App) proveWords(ctx context.Context, key []string) error {
	a.say(words.T("Now type two of the words, to see that you have them."))
	for _, at := range rand.Perm(len(key))[:2] { //nolint:gosec // which words are asked for is no secret
		for left := tries; ; left-- {
			typed, err := a.askHidden(ctx, words.T("Word {n}: ", "n", at+1))
			if err != nil {
				return err
			}
			right := strings.EqualFold(strings.TrimSpace(typed.Reveal()), key[at])
			typed.Clear()
			if right {
				break
			}
			if left == 1 {
				return errUnproved()
			}
			a.say(words.T("That is not word {n}. Look at its number on your sheet.", "n", at+1))
		}
	}
	return nil
}

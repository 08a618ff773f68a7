// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// listTargets prints what can be written.
func (a *App) listTargets() error {
	list := []shownTarget{{shownFormat: ours, Ext: ".age", Encrypted: "always"}}
	for _, t := range targets() {
		list = append(list, shownTarget{
			shownFormat: shownFormat{ID: t.ID, App: t.App}, Ext: t.Ext, Several: t.Several,
			Encrypted: map[foreign.Locking]string{foreign.NeverLocked: "never", foreign.MayBeLocked: "optional", foreign.AlwaysLocked: "always"}[t.Locking],
		})
	}
	if a.json {
		a.doc = &document{Formats: list}
		return nil
	}
	var rows [][]string
	if isTerminal(a.Out) {
		rows = append(rows, []string{words.T("FORMAT"), words.T("APP"), words.T("FILE"), words.T("ENCRYPTED")})
	}
	for _, t := range list {
		rows = append(rows, []string{t.ID, t.App, t.Ext, lockWord(t.Encrypted)})
	}
	if _, err := io.WriteString(a.Out, table(rows)); err != nil {
		return fmt.Errorf("print formats: %w", err)
	}
	return nil
}

// completeFormat offers the formats for --format.
func completeFormat(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	ids := []string{ours.ID}
	for _, t := range targets() {
		ids = append(ids, t.ID)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func lockWord(encrypted string) string {
	switch encrypted {
	case "always":
		return words.T("always")
	case "never":
		return words.T("never")
	}
	return words.T("unless --plain")
}

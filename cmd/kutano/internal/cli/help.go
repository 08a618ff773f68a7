// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
)

// help prints a command's page: what it does, how it is called, examples.
// Cobra's own would do, but for its words and the template engine behind it.
func help(cmd *cobra.Command, _ []string) {
	out := cmd.OutOrStdout()
	text := cmd.Long
	if text == "" {
		text = cmd.Short + "."
	}
	fmt.Fprintf(out, "%s\n\n", strings.TrimSpace(text))
	_ = usageText(out, cmd)
}

func usageText(out io.Writer, cmd *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\n", words.T("Usage:"), useLine(cmd))
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", words.T("Commands:"))
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(&b, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(&b, "\n%s\n%s", words.T("Flags:"), cmd.LocalFlags().FlagUsages())
	}
	if cmd.HasAvailableInheritedFlags() {
		fmt.Fprintf(&b, "\n%s\n%s", words.T("Flags of every command:"), cmd.InheritedFlags().FlagUsages())
	}
	if cmd.HasExample() {
		fmt.Fprintf(&b, "\n%s\n%s\n", words.T("Examples:"), cmd.Example)
	}
	if !cmd.HasParent() {
		fmt.Fprintf(&b, "\n%s\n", words.T(`Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found or ambiguous,
4 locked or passphrase wrong, 5 keyring unavailable, 6 some entries refused,
7 cancelled.`))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func useLine(cmd *cobra.Command) string {
	if cmd.HasAvailableSubCommands() {
		return cmd.CommandPath() + " COMMAND"
	}
	return cmd.UseLine()
}

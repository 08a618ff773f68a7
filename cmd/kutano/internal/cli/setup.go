// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
)

// settingUp walks the set-up guide.
var settingUp = guided{
	name: "setup", flag: "entry", load: guide.Load,
	asks: func() string { return words.T("What do you want to do?") },
}

func (a *App) setupCommand() *cobra.Command {
	return a.guideCommand(settingUp, &cobra.Command{
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
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kutano/authenticator/assets/words"
)

// Command returns the whole command tree; running it sets a's flags and output.
func (a *App) Command() *cobra.Command { return a.tree("") }

// tree returns the root with one command, or with all where only names none:
// building a dozen commands takes longer than running the usual one.
func (a *App) tree(only string) *cobra.Command {
	root := &cobra.Command{
		Use:   "kutano",
		Short: words.T("Codes for the second step of signing in"),
		Long: words.T(`Kutano Authenticator on the command line: it makes the codes for the second
step of signing in, on this computer and without a network, for Kutano and for
any other service.

Your keys are kept in the keyring of this computer, or in a sealed file under
a passphrase where there is none. The app uses the same accounts.`),
		Example: words.T(`  kutano scan --screen          take the QR code that is on the screen
  kutano code kutano            print the code
  kutano code kutano --copy     copy it; it is cleared after 30 seconds
  kutano tour                   see it all work in a throw-away folder`),
		Version:       a.Version,
		Args:          noSuchCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.globalFlags(root.PersistentFlags())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	root.SetHelpFunc(help)
	root.SetUsageFunc(func(cmd *cobra.Command) error { return usageText(cmd.ErrOrStderr(), cmd) })
	if build := a.commands()[only]; build != nil {
		root.CompletionOptions.DisableDefaultCmd = true
		root.AddCommand(build())
		return root
	}
	for _, build := range a.commands() {
		root.AddCommand(build())
	}
	return root
}

// commands are the makers of all commands, by name.
func (a *App) commands() map[string]func() *cobra.Command {
	return map[string]func() *cobra.Command{
		"add": a.addCommand, "scan": a.scanCommand, "code": a.codeCommand, "list": a.listCommand,
		"edit": a.editCommand, "remove": a.removeCommand, "restore": a.restoreCommand,
		"show-qr": a.showQRCommand, "tour": a.tourCommand, serveName: a.clipboardCommand,
		"passphrase": a.passphraseCommand, "snapshot": a.snapshotCommand,
		"export": a.exportCommand, "import": a.importCommand, "clock": a.clockCommand,
		"link":    a.linkCommand,
		"profile": a.profileCommand, "setup": a.setupCommand, "recover": a.recoverCommand,
		"safe": a.safeCommand, "phrase": a.phraseCommand, "report": a.reportCommand, "helpdesk": a.helpdeskCommand,
		"practice": a.practiceCommand,
	}
}

// group is a command that only holds others.
func group(cmd *cobra.Command, parts ...*cobra.Command) *cobra.Command {
	cmd.Args = noSuchCommand
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(parts...)
	return cmd
}

// named returns the command that the arguments name, as far as that can be told
// without knowing its flags: the first word that is no global flag or its value.
func named(args []string) string {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--data" || arg == "--store" || arg == "--passphrase-fd":
			i++
		case strings.HasPrefix(arg, "-"):
		default:
			return arg
		}
	}
	return ""
}

func (a *App) globalFlags(f *pflag.FlagSet) {
	f.StringVar(&a.data, "data", "", words.T("the data `folder` (else $KUTANO_DATA, else the usual place)"))
	f.StringVar(&a.store, "store", "", words.T("where to keep the keys, chosen at first use: `keyring|file`"))
	f.IntVar(&a.fd, "passphrase-fd", -1, words.T("read the passphrase of the keys from file descriptor `N`"))
	f.BoolVar(&a.json, "json", false, words.T("print one JSON object"))
}

// noSuchCommand refuses a first word that is no command. It does not repeat
// the word: it may be a key, given in the wrong place.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := words.T("Run kutano help to see all commands.")
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		path := cmd.CommandPath() + " "
		hint = words.T("Did you mean: {command}", "command", path+strings.Join(s, ", "+path))
	}
	return usage(words.T("There is no such command."), hint)
}

// noArgs refuses arguments without repeating them: they may be keys.
func noArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage(words.T("This command takes no names or keys as arguments."),
		words.T("Keys are read from standard input or a prompt, because other programs can see arguments."))
}

// oneQuery wants the words that name one account.
func oneQuery(_ *cobra.Command, args []string) error {
	if len(args) == 1 && strings.TrimSpace(args[0]) != "" {
		return nil
	}
	return usage(words.T("Name one account."),
		words.T("Give its name, or its id from kutano list --json. Put several words in quotes."))
}

// plainName tells whether a word is a flag's name as a person means it, and so
// safe to repeat: no key is that short.
func plainName(s string) bool {
	return len(s) <= 15 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// flagError says what is wrong with a flag without repeating its value.
func flagError(err error) error {
	hint := words.T("Add --help to see what this command takes.")
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	switch {
	case errors.As(err, &missing):
		return usage(words.T("{flag} needs a value.", "flag", "--"+missing.GetFlag().Name), hint)
	case errors.As(err, &wrong):
		return usage(words.T("That is not a value for {flag}.", "flag", "--"+wrong.GetFlag().Name), hint)
	case errors.As(err, &unknown) && plainName(unknown.GetSpecifiedName()):
		return usage(words.T("There is no flag {flag} here.", "flag", "--"+unknown.GetSpecifiedName()), hint)
	}
	return usage(words.T("There is no such flag here."), hint)
}

// say prints what a person is told beside the result.
func (a *App) say(sentence string) { fmt.Fprintln(a.Err, sentence) }

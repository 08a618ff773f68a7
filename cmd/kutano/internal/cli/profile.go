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
	"github.com/kutano/authenticator/recovery/profile"
)

func (a *App) profileCommand() *cobra.Command {
	return group(&cobra.Command{
		Use:   "profile",
		Short: words.T("What your workspace says about itself"),
		Long: words.T(`A workspace can hand out a profile: a small text file that says how its accounts
are recognised, where its settings page is, whom to ask for help, and what to
mind at the steps of kutano setup. It comes as a file, as a QR code or by paste,
holds nothing secret, and can be signed.

A signature tells that nobody changed the profile after it was signed. Whose key
that is only a person can know: the first signer is remembered, and another one
is asked about.`),
		Example: words.T(`  kutano profile show
  kutano profile use workspace.toml
  kutano profile use --screen       with its QR code on the screen
  kutano profile reset`),
	}, a.profileShowCommand(), a.profileUseCommand(), a.profileSignCommand(), a.profileKeyCommand(), a.profileQRCommand(), a.profileResetCommand())
}

func (a *App) profileShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show [FILE]",
		Short: words.T("Show the profile in use, or one in a file"),
		Long: words.T(`Shows what the profile in use says, or that in a file: a .toml file, a picture of
its QR code, or - for standard input. Nothing is changed.`),
		Example: words.T(`  kutano profile show
  kutano profile show workspace.toml --json`),
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := a.profiles()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				p, err := a.readProfile(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return a.showProfile(k, p, true)
			}
			p, own, err := k.Current()
			if err != nil {
				a.warn(explain.Error(err))
			}
			return a.showProfile(k, p, own)
		},
	}
}

// profiles is the keeper of the data folder's profile.
func (a *App) profiles() (profile.Keeper, error) {
	dir, err := a.folder()
	return profile.In(dir), err
}

// profile is the profile in use. That one cannot be read is told, and the usual
// one is used.
func (a *App) profile() (profile.Profile, error) {
	k, err := a.profiles()
	if err != nil {
		return profile.Profile{}, err
	}
	p, _, err := k.Current()
	if err != nil {
		a.warn(explain.Error(err))
	}
	return p, nil
}

// shownProfile is a profile. Every field is always there.
type shownProfile struct {
	Name         string      `json:"name"`
	Issuers      []string    `json:"issuers"`
	Settings     string      `json:"settings"`
	Help         string      `json:"help"`
	Service      string      `json:"service"`
	Contact      string      `json:"contact"`
	ReviewMonths int         `json:"review_months"` // 0 for never
	Notes        []shownNote `json:"notes"`
	Own          bool        `json:"own"`    // a workspace's, not the usual one
	Signer       string      `json:"signer"` // the key's fingerprint, "" where it is not signed
	// Trust is unsigned, first, known, other (than the remembered signer) or
	// not_signed (though a signer is remembered).
	Trust string `json:"trust"`
}

type shownNote struct {
	Step string `json:"step"`
	Text string `json:"text"`
}

var trusts = map[profile.Trust]string{
	profile.Unsigned: "unsigned", profile.First: "first", profile.Known: "known", profile.Other: "other", profile.NotSigned: "not_signed",
}

func (a *App) showProfile(k profile.Keeper, p profile.Profile, own bool) error {
	trust, err := k.Trust(p)
	if err != nil {
		trust = profile.Unsigned // the reason was told
	}
	if a.json {
		s := &shownProfile{
			Name: p.Name, Issuers: p.Issuers, Settings: p.Settings, Help: p.Help, Service: p.Service, Contact: p.Contact,
			ReviewMonths: p.ReviewMonths, Notes: []shownNote{}, Own: own, Trust: trusts[trust],
		}
		for _, n := range p.Notes {
			s.Notes = append(s.Notes, shownNote(n))
		}
		if p.Signed() {
			s.Signer = p.Signer.Fingerprint()
		}
		a.doc = &document{Profile: s}
		return nil
	}
	text := profileTable(p)
	if own {
		text += trust.Says(p) + "\n"
	} else {
		text += words.T("This is the usual profile, which comes with the program.") + "\n"
	}
	if _, err := io.WriteString(a.Out, text); err != nil {
		return fmt.Errorf("print profile: %w", err)
	}
	return nil
}

func profileTable(p profile.Profile) string {
	var rows [][]string
	for _, l := range p.Lines() {
		rows = append(rows, []string{l.Name, clean(l.Value)})
	}
	return table(rows)
}

// oneFile wants at most one file, and no key or profile as an argument.
func oneFile(_ *cobra.Command, args []string) error {
	if len(args) > 1 || len(args) == 1 && (strings.Contains(args[0], "://") || profile.IsQR(args[0])) {
		return usage(words.T("Name one file, or - for standard input."), words.T("Add --help to see what this command takes."))
	}
	return nil
}

func (a *App) profileResetCommand() *cobra.Command {
	var signer bool
	cmd := &cobra.Command{
		Use:   "reset",
		Short: words.T("Go back to the usual profile"),
		Long: words.T(`Goes back to the profile that comes with the program. The signer of the
workspace's profiles stays remembered, unless --signer says to forget it, too.`),
		Example: words.T(`  kutano profile reset`),
		Args:    noArgs,
	}
	cmd.Flags().BoolVar(&signer, "signer", false, words.T("forget the remembered signer, too"))
	cmd.RunE = func(*cobra.Command, []string) error {
		k, err := a.profiles()
		if err != nil {
			return err
		}
		if err := k.Reset(signer); err != nil {
			return err
		}
		if a.json {
			return a.showProfile(k, profile.Default(), false)
		}
		a.say(words.T("The usual profile is used again."))
		return nil
	}
	return cmd
}

// useProfile shows a profile, asks where a person is there, and keeps it.
func (a *App) useProfile(ctx context.Context, p profile.Profile, yes bool) error {
	k, err := a.profiles()
	if err != nil {
		return err
	}
	trust, err := k.Trust(p)
	if err != nil {
		return err
	}
	if !a.json {
		fmt.Fprint(a.Err, profileTable(p)+trust.Says(p)+"\n")
	}
	if !yes && (a.interactive() || trust.Asks()) {
		sure, err := a.confirm(ctx, words.T("Use this profile?"), "--yes", !trust.Asks())
		if err != nil || !sure {
			return orDeclined(err)
		}
	}
	if err := k.Use(p); err != nil {
		return err
	}
	if a.json {
		return a.showProfile(k, p, true)
	}
	a.say(words.T("The profile is used from now on."))
	return nil
}

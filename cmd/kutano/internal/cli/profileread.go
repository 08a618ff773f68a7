// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

func (a *App) profileUseCommand() *cobra.Command {
	var screen, clip, yes bool
	cmd := &cobra.Command{
		Use:   "use FILE | --screen | --clipboard",
		Short: words.T("Use a workspace's profile"),
		Long: words.T(`Reads a profile from a .toml file, from a picture of its QR code, from standard
input (-), from the screens or from the clipboard. Shows it and who signed it,
asks in a terminal, and uses it from then on.

Where another signer's profile was used before, it has to be confirmed: without
a terminal by --yes.`),
		Example: words.T(`  kutano profile use workspace.toml
  kutano profile use --screen`),
	}
	cmd.Flags().BoolVar(&screen, "screen", false, words.T("look at all screens"))
	cmd.Flags().BoolVar(&clip, "clipboard", false, words.T("look into the clipboard"))
	cmd.Flags().BoolVar(&yes, "yes", false, words.T("use it without asking"))
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if sorts := len(args) + count(screen, clip); sorts != 1 {
			return usage(words.T("Say where the profile is: a file, --screen or --clipboard."), words.T("For example: kutano profile use workspace.toml"))
		}
		return oneFile(cmd, args)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		var p profile.Profile
		var err error
		switch {
		case screen:
			p, err = a.profileOnScreen(ctx)
		case clip:
			p, err = a.profileInClipboard(ctx)
		default:
			p, err = a.readProfile(ctx, args[0])
		}
		if err != nil {
			return err
		}
		return a.useProfile(ctx, p, yes)
	}
	return cmd
}

func count(all ...bool) int {
	n := 0
	for _, on := range all {
		if on {
			n++
		}
	}
	return n
}

// readProfile reads a file or, for -, standard input: text, or a picture with a
// QR code.
func (a *App) readProfile(ctx context.Context, path string) (profile.Profile, error) {
	data, err := a.readInput(ctx, path)
	if err != nil {
		return profile.Profile{}, fmt.Errorf("read profile: %w", err)
	}
	if scan.Known(data) {
		img, err := scan.Load(ctx, bytes.NewReader(data))
		if err != nil {
			return profile.Profile{}, err
		}
		return profileIn(ctx, img)
	}
	return profile.Parse(data)
}

// maxProfilePicture is far more than a screenshot of several screens has.
const maxProfilePicture = 32 << 20 // bytes

// readInput reads a file or, for -, standard input.
func (a *App) readInput(ctx context.Context, path string) ([]byte, error) {
	if path != "-" {
		return readFile(ctx, path, maxProfilePicture)
	}
	return inBackground(ctx, nil, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.In, maxProfilePicture)) })
}

// profileIn reads the one profile among the QR codes in pictures.
func profileIn(ctx context.Context, pictures ...image.Image) (profile.Profile, error) {
	var all []string
	for _, img := range pictures {
		texts, err := scan.Decode(ctx, img)
		if err != nil {
			return profile.Profile{}, err
		}
		all = append(all, texts...)
	}
	text, err := profile.Among(all)
	if err != nil {
		return profile.Profile{}, err
	}
	return profile.Parse([]byte(text))
}

func (a *App) profileOnScreen(ctx context.Context) (profile.Profile, error) {
	screens, err := scan.Screen(ctx)
	if err != nil {
		return profile.Profile{}, err
	}
	return profileIn(ctx, screens...)
}

func (a *App) profileInClipboard(ctx context.Context) (profile.Profile, error) {
	c, err := clipboard.Read(ctx)
	if err != nil {
		return profile.Profile{}, err
	}
	if c.Picture != nil {
		return profileIn(ctx, c.Picture)
	}
	return profile.Parse([]byte(c.Text))
}

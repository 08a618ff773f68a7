// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// dividing are the flags of kutano safe split.
type dividing struct {
	shares, needed int
	dir, owner     string
	text           bool
}

func (b *backups) splitCommand() *cobra.Command {
	f := dividing{}
	cmd := &cobra.Command{
		Use:   "split NAME",
		Short: words.T("Divide backup codes among people you trust"),
		Long: words.T(`Makes shares of the unused codes, a sheet to print for each person. As many of
them as you say bring the codes back with kutano safe join; fewer tell nothing.
Shares that are wrong, of another splitting, or too few are always noticed. When
you make new codes, the shares are worth nothing.`),
		Example: words.T(`  kutano safe split kutano --shares 3 --needed 2 --to shares
  kutano safe split kutano --shares 5 --needed 3 --to shares --owner Ana`),
		Args:              oneName,
		ValidArgsFunction: b.completeSet,
	}
	flags := cmd.Flags()
	flags.IntVar(&f.shares, "shares", 3, words.T("how many `SHARES` to make, 2 to 10"))
	flags.IntVar(&f.needed, "needed", 2, words.T("how many `SHARES` bring the codes back, at least 2"))
	flags.StringVar(&f.dir, "to", "", words.T("write them into a new `FOLDER`"))
	flags.StringVar(&f.owner, "owner", "", words.T("whose codes they are, for the sheets: a `PERSON`"))
	flags.BoolVar(&f.text, "text", false, words.T("write texts in place of sheets"))
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		if f.dir == "" {
			return usage(words.T("Say where the shares go."), words.T("For example: --to shares, a folder that is not there yet."))
		}
		set, err := b.find(ctx, args[0])
		if err != nil {
			return err
		}
		if set.Place != backupcodes.Here {
			return elsewhere(set)
		}
		if err := b.unlock(ctx); err != nil {
			return err
		}
		shares, err := b.safe.Divide(set.ID, f.needed, f.shares)
		if err != nil {
			return err
		}
		defer clearShares(shares)
		if err := b.writeShares(ctx, f, shares); err != nil {
			return err
		}
		return b.report(words.T("{n} shares are written. Give each to one person, and delete the files. Any {needed} bring the codes back.",
			"n", f.shares, "needed", f.needed), set)
	})
	return cmd
}

func clearShares(shares []split.Share) {
	for _, s := range shares {
		s.Clear()
	}
}

// writeShares writes all shares, or leaves none behind.
func (b *backups) writeShares(ctx context.Context, f dividing, shares []split.Share) (err error) {
	if err := os.Mkdir(f.dir, 0o700); err != nil {
		return fmt.Errorf("write shares: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(f.dir))
		}
	}()
	for _, s := range shares {
		name := fmt.Sprintf("share-%d-of-%d.pdf", s.Index, s.Of)
		if f.text {
			name = strings.TrimSuffix(name, ".pdf") + ".txt"
		}
		data, err := b.shareData(ctx, f, s)
		if err != nil {
			return err
		}
		err = atomicfile.Create(filepath.Join(f.dir, name), data)
		clear(data)
		if err != nil {
			return fmt.Errorf("write shares: %w", err)
		}
	}
	return nil
}

func (b *backups) joinCommand() *cobra.Command {
	f := adding{fd: -1}
	cmd := &cobra.Command{
		Use:   "join [FILE…]",
		Short: words.T("Bring backup codes back from shares"),
		Long: words.T(`Reads shares from pictures of their sheets, from text files, or from standard
input, where a line is a share as it is scanned, or typed letters end with an
empty line. The codes go into the safe.`),
		Example: words.T(`  kutano safe join share-1.png share-3.png
  kutano safe join < shares.txt`),
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.here, "here", false, words.T("keep them here though the account's key is on this device, too"))
	flags.StringVar(&f.pdf, "pdf", "", words.T("do not keep them: write a sheet to print as a new `FILE`, and note that"))
	flags.StringVar(&f.to, "to", "", words.T("do not keep them: write an encrypted new `FILE`, and note that"))
	newPassphraseFlag(flags, &f.fd)
	cmd.RunE = b.open(func(ctx context.Context, args []string) error {
		if err := f.validate(); err != nil {
			return err
		}
		n, err := b.join(ctx, args)
		if err != nil {
			return err
		}
		defer backupcodes.Reading{Codes: n.Codes}.Clear()
		acc, err := b.account(ctx, "", n.Title)
		if err != nil {
			return err
		}
		n.Account = string(acc.id)
		take := func(ctx context.Context, n backupcodes.New) (backupcodes.Set, error) {
			if len(n.Codes) == 0 {
				return b.safe.Note(ctx, n)
			}
			return b.safe.Keep(ctx, n)
		}
		switch {
		case f.pdf != "":
			return b.onPaper(ctx, f.pdf, n, take)
		case f.to != "":
			return b.intoFile(ctx, &f, n, take)
		}
		return b.here(ctx, &f, n, acc, take)
	})
	return cmd
}

// join reads shares and brings the codes back.
func (b *backups) join(ctx context.Context, files []string) (backupcodes.New, error) {
	texts, err := b.shareTexts(ctx, files)
	defer clearAll(texts...)
	if err != nil {
		return backupcodes.New{}, err
	}
	var shares []split.Share
	defer func() { clearShares(shares) }()
	for i, t := range texts {
		s, err := split.Parse(t)
		if err != nil {
			return backupcodes.New{}, &split.ShareError{At: i + 1, Err: err}
		}
		shares = append(shares, s)
	}
	return backupcodes.Rejoin(shares)
}

// shareData is what goes into a share's file.
func (b *backups) shareData(ctx context.Context, f dividing, s split.Share) ([]byte, error) {
	if f.text {
		text := s.Text()
		defer text.Clear()
		return append(bytes.Clone(text.Bytes()), '\n'), nil
	}
	return sheet.Share(ctx, sheet.SharePaper{Share: s, Owner: f.owner, Made: b.app.Clock.Now()})
}

// maxShareFile is far more than a picture of a sheet.
const maxShareFile = 64 << 20 // bytes

func (b *backups) shareTexts(ctx context.Context, files []string) (texts []secret.Value, err error) {
	if len(files) == 0 {
		if err := b.app.readGiven(ctx); err != nil {
			return nil, err
		}
		text, err := inBackground(ctx, nil, func() ([]byte, error) { return io.ReadAll(io.LimitReader(b.app.In, maxCodesFile)) })
		if err != nil {
			return nil, fmt.Errorf("read shares: %w", err)
		}
		defer clear(text)
		return shareParts(text), nil
	}
	for _, name := range files {
		data, err := readFile(ctx, name, maxShareFile)
		if err != nil {
			return texts, fmt.Errorf("read shares: %w", err)
		}
		found, err := shareFile(ctx, data)
		clear(data)
		if err != nil {
			return texts, err
		}
		texts = append(texts, found...)
	}
	return texts, nil
}

// shareFile returns the shares in a picture or in a text.
func shareFile(ctx context.Context, data []byte) ([]secret.Value, error) {
	if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil {
		return shareParts(data), nil
	}
	img, err := scan.Load(ctx, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	found, err := scan.Decode(ctx, img)
	if err != nil {
		return nil, err
	}
	var texts []secret.Value
	for _, s := range found {
		texts = append(texts, secret.FromString(s))
	}
	return texts, nil
}

// shareParts divides a text into shares: at empty lines, and before each line
// that begins one as it is scanned.
func shareParts(text []byte) (parts []secret.Value) {
	var part []byte
	end := func() {
		if len(bytes.TrimSpace(part)) > 0 {
			parts = append(parts, secret.New(part))
		}
		part = nil
	}
	for _, line := range bytes.SplitAfter(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || bytes.HasPrefix(bytes.ToUpper(line), []byte("KUTANO-SHARE:")) {
			end()
		}
		part = append(append(part, line...), '\n')
	}
	end()
	return parts
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// maxCodesFile is more than any text with codes has; [backupcodes.Split] says so.
const maxCodesFile = 1 << 20 // bytes

// read reads codes, the way of reading that is meant first.
func (b *backups) read(ctx context.Context, f *adding) ([]backupcodes.Reading, error) {
	text, err := b.readText(ctx, f)
	if err != nil {
		return nil, err
	}
	defer text.Clear()
	readings, err := backupcodes.Split(text)
	if err != nil {
		return nil, err
	}
	if !f.whole && !f.apart {
		return readings, nil
	}
	if other := readings[0].Other; other != nil && readings[0].Whole != f.whole {
		readings[0].Clear()
		return nil, fmt.Errorf("read backup codes: %w", other)
	}
	chosen := slices.DeleteFunc(readings, func(r backupcodes.Reading) bool {
		drop := len(readings) > 1 && r.Whole != f.whole
		if drop {
			r.Clear()
		}
		return drop
	})
	return chosen, nil
}

func (b *backups) readText(ctx context.Context, f *adding) (secret.Value, error) {
	a := b.app
	switch {
	case f.file != "" && f.file != toOut:
		text, err := readFile(ctx, f.file, maxCodesFile)
		if err != nil {
			return secret.Value{}, fmt.Errorf("read backup codes: %w", err)
		}
		return secret.New(text), nil
	case b.fd == 0 || f.fd == 0:
		return secret.Value{}, usage(words.T("Standard input cannot be both the codes and the passphrase."),
			words.T("Give the passphrase on another descriptor: {flag} 3 3< file", "flag", "--"+safeFlag))
	case a.interactive() && f.file == "":
		return b.typeCodes(ctx)
	}
	if err := a.readGiven(ctx); err != nil {
		return secret.Value{}, err
	}
	text, err := inBackground(ctx, nil, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.In, maxCodesFile)) })
	if err != nil {
		return secret.Value{}, fmt.Errorf("read backup codes: %w", err)
	}
	return secret.New(text), nil
}

// typeCodes has the codes typed or pasted, line by line, without showing them.
func (b *backups) typeCodes(ctx context.Context) (secret.Value, error) {
	b.app.say(words.T("Type or paste the codes, one on each line. They are not shown. End with an empty line."))
	var all []byte
	for n := 1; ; n++ {
		line, err := b.app.askHidden(ctx, words.T("Line {n}: ", "n", n))
		if err != nil {
			clear(all)
			return secret.Value{}, err
		}
		if line.Len() == 0 || len(all) > maxCodesFile {
			return secret.New(all), nil
		}
		longer := append(append(make([]byte, 0, len(all)+line.Len()+1), all...), line.Bytes()...)
		clear(all)
		line.Clear()
		all = append(longer, '\n')
	}
}

// agree shows a person how the codes were read, only their shape, and asks.
func (b *backups) agree(ctx context.Context, readings []backupcodes.Reading) (backupcodes.Reading, error) {
	for i, r := range readings {
		b.app.say(describe(r, i, len(readings)))
		for j, c := range r.Codes {
			b.app.say(fmt.Sprintf("%4d  %s", j+1, shape(c.Reveal())))
		}
		yes, err := b.app.confirm(ctx, words.T("Are these the codes?"), "--yes", true)
		if err != nil {
			return backupcodes.Reading{}, err
		}
		if yes {
			return r, nil
		}
	}
	return backupcodes.Reading{}, declined()
}

// shape shows the beginning of a code and how it is grouped.
func shape(code string) string {
	const seen = 2
	var out strings.Builder
	for i, r := range []rune(code) {
		if i >= seen && r != ' ' && r != '-' && utf8.RuneCountInString(code) > seen {
			r = '•'
		}
		out.WriteRune(r)
	}
	return clean(out.String())
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/zipfile"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// winAuth reads the export of WinAuth: a zip archive, with a password or
// without, of one text with a key URI a line.
type winAuth struct{}

func (winAuth) Format() foreign.Format { return foreign.Format{ID: "winauth", App: "WinAuth"} }

// texts returns the files of text, where there is nothing else.
func (winAuth) texts(s *foreign.Source) []*zipfile.File {
	if !zipfile.Is(s.Data) {
		return nil
	}
	a, err := zipfile.Open(s.Data)
	if err != nil {
		return nil
	}
	for _, f := range a.Files {
		if !strings.EqualFold(path.Ext(f.Name()), ".txt") {
			return nil
		}
	}
	return a.Files
}

// Detect is not sure of what is under a password: that may be any text.
func (w winAuth) Detect(s *foreign.Source) foreign.Match {
	for _, f := range w.texts(s) {
		if f.Locked() {
			return foreign.Maybe
		}
		text, err := f.Read(context.Background(), nil)
		if err != nil {
			return foreign.Maybe // what is wrong with it is said when it is read
		}
		has := bytes.Contains(text, []byte("otpauth://"))
		clear(text)
		if has {
			return foreign.Sure
		}
	}
	return foreign.No
}

func (w winAuth) Lock(s *foreign.Source) (foreign.Lock, error) {
	for _, f := range w.texts(s) {
		if f.Locked() {
			return foreign.Password, nil
		}
	}
	return foreign.Open, nil
}

func (w winAuth) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	var all []byte // of all files: nothing comes of those before one that the password does not open
	defer func() { clear(all) }()
	for _, f := range w.texts(s) {
		text, err := f.Read(ctx, pass.Bytes())
		if err != nil {
			return err
		}
		joined := slices.Concat(all, foreign.Bare(text), []byte("\n"))
		clear(text)
		clear(all)
		all = joined
	}
	return readURILines(ctx, all, add)
}

// readURILines adds an entry for each line that is meant to be a key URI.
func readURILines(ctx context.Context, text []byte, add func(foreign.Entry)) error {
	for line := range bytes.Lines(text) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if line = bytes.TrimSpace(line); bytes.Contains(line, []byte("://")) {
			add(winAuthURI(string(line)))
		}
	}
	return nil
}

// winAuthURI reads a key URI. Those of Steam's accounts say so by their digits alone.
func winAuthURI(uri string) foreign.Entry {
	e := foreign.FromURI(uri)
	k := e.Key
	if e.Err != nil || k.Type != otpauth.TOTP || k.Digits != otpauth.SteamDigits || !strings.EqualFold(k.Issuer, "Steam") && !strings.Contains(uri, "&deviceid=") {
		return e
	}
	k.Type, k.Algorithm = otpauth.Steam, otpauth.SHA1
	e.Key = k.Normal()
	return e
}

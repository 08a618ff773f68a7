// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// ProtonAuthenticator reads what Proton Authenticator exports, plain or under a
// password.
var ProtonAuthenticator foreign.Reader = &reader{
	format: foreign.Format{ID: "proton-authenticator", App: "Proton Authenticator"},
	detect: func(s *foreign.Source) bool {
		return protonSealed(s.Shape()) || s.Shape().At("entries").Has("content") && s.Shape().At("entries", "content").Kind == foreign.Object
	},
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if !protonSealed(s.Shape()) {
			return foreign.Open, nil
		}
		var f protonSealedFile
		return foreign.Password, foreign.Decode(s.Data, &f)
	},
	read: readProton,
}

const (
	protonVersion = 1 // the newest that is known
	protonPasses  = 2
	protonMemory  = 19 << 10 // KiB
	protonNonce   = 12
	protonContext = "proton.authenticator.export.v1" // authenticated beside the content
)

// protonSealedFile is an export under a password. Its content begins with the nonce.
type protonSealedFile struct {
	Version foreign.Number `json:"version"`
	Salt    base64Bytes    `json:"salt"`
	Content base64Bytes    `json:"content"`
}

// protonEntry is an account. Type and parameters stand in the URI.
type protonEntry struct {
	ID      text `json:"id"`
	Content struct {
		URI       text `json:"uri"`
		EntryType text `json:"entry_type"`
		Name      text `json:"name"`
	} `json:"content"`
	Note text `json:"note"`
}

func protonSealed(shape foreign.Shape) bool {
	return shape.Has("version", "salt", "content") && len(shape.Fields) == 3 && shape.At("content").Kind == foreign.Text
}

func readProton(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if !protonSealed(s.Shape()) {
		return readProtonEntries(ctx, s, add)
	}
	var f protonSealedFile
	if err := foreign.Decode(s.Data, &f); err != nil {
		return err
	}
	nonce, sealed, ok := cut(f.Content, protonNonce)
	if !ok || len(sealed) < tagSize {
		return foreign.ErrCutShort
	}
	key, err := foreign.Argon2id(ctx, pass.Bytes(), f.Salt, protonPasses, protonMemory, 1, keySize)
	if err != nil {
		return err
	}
	defer clear(key)
	plain, err := openGCM(key, nonce, sealed, []byte(protonContext))
	if err != nil {
		return err
	}
	defer clear(plain)
	return newest(f.Version, protonVersion, add, func(add func(foreign.Entry)) error {
		return readProtonEntries(ctx, foreign.NewSource("", plain), add)
	})
}

func readProtonEntries(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	version := foreign.ParseNumber(s.Shape().At("version").Scalar)
	return newest(version, protonVersion, add, func(add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, protonEntry.entry), "entries")
	})
}

// entry takes the name from beside the URI: in the URI, an issuer in front of it
// cannot be told from a name with a colon.
func (p protonEntry) entry() foreign.Entry {
	name := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(p.Content.Name)), ":"))
	e := foreign.FromURI(string(p.Content.URI))
	if e.Err == nil && name != "" && name != e.Key.Issuer+":"+e.Key.Account {
		e.Key.Account = ""
	}
	e = e.Named("", name)
	e.Note = string(p.Note)
	return e
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// Cotp reads the database of cotp, as the program keeps it and as it exports it.
var Cotp foreign.Reader = &reader{
	format: foreign.Format{ID: "cotp", App: "cotp"},
	detect: func(s *foreign.Source) bool {
		shape := s.Shape()
		return cotpSealed(shape) || shape.At("elements").Has("secret", "label") || shape.Kind == foreign.Array && shape.Has("secret", "label", "pin")
	},
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if !cotpSealed(s.Shape()) {
			return foreign.Open, nil
		}
		var f cotpSealedFile
		return foreign.Password, foreign.Decode(s.Data, &f)
	},
	read: readCotp,
}

const (
	cotpVersion       = 2 // of the content, the newest that is known
	cotpSealedVersion = 1 // of what is around it
	cotpPasses        = 4
	cotpMemory        = 32 << 10 // KiB
	cotpThreads       = 4
)

// cotpSealedFile is the encrypted database: XChaCha20-Poly1305.
type cotpSealedFile struct {
	Version foreign.Number `json:"version"`
	Nonce   base64Bytes    `json:"nonce"`
	Salt    base64Bytes    `json:"salt"`
	Cipher  base64Bytes    `json:"cipher"`
}

// cotpElement is an account.
type cotpElement struct {
	Secret    text           `json:"secret"`
	Issuer    text           `json:"issuer"`
	Label     text           `json:"label"`
	Digits    foreign.Number `json:"digits"`
	Type      text           `json:"type"`
	Algorithm text           `json:"algorithm"`
	Period    foreign.Number `json:"period"`
	Counter   foreign.Number `json:"counter"`
}

func cotpSealed(shape foreign.Shape) bool { return shape.Has("nonce", "salt", "cipher") }

func readCotp(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if !cotpSealed(s.Shape()) {
		return readCotpElements(ctx, s, add)
	}
	var f cotpSealedFile
	if err := foreign.Decode(s.Data, &f); err != nil {
		return err
	}
	plain, err := f.open(ctx, pass.Bytes())
	if err != nil {
		return err
	}
	defer clear(plain)
	return newest(f.Version, cotpSealedVersion, add, func(add func(foreign.Entry)) error {
		return readCotpElements(ctx, foreign.NewSource("", plain), add)
	})
}

func (f *cotpSealedFile) open(ctx context.Context, pass []byte) ([]byte, error) {
	if len(f.Nonce) != chacha20poly1305.NonceSizeX {
		return nil, foreign.ErrDamaged
	}
	key, err := foreign.Argon2id(ctx, pass, f.Salt, cotpPasses, cotpMemory, cotpThreads, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	x, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	plain, err := x.Open(nil, f.Nonce, f.Cipher, nil)
	if err != nil {
		return nil, foreign.ErrPassword
	}
	return plain, nil
}

// readCotpElements reads the content. Its first version was nothing but the list.
func readCotpElements(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	if s.Shape().Kind == foreign.Array {
		return foreign.Elements(ctx, s.Data, each(add, cotpElement.entry))
	}
	version := foreign.ParseNumber(s.Shape().At("version").Scalar)
	return newest(version, cotpVersion, add, func(add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, cotpElement.entry), "elements")
	})
}

func (c cotpElement) entry() foreign.Entry {
	return foreign.Fields{
		Type: strings.ToLower(string(c.Type)), Issuer: string(c.Issuer), Name: string(c.Label), Secret: string(c.Secret),
		Algorithm: string(c.Algorithm), Digits: c.Digits, Period: c.Period, Counter: c.Counter,
	}.Entry()
}

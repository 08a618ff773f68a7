// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1" //nolint:gosec // the format's own
	"encoding/json"
	"strconv"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// Stratum reads backups of Stratum, which was called Authenticator Pro: plain,
// encrypted, encrypted as it was before version 1.22, and as HTML.
var Stratum foreign.Reader = &reader{
	format: foreign.Format{ID: "stratum", App: "Stratum (Authenticator Pro)"},
	detect: func(s *foreign.Source) bool {
		return stratumStrong(s.Data) || stratumLegacy(s.Data) || detectStratumJSON(s.Shape()) || detectStratumHTML(s.Data)
	},
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if stratumStrong(s.Data) || stratumLegacy(s.Data) {
			return foreign.Password, nil
		}
		return foreign.Open, nil
	},
	read: readStratum,
}

const (
	stratumStrongMark = "AUTHENTICATORPRO"
	stratumStrongSalt = 16
	stratumStrongIV   = 12
	stratumPasses     = 3
	stratumMemory     = 64 << 10 // KiB
	stratumThreads    = 4

	stratumLegacyMark = "AuthenticatorPro"
	stratumLegacySalt = 20
	stratumRounds     = 64_000
)

// stratumAuthenticator is an account.
type stratumAuthenticator struct {
	Type      foreign.Number `json:"Type"`
	Icon      text           `json:"Icon"`
	Issuer    text           `json:"Issuer"`
	Username  text           `json:"Username"`
	Secret    text           `json:"Secret"`
	Pin       text           `json:"Pin"`
	Algorithm foreign.Number `json:"Algorithm"`
	Digits    foreign.Number `json:"Digits"`
	Period    foreign.Number `json:"Period"`
	Counter   foreign.Number `json:"Counter"`
	Ranking   foreign.Number `json:"Ranking"`
}

// stratumCategory puts an account into a category. Accounts are told apart by
// their secret alone.
type stratumCategory struct {
	CategoryID          text `json:"CategoryId"`
	AuthenticatorSecret text `json:"AuthenticatorSecret"`
}

// The numbers that stand for types and algorithms.
var (
	stratumTypes      = map[int64]string{1: "hotp", 2: "totp", 3: "motp", 4: "steam", 5: "yandex"}
	stratumAlgorithms = map[int64]string{0: "SHA1", 1: "SHA256", 2: "SHA512"}
)

func stratumStrong(data []byte) bool { return bytes.HasPrefix(data, []byte(stratumStrongMark)) }
func stratumLegacy(data []byte) bool { return bytes.HasPrefix(data, []byte(stratumLegacyMark)) }

func detectStratumJSON(shape foreign.Shape) bool {
	return shape.Has("Authenticators") &&
		(shape.Has("Categories") || shape.Has("AuthenticatorCategories") || shape.At("Authenticators").Has("Issuer", "Secret", "Type"))
}

func readStratum(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	switch {
	case stratumStrong(s.Data):
		return readStratumSealed(ctx, s.Data, pass.Bytes(), openStratum, add)
	case stratumLegacy(s.Data):
		return readStratumSealed(ctx, s.Data, pass.Bytes(), openLegacyStratum, add)
	case detectStratumJSON(s.Shape()):
		return readStratumJSON(ctx, s, add)
	}
	return readStratumHTML(ctx, s.Data, add)
}

func readStratumSealed(ctx context.Context, data, pass []byte, open func(context.Context, []byte, []byte) ([]byte, error), add func(foreign.Entry)) error {
	plain, err := open(ctx, data, pass)
	if err != nil {
		return err
	}
	defer clear(plain)
	return readStratumJSON(ctx, foreign.NewSource("", plain), add)
}

func readStratumJSON(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	categories := stratumCategories(ctx, s)
	return foreign.Elements(ctx, s.Data, each(add, func(a stratumAuthenticator) foreign.Entry {
		e := a.entry()
		e.Tags = categories[a.Secret].strings()
		return e
	}), "Authenticators")
}

// stratumCategories returns the names of the categories by secret.
func stratumCategories(ctx context.Context, s *foreign.Source) map[text]texts {
	shape := s.Shape()
	if !shape.Has("Categories", "AuthenticatorCategories") {
		return nil
	}
	names := nameList(ctx, s.Data, "Categories")
	all := map[text]texts{}
	_ = foreign.Elements(ctx, s.Data, func(raw json.RawMessage) {
		if c, ok := decoded[stratumCategory](raw); ok {
			all[c.AuthenticatorSecret] = append(all[c.AuthenticatorSecret], names[c.CategoryID])
		}
	}, "AuthenticatorCategories")
	return all
}

func (a stratumAuthenticator) entry() foreign.Entry {
	return foreign.Fields{
		Type: byNumber(a.Type, stratumTypes, "totp"), Issuer: string(a.Issuer), Name: string(a.Username),
		Secret: string(a.Secret), Algorithm: byNumber(a.Algorithm, stratumAlgorithms, "SHA1"),
		Digits: a.Digits, Period: a.Period, Counter: a.Counter,
	}.Entry()
}

// byNumber returns what a number stands for, def where there is none, and else
// something that means nothing.
func byNumber(n foreign.Number, names map[int64]string, def string) string {
	if !n.Set {
		return def
	}
	if name := names[n.Value]; name != "" && !n.Bad {
		return name
	}
	return "number-" + strconv.FormatInt(n.Value, 10)
}

func openStratum(ctx context.Context, data, pass []byte) ([]byte, error) {
	salt, rest, ok := cut(data[len(stratumStrongMark):], stratumStrongSalt)
	iv, sealed, fits := cut(rest, stratumStrongIV)
	if !ok || !fits || len(sealed) < tagSize {
		return nil, foreign.ErrCutShort
	}
	key, err := foreign.Argon2id(ctx, pass, salt, stratumPasses, stratumMemory, stratumThreads, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return openGCM(key, iv, sealed, nil)
}

// openLegacyStratum decrypts AES-CBC, which nothing authenticates: what makes no
// sense was opened with a wrong password.
func openLegacyStratum(ctx context.Context, data, pass []byte) ([]byte, error) {
	salt, rest, ok := cut(data[len(stratumLegacyMark):], stratumLegacySalt)
	iv, sealed, fits := cut(rest, aes.BlockSize)
	if !ok || !fits || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, foreign.ErrCutShort
	}
	key, err := foreign.PBKDF2(ctx, sha1.New, pass, salt, stratumRounds, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	plain := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, sealed)
	plain, ok = unpad(plain)
	if !ok || !bytes.HasPrefix(bytes.TrimSpace(foreign.Bare(plain)), []byte("{")) {
		clear(plain)
		return nil, foreign.ErrPassword
	}
	return plain, nil
}

// unpad takes the padding off (RFC 5652 section 6.3).
func unpad(plain []byte) ([]byte, bool) {
	n := int(plain[len(plain)-1])
	if n < 1 || n > aes.BlockSize || n > len(plain) {
		return nil, false
	}
	for _, c := range plain[len(plain)-n:] {
		if int(c) != n {
			return nil, false
		}
	}
	return plain[:len(plain)-n], true
}

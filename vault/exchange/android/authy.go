// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"cmp"
	"context"
	"crypto/aes"
	"crypto/sha1" // #nosec G505 -- what Authy derives keys with
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// authy reads the preferences of Authy on Android, and the JSON in which its server
// hands out accounts, as people export it, before and after decryption.
type authy struct{}

// Names of what there is.
const (
	authyPrefs     = "com.authy.storage.tokens.authenticator.key"
	authyOwnPrefs  = "com.authy.storage.tokens.authy.key"
	authyList      = "authenticator_tokens"
	authyPlainList = "decrypted_authenticator_tokens"
)

func (authy) Format() foreign.Format { return foreign.Format{ID: "authy", App: "Authy"} }

func (authy) Detect(s *foreign.Source) foreign.Match {
	if isPrefs(s.Data, authyPrefs, authyOwnPrefs) || s.Shape().Has(authyList) || s.Shape().Has(authyPlainList) {
		return foreign.Sure
	}
	return foreign.No
}

// authyToken is an account, in the preferences or in JSON.
type authyToken struct {
	Name           string         `json:"name"`
	Issuer         string         `json:"issuer"`
	OriginalName   string         `json:"originalName"`
	OriginalLabel  string         `json:"original_name"`
	OriginalIssuer string         `json:"originalIssuer"`
	Digits         foreign.Number `json:"digits"`

	Decrypted     string `json:"decryptedSecret"` // base32
	DecryptedSeed string `json:"decrypted_seed"`
	Encrypted     string `json:"encryptedSecret"` // base64 of the encrypted base32
	EncryptedSeed string `json:"encrypted_seed"`
	Own           string `json:"secretSeed"` // hexadecimal, of services that use Authy's own codes

	Salt   string         `json:"salt"` // as it stands
	IV     string         `json:"unique_iv"`
	Rounds foreign.Number `json:"key_derivation_iterations"`

	bad bool // it is no proper JSON object
}

func (t *authyToken) plain() string     { return cmp.Or(t.Decrypted, t.DecryptedSeed) }
func (t *authyToken) encrypted() string { return cmp.Or(t.Encrypted, t.EncryptedSeed) }

// sealed tells whether it takes a password.
func (t *authyToken) sealed() bool { return t.plain() == "" && t.Own == "" && t.encrypted() != "" }

func (authy) Lock(s *foreign.Source) (foreign.Lock, error) {
	lock := foreign.Open
	var rounds, least uint64 // of those that can be opened, and the least of the others
	_ = eachAuthy(context.Background(), s, func(t authyToken) {
		if t.sealed() {
			lock = foreign.Password
			switch n := uint64(max(t.rounds(), 0)); {
			case n <= foreign.MaxRounds:
				rounds += n
			case least == 0 || n < least: // one among others is refused alone
				least = n
			}
		}
	})
	if rounds == 0 && least > 0 {
		return lock, foreign.Afford(foreign.Rounds, least, foreign.MaxRounds)
	}
	return lock, foreign.Afford(foreign.Rounds, rounds, maxAuthyRounds)
}

// Rounds of PBKDF2: what is meant where a file has no number, and the most for all accounts
// of a file. Authy has used 1,000, 10,000 and 100,000 for each.
const (
	authyRounds    = 1_000
	maxAuthyRounds = 5 * foreign.MaxRounds
)

func (t *authyToken) rounds() int {
	switch {
	case !t.Rounds.Set:
		return authyRounds
	case t.Rounds.Bad:
		return -1
	}
	return int(min(t.Rounds.Value, math.MaxInt32))
}

// eachAuthy calls each for the accounts, also those before an error.
func eachAuthy(ctx context.Context, s *foreign.Source, each func(authyToken)) error {
	one := func(raw json.RawMessage) {
		var t authyToken
		t.bad = json.Unmarshal(raw, &t) != nil
		each(t)
	}
	if s.Shape().Kind != foreign.NoJSON {
		list := authyList
		if !s.Shape().Has(list) {
			list = authyPlainList
		}
		return foreign.Elements(ctx, s.Data, one, list)
	}
	prefs, torn := parsePrefs(s.Data)
	for _, p := range prefs {
		if p.name != authyPrefs && p.name != authyOwnPrefs {
			continue
		}
		if err := foreign.Elements(ctx, []byte(p.value), one); err != nil {
			return err
		}
	}
	return torn
}

// Read reports all accounts once the password has opened one. Those that it does not open
// then are reported as such: they may be under an earlier password.
func (authy) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	r := authyReading{ctx: ctx, pass: pass}
	torn := eachAuthy(ctx, s, r.take)
	switch {
	case ctx.Err() != nil:
		r.clear()
		return ctx.Err()
	case r.opened == 0 && r.failed > 0:
		r.clear()
		return foreign.ErrPassword
	}
	for _, e := range r.entries {
		add(e)
	}
	return torn
}

// authyTries is how many accounts a password may fail on before it is wrong.
const authyTries = 10

// authyReading holds the accounts back until it is known whether the password is right.
type authyReading struct {
	ctx            context.Context
	pass           secret.Value
	entries        []foreign.Entry
	opened, failed int
}

func (r *authyReading) clear() {
	for _, e := range r.entries {
		e.Clear()
	}
}

func (r *authyReading) take(t authyToken) {
	if r.ctx.Err() != nil || r.opened == 0 && r.failed >= authyTries {
		return
	}
	if !t.sealed() {
		r.entries = append(r.entries, t.entry())
		return
	}
	var err error
	t.Decrypted, err = t.decrypt(r.ctx, r.pass)
	switch {
	case err == nil:
		r.opened++
		r.entries = append(r.entries, t.entry())
		return
	case errors.Is(err, foreign.ErrPassword):
		r.failed++
	}
	issuer, name := t.names()
	r.entries = append(r.entries, foreign.Refused(issuer, name, err))
}

// decrypt returns the secret in base32.
func (t *authyToken) decrypt(ctx context.Context, pass secret.Value) (string, error) {
	sealed, ok := fromBase64(t.encrypted())
	iv, err := hex.DecodeString(t.IV)
	if !ok || err != nil {
		return "", foreign.ErrDamaged
	}
	if len(iv) == 0 {
		iv = make([]byte, aes.BlockSize)
	}
	key, err := foreign.PBKDF2(ctx, sha1.New, pass.Bytes(), []byte(t.Salt), t.rounds(), 32)
	if err != nil {
		return "", err
	}
	defer clear(key)
	plain, ok := openCBC(key, iv, sealed)
	defer clear(plain)
	if !ok {
		return "", foreign.ErrPassword
	}
	k, err := otpauth.ParseSecret(string(plain))
	if err != nil {
		return "", foreign.ErrPassword
	}
	k.Clear()
	return string(plain), nil
}

// names returns issuer and account.
func (t *authyToken) names() (issuer, name string) {
	issuer = cmp.Or(t.OriginalIssuer, t.Issuer)
	original := cmp.Or(t.OriginalName, t.OriginalLabel)
	if issuer == "" && strings.Contains(original, ":") {
		issuer, _ = otpauth.SplitLabel(original, "")
	}
	return otpauth.SplitLabel(cmp.Or(t.Name, original), issuer)
}

// ownPeriod is that of Authy's own codes, in seconds. All others have the usual one.
const ownPeriod = 10

// entry makes an entry. The algorithm is in no file.
func (t *authyToken) entry() foreign.Entry {
	f := foreign.Fields{Secret: t.plain(), Digits: t.Digits}
	f.Issuer, f.Name = t.names()
	if t.bad {
		return foreign.Refused(f.Issuer, f.Name, foreign.ErrDamaged)
	}
	if t.Own != "" {
		raw, err := hex.DecodeString(t.Own)
		if err != nil {
			return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
		}
		f.Issuer, f.Name, f.Raw, f.Period = t.Name, "", raw, foreign.Int(ownPeriod)
	}
	e := f.Entry()
	if e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.AssumedSHA1)
	}
	return e
}

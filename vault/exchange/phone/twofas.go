// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// TwoFAS reads backups of 2FAS, of schema 1 to 4, from Android and iOS, plain or
// encrypted.
var TwoFAS foreign.Reader = &reader{
	format: foreign.Format{ID: "2fas", App: "2FAS"},
	detect: detectTwoFAS,
	lock:   lockTwoFAS,
	read:   readTwoFAS,
}

const (
	twoFASSchema = 4 // the newest that is known
	twoFASRounds = 10_000
)

// twoFASLocked is what an encrypted file has in place of its accounts, which are
// then an empty list.
type twoFASLocked struct {
	ServicesEncrypted text `json:"servicesEncrypted"` // data:salt:iv
	Reference         text `json:"reference"`         // likewise, to check the password by
}

// twoFASService is an account. Its Name is what the app shows, usually the issuer.
type twoFASService struct {
	Name      text        `json:"name"`
	Secret    text        `json:"secret"`
	UpdatedAt int64       `json:"updatedAt"`
	OTP       twoFASOTP   `json:"otp"`
	GroupID   text        `json:"groupId,omitempty"`
	Order     twoFASOrder `json:"order"`
}

type twoFASOrder struct {
	Position int `json:"position"`
}

// twoFASOTP is what makes the codes, and what was in the link from which the
// account was made. The fields are as edited since.
type twoFASOTP struct {
	Link      text           `json:"link,omitempty"`
	Label     *text          `json:"label,omitempty"`
	Account   *text          `json:"account,omitempty"`
	Issuer    text           `json:"issuer,omitempty"`
	Digits    foreign.Number `json:"digits,omitzero"`
	Period    foreign.Number `json:"period,omitzero"`
	Algorithm text           `json:"algorithm,omitempty"`
	Counter   foreign.Number `json:"counter,omitzero"`
	TokenType text           `json:"tokenType,omitempty"`
	Source    text           `json:"source,omitempty"`
}

func detectTwoFAS(s *foreign.Source) bool {
	shape := s.Shape()
	return shape.Has("schemaVersion") && (shape.Has("services") || shape.Has("servicesEncrypted") || shape.Has("appOrigin")) ||
		shape.At("services").Has("name", "secret", "otp")
}

func lockTwoFAS(s *foreign.Source) (foreign.Lock, error) {
	if s.Shape().At("servicesEncrypted").Kind != foreign.Text {
		return foreign.Open, nil
	}
	var f twoFASLocked
	if err := foreign.Decode(s.Data, &f); err != nil {
		return foreign.Password, err
	}
	_, err := parseTwoFASSealed(f.ServicesEncrypted)
	return foreign.Password, err
}

func readTwoFAS(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	shape := s.Shape()
	groups := map[text]text{}
	if shape.Has("groups") {
		groups = nameList(ctx, s.Data, "groups")
	}
	return newest(foreign.ParseNumber(shape.At("schemaVersion").Scalar), twoFASSchema, add, func(add func(foreign.Entry)) error {
		entry := each(add, func(t twoFASService) foreign.Entry { return t.entry(groups) })
		if err := foreign.Elements(ctx, s.Data, entry, "services"); err != nil || shape.At("servicesEncrypted").Kind != foreign.Text {
			return err
		}
		plain, err := openTwoFAS(ctx, s.Data, pass.Bytes())
		if err != nil {
			return err
		}
		defer clear(plain)
		return foreign.Elements(ctx, plain, entry)
	})
}

func (t twoFASService) entry(groups map[text]text) foreign.Entry {
	link, inLink := t.OTP.fromLink()
	account, fromLink := t.OTP.account(link)
	f := foreign.Fields{
		Name:      account,
		Type:      string(t.OTP.TokenType),
		Issuer:    strings.TrimSpace(string(t.OTP.Issuer)),
		Secret:    string(t.Secret),
		Algorithm: string(t.OTP.Algorithm),
		Digits:    t.OTP.Digits, Period: t.OTP.Period, Counter: t.OTP.Counter,
	}
	if name := strings.TrimSpace(string(t.Name)); f.Issuer == "" && name != strings.TrimSpace(account) {
		f.Issuer = name // else it is there only because 2FAS wants one
	}
	if inLink {
		f.Type, f.Algorithm = cmp.Or(f.Type, link.Type.String()), cmp.Or(f.Algorithm, link.Algorithm.String())
		f.Issuer = cmp.Or(f.Issuer, link.Issuer)
		f.Digits, f.Period = f.Digits.Or(foreign.Int(int64(link.Digits))), f.Period.Or(foreign.Int(int64(link.Period)))
	}
	e := f.Entry()
	if fromLink && e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.FromLink)
	}
	e.Tags = texts{groups[t.GroupID]}.strings()
	return e
}

// account returns the account's name. An empty one was emptied by its owner; one
// that is not there may be in the label, or in the link alone.
func (o twoFASOTP) account(link otpauth.Key) (name string, fromLink bool) {
	switch {
	case o.Account != nil:
		return string(*o.Account), false
	case o.Label != nil:
		label := string(*o.Label)
		if issuer := string(o.Issuer); issuer != "" {
			label = strings.TrimPrefix(label, issuer+":")
		}
		return label, false
	}
	return link.Account, link.Account != ""
}

// fromLink reads the link. On iOS it says [hidden] in place of the secret.
func (o twoFASOTP) fromLink() (otpauth.Key, bool) {
	uri, query, _ := strings.Cut(string(o.Link), "?")
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if name, _, _ := strings.Cut(part, "="); !strings.EqualFold(name, "secret") {
			kept = append(kept, part)
		}
	}
	const anySecret = "secret=AAAAAAAA"
	k, err := otpauth.Parse(uri + "?" + strings.Join(append(kept, anySecret), "&"))
	return k, err == nil
}

// twoFASSealed is a ciphertext of AES-GCM.
type twoFASSealed struct{ data, salt, iv []byte }

func parseTwoFASSealed(t text) (s twoFASSealed, err error) {
	parts := strings.Split(string(t), ":")
	if len(parts) != 3 {
		return s, foreign.ErrDamaged
	}
	for i, p := range []*[]byte{&s.data, &s.salt, &s.iv} {
		if *p, err = unbase64(parts[i]); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s twoFASSealed) open(ctx context.Context, pass []byte) ([]byte, error) {
	key, err := foreign.PBKDF2(ctx, sha256.New, pass, s.salt, twoFASRounds, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return openGCM(key, s.iv, s.data, nil)
}

// openTwoFAS decrypts the accounts. Where they do not open but the reference
// does, the password was right.
func openTwoFAS(ctx context.Context, data, pass []byte) ([]byte, error) {
	var f twoFASLocked
	if err := foreign.Decode(data, &f); err != nil {
		return nil, err
	}
	services, err := parseTwoFASSealed(f.ServicesEncrypted)
	if err != nil {
		return nil, err
	}
	plain, err := services.open(ctx, pass)
	if !errors.Is(err, foreign.ErrPassword) {
		return plain, err
	}
	if reference, rerr := parseTwoFASSealed(f.Reference); rerr == nil {
		if _, rerr = reference.open(ctx, pass); rerr == nil {
			return nil, foreign.ErrDamaged
		}
	}
	return nil, err
}

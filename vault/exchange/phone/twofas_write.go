// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// twofasWriter writes the backup file of 2FAS, schema 4.
type twofasWriter struct{}

func (twofasWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "2fas", App: "2FAS"}, ID: "2fas", Ext: ".2fas", Locking: foreign.MayBeLocked,
		Holds: foreign.FirstTag,
	}
}

// What 2FAS takes on Android and on iOS. Other digits and periods it replaces by
// six and thirty without a word, and a secret that is too long it leaves out.
const (
	twofasNames  = 50  // characters in a name
	twofasSecret = 320 // bytes, 512 characters of base32
)

func (twofasWriter) Fits(k otpauth.Key) error {
	switch {
	case k.Type != otpauth.Steam && (k.Digits < 6 || k.Digits > 8):
		return foreign.NoPlace("digits", "2FAS has 6, 7 and 8 only")
	case k.Type == otpauth.TOTP && k.Period != 30 && k.Period != 60 && k.Period != 90:
		return foreign.NoPlace("period", "2FAS has 30, 60 and 90 seconds only")
	case k.Counter > math.MaxInt32:
		return foreign.NoPlace("counter", "2FAS has no such large one")
	case k.Issuer == "" && k.Account == "":
		return foreign.NoPlace("account", "2FAS wants a name")
	case k.Secret.Len() < 3 || k.Secret.Len() > twofasSecret:
		return foreign.NoPlace("secret", "2FAS takes 3 to 320 bytes")
	}
	return cmp.Or(twofasName("issuer", k.Issuer), twofasName("account", k.Account))
}

// twofasName returns an error where 2FAS on iOS would change a name.
func twofasName(field, name string) error {
	switch {
	case utf8.RuneCountInString(name) > twofasNames:
		return foreign.NoPlace(field, "2FAS cuts names after 50 characters")
	case strings.Contains(name, `\`):
		return foreign.NoPlace(field, "2FAS drops backslashes")
	case strings.Contains(name, "http://") || strings.Contains(name, "https://"):
		return foreign.NoPlace(field, "2FAS drops http:// and https://")
	}
	return nil
}

// Mark stands for the secret: of two accounts with one secret 2FAS keeps the last.
func (twofasWriter) Mark(k otpauth.Key) (string, error) {
	sum := sha256.Sum256(k.Secret.Bytes())
	return string(sum[:]), foreign.NoPlace("secret", "2FAS keeps one account of those that share a secret")
}

// What the file holds. Times are left at zero, which 2FAS takes for long ago.
type (
	twofasOutFile struct {
		Services          []twofasOutService `json:"services"`
		Groups            []twofasOutGroup   `json:"groups"`
		UpdatedAt         int64              `json:"updatedAt"`
		SchemaVersion     int                `json:"schemaVersion"`
		AppVersionCode    int                `json:"appVersionCode"`
		AppVersionName    string             `json:"appVersionName"`
		AppOrigin         string             `json:"appOrigin"`
		ServicesEncrypted string             `json:"servicesEncrypted,omitempty"`
		Reference         string             `json:"reference,omitempty"`
	}
	twofasOutService struct {
		Name      string         `json:"name"`
		Secret    string         `json:"secret"`
		UpdatedAt int64          `json:"updatedAt"`
		OTP       twofasOutOTP   `json:"otp"`
		Order     twofasOutOrder `json:"order"`
		GroupID   string         `json:"groupId,omitempty"`
	}
	twofasOutOTP struct {
		Label     string `json:"label"`
		Account   string `json:"account"`
		Issuer    string `json:"issuer"`
		Digits    int    `json:"digits"`
		Period    int    `json:"period,omitempty"`
		Algorithm string `json:"algorithm"`
		Counter   *int64 `json:"counter,omitempty"`
		TokenType string `json:"tokenType"`
		Source    string `json:"source"`
	}
	twofasOutOrder struct {
		Position int `json:"position"`
	}
	twofasOutGroup struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		IsExpanded bool   `json:"isExpanded"`
		UpdatedAt  int64  `json:"updatedAt"`
	}
)

func (twofasWriter) Write(ctx context.Context, entries []foreign.Entry, pass secret.Value) ([]foreign.Output, error) {
	file := twofasContent(entries)
	if pass.Len() > 0 {
		if err := file.lock(ctx, pass, twofasRounds); err != nil {
			return nil, err
		}
	}
	data, err := json.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("write a 2FAS file: %w", err)
	}
	return []foreign.Output{{Data: data}}, ctx.Err()
}

func twofasContent(entries []foreign.Entry) *twofasOutFile {
	file := &twofasOutFile{
		Services: make([]twofasOutService, len(entries)), Groups: []twofasOutGroup{},
		SchemaVersion: 4, AppVersionCode: 5000009, AppVersionName: "5.1.0", AppOrigin: "android", // the first with Steam
	}
	groups := map[string]string{} // ids by name
	for i, e := range entries {
		s := twofasServiceOf(e.Key)
		s.Order.Position = i
		if len(e.Tags) > 0 { // an account is in one group
			name := e.Tags[0]
			if groups[name] == "" {
				groups[name] = strings.ToUpper(foreign.NewUUID()) // iOS finds no others
				file.Groups = append(file.Groups, twofasOutGroup{ID: groups[name], Name: name, IsExpanded: true})
			}
			s.GroupID = groups[name]
		}
		file.Services[i] = s
	}
	return file
}

func twofasServiceOf(k otpauth.Key) twofasOutService {
	s := twofasOutService{
		Name: cmp.Or(k.Issuer, k.Account), Secret: foreign.SecretText(k),
		OTP: twofasOutOTP{
			Label: k.Account, Account: k.Account, Issuer: k.Issuer, Digits: k.Digits, Period: k.Period,
			Algorithm: k.Algorithm.String(), TokenType: strings.ToUpper(k.Type.String()), Source: "Manual",
		},
	}
	if k.Type == otpauth.HOTP {
		c := int64(k.Counter)
		s.OTP.Counter = &c
	}
	return s
}

const twofasRounds = 10_000 // of PBKDF2, as the app has them

// twofasReference is a text that the app encrypts beside the accounts. It opens a
// file only where it finds the same again.
const twofasReference = "tRViSsLKzd86Hprh4ceC2OP7xazn4rrt4xhfEUbOjxLX8Rc3mkISXE0lWbmnWfggogbBJhtYgpK6fMl1D6mtsy92R3HkdGfwuXbzLebqVFJsR7IZ2w58t938iymwG4824igYy1wi6n2WDpO1Q1P69zwJGs2F5a1qP4MyIiDSD7NCV2OvidXQCBnDlGfmz0f1BQySRkkt4ryiJeCjD2o4QsveJ9uDBUn8ELyOrESv5R5DMDkD4iAF8TXU7KyoJujd"

// lock encrypts the accounts. Groups stay readable, as in the app's own files. On
// iOS the app knows no password but in ASCII.
func (f *twofasOutFile) lock(ctx context.Context, pass secret.Value, rounds int) error {
	for _, c := range pass.Bytes() {
		if c >= utf8.RuneSelf {
			return foreign.ErrPassphrase
		}
	}
	plain, err := json.Marshal(f.Services) //nolint:gosec // it is encrypted before it goes anywhere
	if err != nil {
		return fmt.Errorf("write a 2FAS file: %w", err)
	}
	defer clear(plain)
	salt := foreign.RandomBytes(256)
	phrase := pass.Clone()
	key, err := foreign.PBKDF2(ctx, sha256.New, phrase.Bytes(), salt, rounds, 32)
	if err != nil {
		return err
	}
	phrase.Clear()
	defer clear(key)
	f.Services = []twofasOutService{}
	if f.ServicesEncrypted, err = twofasSealed(key, plain, salt); err != nil {
		return err
	}
	f.Reference, err = twofasSealed(key, []byte(twofasReference), salt)
	return err
}

func twofasSealed(key, plain, salt []byte) (string, error) {
	nonce, sealed, err := gcmSealed(key, plain)
	if err != nil {
		return "", err
	}
	text := base64.StdEncoding.EncodeToString
	return text(sealed) + ":" + text(salt) + ":" + text(nonce), nil
}

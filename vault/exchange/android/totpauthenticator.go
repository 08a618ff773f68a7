// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"bytes"
	"cmp"
	"context"
	"crypto/aes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// totpAuthenticator reads the preferences and the backups of TOTP Authenticator, by
// BinaryBoot. A backup is base64 of AES-CBC under the password's SHA-256.
type totpAuthenticator struct{}

// Names in the preferences, and the password of backups for which a person chose none.
const (
	totpList     = "STATIC_TOTP_CODES_LIST"
	totpKey      = "DEFAULT_ENCRYPTION_KEY"
	totpPassword = "TotpAuthenticator" // #nosec G101 -- the app's own, the same everywhere
)

func (totpAuthenticator) Format() foreign.Format {
	return foreign.Format{ID: "totp-authenticator", App: "TOTP Authenticator"}
}

func (totpAuthenticator) Detect(s *foreign.Source) foreign.Match {
	switch {
	case isPrefs(s.Data, totpList):
		return foreign.Sure
	case isBackup(s.Data):
		return foreign.Maybe
	}
	return foreign.No
}

// maxBackup is more than any backup has, in bytes: it is opened as a whole.
const maxBackup = 16 << 20

// isBackup tells whether data is base64 of whole blocks and nothing else.
func isBackup(data []byte) bool {
	if len(data) > maxBackup {
		return false
	}
	n := 0
	data = bytes.TrimSpace(data)
	for _, c := range bytes.TrimRight(data, "=") {
		switch {
		case c == '\n' || c == '\r':
			continue
		case c != '+' && c != '/' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z'):
			return false
		}
		n++
	}
	size := n * 3 / 4
	return size >= 2*aes.BlockSize && size%aes.BlockSize == 0
}

// Lock tries the app's own password, which takes no time.
func (totpAuthenticator) Lock(s *foreign.Source) (foreign.Lock, error) {
	if isPrefs(s.Data, totpList) {
		return foreign.Open, nil
	}
	if list, ok := openTOTP(string(s.Data), []byte(totpPassword)); ok {
		clear(list)
		return foreign.Open, nil
	}
	return foreign.Password, nil
}

func (totpAuthenticator) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if isPrefs(s.Data, totpList) {
		return readTOTPPrefs(ctx, s.Data, add)
	}
	key := pass.Bytes()
	if len(key) == 0 {
		key = []byte(totpPassword)
	}
	list, ok := openTOTP(string(s.Data), key)
	if !ok {
		return foreign.ErrPassword
	}
	defer clear(list)
	return readTOTPList(ctx, list, add)
}

func readTOTPPrefs(ctx context.Context, data []byte, add func(foreign.Entry)) error {
	prefs, torn := parsePrefs(data)
	values := map[string]string{}
	for _, p := range prefs {
		values[p.name] = p.value
	}
	text, ok := values[totpList]
	if !ok {
		return torn
	}
	list := []byte(text)
	if isBackup(list) {
		if list, ok = openTOTP(text, []byte(cmp.Or(values[totpKey], totpPassword))); !ok {
			return foreign.ErrDamaged
		}
	}
	if err := readTOTPList(ctx, list, add); err != nil {
		return err
	}
	return torn
}

// openTOTP decrypts a list. It stands, as a text, in the place of the first name of a JSON
// object.
func openTOTP(text string, pass []byte) ([]byte, bool) {
	sealed, ok := fromBase64(strings.TrimSpace(text))
	if !ok {
		return nil, false
	}
	key := sha256.Sum256(pass)
	plain, ok := openCBC(key[:], make([]byte, aes.BlockSize), sealed)
	if !ok {
		return nil, false
	}
	defer clear(plain)
	d := json.NewDecoder(bytes.NewReader(plain))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, false
	}
	name, err := d.Token()
	list, isText := name.(string)
	if err != nil || !isText || !strings.HasPrefix(strings.TrimSpace(list), "[") {
		return nil, false
	}
	return []byte(list), true
}

// readTOTPList reads the list. Its elements are objects, or texts that hold them.
func readTOTPList(ctx context.Context, list []byte, add func(foreign.Entry)) error {
	return foreign.Elements(ctx, list, func(raw json.RawMessage) {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			raw = json.RawMessage(text)
		}
		var a totpAccount
		if err := json.Unmarshal(raw, &a); err != nil {
			add(foreign.Refused(a.issuer(), a.Name, foreign.ErrDamaged))
			return
		}
		add(a.entry())
	})
}

type totpAccount struct {
	Issuer   string         `json:"issuer"`
	Name     string         `json:"name"`
	Key      string         `json:"key"`
	Base     foreign.Number `json:"base"`
	Digits   foreign.Number `json:"digits"`
	Period   foreign.Number `json:"period"`
	Favorite bool           `json:"isFavorite"`
}

// issuer leaves out what the app writes where there is none.
func (a *totpAccount) issuer() string {
	if a.Issuer == "Unknown" {
		return ""
	}
	return a.Issuer
}

// entry makes an entry. The algorithm is not in the file.
func (a *totpAccount) entry() foreign.Entry {
	f := foreign.Fields{Issuer: a.issuer(), Name: a.Name, Digits: a.Digits, Period: a.Period}
	ok := true
	switch a.Base {
	case foreign.Int(16):
		var err error
		f.Raw, err = hex.DecodeString(strings.TrimSpace(a.Key))
		ok = err == nil
	case foreign.Int(32):
		f.Secret = a.Key
	case foreign.Int(64):
		f.Raw, ok = fromBase64(a.Key)
	default:
		ok = false
	}
	if !ok {
		return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
	}
	e := f.Entry()
	if e.Err == nil {
		e.Favourite = a.Favorite
		e.Remarks = append(e.Remarks, foreign.AssumedSHA1)
	}
	return e
}

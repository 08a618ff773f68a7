// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

const andOTPJSON = `[
 {"secret":"` + key1 + `======","issuer":"Shop","label":"ann","digits":8,"type":"TOTP","algorithm":"SHA256","thumbnail":"Default","last_used":1,"used_frequency":0,"period":60,"tags":["Work","Home"]},
 {"secret":"` + key1 + `","issuer":"Bank","label":"bob","digits":6,"type":"HOTP","algorithm":"SHA1","thumbnail":"Default","last_used":1,"used_frequency":0,"counter":7,"tags":[]},
 {"secret":"` + key1 + `","issuer":"Steam","label":"cat","digits":5,"type":"STEAM","algorithm":"SHA1","thumbnail":"Default","tags":[]},
 {"secret":"GAYTEMZUGU3DOOBZ","issuer":"VPN","label":"dan","digits":6,"type":"MOTP","algorithm":"SHA1","tags":null}]`

var andOTPWant = []string{
	"totp Shop|ann " + hex1 + ` SHA256 8 60s ["Work" "Home"]`,
	"hotp Bank|bob " + hex1 + " SHA1 6 #7",
	"steam Steam|cat " + hex1 + " SHA1 5 30s",
	"VPN:dan: a kind of code that is not supported: motp",
}

func TestAndOTP(t *testing.T) {
	old := `[{"secret":"` + key1 + `","label":"Shop - Shop:ann - b","period":30,"digits":6,"type":"TOTP","algorithm":"SHA1","tags":["x"],"thumbnail":"Default","last_used":0},
		{"secret":"` + key1 + `","label":"bob","type":"TOTP","tags":[]}]`
	check(t, AndOTP, map[string]sample{
		"plain":       {andOTPJSON, andOTPWant, nil},
		"pretty":      {strings.ReplaceAll(andOTPJSON, ",", ",\r\n  "), andOTPWant, nil},
		"old labels":  {old, []string{"totp Shop|Shop:ann - b " + hex1 + ` SHA1 6 30s ["x"]`, "totp |bob " + hex1 + " SHA1 6 30s"}, nil},
		"null issuer": {`[{"secret":"` + key1 + `","issuer":null,"label":"a","last_used":0,"tags":[]}]`, []string{"totp |a " + hex1 + " SHA1 6 30s"}, nil},
		"empty issuer": {
			`[{"secret":"` + key1 + `","issuer":"","label":"a - b","last_used":0,"tags":[]}]`, []string{"totp |a - b " + hex1 + " SHA1 6 30s"}, nil,
		},
		"cut short": {andOTPJSON[:len(andOTPJSON)-8], andOTPWant[:3], foreign.ErrCutShort},
	})
}

func TestGnomeAuthenticator(t *testing.T) {
	check(t, GnomeAuthenticator, map[string]sample{
		"old JSON": {
			`[{"secret":"` + key1 + `","label":"ann","digits":6,"type":"TOTP","algorithm":"SHA1","thumbnail":"Default","last_used":0,"tags":["Shop","Work"],"period":30},
			{"secret":"` + key1 + `","label":"bob","digits":8,"type":"TOTP","algorithm":"SHA512","thumbnail":"Default","last_used":0,"tags":[],"period":60}]`,
			[]string{"totp Shop|ann " + hex1 + ` SHA1 6 30s ["Work"]`, "totp |bob " + hex1 + " SHA512 8 60s"},
			nil,
		},
	})
}

func sealAndOTP(t testing.TB, rounds uint32, plain string) []byte {
	t.Helper()
	salt, iv := counted(andOTPNonce), counted(andOTPNonce)
	key := derived(t)(foreign.PBKDF2(t.Context(), sha1.New, []byte(password), salt, int(rounds), keySize))
	return bytes.Join([][]byte{binary.BigEndian.AppendUint32(nil, rounds), salt, iv, sealGCM(t, key, iv, []byte(plain), nil)}, nil)
}

func sealOldAndOTP(t testing.TB, plain string) []byte {
	t.Helper()
	key, iv := sha256.Sum256([]byte(password)), counted(andOTPNonce)
	return append(iv, sealGCM(t, key[:], iv, []byte(plain), nil)...)
}

func TestAndOTPSealed(t *testing.T) {
	data := sealAndOTP(t, 140_000, andOTPJSON)
	checkSealed(t, AndOTP, data, password, andOTPWant...)
	for rounds, want := range map[uint32]bool{139_999: false, 140_000: true, 160_000: true, 160_001: false} {
		binary.BigEndian.PutUint32(data, rounds)
		if got := andOTPSealed(data); got != want {
			t.Errorf("%d rounds: %v", rounds, got)
		}
	}
}

// The old files have no mark: they may be of OTPClient, too.
func TestAndOTPUnmarked(t *testing.T) {
	for _, plain := range []string{andOTPJSON, andOTPJSON[:strings.Index(andOTPJSON, ",\n")] + "]"} {
		data := sealOldAndOTP(t, plain)
		for _, r := range Readers {
			want := foreign.No
			if r == AndOTP || r == OTPClient {
				want = foreign.Maybe
			}
			if m := r.Detect(foreign.NewSource("", data)); m != want {
				t.Errorf("%s says %d", r.Format().ID, m)
			}
		}
		got, err := collect(t, AndOTP, data, password)
		if err != nil {
			t.Error(err)
		}
		compare(t, got, andOTPWant[:len(got)])
		if _, err = collect(t, AndOTP, data, "another"); !errors.Is(err, foreign.ErrPassword) {
			t.Errorf("wrong password: %v", err)
		}
	}
	if _, err := collect(t, AndOTP, sealOldAndOTP(t, "no list"), password); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("another content: %v", err)
	}
	if _, err := collect(t, AndOTP, []byte("short"), password); !errors.Is(err, foreign.ErrCutShort) {
		t.Errorf("short: %v", err)
	}
}

func TestUnmarked(t *testing.T) {
	sealed := sealOldAndOTP(t, andOTPJSON)
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"ciphertext":       {sealed, true},
		"much of it":       {sealOldAndOTP(t, strings.Repeat(andOTPJSON, 200)), true},
		"too short":        {sealed[:60], false},
		"a picture":        {append([]byte("\x89PNG\r\n\x1a\n"), sealed...), false},
		"an archive":       {append([]byte("PK\x03\x04"), sealed...), false},
		"a film":           {append([]byte("\x00\x00\x00\x18ftypheic"), sealed...), false},
		"text":             {[]byte(strings.Repeat("The quick brown fox jumps over the lazy dog. ", 20)), false},
		"base64":           {[]byte(b64(sealed)), false},
		"a token":          {[]byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), false},
		"zeros":            {make([]byte, 1000), false},
		"a database":       {append(sealed[:64:64], make([]byte, 400)...), false},
		"another's, known": {append([]byte(otpClientMark), sealed...), false},
	} {
		if got := unmarked(c.data); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Cancelling does not wait for the key.
func TestAndOTPCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	data := append(binary.BigEndian.AppendUint32(nil, andOTPMost), counted(100)...)
	err := AndOTP.Read(ctx, foreign.NewSource("", data), secret.FromString(password), func(foreign.Entry) { t.Error("an entry") })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzAndOTP(f *testing.F) { fuzz(f, AndOTP, andOTPJSON, string(sealOldAndOTP(f, andOTPJSON))) }

func FuzzGnomeAuthenticator(f *testing.F) {
	fuzz(f, GnomeAuthenticator, `[{"secret":"`+key1+`","label":"ann","type":"TOTP","thumbnail":"Default","last_used":0,"tags":["Shop"]}]`)
}

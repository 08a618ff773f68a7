// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

const raivoJSON = `[
 {"pinned":"true","timer":"60","secret":"` + key1 + `","iconValue":"","iconType":"","counter":"0","digits":"8","issuer":"Shop","kind":"TOTP","algorithm":"SHA256","account":"ann"},
 {"pinned":"false","timer":"30","secret":"` + key1 + `","iconValue":"","iconType":"","counter":"7","digits":"6","issuer":"Bank","kind":"HOTP","algorithm":"SHA1","account":""},
 {"pinned":"false","timer":"0","secret":"` + key1 + `","counter":"0","digits":"6","issuer":"Zero","kind":"TOTP","algorithm":"SHA1","account":"cat"},
 {"pinned":"false","timer":"x","secret":"` + key1 + `","counter":"0","digits":"6","issuer":"Odd","kind":"TOTP","algorithm":"SHA1","account":"dan"}]`

var raivoWant = []string{
	"totp Shop|ann " + hex1 + " SHA256 8 60s favourite", "hotp Bank| " + hex1 + " SHA1 6 #7",
	"Zero:cat: " + errText(otpauth.ErrPeriod), "Odd:dan: " + errText(otpauth.ErrPeriod),
}

// zipped makes an archive without a password.
func zipped(t testing.TB, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRaivo(t *testing.T) {
	check(t, Raivo, map[string]sample{
		"JSON":         {raivoJSON, raivoWant, nil},
		"cut short":    {raivoJSON[:strings.Index(raivoJSON, "cat")], raivoWant[:2], foreign.ErrCutShort},
		"open archive": {string(zipped(t, "Raivo/raivo-otp-export.json", raivoJSON)), raivoWant, nil},
	})
	for _, data := range [][]byte{zipped(t, "other.json", raivoJSON), []byte("PK\x03\x04"), nil} {
		if m := Raivo.Detect(foreign.NewSource("", data)); m != foreign.No {
			t.Errorf("%d bytes: %d", len(data), m)
		}
	}
}

// The archive holds raivoJSON with two accounts under AES-256; 7-Zip made it.
func TestRaivoArchive(t *testing.T) {
	data, err := os.ReadFile("testdata/raivo.zip")
	if err != nil {
		t.Fatal(err)
	}
	const pass = "strawberry"
	s := foreign.NewSource("", data)
	recognised(t, Raivo, s)
	if lock, err := Raivo.Lock(s); lock != foreign.Password || err != nil {
		t.Errorf("lock: %v, %v", lock, err)
	}
	got, err := collect(t, Raivo, data, pass)
	if err != nil {
		t.Error(err)
	}
	compare(t, got, raivoWant[:2])
	if _, err = collect(t, Raivo, data, "raspberry"); !errors.Is(err, foreign.ErrPassword) {
		t.Errorf("wrong password: %v", err)
	}
}

func FuzzRaivo(f *testing.F) { fuzz(f, Raivo, raivoJSON, string(zipped(f, raivoName, raivoJSON))) }

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package authenticator

import (
	"bytes"
	"context"
	"encoding/base32"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/snapshot"
)

// Keys in this repository are samples. A real one is random, and a sample can be
// told from it: it reads as text ("12345678901234567890"), repeats itself, or
// stands here with where it is from.
var sampleKeys = map[string]string{
	"JBSWY3DPEHPK3PXP":                 "Google's own example of a key URI",
	"NBSWY3DPEHPK3PXP":                 "the same with a small letter",
	"63BEDWCQZKTQWPESARIERL5DTTQFCJTK": "the example of Steam codes that other programs test with",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567": "the letters of base32",
}

// sampleIdentities open files of tests, and nothing else, by how they go on after
// the prefix.
var sampleIdentities = map[string]string{
	"PHJ5QZ7GTX2A7S5E": "vault/snapshot/testdata",
	"ZFX83PYFF3SA4W9W": "vault/testdata/folder-v1",
	"PF3RT8L2HHC6PG5W": "an identity of the older kind that a test reads",
	"QPZRY9X8GF2TVDW0": "the letters of bech32",
	"QQPZRY9X8GF2TVDW": "the letters of bech32",
}

// Golden files, test data, documents and pictures hold no key that is anybody's.
func TestNoKeyIsInTheRepository(t *testing.T) {
	base32Key := regexp.MustCompile(`\b[A-Z2-7]{20,}\b|(?i:secret=)[A-Za-z2-7]{16,}`)
	identity := regexp.MustCompile(`AGE-SECRET-KEY-(?:PQ-)?1([0-9A-Z]{20,})`)
	seen := 0
	committed(t, func(path string, text []byte) {
		seen++
		for _, m := range identity.FindAllSubmatch(bytes.ToUpper(text), -1) {
			if sampleIdentities[string(m[1][:16])] == "" {
				t.Errorf("%s holds a recovery key or an age identity that is not on the list of samples", path)
			}
		}
		if words := recoveryWords(string(text)); words != "" {
			key, err := snapshot.ParseKey(words)
			if err == nil && sampleIdentities[identityStart(key.Identity().Reveal())] == "" {
				t.Errorf("%s holds the words of a recovery key that is not on the list of samples", path)
			}
		}
		if filepath.Base(path) == "go.sum" || bytes.IndexByte(text, 0) >= 0 {
			return // digests, and what is no text
		}
		for _, m := range base32Key.FindAll(text, -1) {
			key := strings.ToUpper(string(m))
			if i := strings.IndexByte(key, '='); i >= 0 {
				key = key[i+1:]
			} else if !strings.ContainsAny(key, "234567") {
				continue // a long word
			}
			if !sampleKey(key) {
				t.Errorf("%s holds a key that is no sample: it begins with %.2s…", path, key)
			}
		}
	})
	if seen < 300 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// Pictures hold no QR code with such a key either.
func TestNoKeyIsInAPicture(t *testing.T) {
	codes := 0
	committed(t, func(path string, text []byte) {
		if filepath.Ext(path) != ".png" || !strings.Contains(path, "qr") && !strings.Contains(path, "sheet") && !strings.Contains(path, "key") && !strings.Contains(path, "beside") {
			return
		}
		img, err := png.Decode(bytes.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		found, err := scan.Decode(context.Background(), img)
		if err != nil {
			return // none there
		}
		for _, content := range found {
			codes++
			k, err := otpauth.Parse(content)
			if err == nil && !sampleKey(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.Secret.Bytes())) {
				t.Errorf("%s shows the QR code of a key that is no sample", path)
			}
			if strings.Contains(content, "AGE-SECRET-KEY-") {
				t.Errorf("%s shows the QR code of a recovery key", path)
			}
		}
	})
	if codes == 0 {
		t.Error("no QR code was seen, also not in the picture of one: the search is blind")
	}
}

// committed calls f with each file of the repository as it stands here.
func committed(t *testing.T, f func(path string, text []byte)) {
	t.Helper()
	leftOut := []string{".git", ".cache", "bin", ".issues"}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(leftOut, path):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f(filepath.ToSlash(path), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sampleKey tells whether a key in base32 is one that nobody has.
func sampleKey(key string) bool {
	for n := 1; n <= len(key)/2 || n <= len(key) && sampleKeys[key[:n]] != ""; n++ {
		if strings.Repeat(key[:n], len(key)/n+1)[:len(key)] == key && (n < 8 || sampleKeys[key[:n]] != "") {
			return true
		}
	}
	if sampleKeys[key] != "" {
		return true
	}
	coding := base32.StdEncoding.WithPadding(base32.NoPadding)
	for len(key) > 0 {
		if b, err := coding.DecodeString(key); err == nil {
			return readable(b)
		}
		key = key[:len(key)-1] // it is cut in the middle of a byte
	}
	return false
}

func readable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

var numberedWord = regexp.MustCompile(`\b\d{1,2}\. ([a-z]+)`)

// recoveryWords returns the sixteen words of a recovery key in a text, as key
// files and sheets have them, or "".
func recoveryWords(text string) string {
	all := numberedWord.FindAllStringSubmatch(text, 17)
	if len(all) != 16 {
		return ""
	}
	words := make([]string, 16)
	for i, m := range all {
		words[i] = m[1]
	}
	return strings.Join(words, " ")
}

func identityStart(identity string) string {
	_, data, _ := strings.Cut(identity, "PQ-1")
	if len(data) < 16 {
		return ""
	}
	return data[:16]
}

// The rule itself: samples pass, what is random does not.
func TestSampleKeys(t *testing.T) {
	for key, want := range map[string]bool{
		"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ": true, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP": true, "AAAAAAAAAAAAAAAAAAAAAAAA": true,
		"MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U": true, "63BEDWCQZKTQWPESARIERL5DTTQFCJTK": true,
		"qx4t7zkd2nvwmy6rpl3husbejf5gocia": false, "qx4t7zkd2nvwmy6rqx4t7zkd2nvwmy6r": false, "nv4xk2zq7plj3wth": false,
	} {
		if sampleKey(strings.ToUpper(key)) != want {
			t.Errorf("%s: sample is %v", key, !want)
		}
	}
}

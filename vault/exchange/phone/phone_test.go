// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// Keys for fixtures, as base32 and as bytes.
const (
	key1     = "JBSWY3DPEHPK3PXP"
	key2     = "KRUGS4ZANFZSAYJAONSWG4TF"
	hex1     = "48656c6c6f21deadbeef"
	hex2     = "546869732069732061207365637265"
	password = "open, sésame"
)

// shown is an entry in one line: what it is, or whose it is and why it is not.
func shown(e foreign.Entry) string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Label, e.Err)
	}
	k := e.Key
	s := fmt.Sprintf("%s %s|%s %s %s %d", k.Type, k.Issuer, k.Account, hex.EncodeToString(k.Secret.Bytes()), k.Algorithm, k.Digits)
	if k.Period > 0 {
		s += fmt.Sprintf(" %ds", k.Period)
	} else {
		s += fmt.Sprintf(" #%d", k.Counter)
	}
	if len(e.Tags) > 0 {
		s += fmt.Sprintf(" %q", e.Tags)
	}
	if e.Note != "" {
		s += fmt.Sprintf(" note=%q", e.Note)
	}
	if e.Favourite {
		s += " favourite"
	}
	if e.Trashed {
		s += " trashed"
	}
	if len(e.Remarks) > 0 {
		s += fmt.Sprint(" remarks=", e.Remarks)
	}
	return s
}

// collect reads a source as its reader does.
func collect(t testing.TB, r foreign.Reader, data []byte, pass string) ([]string, error) {
	t.Helper()
	var all []string
	s := foreign.NewSource("", bytes.Clone(data))
	err := r.Read(t.Context(), s, secret.FromString(pass), func(e foreign.Entry) { all = append(all, shown(e)) })
	if !bytes.Equal(s.Data, data) {
		t.Error("reading changed the source")
	}
	return all, err
}

// sample is a file and what comes of it.
type sample struct {
	data string
	want []string
	err  error
}

// check reads plain files: each is recognised, needs no password, and gives what it has to.
func check(t *testing.T, r foreign.Reader, cases map[string]sample) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := foreign.NewSource("", []byte(c.data))
			recognised(t, r, s)
			if lock, err := r.Lock(s); lock != foreign.Open || err != nil {
				t.Errorf("lock: %v, %v", lock, err)
			}
			got, err := collect(t, r, s.Data, "")
			compare(t, got, c.want)
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
		})
	}
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// recognised checks that this reader alone is sure of a source. What has no mark
// that another knows may be anything to that one.
func recognised(t *testing.T, r foreign.Reader, s *foreign.Source) {
	t.Helper()
	for _, other := range Readers {
		if m := other.Detect(s); (m == foreign.Sure) != (other == r) {
			t.Errorf("%s says %d", other.Format().ID, m)
		}
	}
}

// checkSealed reads an encrypted file: with its password, with another, and cut
// short.
func checkSealed(t *testing.T, r foreign.Reader, data []byte, pass string, want ...string) {
	t.Helper()
	s := foreign.NewSource("", data)
	recognised(t, r, s)
	if lock, err := r.Lock(s); lock != foreign.Password || err != nil {
		t.Fatalf("lock: %v, %v", lock, err)
	}
	got, err := collect(t, r, data, pass)
	compare(t, got, want)
	if err != nil {
		t.Error(err)
	}
	if got, err = collect(t, r, data, pass+"!"); !errors.Is(err, foreign.ErrPassword) || got != nil {
		t.Errorf("wrong password: %v, %v", got, err)
	}
	if s.Shape().Kind == foreign.NoJSON { // what is no text says nothing of its length
		return
	}
	if got, err = collect(t, r, data[:len(data)-1], pass); !errors.Is(err, foreign.ErrCutShort) || got != nil {
		t.Errorf("without its last byte: %v, %v", got, err)
	}
}

// sealGCM is the inverse of openGCM.
func sealGCM(t testing.TB, key, nonce, plain, with []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, len(nonce))
	if err != nil {
		t.Fatal(err)
	}
	return gcm.Seal(nil, nonce, plain, with)
}

// derived returns a derived key, or ends the test.
func derived(t testing.TB) func(key []byte, err error) []byte {
	return func(key []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
}

func toJSON(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// counted returns n bytes that differ.
func counted(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*37 + n)
	}
	return b
}

// fuzz reads whatever comes. Files under a password are not opened: what the
// derivation of a key costs would leave no time for the rest.
func fuzz(f *testing.F, r foreign.Reader, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
		f.Add([]byte(s[:len(s)/2]))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := foreign.NewSource("", data)
		m := r.Detect(s)
		lock, err := r.Lock(s)
		if m == foreign.No || lock != foreign.Open || err != nil {
			return
		}
		var entries []foreign.Entry
		err = r.Read(t.Context(), s, secret.Value{}, func(e foreign.Entry) { entries = append(entries, e) })
		if err != nil && strings.ContainsAny(err.Error(), "\"{[") {
			t.Errorf("an error with what was read: %v", err)
		}
		for _, e := range entries {
			switch {
			case e.Err != nil && e.Key.Secret.Len() > 0:
				t.Error("refused, with a key")
			case e.Err == nil && e.Key.Validate() != nil:
				t.Errorf("came in invalid: %v", e.Key.Validate())
			}
		}
	})
}

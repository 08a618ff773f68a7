// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// keyA and keyB are keys in base32; keyAHex is the first in hexadecimal.
const (
	keyA    = "JBSWY3DPEHPK3PXP"
	keyAHex = "48656c6c6f21deadbeef"
	keyB    = "GEZDGNBVGY3TQOJQ"
	keyBHex = "31323334353637383930"
)

// tell writes an entry as one line, without what has its usual value.
func tell(e foreign.Entry) string {
	if e.Err != nil {
		return fmt.Sprintf("refused %q: %v", e.Label, e.Err)
	}
	k := e.Key
	s := fmt.Sprintf("%s %q %q %s", k.Type, k.Issuer, k.Account, hex.EncodeToString(k.Secret.Bytes()))
	for _, part := range []struct {
		unusual bool
		text    string
	}{
		{k.Algorithm != otpauth.SHA1, k.Algorithm.String()},
		{k.Type != otpauth.Steam && k.Digits != 6, fmt.Sprintf("%d digits", k.Digits)},
		{k.Type == otpauth.TOTP && k.Period != 30, fmt.Sprintf("%d s", k.Period)},
		{k.Type == otpauth.HOTP, fmt.Sprintf("counter %d", k.Counter)},
		{len(e.Tags) > 0, fmt.Sprintf("%q", e.Tags)},
		{e.Favourite, "favourite"},
		{e.Trashed, "trashed"},
		{e.Note != "", "note " + e.Note},
		{len(e.Remarks) > 0, fmt.Sprintf("remarks %d", e.Remarks)},
	} {
		if part.unusual {
			s += " " + part.text
		}
	}
	return s
}

// open reads data with the reader among all that is surest of it, as it is used.
func open(t *testing.T, data []byte, pass string) (lines []string, id string, err error) {
	t.Helper()
	s := foreign.NewSource("", data)
	r := surest(s)
	if r == nil {
		return nil, "", foreign.ErrUnknown
	}
	id = r.Format().ID
	lock, err := r.Lock(s)
	if err != nil {
		return nil, id, err
	}
	if locked := lock == foreign.Password; locked != (pass != "") {
		t.Fatalf("%s: locked: %v", id, locked)
	}
	err = r.Read(t.Context(), s, secret.FromString(pass), func(e foreign.Entry) { lines = append(lines, tell(e)) })
	return lines, id, err
}

func surest(s *foreign.Source) (best foreign.Reader) {
	sure := foreign.No
	for _, r := range Readers {
		if m := r.Detect(s); m > sure {
			best, sure = r, m
		}
	}
	return best
}

// gives checks what comes out of a file that is whole.
func gives(t *testing.T, data []byte, pass, id string, want ...string) {
	t.Helper()
	got, known, err := open(t, data, pass)
	if err != nil || known != id {
		t.Fatalf("%s, not %s: %v", known, id, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// fails checks the error about a file as a whole.
func fails(t *testing.T, data []byte, pass string, want error) {
	t.Helper()
	if _, id, err := open(t, data, pass); !errors.Is(err, want) {
		t.Errorf("%s: %v, not %v", id, err, want)
	}
}

// zipped packs files, given as name and content in turn.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		h := &zip.FileHeader{Name: parts[i], Method: zip.Deflate}
		if parts[i+1] == "" {
			h.Method = zip.Store // there is nothing to compress, and making a compressor takes long
		}
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = f.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fuzz reads whatever comes. Cheap tells whether opening it may be tried.
func fuzz(f *testing.F, seeds [][]byte, cheap func(s *foreign.Source) bool, readers ...foreign.Reader) {
	f.Helper()
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := foreign.NewSource("", data)
		for _, r := range readers {
			if r.Detect(s) == foreign.No || !cheap(s) {
				continue
			}
			_ = r.Read(t.Context(), s, secret.FromString("pass"), func(e foreign.Entry) {
				if e.Err == nil && e.Key.Validate() != nil {
					t.Errorf("%v", e.Key.Validate())
				}
			})
		}
	})
}

func always(*foreign.Source) bool { return true }

// Reading ends with its context.
func TestReadingCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, data := range map[string][]byte{
		"bitwarden": []byte(bitwardenVault),
		"csv":       []byte("name,user,totp\na,b," + keyA + "\nc,d," + keyB + "\n"),
		"xml":       []byte(keepassExported),
		"kdbx":      kdbxFixture{}.file(t, keepassExported),
	} {
		s := foreign.NewSource("", data)
		r := surest(s)
		if err := r.Read(ctx, s, secret.FromString("pass"), func(foreign.Entry) {}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

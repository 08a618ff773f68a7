// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

const imports = "../../../shared/corpus/imports"

// sample is a file of the corpus's manifest.
type sample struct {
	File, App     string
	Format        string
	Encrypted     bool
	Password      *string
	ExpectedError string `json:"expected_error"`
	Expected      []expected
}

// expected is an entry of it, as it stands in the file.
type expected struct {
	Type, Issuer, Name, Algorithm, Note string
	SecretHex                           string `json:"secret_hex"`
	Digits, Period                      int
	Counter                             uint64
	Groups, Tags                        []string
	Favorite, Trashed                   bool
	Codes                               map[string]string // none: to be refused
}

func manifest(t *testing.T) []sample {
	t.Helper()
	var all []sample
	b, err := os.ReadFile(filepath.Join(imports, "MANIFEST.json"))
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skipf("the corpus is not beside the repository: %v", err)
	}
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestManifest reads every file of the corpus: each entry comes out with its
// exact parameters and codes, or is refused where it has to be. // R19, R20
func TestManifest(t *testing.T) {
	for _, s := range manifest(t) {
		t.Run(s.File, func(t *testing.T) {
			t.Parallel()
			s.check(t)
		})
	}
}

func (s sample) source(t *testing.T) *foreign.Source {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(imports, filepath.FromSlash(s.File)))
	if err != nil {
		t.Fatal(err)
	}
	return foreign.NewSource("", data) // a name must not matter
}

func (s sample) ask(context.Context, Question) (secret.Value, error) {
	if s.Password == nil {
		return secret.Value{}, errors.New("a password was asked for")
	}
	return secret.FromString(*s.Password), nil
}

func (s sample) check(t *testing.T) {
	found, err := Read(t.Context(), []*foreign.Source{s.source(t)}, s.ask, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := found.Files[0]
	t.Logf("%s: %d entries, %v", f.Format.App, len(found.Entries), f.Err)
	if f.Encrypted != s.Encrypted {
		t.Errorf("encrypted: %v", f.Encrypted)
	}
	if len(s.Expected) == 0 && f.Err == nil {
		t.Error("taken, though there is nothing in it")
	}
	var want, got []string
	refused := 0
	for _, e := range s.Expected {
		if len(e.Codes) == 0 {
			refused++
			continue
		}
		want = append(want, s.text(e))
	}
	for _, e := range found.Entries {
		if e.Err != nil {
			refused--
			t.Logf("refused %q: %v", e.Label, e.Err)
			continue
		}
		if slices.Contains(untold, s.App) {
			e.Tags, e.Favourite = nil, false
		}
		got = append(got, textOf(e))
		s.checkCodes(t, e)
	}
	if refused > 0 {
		t.Errorf("%d entries should be refused and are not", refused)
	}
	if len(s.Expected) > 0 && f.Err != nil {
		t.Errorf("the file: %v", f.Err)
	}
	slices.Sort(want)
	slices.Sort(got)
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

// untold are apps of whose files the manifest leaves out tags and favourites.
var untold = []string{"1password"}

// countsLower tells whether a file notes the HOTP counter one lower than it means it.
// FreeOTP did so in its first version only.
func (s sample) countsLower() bool {
	return s.App == "freeotp-plus" || s.App == "freeotp" && strings.HasPrefix(s.Format, "FreeOTP 1")
}

func (s sample) text(e expected) string {
	if e.Type == "hotp" && s.countsLower() {
		e.Counter++
	}
	tags := append(slices.Clone(e.Groups), e.Tags...)
	return line(e.Type, e.Issuer, e.Name, e.SecretHex, e.Algorithm, e.Digits, e.Period, e.Counter, tags, e.Note, e.Favorite, e.Trashed)
}

func textOf(e foreign.Entry) string {
	k := e.Key
	return line(k.Type.String(), k.Issuer, k.Account, hex.EncodeToString(k.Secret.Bytes()), k.Algorithm.String(),
		k.Digits, k.Period, k.Counter, e.Tags, e.Note, e.Favourite, e.Trashed)
}

func line(kind, issuer, name, key, alg string, digits, period int, counter uint64, tags []string, note string, fav, trash bool) string {
	return fmt.Sprintf("%s %q %q %s %s %d %d %d %q %q %v %v", kind, strings.TrimSpace(issuer), strings.TrimSpace(name), strings.ToLower(key), alg,
		digits, period, counter, tags, note, fav, trash)
}

// checkCodes compares the codes at the given times or counters.
func (s sample) checkCodes(t *testing.T, e foreign.Entry) {
	t.Helper()
	for _, x := range s.Expected {
		if len(x.Codes) == 0 || s.text(x) != textOf(e) {
			continue
		}
		for when, code := range x.Codes {
			if got := codeAt(t, e.Key, when); got != code {
				t.Errorf("%s at %s: %s, want %s", x.Name, when, got, code)
			}
		}
		return
	}
}

func codeAt(t *testing.T, k otpauth.Key, when string) string {
	t.Helper()
	number, isCounter := strings.CutPrefix(when, "counter ")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if isCounter {
		k.Counter = uint64(n)
	}
	c, err := k.Code(time.Unix(n, 0))
	if err != nil {
		t.Fatal(err)
	}
	return c.Value
}

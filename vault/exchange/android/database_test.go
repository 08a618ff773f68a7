// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// read lets the surest reader read, and returns its ID, a lock if there is one, and the entries.
func read(t testing.TB, data []byte, pass string) (string, error) {
	t.Helper()
	s := foreign.NewSource("", data)
	var r foreign.Reader
	surest := foreign.No
	for _, x := range Readers {
		if m := x.Detect(s); m > surest {
			r, surest = x, m
		}
	}
	if r == nil {
		return "none", nil
	}
	out := []string{r.Format().ID}
	lock, err := r.Lock(s)
	if lock == foreign.Password {
		out = append(out, "locked")
	}
	if err != nil {
		return strings.Join(out, " "), err
	}
	err = r.Read(t.Context(), s, secret.FromString(pass), func(e foreign.Entry) { out = append(out, brief(e)) })
	return strings.Join(out, "\n"), err
}

// brief is an entry in one line: names, what makes its codes, tags, remarks.
func brief(e foreign.Entry) string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Label, e.Err)
	}
	k := e.Key
	s := fmt.Sprintf("%s %s:%s %+q %s/%d/%d/%d", k.Type, k.Issuer, k.Account, k.Secret.Reveal(), k.Algorithm, k.Digits, k.Period, k.Counter)
	if len(e.Tags) > 0 {
		s += fmt.Sprint(" ", e.Tags)
	}
	if e.Favourite {
		s += " favourite"
	}
	for _, r := range e.Remarks {
		s += cmp.Or(map[foreign.Remark]string{
			foreign.AssumedSHA1: " SHA1?", foreign.Assumed6x30: " 6x30?", foreign.RaisedCounter: " +1", foreign.OddSecret: " odd",
		}[r], " another remark")
	}
	return s
}

func load(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What the secrets in the fixtures are.
const (
	hello  = `"Hello!\u07ad\xbe\xef"` // JBSWY3DPEHPK3PXP
	digits = `"1234567890"`           // GEZDGNBVGY3TQOJQ
)

func lines(all ...string) string { return strings.Join(all, "\n") }

func check(t *testing.T, name, got, want string, err, wantErr error) {
	t.Helper()
	if got != want || !errors.Is(err, wantErr) {
		t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, strings.ReplaceAll(got, "\n", "\n     "), strings.ReplaceAll(want, "\n", "\n     "))
	}
}

func TestDatabases(t *testing.T) {
	const unsure = " SHA1? 6x30?"
	plus := []string{
		"totp Acme:ann " + hello + " SHA1/6/30/0 [Work]" + unsure, "hotp :bob " + digits + " SHA1/6/0/9" + unsure,
		`totp Blizzard:eve "abcdefghij" SHA1/8/30/0`, "bad: " + otpauth.ErrBadSecret.Error(),
	}
	stratum := []string{
		"totp Acme:ann " + hello + " SHA256/8/60/0 [Work Home]", "hotp Acme: " + digits + " SHA1/6/0/9",
		`steam Steam:eve "1234567891" SHA1/5/30/0`, "Old:pin: " + foreign.ErrUnsupported.Error() + ": motp",
		"Odd:alg: algorithm: " + otpauth.ErrAlgorithm.Error(), "Odd:zero: " + otpauth.ErrPeriod.Error(),
		"Odd:type: " + foreign.ErrUnsupported.Error() + ": 9",
	}
	for _, tt := range []struct {
		file, want string
		err        error
	}{
		{"google-old.db", lines("google-authenticator", "totp :ann@example.com "+hello+" SHA1/6/30/0"+unsure, "hotp Acme:bob "+digits+" SHA1/6/0/7"+unsure), nil},
		{"google.db", lines("google-authenticator",
			"totp Acme:ann "+hello+" SHA1/6/30/0"+unsure, "hotp Acme:bob "+digits+" SHA1/6/0/9"+unsure,
			"Acme:eve: "+foreign.ErrRestricted.Error(), "odd: "+foreign.ErrUnsupported.Error()+": 5",
			"none: secret: "+otpauth.ErrNoSecret.Error(), "back: "+otpauth.ErrCounter.Error()), nil},
		{"phonefactor.db", lines("microsoft-authenticator",
			"totp Acme:ann "+hello+" SHA1/6/30/0"+unsure, `totp Microsoft:ann@outlook.com "secret key of 20 by" SHA1/8/30/0`+unsure,
			"Work:ann@work.com: "+foreign.ErrNotOTP.Error(), "totp Work:otp@work.com "+digits+" SHA1/6/30/0"+unsure,
			"Newer:ann: "+foreign.ErrRestricted.Error(), "Microsoft:bad: "+otpauth.ErrBadSecret.Error()), nil},
		{"plus.db", lines(append([]string{"authenticator-plus"}, plus...)...), nil},
		{"plus-locked.db", lines(append([]string{"authenticator-plus", "locked"}, plus...)...), nil},
		{"stratum.db", lines(append([]string{"stratum"}, stratum...)...), nil},
		{"stratum-locked.db", lines(append([]string{"authenticator-plus", "locked"}, stratum...)...), nil},
		{"other-locked.db", lines("authenticator-plus", "locked"), foreign.ErrUnknown},
	} {
		t.Run(tt.file, func(t *testing.T) {
			got, err := read(t, load(t, tt.file), "pass")
			check(t, tt.file, got, tt.want, err, tt.err)
		})
	}
	got, err := read(t, load(t, "other-locked.db"), "another")
	check(t, "wrong password", got, lines("authenticator-plus", "locked"), err, foreign.ErrPassword)
	whole := load(t, "google.db")
	got, err = read(t, whole[:len(whole)-512], "")
	check(t, "cut short", got, "google-authenticator", err, foreign.ErrCutShort)
}

// What no reader of the room knows is left to others.
func TestNotOurs(t *testing.T) {
	for _, data := range []string{
		"", "text", "<map>", `<?xml version="1.0"?><map><string name="x">tokenOrder</string></map>`, `{"tokens":[]}`, "SQLite format 3\x00", "JBSWY3DPEHPK3PXP",
	} {
		if got, _ := read(t, []byte(data), ""); got != "none" {
			t.Errorf("%q: %s", data, got)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"google.db", "plus-locked.db", "stratum.db"} {
		s := foreign.NewSource("", load(t, name))
		for _, r := range Readers {
			if r.Detect(s) == foreign.No {
				continue
			}
			if err := r.Read(ctx, s, secret.FromString("pass"), func(foreign.Entry) {}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// fuzzReader lets a reader loose on anything.
func fuzzReader(f *testing.F, r foreign.Reader, pass string) {
	f.Fuzz(func(t *testing.T, data []byte) {
		s := foreign.NewSource("", data)
		if r.Detect(s) == foreign.No {
			return
		}
		if _, err := r.Lock(s); err != nil {
			return
		}
		_ = r.Read(t.Context(), s, secret.FromString(pass), func(e foreign.Entry) {
			if (e.Err == nil) != (e.Key.Validate() == nil) {
				t.Errorf("%v", e.Err)
			}
		})
	})
}

func FuzzGoogleDatabase(f *testing.F) {
	f.Add(load(f, "google.db"))
	f.Add(load(f, "google-old.db"))
	fuzzReader(f, googleDB, "")
}

func FuzzMicrosoft(f *testing.F) {
	f.Add(load(f, "phonefactor.db"))
	fuzzReader(f, microsoft, "")
}

func FuzzStratumDatabase(f *testing.F) {
	f.Add(load(f, "stratum.db"))
	fuzzReader(f, stratumDB, "")
}

func FuzzAuthenticatorPlus(f *testing.F) {
	f.Add(load(f, "plus.db"))
	fuzzReader(f, plusDB, "")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
)

func TestBackupSet(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		set := otp.BackupSet()
		if len(set) != otp.SetSize {
			t.Fatalf("%d codes", len(set))
		}
		for _, c := range set {
			if len(c) != 11 || c[5] != '-' || strings.Trim(c, "0123456789ABCDEFGHJKMNPQRSTVWXYZ-") != "" || seen[c] {
				t.Fatalf("%q", c)
			}
			seen[c] = true
		}
	}
}

func TestBackupCodesAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"ABCDE-12345": "ABCDE12345", "abcde12345": "ABCDE12345", " ab cde - 12 345 ": "ABCDE12345",
		"oO0iI-lL111": "0001111111", "ABCDE–12345": "ABCDE12345",
		"ABCDE-1234": "", "ABCDE-123456": "", "ABCDU-12345": "", "ABCDÉ-2345": "", "": "",
	} {
		got, err := otp.NormaliseBackup(typed)
		if got != want || (want == "") != refusal.Is(err, refusal.CodeMalformed) {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

// What is shown comes back however it is typed.
func TestBackupCodesSurviveTyping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shown := otp.BackupSet()[0]
		want := strings.ReplaceAll(shown, "-", "")
		var typed strings.Builder
		for _, r := range want {
			typed.WriteString(rapid.SampledFrom([]string{"", " ", "-"}).Draw(t, "between"))
			s := string(r)
			switch s {
			case "0":
				s = rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "zero")
			case "1":
				s = rapid.SampledFrom([]string{"1", "i", "I", "l", "L"}).Draw(t, "one")
			default:
				if rapid.Bool().Draw(t, "lower") {
					s = strings.ToLower(s)
				}
			}
			typed.WriteString(s)
		}
		if got, err := otp.NormaliseBackup(typed.String()); err != nil || got != want {
			t.Fatalf("%q: %q, %v, want %q", typed.String(), got, err, want)
		}
	})
}

func FuzzNormaliseBackup(f *testing.F) {
	for _, s := range []string{"ABCDE-12345", "oil00-11111", "", "ſſſſſſſſſſ", "ııııııııı1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := otp.NormaliseBackup(typed)
		if err != nil {
			if got != "" || !refusal.Is(err, refusal.CodeMalformed) {
				t.Fatalf("%q, %v", got, err)
			}
			return
		}
		if again, err := otp.NormaliseBackup(got); err != nil || again != got {
			t.Fatalf("%q is not what it becomes: %q, %v", got, again, err)
		}
	})
}

func TestHashBackup(t *testing.T) {
	ctx, cost, salt := context.Background(), otp.Cost{Memory: 64, Passes: 1, Threads: 1}, otp.NewSalt()
	hash := func(code string, salt []byte, c otp.Cost) []byte {
		h, err := otp.HashBackup(ctx, code, salt, c)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	one := hash("ABCDE12345", salt, cost)
	if !bytes.Equal(one, hash("ABCDE12345", salt, cost)) {
		t.Error("the same code has two hashes")
	}
	for what, other := range map[string][]byte{
		"another code": hash("ABCDE12346", salt, cost), "another salt": hash("ABCDE12345", otp.NewSalt(), cost),
		"another cost": hash("ABCDE12345", salt, otp.Cost{Memory: 64, Passes: 2, Threads: 1}),
	} {
		if bytes.Equal(one, other) {
			t.Errorf("%s has the same hash", what)
		}
	}
}

func TestHashBackupStopsWaiting(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := otp.HashBackup(ctx, "ABCDE12345", otp.NewSalt(), otp.DefaultCost); !errors.Is(err, context.Canceled) {
		t.Errorf("a hash that nobody waits for any more was computed: %v", err)
	}
}

func TestCost(t *testing.T) {
	if s := otp.DefaultCost.String(); s != "m=19456,t=2,p=1" {
		t.Error(s)
	}
	if c, err := otp.ParseCost("m=19456,t=2,p=1"); err != nil || c != otp.DefaultCost {
		t.Errorf("%+v, %v", c, err)
	}
	for _, s := range []string{"", "m=1", "m=19456,t=2,p=1 ", "m=19456,t=0,p=1", "m=19456,t=2,p=0", "m=9999999,t=2,p=1", "m=-1,t=2,p=1", "m=019456,t=2,p=1"} {
		if c, err := otp.ParseCost(s); err == nil {
			t.Errorf("%q: %+v", s, c)
		}
	}
}

func FuzzParseCost(f *testing.F) {
	for _, s := range []string{"m=19456,t=2,p=1", "m=0,t=1,p=1", "m=,t=,p="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := otp.ParseCost(s); err == nil && c.String() != s {
			t.Fatalf("%q was read as %q", s, c)
		}
	})
}

func TestBypassCodes(t *testing.T) {
	for range 100 {
		c := otp.NewBypass()
		typed := " " + strings.ToLower(c[:4]) + "-" + c[4:]
		if got, err := otp.NormaliseBypass(typed); err != nil || got != c || len(c) != 8 {
			t.Fatalf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "BCDFGHJ", "BCDFGHJKL", "BCDFGHJA", "BCDFGHJ1", "BCDFGHJY"} {
		if got, err := otp.NormaliseBypass(typed); !refusal.Is(err, refusal.CodeMalformed) {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func FuzzNormaliseBypass(f *testing.F) {
	for _, s := range []string{"BCDFGHJK", "bcdf-ghjk", "", "aeiouaei"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got, err := otp.NormaliseBypass(typed)
		if err == nil && (len(got) != 8 || strings.Trim(got, "BCDFGHJKLMNPQRSTVWXZ") != "") || err != nil && got != "" {
			t.Fatalf("%q: %q, %v", typed, got, err)
		}
	})
}

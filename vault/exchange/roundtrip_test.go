// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// odd are names that have been misread.
var odd = []string{
	"", ":", "a:b", ":a", "a:", "::", "C++", "AT&T", "a+b", "+", "100%", "%41", "a/b", "/", "?", "a?b=c&secret=AAAA", "#", "🐙",
	"👩‍👩‍👧", "é", "e\u0301", "שלום", "Kutano", "ada@example.com", "a@b:c", "https://x.io:80", "Steam", "amp;x", "=", "&", "a&amp;b",
	"\"", "'", "<>", `\`, `\u0041`, "null", "otpauth://totp/x?secret=AAAA", "0", "{}", "[]", "-", "--", "  ", "a\u00a0b",
}

var names = rapid.OneOf(
	rapid.SampledFrom(odd),
	rapid.StringOfN(rapid.RuneFrom([]rune(" :+%&=?#/@aZ0é🐙;~'\\\"<>{}|")), 0, 20, -1),
	rapid.StringN(0, 30, -1).Filter(func(s string) bool {
		return otpauth.Key{Type: otpauth.TOTP, Account: s, Secret: secret.FromString("x")}.Normal().Validate() == nil
	}),
)

var keys = rapid.Custom(func(t *rapid.T) otpauth.Key {
	k := otpauth.Key{
		Type:      rapid.SampledFrom([]otpauth.Type{otpauth.TOTP, otpauth.TOTP, otpauth.HOTP, otpauth.Steam}).Draw(t, "type"),
		Issuer:    names.Draw(t, "issuer"),
		Account:   names.Draw(t, "account"),
		Secret:    secret.New(rapid.SliceOfN(rapid.Byte(), 1, 80).Draw(t, "secret")),
		Algorithm: rapid.SampledFrom([]otpauth.Algorithm{otpauth.SHA1, otpauth.SHA256, otpauth.SHA512}).Draw(t, "algorithm"),
		Digits:    rapid.OneOf(rapid.Just(6), rapid.IntRange(otpauth.MinDigits, otpauth.MaxDigits)).Draw(t, "digits"),
		Period:    rapid.OneOf(rapid.SampledFrom([]int{30, 60}), rapid.IntRange(1, otpauth.MaxPeriod)).Draw(t, "period"),
		Counter:   rapid.OneOf(rapid.Uint64Max(9), rapid.Uint64()).Draw(t, "counter"),
	}
	return k.Normal()
})

var accounts = rapid.Custom(func(t *rapid.T) foreign.Entry {
	word := rapid.StringOfN(rapid.RuneFrom(nil, unicode.L), 1, 10, -1)
	tags := rapid.SliceOfNDistinct(word, 0, 3, rapid.ID[string]).Draw(t, "tags")
	return foreign.Entry{
		Key: keys.Draw(t, "key"), Tags: tags, Favourite: rapid.Bool().Draw(t, "favourite"),
		Note: rapid.StringMatching(`[a-zé🐙"\\ ]{0,20}[a-z]`).Draw(t, "note"),
	}
})

// brief is all of an entry that a target holds, in one line.
func brief(holds foreign.Beside, e foreign.Entry) string {
	k := e.Key
	s := fmt.Sprintf("%v %q %q %x %v %d %d %d", k.Type, k.Issuer, k.Account, k.Secret.Bytes(), k.Algorithm, k.Digits, k.Period, k.Counter)
	switch {
	case holds&foreign.Tags != 0:
		s += fmt.Sprintf(" %q", e.Tags)
	case holds&foreign.FirstTag != 0 && len(e.Tags) > 0:
		s += fmt.Sprintf(" %q", e.Tags[:1])
	}
	if holds&foreign.Favourite != 0 {
		s += fmt.Sprint(e.Favourite)
	}
	return s
}

// Property: what fits into a format is read back from it with all that the format
// holds, and what does not is left out for a reason.
func TestRoundTrips(t *testing.T) {
	for _, w := range writers {
		target := w.Target()
		if target.Locking == foreign.AlwaysLocked {
			continue // each would take seconds: KeePass has a property test of its own
		}
		t.Run(target.ID, func(t *testing.T) {
			t.Parallel()
			lists := rapid.SliceOfN(accounts, 1, 4)
			if target.Several { // pictures take their time; package otpauth tests what stands in them
				for seed := range 8 {
					roundTrip(t, w, lists.Example(seed), "")
				}
				return
			}
			rapid.Check(t, func(t *rapid.T) { roundTrip(t, w, lists.Draw(t, "accounts"), "") })
		})
	}
}

// tester is a test or a property's trial.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

func roundTrip(t tester, w foreign.Writer, in []foreign.Entry, pass string) Written {
	t.Helper()
	out, err := write(t.Context(), w, readers, in, secret.FromString(pass))
	for _, e := range out.Left {
		var place *foreign.PlaceError
		if !errors.As(e.Err, &place) {
			t.Fatalf("left out for no good reason: %v", e.Err)
		}
	}
	if errors.Is(err, foreign.ErrNothing) && len(out.Left) == len(in) {
		return out
	}
	if err != nil {
		t.Fatalf("%v", err)
	}
	if out.In+len(out.Left) != len(in) || out.In != len(out.Fitting) {
		t.Fatalf("%d in and %d left out of %d", out.In, len(out.Left), len(in))
	}
	holds := out.Target.Holds
	var want, got []string
	for _, i := range out.Fitting {
		want = append(want, brief(holds, in[i]))
	}
	var all []*foreign.Source
	for _, f := range out.Files {
		all = append(all, foreign.NewSource("", f.Data))
	}
	asked := 0
	back, err := Read(t.Context(), all, func(context.Context, Question) (secret.Value, error) {
		asked++
		return secret.FromString(pass), nil
	}, nil)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for i, e := range back.Entries {
		got = append(got, brief(holds, e))
		if note := in[out.Fitting[i]].Note; holds&foreign.Note != 0 && e.Note != "" && e.Note != note {
			t.Fatalf("note %q, want %q", e.Note, note)
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if (asked > 0) != (pass != "") {
		t.Fatalf("asked for a password: %d times", asked)
	}
	return out
}

// Locked ones are read back likewise; each takes a key derivation or four.
func TestRoundTripsLocked(t *testing.T) {
	in := []foreign.Entry{
		{Key: key("Kutano", "ada@example.com"), Tags: []string{"work", "mail"}, Note: "first", Favourite: true},
		{Key: key("Bank: 2", "é🐙"), Tags: []string{"work"}},
		{Key: key("", "no issuer")},
	}
	for i := range in {
		in[i].Key.Secret = secret.New(bytes.Repeat([]byte{byte(i + 1)}, 20))
	}
	for _, w := range writers {
		target := w.Target()
		if target.Locking == foreign.NeverLocked {
			continue
		}
		t.Run(target.ID, func(t *testing.T) {
			t.Parallel()
			out := roundTrip(t, w, in, "correct horse: battery, staple")
			if !out.Encrypted || out.In != len(in) {
				t.Fatalf("%+v", out)
			}
			for _, plain := range []string{"ada@example.com", "no issuer", foreign.SecretText(in[0].Key)} {
				if bytes.Contains(out.Files[0].Data, []byte(plain)) {
					t.Errorf("%q stands in it", plain)
				}
			}
		})
	}
}

func key(issuer, account string) otpauth.Key {
	return otpauth.Key{Issuer: issuer, Account: account, Secret: secret.FromString("12345678901234567890")}.Normal()
}

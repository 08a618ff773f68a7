// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

// RFC 4226 appendix D with the counter as the step, RFC 6238 appendix B, Steam.
func TestStepsVectors(t *testing.T) {
	totp := func(a Algorithm, bytes, digits int) Key {
		return Key{Type: TOTP, Secret: ascii(bytes), Algorithm: a, Digits: digits}.Normal()
	}
	steam, err := Parse("steam://63BEDWCQZKTQWPESARIERL5DTTQFCJTK")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		key         Key
		code        string
		first, last int64
		want        []int64
	}{
		{totp(SHA1, 20, 6), "755224", 0, 9, []int64{0}},
		{totp(SHA1, 20, 6), "520489", 0, 9, []int64{9}},
		{totp(SHA1, 20, 6), "520489", 9, 9, []int64{9}},
		{totp(SHA1, 20, 6), "520489", 0, 8, nil},
		{totp(SHA1, 20, 10), "1094287082", 0, 9, []int64{1}},
		{totp(SHA1, 20, 8), "94287082", 0, 100, []int64{1}},
		{totp(SHA1, 20, 8), "0708 1804", 37037036 - 10, 37037036 + 10, []int64{37037036}},
		{totp(SHA256, 32, 8), "4611-9246", 0, 100, []int64{1}},
		{totp(SHA512, 64, 8), "90 69 39 36", 0, 100, []int64{1}},
		{totp(SHA512, 64, 8), "47863826", 666666666 - 10, 666666666 + 10, []int64{666666666}},
		{steam, "FR8RV", 1511200518/30 - 20, 1511200518/30 + 20, []int64{1511200518 / 30}},
		{steam, " 9p3-vp\n", 1511200714/30 - 20, 1511200714/30 + 20, []int64{1511200714 / 30}},
	} {
		got, err := tt.key.Steps(tt.code, tt.first, tt.last)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%v %q from %d to %d: %v, %v; want %v", tt.key.Algorithm, tt.code, tt.first, tt.last, got, err, tt.want)
		}
	}
}

func TestStepsRefuses(t *testing.T) {
	totp, steam := sampleKey(nil), sampleKey(func(k *Key) { k.Type, k.Digits = Steam, SteamDigits })
	for _, tt := range []struct {
		name        string
		key         Key
		code        string
		first, last int64
		want        error
	}{
		{"empty", totp, "", 0, 9, ErrCode},
		{"only blanks", totp, " - ", 0, 9, ErrCode},
		{"one short", totp, "12345", 0, 9, ErrCode},
		{"one too many", totp, "1234567", 0, 9, ErrCode},
		{"far too many", totp, strings.Repeat("1", 1<<20), 0, 9, ErrCode},
		{"a letter", totp, "12345O", 0, 9, ErrCode},
		{"a sign", totp, "+12345", 0, 9, ErrCode},
		{"other digits", totp, "١٢٣٤٥٦", 0, 9, ErrCode},
		{"not text", totp, "12345\xff", 0, 9, ErrCode},
		{"a sign Steam never writes", steam, "ABCDE", 0, 9, ErrCode},
		{"a counter", sampleKey(func(k *Key) { k.Type, k.Period = HOTP, 0 }), "123456", 0, 9, ErrNotTime},
		{"backwards", totp, "123456", 9, 8, ErrSpan},
		{"before 1970", totp, "123456", -1, 9, ErrSpan},
		{"too many steps", totp, "123456", 0, MaxSteps, ErrSpan},
		{"the end of time", totp, "123456", math.MaxInt64, math.MaxInt64, ErrSpan},
		{"all of time", totp, "123456", math.MinInt64, math.MaxInt64, ErrSpan},
		{"no key", Key{Type: TOTP}, "123456", 0, 9, ErrNoSecret},
		{"no period", sampleKey(func(k *Key) { k.Period = 0 }), "123456", 0, 9, ErrPeriod},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.key.Steps(tt.code, tt.first, tt.last)
			if !errors.Is(err, tt.want) || got != nil {
				t.Fatalf("%v, %v; want %v", got, err, tt.want)
			}
			if typed := strings.TrimSpace(tt.code); len(typed) > 3 && strings.Contains(err.Error(), typed) {
				t.Error("the error repeats the code")
			}
		})
	}
	if got, err := totp.Steps("123456", 0, MaxSteps-1); err != nil {
		t.Errorf("as many steps as are allowed: %v, %v", got, err)
	}
}

// anyKey draws a key of any algorithm, length and period that goes by the time.
func anyKey(t *rapid.T) Key {
	k := Key{
		Type:      rapid.SampledFrom([]Type{TOTP, TOTP, Steam}).Draw(t, "type"),
		Secret:    secret.New(rapid.SliceOfN(rapid.Byte(), 1, 140).Draw(t, "key")),
		Algorithm: rapid.SampledFrom([]Algorithm{SHA1, SHA256, SHA512}).Draw(t, "algorithm"),
		Digits:    rapid.IntRange(MinDigits, MaxDigits).Draw(t, "digits"),
		Period:    rapid.IntRange(1, 300).Draw(t, "period"),
	}
	return k.Normal()
}

// Exactly the steps whose code it is are found: no other, and all.
func TestStepsAreCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := anyKey(t)
		first := rapid.Int64Range(0, 1<<36).Draw(t, "first")
		last := first + rapid.Int64Range(0, 60).Draw(t, "more")
		chosen := rapid.Int64Range(first, last).Draw(t, "chosen")
		codes := map[int64]string{}
		for s := first; s <= last; s++ {
			c, err := k.Code(time.Unix(s*int64(k.Period), 0))
			if err != nil {
				t.Fatal(err)
			}
			codes[s] = c.Value
		}
		var want []int64
		for s := first; s <= last; s++ {
			if codes[s] == codes[chosen] {
				want = append(want, s)
			}
		}
		got, err := k.Steps(codes[chosen], first, last)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
	})
}

// However a person groups it, a code is read as what it is, and nothing but
// its own signs in its own length is read.
func FuzzStepsCode(f *testing.F) {
	for _, s := range []string{"", "123456", "123 456", "12-34–56", " 1\u00a02\u20093456\r\n", "FR8RV", "fr8rv", "１２３４５６", "12345\x00", "\xff"} {
		f.Add(s)
	}
	digits, steam := sampleKey(nil), sampleKey(func(k *Key) { k.Type, k.Digits = Steam, SteamDigits })
	f.Fuzz(func(t *testing.T, code string) {
		plain := strings.Map(func(r rune) rune {
			if separates(r) {
				return -1
			}
			return r
		}, code)
		n, ok := digits.number(code)
		if isNumber := len(plain) == 6 && strings.Trim(plain, "0123456789") == ""; ok != isNumber {
			t.Fatalf("read as a number: %v, want %v", ok, isNumber)
		}
		if ok && n >= digits.space() {
			t.Fatalf("%d is not a code", n)
		}
		n, ok = steam.number(code)
		if isSteam := len([]rune(plain)) == 5 && strings.Trim(strings.ToUpper(plain), steamSigns) == ""; ok && !isSteam {
			t.Fatal("read as Steam's")
		}
		if ok && n >= steam.space() {
			t.Fatalf("%d is not a code", n)
		}
	})
}

// BenchmarkSteps is the search of ±12.5 hours: at most 2 ms.
func BenchmarkSteps(b *testing.B) {
	for _, a := range []Algorithm{SHA1, SHA256, SHA512} {
		b.Run(a.String(), func(b *testing.B) {
			k := Key{Type: TOTP, Secret: ascii(20), Algorithm: a}.Normal()
			const now = 1742298622 / 30
			b.ReportAllocs()
			for b.Loop() {
				if _, err := k.Steps("123456", now-1500, now+1500); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Nothing is allocated for a step.
func TestStepsAllocations(t *testing.T) {
	k := sampleKey(nil)
	few := testing.AllocsPerRun(20, func() { _, _ = k.Steps("123456", 0, 9) })
	many := testing.AllocsPerRun(20, func() { _, _ = k.Steps("123456", 0, 2999) })
	if many > few+2 { // a chance match
		t.Errorf("%v allocations for 3000 steps, %v for ten", many, few)
	}
}

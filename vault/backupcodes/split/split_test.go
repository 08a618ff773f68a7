// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package split

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

var update = flag.Bool("update", false, "write the golden file anew")

// The whole table of products, and known products of FIPS 197, section 4.2. The
// digest was made with tables of logarithms to the base 3.
func TestField(t *testing.T) {
	if a, b := mul(0x57, 0x83), mul(0x57, 0x13); a != 0xc1 || b != 0xfe {
		t.Errorf("%#x, %#x", a, b)
	}
	var table []byte
	for a := range 256 {
		for b := range 256 {
			table = append(table, mul(byte(a), byte(b)))
		}
		if p := mul(byte(a), inverse(byte(a))); a > 0 && p != 1 || inverse(0) != 0 {
			t.Errorf("%d times its inverse is %d", a, p)
		}
	}
	sum := sha256.Sum256(table)
	if got := hex.EncodeToString(sum[:]); got != "14a1e7e77ca8a30b5bb53e6310748ce0498eb9e04ab78a44dbefb6ebfac8a84b" {
		t.Errorf("the table's digest is %s", got)
	}
}

// The shares of a key, as another implementation made them from the same
// polynomials: of the key 0, 1, 2 … 31 and the coefficients 37i+11 and 91i+200
// modulo 256.
func TestKnownShares(t *testing.T) {
	known := []string{
		"c31229a0af4e054c9baa2118c786dd24334299501f3eb5bccb1ad188b7360d54",
		"1bed4bbef19c4a14d878b3a6a94909175d6bfb8e6cc13a525ec8837bf4390f11",
		"d8fe601d5ad7495f4bdb98b562c2da3c7e3870cd67ea99f98dcb48e85f121c5a",
		"18c7eccf2310ad032a5bf250fdbade1ca6b8665e479891bd55d163b47586e055",
		"dbd4c76c885bae48b9f8d94336310d3785ebed1d4cb3321686d2a827deadf31e",
	}
	var random []byte
	for _, f := range []func(i int) int{func(i int) int { return i }, func(i int) int { return 37*i + 11 }, func(i int) int { return 91*i + 200 }} {
		for i := range keySize {
			random = append(random, byte(f(i)))
		}
	}
	random = append(random, 1, 2, 3, 4)
	shares, err := divide(bytes.NewReader(random), secret.FromString("Kutano\n1234 5678"), 3, 5)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for i, s := range shares {
		if got := hex.EncodeToString(s.part()); got != known[i] || s.Splitting != "01020304" {
			t.Errorf("share %d is %s", i+1, got)
		}
		texts = append(texts, s.Letters().Reveal())
	}
	file, text := "testdata/shares-v1.txt", strings.Join(texts, "\n")+"\n"
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil || string(b) != text {
		t.Errorf("%s is another: %v", file, err)
	}
	// Version 1 opens for ever.
	var back []Share
	for _, line := range strings.Split(string(b), "\n")[1:4] {
		back = append(back, parse(t, line))
	}
	if content, err := Join(back); err != nil || content.Reveal() != "Kutano\n1234 5678" {
		t.Errorf("%v", err)
	}
}

func parse(t interface {
	Helper()
	Fatal(...any)
}, text string,
) Share {
	t.Helper()
	s, err := Parse(secret.FromString(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func divided(t interface {
	Helper()
	Fatal(...any)
}, text string, k, n int,
) []Share {
	t.Helper()
	shares, err := Make(secret.FromString(text), k, n)
	if err != nil {
		t.Fatal(err)
	}
	return shares
}

// Any k of n open, in any order and by text or letters; any fewer do not, and say so.
func TestAnyOfThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(Least, Most).Draw(t, "n")
		k := rapid.IntRange(Least, n).Draw(t, "k")
		content := string(rapid.SliceOfN(rapid.Byte(), 1, MaxSecret).Draw(t, "secret"))
		shares := divided(t, content, k, n)
		order := rapid.Permutation(shares).Draw(t, "order")
		m := rapid.IntRange(1, n).Draw(t, "m")
		var some []Share
		for i, s := range order[:m] {
			text := s.Text()
			if i%2 == 1 {
				text = secret.FromString(strings.ToLower(s.Letters().Reveal()))
			}
			p := parse(t, text.Reveal())
			if p.Index != s.Index || p.Need != k || p.Of != n || p.Splitting != s.Splitting {
				t.Fatalf("%+v is not %+v", p, s)
			}
			some = append(some, p)
		}
		back, err := Join(some)
		var few *TooFewError
		switch {
		case m >= k && (err != nil || back.Reveal() != content):
			t.Errorf("%d of %d do not open: %v", m, k, err)
		case m < k && (!errors.As(err, &few) || !errors.Is(err, ErrTooFew) || *few != TooFewError{m, k}):
			t.Errorf("%d of %d: %v", m, k, err)
		}
	})
}

// Every choice of k of n, and no share alone is like another.
func TestEveryChoice(t *testing.T) {
	shares := divided(t, "secret", 3, 6)
	tried := 0
	for chosen := range combinations(6, 3) {
		tried++
		if back, err := Join([]Share{shares[chosen[2]], shares[chosen[0]], shares[chosen[1]]}); err != nil || back.Reveal() != "secret" {
			t.Errorf("%v: %v", chosen, err)
		}
	}
	if tried != 20 {
		t.Errorf("%d choices", tried)
	}
	again := divided(t, "secret", 3, 6)
	for i, s := range shares {
		if bytes.Equal(s.part(), again[i].part()) || bytes.Equal(s.sealed(), again[i].sealed()) || s.Splitting == again[i].Splitting {
			t.Error("two splittings have something in common")
		}
	}
}

// Fewer shares than needed tell nothing of the key: with one share fixed, each
// value of the key's byte goes with exactly one value of the other share.
func TestTellsNothing(t *testing.T) {
	for _, y1 := range []byte{0, 1, 0x80, 0xff} {
		seen := map[byte]bool{}
		for y2 := range 256 {
			w := weights([]byte{1, 2})
			seen[mul(y1, w[0])^mul(byte(y2), w[1])] = true
		}
		if len(seen) != 256 {
			t.Errorf("%d values", len(seen))
		}
	}
}

// Every wrong, missing, additional and swapped letter is noticed.
func TestEveryLetter(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	text := divided(t, "Kutano\n1234 5678\n2345 6789", 2, 3)[1].Text().Reveal()
	refused := func(what, s string) {
		t.Helper()
		if _, err := Parse(secret.FromString(s)); !errors.Is(err, ErrMistake) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for i := len(prefix); i < len(text); i++ {
		for _, c := range alphabet {
			if byte(c) != text[i] {
				refused("changed", text[:i]+string(c)+text[i+1:])
			}
			if i%9 == 0 {
				refused("added", text[:i]+string(c)+text[i:])
			}
		}
		refused("left out", text[:i]+text[i+1:])
		if i+1 < len(text) && text[i] != text[i+1] {
			refused("swapped", text[:i]+text[i+1:i+2]+text[i:i+1]+text[i+2:])
		}
		if i > len(prefix) {
			refused("cut", text[:i])
		}
	}
	refused("added", text+"A")
	refused("twice", text+text[len(prefix):])
}

func TestTyped(t *testing.T) {
	s := divided(t, "secret", 2, 2)[0]
	text := s.Letters().Reveal()
	if len(strings.Fields(text)[0]) != 4 || strings.Contains(text, ":") {
		t.Errorf("%d letters", len(text))
	}
	for name, typed := range map[string]string{
		"lower case": strings.ToLower(text), "dashes": strings.ReplaceAll(text, " ", "-\r\n\t"), "none": strings.ReplaceAll(text, " ", ""),
		"digits": strings.NewReplacer("O", "0", "I", "1", "B", "8").Replace(text), "with prefix": "kutano-share: " + text,
	} {
		if p := parse(t, typed); !p.fits(s) || p.Index != s.Index {
			t.Errorf("%s: another share", name)
		}
	}
}

// reseal makes a share with a right checksum of changed bytes.
func reseal(t *testing.T, s Share, change func(b []byte) []byte) (Share, error) {
	t.Helper()
	return Parse(Share{raw: secret.New(change(bytes.Clone(s.raw.Bytes())))}.Text())
}

func TestParseRefuses(t *testing.T) {
	s := divided(t, "secret", 2, 3)[0]
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"nothing":     {"", ErrNotShare},
		"a word":      {"hello", ErrNotShare},
		"a link":      {"otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ", ErrNotShare},
		"the prefix":  {prefix, ErrNotShare},
		"a letter":    {prefix + "A", ErrMistake},
		"prefix 2":    {prefix + s.Text().Reveal(), ErrNotShare},
		"another":     {"KUTANO-SHARES:" + s.Letters().Reveal(), ErrNotShare},
		"very long":   {strings.Repeat("A", maxTextSize+1), ErrNotShare},
		"punctuation": {s.Letters().Reveal() + ".", ErrNotShare},
	} {
		if _, err := Parse(secret.FromString(tc.text)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, tc := range map[string]struct {
		change func(b []byte) []byte
		want   error
	}{
		"as it is":   {func(b []byte) []byte { return b }, nil},
		"version 2":  {func(b []byte) []byte { b[0] = 2; return b }, ErrNewer},
		"version 0":  {func(b []byte) []byte { b[0] = 0; return b }, ErrNotShare},
		"one needed": {func(b []byte) []byte { b[5] = 1; return b }, ErrNotShare},
		"k over n":   {func(b []byte) []byte { b[5] = 4; return b }, ErrNotShare},
		"eleven":     {func(b []byte) []byte { b[6] = 11; return b }, ErrNotShare},
		"none":       {func(b []byte) []byte { b[7] = 0; return b }, ErrNotShare},
		"beyond":     {func(b []byte) []byte { b[7] = 4; return b }, ErrNotShare},
		"short":      {func(b []byte) []byte { return b[:fixedSize+tagSize] }, ErrNotShare},
		"long":       {func(b []byte) []byte { return append(b, make([]byte, MaxSecret)...) }, ErrNotShare},
	} {
		if _, err := reseal(t, s, tc.change); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each thing that can be wrong with several shares is told by name.
func TestJoinRefuses(t *testing.T) {
	a, b := divided(t, "secret", 3, 5), divided(t, "secret", 3, 5)
	bad := func(s Share, at int) Share {
		changed, err := reseal(t, s, func(b []byte) []byte { b[at] ^= 1; return b })
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	one := bad(a[1], headSize+3) // of its part
	for name, tc := range map[string]struct {
		shares []Share
		want   error
		at     int
	}{
		"none":                  {nil, ErrTooFew, 0},
		"two":                   {a[:2], ErrTooFew, 0},
		"foreign":               {[]Share{a[0], b[1], a[2]}, ErrForeign, 2},
		"foreign, few":          {[]Share{a[0], b[1]}, ErrForeign, 2},
		"most are foreign":      {[]Share{a[0], b[1], b[2]}, ErrForeign, 1},
		"twice":                 {[]Share{a[0], a[1], a[0]}, ErrTwice, 3},
		"a changed part":        {[]Share{a[0], one, a[2]}, ErrWrong, 0},
		"a changed part, four":  {[]Share{a[0], one, a[2], a[3]}, ErrWrong, 2},
		"a changed part, first": {[]Share{one, a[0], a[2], a[3]}, ErrWrong, 1},
		"a share and its twin":  {[]Share{a[1], one, a[2], a[3]}, ErrWrong, 2},
		"only those":            {[]Share{a[1], one, a[2]}, ErrWrong, 0},
		"a changed secret":      {[]Share{a[0], bad(a[1], fixedSize+2), a[2]}, ErrForeign, 2},
		"a changed id":          {[]Share{a[0], bad(a[1], 2), a[2]}, ErrForeign, 2},
		"another number":        {[]Share{a[0], bad(bad(a[1], 6), 6), bad(a[2], 6)}, ErrForeign, 3},
		"all":                   {a, nil, 0},
	} {
		got, err := Join(tc.shares)
		var named *ShareError
		if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || tc.at != 0 && (!errors.As(err, &named) || named.At != tc.at) || tc.at == 0 && errors.As(err, &named) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && got.Len() > 0 {
			t.Errorf("%s: something opens", name)
		}
	}
	var twice *ShareError
	if _, err := Join([]Share{a[4], a[1], a[4]}); !errors.As(err, &twice) || twice.Other != 1 {
		t.Errorf("%v", err)
	}
}

func TestMakeRefuses(t *testing.T) {
	for _, kn := range [][2]int{{1, 2}, {3, 2}, {2, 11}, {0, 0}, {-1, 3}} {
		if _, err := Make(secret.FromString("x"), kn[0], kn[1]); !errors.Is(err, ErrCount) {
			t.Errorf("%v: %v", kn, err)
		}
	}
	for _, n := range []int{0, MaxSecret + 1} {
		if _, err := Make(secret.New(make([]byte, n)), 2, 3); !errors.Is(err, ErrSize) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, err := divide(bytes.NewReader(nil), secret.FromString("x"), 2, 3); err == nil {
		t.Error("divided without chance")
	}
	shares := divided(t, "x", 2, 2)
	shares[0].Clear()
	if shares[0].raw.Len() != 0 {
		t.Error("not cleared")
	}
}

// Whatever is read as a share, it is one, or an error that is known; and what is
// joined of such is the secret that was divided.
func FuzzParse(f *testing.F) {
	shares := divided(f, "secret", 2, 3)
	f.Add(shares[0].Text().Bytes())
	f.Add(shares[1].Letters().Bytes())
	f.Add([]byte("kutano-share:AAAA"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(secret.New(b))
		if err != nil {
			if !errors.Is(err, ErrNotShare) && !errors.Is(err, ErrMistake) && !errors.Is(err, ErrNewer) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		again, err := Parse(s.Text())
		if err != nil || !again.fits(s) || again.Index != s.Index {
			t.Errorf("not the same again: %v", err)
		}
		if content, err := Join([]Share{s, shares[2]}); err == nil && content.Reveal() != "secret" {
			t.Error("joined to something else")
		}
	})
}

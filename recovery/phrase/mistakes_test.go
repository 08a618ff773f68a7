// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"testing"

	"pgregory.net/rapid"
)

// syndrome is zero where the check word goes with the others.
func syndrome(p Phrase) byte { return crc(p[:Length-1]) ^ p[Length-1] }

func xor(a, b Phrase) Phrase {
	for i := range a {
		a[i] ^= b[i]
	}
	return a
}

// The check is affine: how a mistake changes the syndrome depends on the difference
// that it makes alone, not on the phrase. So what the tests below find for every
// difference, they find for every mistake in every one of the 2^40 phrases.
//
// One step of the checksum is linear for all pairs of bytes, and the checksum is
// nothing but such steps and exclusive ors; so it is for words of any length.
func TestTheCheckIsAffine(t *testing.T) {
	step := func(b byte) byte { return crc([]byte{b ^ 0xFF}) ^ 0xFF }
	for a := range 256 {
		for b := range 256 {
			if step(byte(a)^byte(b)) != step(byte(a))^step(byte(b)) {
				t.Fatalf("%d and %d", a, b)
			}
		}
	}
	draw := rapid.Custom(func(t *rapid.T) Phrase {
		return Phrase(rapid.SliceOfN(rapid.Byte(), Length, Length).Draw(t, "words"))
	})
	zero := syndrome(Phrase{})
	rapid.Check(t, func(t *rapid.T) {
		p, d := draw.Draw(t, "phrase"), draw.Draw(t, "difference")
		sum := byte(0xFF)
		for _, b := range p {
			sum = step(sum ^ b)
		}
		if sum^0xFF != crc(p[:]) {
			t.Fatalf("the checksum of %v is not made of steps", p)
		}
		if syndrome(xor(p, d)) != syndrome(p)^syndrome(d)^zero {
			t.Fatalf("%v and %v", p, d)
		}
	})
}

// Each wrong word is noticed: six places and 255 differences are all there are.
func TestEverySingleWrongWordIsNoticed(t *testing.T) {
	for _, p := range phrases(t) {
		for at := range Length {
			for diff := 1; diff < 256; diff++ {
				q := p
				q[at] ^= byte(diff)
				if q.fits() {
					t.Fatalf("%v passes for %v", q, p)
				}
			}
		}
	}
}

// Two words that changed places are noticed: of the words only their difference
// counts, which then stands in both places. Fifteen pairs and 255 differences are all
// there are.
func TestEverySwapIsNoticed(t *testing.T) {
	for _, p := range phrases(t) {
		for i := range Length {
			for j := range i {
				for diff := 1; diff < 256; diff++ {
					q := p
					q[i] ^= byte(diff)
					q[j] ^= byte(diff)
					if q.fits() {
						t.Fatalf("%v passes for %v", q, p)
					}
				}
			}
		}
	}
}

// The same as people do it: each of the six words in the place of each of 255 others,
// and each two swapped, through Decode, in words and in digits.
func TestNoMistakeIsDecoded(t *testing.T) {
	p := phrases(t)[1]
	for _, lang := range []string{"en", ""} {
		say := func(p Phrase) string {
			if lang == "" {
				return digitText(p)
			}
			return p.Text(lang)
		}
		for at := range Length {
			for diff := 1; diff < 256; diff += 3 {
				q := p
				q[at] ^= byte(diff)
				wantCheck(t, say(q))
			}
			for other := range at {
				q := p
				q[at], q[other] = q[other], q[at]
				if q != p {
					wantCheck(t, say(q))
				}
			}
		}
	}
}

func phrases(t *testing.T) []Phrase {
	t.Helper()
	var all []Phrase
	for _, s := range examples {
		p, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

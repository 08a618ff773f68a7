// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"pgregory.net/rapid"
)

// madeUp is a key of bytes 0 to 17, made for tests.
func madeUp(first byte) Key {
	seed := make([]byte, seedSize)
	for i := range seed {
		seed[i] = first + byte(i)
	}
	return seedKey(seed)
}

func TestField(t *testing.T) {
	seen := map[uint16]bool{}
	for _, x := range field.exp[:listSize-1] {
		seen[x] = true
	}
	if len(seen) != listSize-1 || seen[0] {
		t.Errorf("α makes %d elements: the polynomial is not primitive", len(seen))
	}
	if multiply(1<<10, 2) != 1<<2|1 || multiply(0, 7) != 0 || quotient(multiply(1234, 777), 777) != 1234 {
		t.Error("wrong products")
	}
}

func TestParity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c codeword
		for i := range c[:dataWords] {
			c[i] = rapid.Uint16Range(0, listSize-1).Draw(t, "word")
		}
		c.addParity()
		if s1, s2 := c.syndromes(); s1 != 0 || s2 != 0 {
			t.Fatalf("%v: syndromes %d and %d", c, s1, s2)
		}
	})
}

func TestNewKey(t *testing.T) {
	a, b := NewKey(), NewKey()
	if a.Identity().Equal(b.Identity()) || a.IsZero() || len(a.Words()) != keyWords {
		t.Errorf("keys are alike, or none: %d words", len(a.Words()))
	}
	id, err := age.ParseHybridIdentity(a.Identity().Reveal())
	if err != nil || id.Recipient().String() != a.Recipient() || !strings.HasPrefix(a.Recipient(), "age1pq1") {
		t.Errorf("age reads another key: %v", err)
	}
	a.Clear()
	if !a.IsZero() || a.Words() != nil || a.Recipient() != "" || a.Identity().Len() != 0 {
		t.Error("a cleared key is still one")
	}
	if f := Fingerprint(b.Recipient()); len(f) != 16 || f == Fingerprint("") {
		t.Errorf("fingerprint %q", f)
	}
}

// The key on paper never changes its meaning. The seed is made up.
func TestGoldenKey(t *testing.T) {
	seed, _ := hex.DecodeString("000102030405060708090a0b0c0d0e0f1011")
	k := seedKey(seed)
	text := strings.Join(k.Words(), " ") + "\n" + k.Identity().Reveal() + "\n" + Fingerprint(k.Recipient()) + "\n"
	golden(t, "key-v1.txt", []byte(text))
}

func TestKeyForms(t *testing.T) {
	k := NewKey()
	w := k.Words()
	var numbered, short strings.Builder
	for i, s := range w {
		fmt.Fprintf(&numbered, "%2d. %s\t", i+1, strings.ToUpper(s))
		fmt.Fprintf(&short, "%s\u00a0\r\n", s[:4])
	}
	id := k.Identity().Reveal()
	for name, text := range map[string]string{
		"words": strings.Join(w, " "), "lines": "\n" + strings.Join(w, "\r\n"), "numbered": numbered.String(),
		"four letters": short.String(), "commas": strings.Join(w, ","), "comment": "# my key\n" + strings.Join(w, "-"),
		"identity": id, "lower case": " " + strings.ToLower(id) + "\n", "broken": id[:30] + "\n  " + id[30:],
		"key file": k.File(time.Unix(1764081130, 0)).Reveal(),
	} {
		got, err := ParseKey(text)
		if err != nil || !got.Identity().Equal(k.Identity()) || got.Recipient() != k.Recipient() {
			t.Errorf("%s: another key, %v", name, err)
		}
	}
	fromID, err := ParseKey(id)
	if err != nil || fromID.Words() != nil {
		t.Errorf("an identity has words: %v", err)
	}
}

func TestNotKey(t *testing.T) {
	k := NewKey()
	w, id := k.Words(), []byte(k.Identity().Reveal())
	id[40] ^= 1
	x, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"empty":            {"", ErrNotKey},
		"15 words":         {strings.Join(w[1:], " "), ErrNotKey},
		"17 words":         {strings.Join(append(w[:16:16], w[0]), " "), ErrNotKey},
		"prose":            {"it was the best of times and it was the worst of times that we had", ErrNotKey},
		"long":             {strings.Repeat("a ", maxKeyText), ErrNotKey},
		"recipient":        {k.Recipient(), ErrNotKey},
		"changed identity": {string(id), ErrKeyChecksum},
		"another kind":     {x.String(), ErrNotKey},
		"two mistakes":     {strings.Join(append([]string{other(w[0]), other(w[1])}, w[2:]...), " "), ErrKeyChecksum},
	} {
		got, err := ParseKey(tc.text)
		if !errors.Is(err, tc.want) || !got.IsZero() {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

// other is another word of the list.
func other(w string) string { return list()[(find(w)+1)%listSize] }

// Every wrong word of the list, at every place, is found and the right one named.
func TestEveryWrongWord(t *testing.T) {
	keys := []Key{madeUp(0), madeUp(100), NewKey(), NewKey()}
	if testing.Short() {
		keys = keys[:1]
	}
	for _, k := range keys {
		right := seedWords(k.seed.Bytes())
		for at := range right {
			for w := range uint16(listSize) {
				if w == right[at] {
					continue
				}
				c := right
				c[at] = w
				var e *WordError
				if _, ok := c.seed(); ok {
					t.Fatalf("word %d as %s is accepted", at+1, list()[w])
				}
				typed := make([]string, keyWords)
				typed[at] = list()[w]
				if err := locate(c, typed); !errors.As(err, &e) || e.At != at+1 || e.Swapped != 0 ||
					e.Word != list()[w] || e.Suggest != list()[right[at]] {
					t.Fatalf("word %d as %s: %+v", at+1, list()[w], err)
				}
			}
		}
	}
}

func TestWrongWord(t *testing.T) {
	k := NewKey()
	for at := range keyWords {
		w := k.Words()
		w[at] = other(w[at])
		var e *WordError
		_, err := ParseKey(strings.Join(w, " "))
		if !errors.As(err, &e) || e.At != at+1 || e.Suggest != k.Words()[at] || e.Word != w[at] {
			t.Fatalf("word %d: %v", at+1, err)
		}
		// Whatever the words are, it reads the same.
		says := func(e *WordError) string { return fmt.Sprintf("%v %+v %#v %s", e, e, e, fmt.Errorf("read: %w", e)) }
		if text, other := says(e), says(&WordError{At: e.At, Word: "one", Suggest: "other"}); text != other || !strings.HasSuffix(err.Error(), e.Error()) {
			t.Errorf("the error holds a word: %s, and %s", err, text)
		}
	}
}

// A word that is not on the list is named by the other fifteen, whatever it is
// like; two are told one after the other, by what they are like.
func TestUnknownWord(t *testing.T) {
	for range 20 {
		k := NewKey()
		for at := range keyWords {
			w := k.Words()
			w[at] = "xqxqxq"
			var e *WordError
			if _, err := ParseKey(strings.Join(w, " ")); !errors.As(err, &e) || e.At != at+1 || e.Word != "xqxqxq" || e.Suggest != k.Words()[at] {
				t.Fatalf("word %d: %v", at+1, err)
			}
		}
	}
	k := NewKey()
	w := k.Words()
	w[3], w[9] = "q"+w[3], "xqxqxq"
	var e *WordError
	if _, err := ParseKey(strings.Join(w, " ")); !errors.As(err, &e) || e.At != 4 || e.Suggest != k.Words()[3] {
		t.Errorf("two unknown words: %v", err)
	}
	w[3] = k.Words()[3]
	w[0] = other(w[0])
	if _, err := ParseKey(strings.Join(w, " ")); !errors.As(err, &e) || e.At != 10 || e.Suggest != "" {
		t.Errorf("one unknown and one wrong: %v", err)
	}
}

// Every swap of two different words is refused, and nearly every one is found.
func TestEverySwap(t *testing.T) {
	swaps, found := 0, 0
	for n := range 50 {
		k := madeUp(byte(n))
		right := seedWords(k.seed.Bytes())
		for i := range right {
			for j := i + 1; j < keyWords; j++ {
				if right[i] == right[j] {
					continue
				}
				w := k.Words()
				w[i], w[j] = w[j], w[i]
				swaps++
				var e *WordError
				got, err := ParseKey(strings.Join(w, " "))
				if err == nil || !got.IsZero() {
					t.Fatalf("swapped %d and %d: accepted", i+1, j+1)
				}
				if errors.As(err, &e) && e.At == i+1 && e.Swapped == j+1 && e.Word == "" && e.Suggest == "" {
					found++
				}
			}
		}
	}
	if found < swaps*999/1000 {
		t.Errorf("%d of %d swaps found", found, swaps)
	}
}

// Random words are hardly ever a key: one in four billion.
func TestGarbage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	named := 0
	for range 20000 {
		var c codeword
		for i := range c {
			c[i] = uint16(r.IntN(listSize))
		}
		if _, ok := c.seed(); ok {
			t.Fatalf("accepted: %v", c)
		}
		if !errors.Is(locate(c, make([]string, keyWords)), ErrKeyChecksum) {
			named++
		}
	}
	if named > 20 {
		t.Errorf("a single mistake is seen in %d of 20000", named)
	}
}

func TestWordErrorText(t *testing.T) {
	for _, tc := range []struct {
		e    WordError
		want string
	}{
		{WordError{At: 3, Word: "a", Suggest: "b"}, "word 3 of the recovery key is wrong"},
		{WordError{At: 3, Swapped: 16}, "words 3 and 16 of the recovery key are swapped"},
	} {
		if tc.e.Error() != tc.want {
			t.Errorf("%s, want %s", tc.e.Error(), tc.want)
		}
	}
}

// What is read as a key is written as the same key again.
func FuzzParseKey(f *testing.F) {
	k := madeUp(7)
	f.Add(strings.Join(k.Words(), " "))
	f.Add(strings.Join(k.Words()[1:], " ") + " " + k.Words()[0])
	f.Add(k.Identity().Reveal())
	f.Add(k.File(time.Unix(0, 0)).Reveal())
	f.Add("1. zebra\n# AGE-SECRET-KEY-PQ-1\nİ ﬀ \xff")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseKey(text)
		var e *WordError
		switch {
		case err == nil:
			again, err := ParseKey(got.File(time.Unix(0, 0)).Reveal())
			if err != nil || !again.Identity().Equal(got.Identity()) || got.Recipient() == "" {
				t.Errorf("read as another key: %v", err)
			}
		case errors.As(err, &e):
			if e.At < 1 || e.At > keyWords || e.Swapped != 0 && (e.Swapped <= e.At || e.Swapped > keyWords) {
				t.Errorf("a place that is none: %d, %d", e.At, e.Swapped)
			}
		case !errors.Is(err, ErrNotKey) && !errors.Is(err, ErrKeyChecksum):
			t.Errorf("unclassed: %v", err)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/snapshot"
)

func TestSameWord(t *testing.T) {
	for _, tc := range []struct {
		word, typed string
		want        bool
	}{
		{"window", "window", true},
		{"window", "  Window ", true},
		{"window", "WIND", true},
		{"window", "wind", true},
		{"window", "windows", true},
		{"window", "win", false},
		{"window", "winter", false},
		{"window", "", false},
		{"fox", "fox", true},
		{"fox", "FOX", true},
		{"fox", "foxes", false},
		{"fox", "fo", false},
	} {
		if got := sameWord(tc.word, tc.typed); got != tc.want {
			t.Errorf("sameWord(%q, %q) = %v", tc.word, tc.typed, got)
		}
	}
}

func TestTwoPlacesDiffer(t *testing.T) {
	seen := map[int]bool{}
	for range 500 {
		p := twoPlaces(keyWords)
		if p[0] >= p[1] || p[0] < 0 || p[1] >= keyWords {
			t.Fatalf("places %v", p)
		}
		seen[p[0]], seen[p[1]] = true, true
	}
	if len(seen) != keyWords {
		t.Errorf("only %d of the places were asked for in 500 draws", len(seen))
	}
}

func TestKeySentences(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{&snapshot.WordError{At: 7, Word: "huose", Suggest: "house"}, "Word 7, “huose”, is not right. Did you mean “house”?"},
		{&snapshot.WordError{At: 7, Suggest: "house"}, "Word 7 is not right. Did you mean “house”?"},
		{&snapshot.WordError{At: 7, Word: "huose"}, "Word 7 does not fit the others. Look at it again on your sheet."},
		{&snapshot.WordError{At: 4, Swapped: 3}, "Words 3 and 4 are swapped."},
		{fmt.Errorf("x: %w", snapshot.ErrKeyChecksum), "These words do not belong together: more than one is not right. Compare them with your sheet, one after the other."},
		{snapshot.ErrNotKey, "This is not a recovery key. It has 16 words, or is one line that begins with AGE-SECRET-KEY."},
	} {
		if got := keySentence(tc.err); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.err, got, tc.want)
		}
	}
}

func TestMended(t *testing.T) {
	const text = "1. one\n2. tow 3. three"
	for _, tc := range []struct {
		err  error
		want string
	}{
		{&snapshot.WordError{At: 2, Word: "tow", Suggest: "two"}, "one two three"},
		{&snapshot.WordError{At: 1, Swapped: 3}, "three tow one"},
		{&snapshot.WordError{At: 2, Word: "tow"}, ""},
		{&snapshot.WordError{At: 9, Suggest: "two"}, ""},
		{&snapshot.WordError{At: 1, Swapped: 9}, ""},
		{snapshot.ErrKeyChecksum, ""},
		{nil, ""},
	} {
		got, ok := mended(text, tc.err)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("%+v: %q, %v, want %q", tc.err, got, ok, tc.want)
		}
	}
}

func TestHowFar(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "the first four letters of a word are enough",
		"1. one 2. two":                       "2 words of 16",
		strings.Repeat("word ", 16):           "16 words of 16",
		strings.Repeat("word ", 17):           "17 words",
		"# made today\nage-secret-key-pq-1ab": "key file",
	} {
		if got := howFar(text); !strings.Contains(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestChoice(t *testing.T) {
	removed := found("OldBank", "ana", vault.New)
	removed.Removed = true
	back := found("Back", "ana", vault.New) // among the removed here
	back.Account.ID = "removed-here"
	c := newChoice([]vault.Found{
		found("Kutano", "ana", vault.New), found("GitHub", "ana", vault.Same), found("Mail", "ana", vault.Differs),
		{Err: otpauth.ErrBadSecret},
		removed, back,
		{Err: vault.ErrAside, Entry: snapshot.Entry{Note: "Bank:ana"}},
	}, []vault.Account{{ID: "GitHubana"}, {ID: "Mailana"}, {ID: "other"}})
	if want := []bool{true, false, false, false, false, true, false}; !slices.Equal(c.use, want) {
		t.Errorf("ticked at first %v, want %v", c.use, want)
	}
	if got := c.sum(); got != (sum{add: 2, same: 1, left: 2, bad: 2}) {
		t.Errorf("sum %+v", got)
	}
	for i := range c.found {
		c.toggle(i)
	}
	c.replace = true
	// What differs stays here when it is replaced; only the other one goes.
	if got := c.sum(); got != (sum{replace: 1, add: 1, same: 1, left: 2, bad: 2, gone: 1}) {
		t.Errorf("sum %+v after each was pressed", got)
	}
	if got := c.line(6); got.title != "Bank:ana" || got.can || !got.bad {
		t.Errorf("a line set aside: %+v", got)
	}
	if got := c.line(3); got.title != "An account without a name" {
		t.Errorf("an entry that cannot be read: %+v", got)
	}
	if got := c.line(1); !got.on || got.can {
		t.Errorf("one that is here: %+v", got)
	}
}

// Whatever is pressed, each entry is counted once, and what cannot be taken in
// is never asked for.
func TestChoiceCountsEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) vault.Found {
			f := found("Service", "ana", rapid.SampledFrom([]vault.Status{vault.New, vault.Same, vault.Differs}).Draw(t, "status"))
			f.Removed = rapid.Bool().Draw(t, "removed")
			if rapid.IntRange(0, 4).Draw(t, "bad") == 0 {
				f.Err = otpauth.ErrBadSecret
			}
			return f
		}), 0, 20).Draw(t, "found")
		c := newChoice(all, nil)
		for _, i := range rapid.SliceOf(rapid.IntRange(-1, 20)).Draw(t, "pressed") {
			c.toggle(i)
		}
		s := c.sum()
		if n := s.add + s.replace + s.same + s.left + s.bad; n != len(all) {
			t.Fatalf("%d of %d are counted: %+v", n, len(all), s)
		}
		for i, use := range c.take().Use {
			if use && (all[i].Err != nil || all[i].Status == vault.Same) {
				t.Fatalf("entry %d cannot be taken in and is asked for", i)
			}
		}
	})
}

func TestSameDrive(t *testing.T) {
	dir := t.TempDir()
	if !SameDrive(dir, filepath.Join(dir, "not", "there", "yet")) {
		t.Error("a folder and one to be made in it are on two drives")
	}
	if _, err := os.Stat("/proc/self"); runtime.GOOS == "linux" && err == nil && SameDrive(dir, "/proc/self") {
		t.Error("/proc is on the drive of the temporary files")
	}
}

func TestSizesAndFingerprints(t *testing.T) {
	for n, want := range map[int64]string{1: "1 KB", 8192: "8 KB", 1 << 20: "1.0 MB", 5<<20 + 1<<19: "5.5 MB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
	for fp, want := range map[string]string{"": "", "ab": "ab", "3f2a91cc0b7e55d1": "3f2a 91cc 0b7e 55d1"} {
		if got := grouped(fp); got != want {
			t.Errorf("grouped(%q) = %q, want %q", fp, got, want)
		}
	}
}

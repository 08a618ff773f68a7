// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
)

func slowPhrase(t *testing.T, p standing.Platform) phrase.Phrase {
	t.Helper()
	made, err := phrase.Encode(standing.Standing{
		Platform: p, Clock: standing.Slow30, Source: standing.NTP, Enrolment: standing.Active, Codes: standing.ManyLeft,
		Automatic: standing.AutomaticOff, Last: standing.RefusedWrong, Major: 1, Minor: 8,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// The words of every language say the same, in full and by their first four letters.
func TestHelpdeskPhraseInEveryLanguage(t *testing.T) {
	c := newCalling(t, "hana")
	for _, lang := range phrase.Languages() {
		var doc struct{ Advice shownAdvice }
		said := slowPhrase(t, standing.MacOS).Words(lang)
		c.run(0, append([]string{"phrase", "--json"}, said...)...)
		if err := json.Unmarshal(c.out.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		a := doc.Advice
		if a.Language != lang || a.Platform != "macOS" || a.Version != "1.8" || a.Finding != "The clock is 30 to 59 seconds slow. Codes will be refused." || a.Act != "resync" || a.Format != 1 || a.Newer {
			t.Errorf("%s: %+v", lang, a)
		}
		for i, word := range said {
			said[i] = strings.ToUpper(string([]rune(word)[:4]))
		}
		c.says(c.run(0, "phrase", strings.Join(said, ", ")), "The clock is 30 to 59 seconds slow.", "System Settings")
	}
}

// What was misheard, left out, swapped or is of another version is named, never guessed.
func TestHelpdeskPhraseMisheard(t *testing.T) {
	c := newCalling(t, "hana")
	right := slowPhrase(t, standing.Windows).Words("en")
	change := func(at int, word string) []string {
		said := append([]string{"phrase"}, right...)
		said[at+1] = word
		return said
	}
	c.says(c.run(3, change(2, "xyzzy")...), "Word 3 is not on the list")
	c.says(c.run(2, append([]string{"phrase"}, right[:5]...)...), "one of its six words is missing")
	c.says(c.run(2, append([]string{"phrase"}, append(right, right[0])...)...), "more than the six words")
	swapped := append([]string{"phrase"}, right...)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	c.says(c.run(6, swapped...), "one of them was misheard, or two were swapped")
	for _, other := range []string{"000", "255"} {
		c.says(c.run(6, change(5, other)...), "do not fit together")
	}
	c.says(c.run(2, "phrase", "--before", "xyzzy"), "Give the caller’s six words.")
	c.run(3, append([]string{"phrase", "--before", "xyzzy"}, right...)...)
	c.says(c.run(0, append([]string{"phrase", "--before", slowPhrase(t, standing.Android).Text("de")}, right...)...), "a different device: Android before, Windows now")
}

// checked gives a changed phrase the check word that goes with it.
func checked(t *testing.T, p phrase.Phrase) []string {
	t.Helper()
	for i := range 256 {
		p[5] = byte(i)
		if _, err := phrase.Decode(strings.Join(p.Digits(), " "), "en"); !errors.Is(err, phrase.ErrCheck) {
			return p.Digits()
		}
	}
	t.Fatal("no check word goes with it")
	return nil
}

func TestHelpdeskPhraseOfAnotherVersion(t *testing.T) {
	c := newCalling(t, "hana")
	p := slowPhrase(t, standing.Windows)
	p[4] |= 1 // a spare bit: what it says is known, and not all of it
	c.says(c.run(0, append([]string{"phrase"}, checked(t, p)...)...), "The caller’s app is newer than this one", "The clock is 30 to 59 seconds slow.")
	p = slowPhrase(t, standing.Windows)
	p[0] = p[0]&0x1f | 7<<5
	c.says(c.run(1, append([]string{"phrase"}, checked(t, p)...)...), "newer version of this app")
	p[0] &= 0x1f
	c.says(c.run(6, append([]string{"phrase"}, checked(t, p)...)...), "too old")
}

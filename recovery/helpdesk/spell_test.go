// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kutano/authenticator/assets/words"
)

func TestSpell(t *testing.T) {
	for lang, want := range map[string][]string{
		"en":    {"Bravo", "Charlie", "Delta", "Foxtrot", "two", "nine"},
		"de":    {"Berlin", "Chemnitz", "Düsseldorf", "Frankfurt", "zwo", "neun"},
		"fr":    {"Berthe", "Célestin", "Désiré", "François", "deux", "neuf"},
		"es":    {"Barcelona", "Carmen", "Dolores", "Francia", "dos", "nueve"},
		"pt_BR": {"Bandeira", "Cobra", "Dado", "Feira", "dois", "nove"},
		"pt-BR": {"Bandeira", "Cobra", "Dado", "Feira", "dois", "nove"},
		"sw":    {"Baba", "Chai", "Dada", "Farasi", "mbili", "tisa"},
		"xx":    {"Bravo", "Charlie", "Delta", "Foxtrot", "two", "nine"},
	} {
		if got := Spell("bcD-F 29", lang); !slices.Equal(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// Each word begins with its letter, and no two words of a language are alike.
func TestAlphabets(t *testing.T) {
	for _, lang := range words.Languages() {
		base, _, _ := strings.Cut(lang, "_")
		a, ok := alphabets[base]
		if !ok {
			t.Errorf("no alphabet for %s", lang)
		}
		seen := map[string]bool{}
		for i, word := range a.letters {
			first := []rune(norm.NFD.String(word))[0]
			if first != rune('A'+i) {
				t.Errorf("%s: %q for %c", lang, word, 'A'+i)
			}
			seen[word] = true
		}
		for _, word := range a.digits {
			if word == "" || unicode.IsDigit([]rune(word)[0]) {
				t.Errorf("%s: %q", lang, word)
			}
			seen[word] = true
		}
		if len(seen) != 36 {
			t.Errorf("%s: %d words", lang, len(seen))
		}
	}
}

func FuzzSpell(f *testing.F) {
	f.Add("BCDF-GHJK", "de")
	f.Fuzz(func(t *testing.T, code, lang string) {
		if said := Spell(code, lang); len(said) != len(Letters(code)) || slices.Contains(said, "") {
			t.Errorf("%q: %q", code, said)
		}
	})
}

// What is on paper is what the screen asks for.
func TestScript(t *testing.T) {
	all := ""
	for _, s := range Script() {
		if s.Title == "" || len(s.Lines) == 0 {
			t.Errorf("%+v", s)
		}
		all += s.Title + "\n" + strings.Join(s.Lines, "\n") + "\n"
	}
	for _, i := range Items {
		if Label(i) == "" || How(i) == "" {
			t.Errorf("%s has no words", i)
		}
		if i != Least && !strings.Contains(all, How(i)) {
			t.Errorf("%s is not in the script", i)
		}
	}
	for _, a := range Acts() {
		if ActName(a) == "" || ActDoes(a) == "" {
			t.Errorf("%s has no words", a)
		}
	}
	if strings.ContainsAny(all, "{}!") {
		t.Error(all)
	}
}

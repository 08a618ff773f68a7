// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"slices"
	"strings"
	"testing"
)

// taken are words that no list may hold: a helpdesk that says "code" or "seven" must
// not be taken to read out a phrase. They are numbers, and what the app speaks of, in
// the list's language; a word that is one letter off is as bad.
var taken = map[string]string{
	"en":    "zero one two three four five six seven eight nine ten eleven twelve hundred number digit code key lock password backup reset",
	"de":    "null eins zwei drei vier sechs sieben acht neun zehn elf hundert nummer ziffer code kode taste sperre passwort kennwort",
	"fr":    "deux trois quatre cinq sept huit neuf onze douze cent nombre chiffre code mot serrure touche",
	"es":    "cero uno tres cuatro cinco seis siete ocho nueve diez once doce cien ciento numero cifra codigo clave llave tecla",
	"pt_BR": "zero dois tres quatro cinco seis meia sete oito nove onze doze cento numero cifra codigo chave tecla senha",
	"sw":    "sifuri moja mbili tatu nne tano sita saba nane tisa kumi mia namba nambari tarakimu msimbo ufunguo funguo siri",
}

// nato are the words of the international spelling alphabet, which the helpdesk spells
// codes with.
const nato = "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa " +
	"quebec romeo sierra tango uniform victor whiskey xray yankee zulu"

func TestTheListsAreThere(t *testing.T) {
	if got := Languages(); !slices.Equal(got, []string{"en", "de", "es", "fr", "pt_BR", "sw"}) {
		t.Fatalf("languages %q", got)
	}
	for _, l := range lists() {
		if hearings[l.lang].rules == nil {
			t.Fatalf("%s: nothing tells how it sounds", l.lang)
		}
		if len(l.words) != size || len(l.by) != size || !slices.IsSorted(l.words) {
			t.Errorf("%s: %d words, %d beginnings, sorted: %v", l.lang, len(l.words), len(l.by), slices.IsSorted(l.words))
		}
		for _, w := range l.words {
			if len(w) < 4 || len(w) > 7 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("%s: %q is not 4 to 7 plain letters", l.lang, w)
			}
		}
	}
}

// No two words of a list can be taken for each other: not by their first four letters,
// not by two mistakes of typing, swapped letters among them, and not by ear, with all
// vowels unheard and p like b, s like z, f like v.
func TestWordsAreToldApart(t *testing.T) {
	for _, l := range lists() {
		for i, a := range l.words {
			for j, b := range l.words[:i] {
				switch {
				case a[:shortest] == b[:shortest]:
					t.Errorf("%s: %s and %s begin alike", l.lang, a, b)
				case distance(a, b) < 3:
					t.Errorf("%s: %s and %s are %d letters apart", l.lang, a, b, distance(a, b))
				case l.keys[i] == l.keys[j]:
					t.Errorf("%s: %s and %s sound alike: %s", l.lang, a, b, l.keys[i])
				}
			}
		}
	}
}

func TestNoWordIsTaken(t *testing.T) {
	for _, l := range lists() {
		for _, w := range l.words {
			for bad := range strings.FieldsSeq(taken[l.lang]) {
				if distance(w, bad) < 2 {
					t.Errorf("%s: %s may be heard as %s", l.lang, w, bad)
				}
			}
			if slices.Contains(strings.Fields(nato), w) {
				t.Errorf("%s: %s is of the spelling alphabet", l.lang, w)
			}
		}
	}
}

func TestSound(t *testing.T) {
	for _, c := range []struct{ lang, a, b string }{
		{"en", "phone", "fone"},
		{"en", "knight", "nite"},
		{"en", "cart", "kard"},
		{"en", "bees", "peace"},
		{"de", "wal", "wahl"},
		{"de", "rad", "rat"},
		{"de", "vater", "fader"},
		{"fr", "verre", "vers"},
		{"fr", "seau", "sot"},
		{"es", "vaca", "baca"},
		{"es", "queso", "keso"},
		{"es", "hola", "ola"},
		{"pt_BR", "cesta", "sesta"},
		{"sw", "zawadi", "sawati"},
		{"sw", "safari", "safali"},
	} {
		if x, y := sound(c.lang, c.a), sound(c.lang, c.b); x != y || x == "" {
			t.Errorf("%s: %s sounds %s, %s sounds %s", c.lang, c.a, x, c.b, y)
		}
	}
	if sound("en", "garden") == sound("en", "garlic") || sound("en", "") != "" {
		t.Error("what sounds different is alike")
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"maple", "maple", 0},
		{"maple", "mapel", 1},
		{"maple", "maples", 1},
		{"kitten", "sitting", 3},
		{"ca", "abc", 3},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q and %q are %d apart, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for name, want := range map[string]string{
		"": "en", "en": "en", "de": "de", "de_AT": "de", "pt-BR": "pt_BR", "pt_PT": "pt_BR", "PT": "pt_BR", "ja": "en", "sw-KE": "sw",
	} {
		if got := Language(name); got != want {
			t.Errorf("%q means %s, want %s", name, got, want)
		}
	}
}

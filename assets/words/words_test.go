// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"slices"
	"testing"
	"testing/fstest"
)

// inTest puts languages of the test in the place of the real ones.
func inTest(t *testing.T) {
	t.Helper()
	real := files
	t.Cleanup(func() {
		files = real
		current.Store(nil)
	})
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	files = fstest.MapFS{
		"names.json": file(`{"de": "Deutsch", "en": "English"}`),
		"de.json":    file(`{"Copied {name}": "{name} kopiert", "1 account": "1 Konto", "{n} accounts": "{n} Konten", "Empty": ""}`),
		"fr.json":    file(`{"1 account": "{n} compte", "{n} accounts": "{n} comptes", "1 code": "1 code", "{n} codes": "{n} codes"}`),
		"pt_BR.json": file(`{"Add": "Adicionar"}`),
		"xx.json":    file(`{"damaged`),
	}
}

func TestEnglishIsTheLiteral(t *testing.T) {
	inTest(t)
	for _, c := range []struct {
		got, want string
	}{
		{T("Add"), "Add"},
		{T("Copied {name}", "name", "GitHub"), "Copied GitHub"},
		{T("{a} and {b}, {a}", "a", 1, "b", "two"), "1 and two, 1"},
		{T("Hello {nobody}", "name", "x"), "Hello {nobody}"},
		{T("Hello {nobody}"), "Hello {nobody}"},
		{T("odd {a}", "a"), "odd {a}"},
		{T("open { brace", "a", 1), "open { brace"},
		{T("}{", "a", 1), "}{"},
		{T("", "a", 1), ""},
		// What a value holds is never filled again.
		{T("{a}{b}", "a", "{b}", "b", "{a}"), "{b}{a}"},
		{T("Copied {name}", "name", "{name}"), "Copied {name}"},
		{N(1, "1 account", "{n} accounts"), "1 account"},
		{N(0, "1 account", "{n} accounts"), "0 accounts"},
		{N(2, "1 account", "{n} accounts"), "2 accounts"},
		{N(-1, "1 account", "{n} accounts"), "-1 accounts"},
		{N(3, "1 code in {f}", "{n} codes in {f}", "f", "a.png"), "3 codes in a.png"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestTranslated(t *testing.T) {
	inTest(t)
	if !Use("de") || Current() != "de" {
		t.Fatalf("de is not in use but %q", Current())
	}
	for _, c := range []struct {
		got, want string
	}{
		{T("Copied {name}", "name", "GitHub"), "GitHub kopiert"},
		{N(1, "1 account", "{n} accounts"), "1 Konto"},
		{N(0, "1 account", "{n} accounts"), "0 Konten"},
		{T("Not translated"), "Not translated"},
		{T("Empty"), "Empty"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	Use("fr")
	for _, c := range []struct {
		got, want string
	}{
		{N(0, "1 account", "{n} accounts"), "0 compte"},
		{N(1, "1 account", "{n} accounts"), "1 compte"},
		{N(2, "1 account", "{n} accounts"), "2 comptes"},
		// "1" is written out, so it cannot stand for zero.
		{N(0, "1 code", "{n} codes"), "0 codes"},
	} {
		if c.got != c.want {
			t.Errorf("French: got %q, want %q", c.got, c.want)
		}
	}
}

func TestUse(t *testing.T) {
	for _, c := range []struct {
		lang, want string // "" is refused
	}{
		{"en", "en"},
		{"en_GB.UTF-8", "en"},
		{"C", "en"},
		{"POSIX", "en"},
		{"C.UTF-8", "en"},
		{"de", "de"},
		{"DE", "de"},
		{"de_DE.UTF-8", "de"},
		{"de_AT@euro", "de"},
		{"de-CH", "de"},
		{"pt", "pt_BR"},
		{"pt-BR", "pt_BR"},
		{"pt_br.utf8", "pt_BR"},
		{"pt_PT", "pt_BR"},
		{"sw", ""},
		{"d", ""},
		{"", ""},
		{"names", ""},
		{"xx", ""}, // damaged
		{"../de", ""},
	} {
		inTest(t)
		Use("fr")
		ok := Use(c.lang)
		want := c.want
		if want == "" {
			want = "fr" // stays as it was
		}
		if ok != (c.want != "") || Current() != want {
			t.Errorf("Use(%q) = %t, then %q is in use; want %q", c.lang, ok, Current(), want)
		}
	}
}

func TestFromEnv(t *testing.T) {
	inTest(t)
	for _, c := range []struct {
		all, messages, lang, want string
	}{
		{"", "", "", "en"},
		{"", "", "de_DE.UTF-8", "de"},
		{"", "fr_FR", "de_DE.UTF-8", "fr"},
		{"C", "fr_FR", "de_DE.UTF-8", "en"},
		{"", "", "sw_KE", "en"},
		{"", "", "pt", "pt_BR"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := FromEnv(); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

func TestLanguages(t *testing.T) {
	if got := Languages(); got[0] != "en" {
		t.Errorf("the shipped languages begin with %q", got)
	}
	for _, l := range Languages() {
		if Name(l) == l {
			t.Errorf("%s has no name of its own in names.json", l)
		}
		if !Use(l) {
			t.Errorf("%s is damaged", l)
		}
	}
	Use(English)
	inTest(t)
	if got, want := Languages(), []string{"en", "de", "fr", "pt_BR", "xx"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if Name("de") != "Deutsch" || Name("fr") != "fr" {
		t.Errorf("names %q and %q", Name("de"), Name("fr"))
	}
	files = fstest.MapFS{}
	if got := Languages(); !slices.Equal(got, []string{"en"}) || Name("de") != "de" {
		t.Errorf("with nothing there: %q, %q", got, Name("de"))
	}
}

func TestEnglishAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { T("Add") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzFill: no sentence panics; a name without a value changes nothing, and a
// name that is its own value neither.
func FuzzFill(f *testing.F) {
	f.Add("Copied {name}", "name")
	f.Add("{", "a")
	f.Add("{a}{b}}", "b")
	f.Fuzz(func(t *testing.T, sentence, name string) {
		if got := fill(sentence, []any{"}", "x"}); got != sentence {
			t.Errorf("%q became %q without a value", sentence, got)
		}
		if got := fill(sentence, []any{name, "{" + name + "}"}); got != sentence {
			t.Errorf("%q became %q", sentence, got)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package words_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/assets/words/source"
)

// root is the repository's root as seen from here.
const root = "../.."

// TestSentencesAreLiterals holds what collecting relies on.
func TestSentencesAreLiterals(t *testing.T) {
	sentences, err := source.Collect(root)
	if err != nil {
		t.Error(err)
	}
	if len(sentences) < 50 {
		t.Errorf("only %d sentences were found; is %s the repository?", len(sentences), root)
	}
	for _, s := range sentences {
		if strings.TrimSpace(s.English) == "" {
			t.Errorf("%s: there is nothing to say in %q", s.Where, s.English)
		}
	}
}

// TestWordsAreOurWords holds the words of the product: plain ones, and none
// that shout.
func TestWordsAreOurWords(t *testing.T) {
	sentences, err := source.Collect(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sentences {
		lower := strings.ToLower(s.English)
		for _, word := range []string{"token", "skew", "seed", "payload"} {
			if strings.Contains(lower, word) {
				t.Errorf("%s: %q says %q", s.Where, s.English, word)
			}
		}
		if strings.Contains(s.English, "!") {
			t.Errorf("%s: %q has an exclamation mark", s.Where, s.English)
		}
	}
}

// TestLanguageFiles holds every translation complete and without left-overs.
func TestLanguageFiles(t *testing.T) {
	sentences, err := source.Collect(root)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if path == "names.json" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var have map[string]string
		if err := json.Unmarshal(data, &have); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		for _, fault := range compare(sentences, have) {
			t.Errorf("%s: %s", path, fault)
		}
	}
}

// compare returns what is wrong with a translation.
func compare(sentences []source.Sentence, have map[string]string) []string {
	var faults []string
	left := maps.Clone(have)
	for _, s := range sentences {
		translation, ok := have[s.English]
		delete(left, s.English)
		if !ok || strings.TrimSpace(translation) == "" {
			faults = append(faults, fmt.Sprintf("%q of %s is not translated", s.English, s.Where))
			continue
		}
		if edges(translation) != edges(s.English) {
			faults = append(faults, fmt.Sprintf("%q begins or ends with other blanks than its translation", s.English))
		}
		want, got := source.Placeholders(s.English), source.Placeholders(translation)
		if s.Counted {
			// {n} is always offered: "1 account" may become "{n} compte".
			want, got = without(want, "n"), without(got, "n")
		}
		if !slices.Equal(want, got) {
			faults = append(faults, fmt.Sprintf("%q has the placeholders %q, its translation %q", s.English, want, got))
		}
	}
	for _, english := range slices.Sorted(maps.Keys(left)) {
		faults = append(faults, fmt.Sprintf("%q is no longer in the source", english))
	}
	return faults
}

// edges returns the blanks before and after a sentence, which a prompt needs.
func edges(s string) [2]string {
	rest := strings.TrimLeft(s, " \n")
	return [2]string{s[:len(s)-len(rest)], rest[len(strings.TrimRight(rest, " \n")):]}
}

func without(all []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == name })
}

func TestCompare(t *testing.T) {
	sentences := []source.Sentence{
		{English: "Add", Where: "a.go:1"},
		{English: "Name: ", Where: "a.go:1"},
		{English: "Copied {name}", Where: "a.go:2"},
		{English: "1 account", Counted: true, Where: "a.go:3"},
		{English: "{n} accounts", Counted: true, Where: "a.go:3"},
	}
	good := map[string]string{"Add": "Ajouter", "Name: ": "Nom : ", "Copied {name}": "{name} copié", "1 account": "{n} compte", "{n} accounts": "{n} comptes"}
	if faults := compare(sentences, good); len(faults) != 0 {
		t.Errorf("a good translation has faults: %q", faults)
	}
	bad := map[string]string{"Add": " ", "Name: ": "Nom :", "Copied {name}": "{nom} copié", "1 account": "{n} {extra}", "Old": "Vieux"}
	want := []string{
		`"Add" of a.go:1 is not translated`,
		`"Name: " begins or ends with other blanks than its translation`,
		`"Copied {name}" has the placeholders ["name"], its translation ["nom"]`,
		`"1 account" has the placeholders [], its translation ["extra"]`,
		`"{n} accounts" of a.go:3 is not translated`,
		`"Old" is no longer in the source`,
	}
	if faults := compare(sentences, bad); !slices.Equal(faults, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(faults, "\n"), strings.Join(want, "\n"))
	}
}

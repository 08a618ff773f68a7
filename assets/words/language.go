// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"embed"
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// namesFile gives each planned language's name in that language.
const namesFile = "names.json"

//go:embed *.json
var embedded embed.FS

// files holds the languages; tests put their own in its place.
var files fs.FS = embedded

// Use makes lang the current language and reports whether it is there. It
// takes BCP 47 and POSIX forms: "de", "pt-BR", "de_DE.UTF-8"; a region that is
// not there falls back to its language. When it reports false the language
// stays as it was.
func Use(lang string) bool {
	found, ok := match(lang)
	if !ok {
		return false
	}
	if found == English {
		current.Store(nil)
		return true
	}
	sentences, err := load(found)
	if err != nil {
		return false
	}
	current.Store(&table{lang: found, sentences: sentences})
	return true
}

// Current returns the code of the language in use, such as "en" or "pt_BR".
func Current() string {
	if t := current.Load(); t != nil {
		return t.lang
	}
	return English
}

// FromEnv returns the language that the environment asks for (LC_ALL, then
// LC_MESSAGES, then LANG) where it is there, else "en".
func FromEnv() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		wanted := os.Getenv(name)
		if wanted == "" {
			continue
		}
		// The first one that is set decides, as in POSIX.
		if found, ok := match(wanted); ok {
			return found
		}
		return English
	}
	return English
}

// Languages returns the codes of all languages that are there, English first.
func Languages() []string {
	langs := []string{English}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return langs
	}
	for _, e := range entries {
		code, isJSON := strings.CutSuffix(e.Name(), ".json")
		if isJSON && e.Name() != namesFile {
			langs = append(langs, code)
		}
	}
	slices.Sort(langs[1:])
	return langs
}

// Name returns a language's own name ("Deutsch"), or the code itself where it
// is not known.
func Name(lang string) string {
	data, err := fs.ReadFile(files, namesFile)
	if err != nil {
		return lang
	}
	var names map[string]string
	if json.Unmarshal(data, &names) != nil || names[lang] == "" {
		return lang
	}
	return names[lang]
}

// match finds the language that is there for a BCP 47 or POSIX name.
func match(wanted string) (string, bool) {
	if i := strings.IndexAny(wanted, ".@"); i >= 0 {
		wanted = wanted[:i]
	}
	wanted = strings.ReplaceAll(wanted, "-", "_")
	if wanted == "C" || wanted == "POSIX" {
		return English, true
	}
	langs := Languages()
	for _, l := range langs {
		if strings.EqualFold(l, wanted) {
			return l, true
		}
	}
	base, _, _ := strings.Cut(wanted, "_")
	for _, l := range langs {
		have, _, _ := strings.Cut(l, "_")
		if base != "" && strings.EqualFold(have, base) {
			return l, true
		}
	}
	return "", false
}

func load(lang string) (map[string]string, error) {
	data, err := fs.ReadFile(files, lang+".json")
	if err != nil {
		return nil, err
	}
	var sentences map[string]string
	if err := json.Unmarshal(data, &sentences); err != nil {
		return nil, err
	}
	return sentences, nil
}

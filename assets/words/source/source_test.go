// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree writes files into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const head = "package a\nimport \"github.com/kutano/authenticator/assets/words\"\n"

func TestCollect(t *testing.T) {
	root := tree(t, map[string]string{
		"a.go":          head + "var a = words.T(\"Zebra\")\nvar b = words.T(\"Copied {name}\", \"name\", x)\nvar c = words.N(n, `1 account`, \"{n} accounts\")\nvar d = words.T((\"long \" + \"sentence\"))",
		"sub/b.go":      "package b\nimport w \"github.com/kutano/authenticator/assets/words\"\nvar a = w.T(\"Zebra\")\nvar b = w.T(\"Renamed\")\nvar c = words.T(\"Not ours\")",
		"other.go":      "package a\nvar a = words.T(\"Not imported\")",
		"a_test.go":     head + "var t = words.T(\"In a test\")",
		"testdata/x.go": "this is not Go",
		".git/x.go":     "this is not Go",
		"readme.md":     "words.T(\"Not Go\")",
	})
	got, err := Collect(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []Sentence{
		{"1 account", true, "a.go:5"},
		{"Copied {name}", false, "a.go:4"},
		{"Renamed", false, "sub/b.go:4"},
		{"Zebra", false, "a.go:3"},
		{"long sentence", false, "a.go:6"},
		{"{n} accounts", true, "a.go:5"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestCollectFindsWhatIsNoLiteral(t *testing.T) {
	root := tree(t, map[string]string{
		"a.go": head + "var a = words.T(s)\nvar b = words.N(n, \"one\", many)\nvar c = words.T(\"a\" + b)\nvar d = words.T(fmt.Sprintf(\"x\"))\nvar e = words.T(\"a\" + 1)",
	})
	_, err := Collect(root)
	if err == nil {
		t.Fatal("no error")
	}
	for _, place := range []string{"a.go:3", "a.go:4", "a.go:5", "a.go:6", "a.go:7"} {
		if !strings.Contains(err.Error(), place+": the sentence is not a string literal") {
			t.Errorf("%s is not named in %v", place, err)
		}
	}
}

// The guides' sentences are collected as those of the source are, and nobody
// else says sentences that stand in data.
func TestCollectReadsGuides(t *testing.T) {
	guide := `
[[entry]]
name = "setup"
title = "Zebra"
[[step]]
id = "one"
title = "In a guide"
text = ["First.", "Second {contact}."]
requires = ["R01"]
[[step.card]]
best = "Best"
pros = ["Pro"]
cons = ["Con"]
[step.card.choice]
label = "Go"
to = "two"
[[step.choice]]
label = "On"
[step.look]
linux = ["Penguin."]
phone = ["Bell."]
[step.without]
contact = "Nobody"
[[step.outcome]]
on = "added"
`
	root := tree(t, map[string]string{
		"a.go":                     head + "var a = words.T(\"Zebra\")",
		"recovery/guide/say.go":    head + "var a = words.Sentence(s)",
		"assets/guides/setup.toml": guide,
		"assets/guides/notes.txt":  "title = \"Not a guide\"",
	})
	got, err := Collect(root)
	if err != nil {
		t.Fatal(err)
	}
	const in = "assets/guides/setup.toml"
	want := []Sentence{
		{"Bell.", false, in + ":21"},
		{"Best", false, in + ":11"},
		{"Con", false, in + ":13"},
		{"First.", false, in + ":8"},
		{"Go", false, in + ":15"},
		{"In a guide", false, in + ":7"},
		{"Nobody", false, in + ":23"},
		{"On", false, in + ":18"},
		{"Penguin.", false, in + ":20"},
		{"Pro", false, in + ":12"},
		{"Second {contact}.", false, in + ":8"},
		{"Zebra", false, "a.go:3"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	_, err = Collect(tree(t, map[string]string{"ui/a.go": head + "var a = words.Sentence(s)"}))
	if err == nil || !strings.Contains(err.Error(), "ui/a.go:3: words.Sentence is for recovery/guide alone") {
		t.Errorf("got %v", err)
	}
	if _, err = Collect(tree(t, map[string]string{"assets/guides/a.toml": "= no guide"})); err == nil {
		t.Error("no error for a guide that does not parse")
	}
}

func TestCollectOfBrokenSource(t *testing.T) {
	if _, err := Collect(tree(t, map[string]string{"a.go": "package"})); err == nil {
		t.Error("no error for Go that does not parse")
	}
	if _, err := Collect(filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("no error for a folder that is not there")
	}
}

func TestPlaceholders(t *testing.T) {
	for _, c := range []struct {
		sentence string
		want     []string
	}{
		{"none", nil},
		{"{b} {a} {b}", []string{"a", "b"}},
		{"{open", nil},
		{"}{a}", []string{"a"}},
		{"{}", []string{""}},
	} {
		if got := Placeholders(c.sentence); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.sentence, got, c.want)
		}
	}
}

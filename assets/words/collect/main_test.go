// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestRun(t *testing.T) {
	root := t.TempDir()
	for name, content := range map[string]string{
		"go.mod":               "module x",
		"a.go":                 "package a\nimport \"github.com/kutano/authenticator/assets/words\"\nvar a = words.T(\"Add\")\nvar b = words.T(\"a < b\")",
		"assets/words/de.json": `{"Add": "Hinzufügen", "Gone": "Weg"}`,
		"assets/words/xx.json": `{`,
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ lang, want string }{
		{"", "{\n  \"Add\": \"\",\n  \"a < b\": \"\"\n}\n"},
		{"de", "{\n  \"Add\": \"Hinzufügen\",\n  \"a < b\": \"\"\n}\n"},
		{"sw", "{\n  \"Add\": \"\",\n  \"a < b\": \"\"\n}\n"},
	} {
		var out bytes.Buffer
		if err := run(root, c.lang, &out); err != nil || out.String() != c.want {
			t.Errorf("%q: %v, %s", c.lang, err, out.String())
		}
		if !json.Valid(out.Bytes()) {
			t.Errorf("%q: not JSON", c.lang)
		}
	}
	if err := run(root, "xx", &bytes.Buffer{}); err == nil {
		t.Error("no error for a damaged language")
	}
	if err := run(filepath.Join(root, "assets"), "", &bytes.Buffer{}); err == nil {
		t.Error("no error outside of the repository's root")
	}
}

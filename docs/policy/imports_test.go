// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "example.org/house"

// house parses sources given as path → text, under a go.mod.
func house(t *testing.T, sources map[string]string) *Tree {
	t.Helper()
	files := fstest.MapFS{"go.mod": {Data: []byte("module " + module + "\n")}}
	for path, text := range sources {
		files[path] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// places returns "path:line" of each finding.
func places(found []Finding) []string {
	var out []string
	for _, f := range found {
		where, _, _ := strings.Cut(f.String(), ": ")
		out = append(out, where)
	}
	return out
}

func TestImports(t *testing.T) {
	tree := house(t, map[string]string{
		"vault/vault.go":       "package vault\nimport \"sync\"\nimport \"example.org/house/sync/clock\"\n",
		"vault/vault_test.go":  "package vault\nimport \"net/http\"\n",
		"vault/near/near.go":   "package near\nimport \"example.org/house/web\"\n",
		"vault/vaults.go":      "package vault\nimport \"net/httputil\"\n",
		"web/web.go":           "package web\nimport \"net/http\"\n",
		"sync/clock/clock.go":  "package clock\n",
		"ui/ui.go":             "package ui\nimport \"fyne.io/fyne/v2\"\nimport \"fyne.io/fyne/v2/app\"\n",
		"cmd/gui/main.go":      "package main\nimport \"fyne.io/fyne/v2/app\"\n",
		"cmd/plain/main.go":    "package main\nimport \"fyne.io/fyne/v2x\"\n",
		"ui/testdata/bad.go":   "package bad\nimport \"net/http\"\n",
		"server/go.mod":        "module example.org/house/server\n",
		"server/in/api/api.go": "package api\nimport \"example.org/house/vault\"\n",
	})
	tests := map[string]struct {
		edge Edge
		want []string
	}{
		"direct": {
			Edge{From: []string{"./..."}, To: []string{"net/http"}},
			[]string{"web/web.go:2"},
		},
		"tests too": {
			Edge{From: []string{"./vault/..."}, To: []string{"net/http"}, Tests: true},
			[]string{"vault/vault_test.go:2"},
		},
		"through our own": {
			Edge{From: []string{"./vault/..."}, To: []string{"net/http"}, Deep: true},
			[]string{"vault/near/near.go:2"},
		},
		"our sync is not the standard library's": {
			Edge{From: []string{"./vault"}, To: []string{"./sync/..."}},
			[]string{"vault/vault.go:3"},
		},
		"one importer only": {
			Edge{From: []string{"./..."}, But: []string{"./cmd/gui"}, To: []string{"fyne.io/fyne/v2/app"}},
			[]string{"ui/ui.go:3"},
		},
		"a part that is allowed": {
			Edge{From: []string{"./..."}, To: []string{"fyne.io/fyne/v2/..."}, Save: []string{"fyne.io/fyne/v2/app"}},
			[]string{"ui/ui.go:2"},
		},
		"another module of the repository": {
			Edge{From: []string{"./server/..."}, To: []string{"./vault/..."}},
			[]string{"server/in/api/api.go:2"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.edge.Reason = "a reason"
			found := Imports(tree, module, tc.edge)
			if got := places(found); !slices.Equal(got, tc.want) {
				t.Errorf("found %v, want %v", got, tc.want)
			}
			for _, f := range found {
				if !strings.HasSuffix(f.What, ": a reason") {
					t.Errorf("no reason in %q", f)
				}
			}
		})
	}
}

// The way is named, so that the reader sees which import to cut.
func TestImportsNamesTheWay(t *testing.T) {
	tree := house(t, map[string]string{
		"a/a.go": "package a\nimport \"example.org/house/b\"\n",
		"b/b.go": "package b\nimport \"example.org/house/c\"\n",
		"c/c.go": "package c\nimport \"example.org/house/b\"\nimport \"net\"\n", // and a circle
	})
	found := Imports(tree, module, Edge{From: []string{"./a"}, To: []string{"net"}, Deep: true, Reason: "offline"})
	want := "a/a.go:2: must not import example.org/house/b, which imports example.org/house/c, which imports net: offline"
	if len(found) != 1 || found[0].String() != want {
		t.Errorf("found %v, want %q", found, want)
	}
}

func TestListed(t *testing.T) {
	deps := []string{"fmt", "fyne.io/fyne/v2/canvas", "fyne.io/systray", "net/http/httptrace", "fyne.io/fyne/v2"}
	got := Listed(deps, []string{"fyne.io/fyne/v2/...", "net/http"})
	if want := []string{"fyne.io/fyne/v2/canvas", "fyne.io/fyne/v2"}; !slices.Equal(got, want) {
		t.Errorf("Listed = %v, want %v", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	mod := &fstest.MapFile{Data: []byte("module m\n")}
	for name, files := range map[string]fstest.MapFS{
		"no go.mod":       {"a.go": {Data: []byte("package a\n")}},
		"a nameless one":  {"go.mod": {Data: []byte("go 1.26\n")}},
		"what is not Go":  {"go.mod": mod, "a.go": {Data: []byte("func a\n")}},
		"half a function": {"go.mod": mod, "a.go": {Data: []byte("package a\nfunc f() {\n")}},
	} {
		if tree, err := Read(files); err == nil {
			t.Errorf("%s: read as %v", name, tree.Files)
		}
	}
}

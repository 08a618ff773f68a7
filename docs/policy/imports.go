// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"strings"
)

// Edge forbids imports. Patterns are as the go command takes them: an import
// path ("net/http"), a folder of ours ("./vault"), either with everything below
// it ("./vault/...").
type Edge struct {
	From   []string // packages that must not import
	But    []string // packages of From that may all the same
	To     []string // what they must not import
	Save   []string // what of To they may import all the same
	Tests  bool     // test files are held to it too
	Deep   bool     // also through other packages of ours
	Reason string   // stands in the message
}

// Imports returns the imports that an edge forbids. module is what stands for
// the "." of patterns.
func Imports(t *Tree, module string, e Edge) []Finding {
	in := matcher{module}
	sources := map[string][]*File{} // by import path, without tests
	for _, f := range t.Files {
		if !f.Test && e.Deep {
			sources[f.Package()] = append(sources[f.Package()], f)
		}
	}
	seen := map[string]bool{} // packages from which nothing forbidden is reached
	var found []Finding
	for _, f := range t.Files {
		if f.Test && !e.Tests || !in.any(e.From, f.Package()) || in.any(e.But, f.Package()) {
			continue
		}
		for _, i := range f.Imports {
			way := reach(sources, in, e, i.Path, seen)
			if way == nil {
				continue
			}
			clear(seen) // some of these were on the way
			what := fmt.Sprintf("must not import %s: %s", strings.Join(way, ", which imports "), e.Reason)
			found = append(found, Finding{f.Path, i.Line, what})
		}
	}
	return found
}

// reach returns the way from an import to one that the edge forbids, or nil.
func reach(sources map[string][]*File, in matcher, e Edge, imported string, seen map[string]bool) []string {
	if in.any(e.To, imported) && !in.any(e.Save, imported) {
		return []string{imported}
	}
	if !e.Deep || seen[imported] {
		return nil
	}
	seen[imported] = true
	for _, f := range sources[imported] {
		for _, i := range f.Imports {
			if way := reach(sources, in, e, i.Path, seen); way != nil {
				return append([]string{imported}, way...)
			}
		}
	}
	return nil
}

// Listed returns those of the listed import paths that match one of the
// patterns: for what `go list -deps` prints.
func Listed(paths, forbidden []string) []string {
	var found []string
	for _, p := range paths {
		if (matcher{}).any(forbidden, p) {
			found = append(found, p)
		}
	}
	return found
}

type matcher struct{ module string }

func (m matcher) any(patterns []string, importPath string) bool {
	for _, p := range patterns {
		if m.match(p, importPath) {
			return true
		}
	}
	return false
}

func (m matcher) match(pattern, importPath string) bool {
	top, deep := strings.CutSuffix(pattern, "/...")
	if top == "." || strings.HasPrefix(top, "./") {
		top = m.module + strings.TrimPrefix(top, ".")
	}
	return importPath == top || deep && strings.HasPrefix(importPath, top+"/")
}

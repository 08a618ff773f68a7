// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package source finds every sentence that the product's Go source passes to
// words.T and words.N, and those of the guides in assets/guides, for the
// translators and for the test that keeps the translations complete. Nothing
// that ships imports it.
package source

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// wordsPath is the import path that calls are recognised by.
const wordsPath = "github.com/kutano/authenticator/assets/words"

// Sentence is one English sentence of the source.
type Sentence struct {
	English string
	// Counted says that it was passed to words.N, which always offers {n}.
	Counted bool
	// Where is the first place, as file:line relative to the root.
	Where string
}

// Collect reads all Go files below root but tests and folders called testdata,
// and the guides, and returns the sentences sorted. The error joins every call
// whose sentence is not a string literal, and every call of words.Sentence by
// other code than what reads the guides, with its place.
func Collect(root string) ([]Sentence, error) {
	c := collector{root: root, files: token.NewFileSet(), found: map[string]Sentence{}}
	if err := filepath.WalkDir(root, c.visit); err != nil {
		return nil, fmt.Errorf("collect sentences: %w", err)
	}
	if err := c.guides(); err != nil {
		return nil, fmt.Errorf("collect sentences: %w", err)
	}
	all := make([]Sentence, 0, len(c.found))
	for _, s := range c.found {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Sentence) int { return strings.Compare(a.English, b.English) })
	return all, errors.Join(c.faults...)
}

// Placeholders returns the {names} of a sentence, sorted, each once.
func Placeholders(sentence string) []string {
	var names []string
	for {
		_, rest, ok := strings.Cut(sentence, "{")
		if !ok {
			break
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			break
		}
		names = append(names, name)
		sentence = after
	}
	slices.Sort(names)
	return slices.Compact(names)
}

type collector struct {
	root   string
	files  *token.FileSet
	found  map[string]Sentence
	faults []error
}

func (c *collector) visit(file string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	if d.IsDir() {
		name := d.Name()
		if file != c.root && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		return nil
	}
	if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
		return nil
	}
	parsed, err := parser.ParseFile(c.files, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	if name := wordsName(parsed); name != "" {
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				c.call(name, call)
			}
			return true
		})
	}
	return nil
}

// wordsName returns the name under which a file imports words, or "".
func wordsName(file *ast.File) string {
	for _, imp := range file.Imports {
		if p, err := strconv.Unquote(imp.Path.Value); err != nil || p != wordsPath {
			continue
		}
		if imp.Name != nil {
			return imp.Name.Name
		}
		return "words"
	}
	return ""
}

func (c *collector) call(pkg string, call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	if id, ok := sel.X.(*ast.Ident); !ok || id.Name != pkg {
		return
	}
	switch sel.Sel.Name {
	case "T":
		c.arguments(call, 0, 1, false)
	case "N":
		c.arguments(call, 1, 3, true)
	case "Sentence":
		if where := c.place(call.Pos()); path.Dir(where) != guidesReader {
			c.faults = append(c.faults, fmt.Errorf("%s: words.Sentence is for %s alone, whose sentences are collected", where, guidesReader))
		}
	}
}

func (c *collector) arguments(call *ast.CallExpr, from, to int, counted bool) {
	for i := from; i < to && i < len(call.Args); i++ {
		where := c.place(call.Args[i].Pos())
		english, ok := literal(call.Args[i])
		if !ok {
			c.faults = append(c.faults, fmt.Errorf("%s: the sentence is not a string literal", where))
			continue
		}
		s, seen := c.found[english]
		if !seen {
			s = Sentence{English: english, Where: where}
		}
		s.Counted = s.Counted || counted
		c.found[english] = s
	}
}

func (c *collector) place(pos token.Pos) string {
	p := c.files.Position(pos)
	if rel, err := filepath.Rel(c.root, p.Filename); err == nil {
		p.Filename = filepath.ToSlash(rel)
	}
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// literal returns the value of a string literal, or of literals joined by +.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, ok2 := literal(e.Y)
		return left + right, e.Op == token.ADD && ok && ok2
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

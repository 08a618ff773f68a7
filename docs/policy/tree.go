// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package policy checks the rules of the house that a compiler does not know:
// who may import whom, what every file begins with, what must not stand in a
// source.
//
// Each rule is a function from a [Tree], the parsed sources, to the places
// that break it. The rules themselves, with the reason beside each, are
// applied in policy_test.go at the top of the repository.
package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Tree is the Go sources of a repository, parsed. What is named
// testdata or vendor or begins with "." or "_" is left out, as the go command does.
type Tree struct {
	Files []*File
	fset  *token.FileSet
}

// File is one Go source.
type File struct {
	Path    string // in the repository, with slashes
	Module  string // of the go.mod that the file belongs to
	Dir     string // the package's path inside that module; "." for its top
	Test    bool   // the name ends in _test.go
	Source  string
	AST     *ast.File
	Imports []Import
}

// Import is one import of a file.
type Import struct {
	Path string
	Line int
}

// Finding is a place where a rule is broken.
type Finding struct {
	Path string
	Line int // 0: the file or package as a whole
	What string
}

// String returns "path:line: what", which editors make into a link.
func (f Finding) String() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.Path, f.What)
	}
	return fmt.Sprintf("%s:%d: %s", f.Path, f.Line, f.What)
}

// Package returns the import path of the file's package.
func (f *File) Package() string { return path.Join(f.Module, f.Dir) }

// Read parses all Go sources under fsys, whatever their build constraints say.
// Its top must hold a go.mod; a go.mod further down begins a module of its own.
func Read(fsys fs.FS) (*Tree, error) {
	t := &Tree{fset: token.NewFileSet()}
	modules := map[string]string{} // folder → module path
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != "." && ignored(d.Name()) {
				return fs.SkipDir
			}
			return readModule(fsys, p, modules)
		}
		if path.Ext(p) != ".go" || ignored(d.Name()) {
			return nil
		}
		return t.add(fsys, p, modules)
	})
	if err != nil {
		return nil, fmt.Errorf("read the sources: %w", err)
	}
	return t, nil
}

func ignored(name string) bool {
	return name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func readModule(fsys fs.FS, dir string, modules map[string]string) error {
	text, err := fs.ReadFile(fsys, path.Join(dir, "go.mod"))
	if err != nil {
		if dir == "." {
			return err
		}
		return nil
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			modules[dir] = strings.TrimSpace(name)
			return nil
		}
	}
	return fmt.Errorf("%s/go.mod names no module", dir)
}

func (t *Tree) add(fsys fs.FS, p string, modules map[string]string) error {
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	tree, err := parser.ParseFile(t.fset, p, src, parser.ParseComments)
	if err != nil {
		return err
	}
	f := &File{Path: p, Source: string(src), AST: tree, Test: strings.HasSuffix(p, "_test.go")}
	f.Module, f.Dir = locate(path.Dir(p), modules)
	for _, spec := range tree.Imports {
		f.Imports = append(f.Imports, Import{strings.Trim(spec.Path.Value, `"`+"`"), t.line(spec)})
	}
	t.Files = append(t.Files, f)
	return nil
}

// locate returns the module that a folder belongs to, and the folder in it.
func locate(dir string, modules map[string]string) (module, inside string) {
	for top := dir; ; top = path.Dir(top) {
		if m, ok := modules[top]; ok {
			inside = strings.TrimPrefix(strings.TrimPrefix(dir, top), "/")
			if top == "." {
				inside = dir
			}
			return m, path.Clean(inside)
		}
		if top == "." {
			return "", dir
		}
	}
}

func (t *Tree) line(n ast.Node) int { return t.fset.Position(n.Pos()).Line }

// packages groups the files by folder, in the order of their paths.
func (t *Tree) packages() [][]*File {
	byDir := map[string][]*File{}
	for _, f := range t.Files {
		dir := path.Dir(f.Path)
		byDir[dir] = append(byDir[dir], f)
	}
	dirs := make([]string, 0, len(byDir))
	for dir := range byDir {
		dirs = append(dirs, dir)
	}
	sort.Strings(dirs)
	groups := make([][]*File, 0, len(dirs))
	for _, dir := range dirs {
		groups = append(groups, byDir[dir])
	}
	return groups
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
)

// Header returns the files that do not begin with the given lines and an empty
// one, which keeps the licence out of the package doc.
func Header(t *Tree, lines string) []Finding {
	var found []Finding
	for _, f := range t.Files {
		if !strings.HasPrefix(f.Source, lines+"\n\n") {
			found = append(found, Finding{f.Path, 1, "does not begin with the licence lines and an empty line"})
		}
	}
	return found
}

// PackageDocs returns the packages that have no doc comment, or several of
// which one is read and the others rot. External test packages need none.
func PackageDocs(t *Tree) []Finding {
	var found []Finding
	for _, files := range t.packages() {
		var with []string
		own := false
		for _, f := range files {
			if strings.HasSuffix(f.AST.Name.Name, "_test") {
				continue
			}
			own = true
			if f.AST.Doc != nil {
				with = append(with, path.Base(f.Path))
			}
		}
		if dir := path.Dir(files[0].Path); own && len(with) != 1 {
			what := fmt.Sprintf("has %d package doc comments %v, not one", len(with), with)
			found = append(found, Finding{dir, 0, what})
		}
	}
	return found
}

// Uses returns where a package's function or variable is used ("time.Now"),
// called or handed on. names are as written in a file that does not rename
// the import. Files that skip answers true for are left out.
func Uses(t *Tree, names []string, reason string, skip func(*File) bool) []Finding {
	var found []Finding
	for _, f := range t.Files {
		if skip(f) {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := s.X.(*ast.Ident)
			if !ok || !f.imports(pkg.Name) {
				return true
			}
			for _, name := range names {
				if matchName(name, pkg.Name+"."+s.Sel.Name) {
					what := fmt.Sprintf("uses %s.%s: %s", pkg.Name, s.Sel.Name, reason)
					found = append(found, Finding{f.Path, t.line(n), what})
				}
			}
			return true
		})
	}
	return found
}

// imports tells whether a package of that name is imported, so that a local
// variable named log is not taken for the package.
func (f *File) imports(name string) bool {
	for _, i := range f.Imports {
		if path.Base(i.Path) == name {
			return true
		}
	}
	return false
}

// matchName compares a name with a pattern that may end in "*".
func matchName(pattern, name string) bool {
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(name, start)
	}
	return pattern == name
}

// Comments returns the comments that match a pattern.
func Comments(t *Tree, pattern *regexp.Regexp, reason string) []Finding {
	var found []Finding
	for _, f := range t.Files {
		for _, group := range f.AST.Comments {
			for _, c := range group.List {
				if word := pattern.FindString(c.Text); word != "" {
					found = append(found, Finding{f.Path, t.line(c), fmt.Sprintf("%q: %s", word, reason)})
				}
			}
		}
	}
	return found
}

// Text returns the lines that match a pattern.
func Text(t *Tree, pattern *regexp.Regexp, reason string) []Finding {
	var found []Finding
	for _, f := range t.Files {
		for i, line := range strings.Split(f.Source, "\n") {
			if word := pattern.FindString(line); word != "" {
				found = append(found, Finding{f.Path, i + 1, fmt.Sprintf("%q: %s", word, reason)})
			}
		}
	}
	return found
}

// Length returns the files of more than the given number of lines.
func Length(t *Tree, most int) []Finding {
	var found []Finding
	for _, f := range t.Files {
		if n := strings.Count(f.Source, "\n"); n > most {
			found = append(found, Finding{f.Path, 0, fmt.Sprintf("%d lines, more than %d", n, most)})
		}
	}
	return found
}

// Requirements returns the requirement ids that stand in no test file of a module.
func Requirements(t *Tree, module string, ids []string) []string {
	tested := map[string]bool{}
	pattern := regexp.MustCompile(`\bR\d\d\b`)
	for _, f := range t.Files {
		if !f.Test || f.Module != module {
			continue
		}
		for _, group := range f.AST.Comments {
			for _, id := range pattern.FindAllString(group.Text(), -1) {
				tested[id] = true
			}
		}
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				for _, id := range regexp.MustCompile(`R\d\d`).FindAllString(fn.Name.Name, -1) {
					tested[id] = true
				}
			}
		}
	}
	var missing []string
	for _, id := range ids {
		if !tested[id] {
			missing = append(missing, id)
		}
	}
	return missing
}

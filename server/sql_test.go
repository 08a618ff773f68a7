// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// handOn are functions that hand a text on to the database: by folder and name,
// which argument it is. What they are called with is looked at instead.
var handOn = map[string]int{
	"audit.head": 2, "factor.exec": 3, "factor.row": 3, "people.one": 2, "people.Some": 2, "desk.cases": 3, "desk.find": 3, "signin.loadFlow": 2,
}

// build are functions that make a text of constants and of how many there are.
var build = []string{"audit.markQuery", "strings.Repeat"}

// byTable are files that go through a table of constants of their own, each with where.
var byTable = map[string]string{
	"service/sweep.go": "over",
	"rotate/rotate.go": "sealed",
}

// ASVS 1.2.4, 1.2.9: queries and patterns are constants, or put together from
// constants; what users type comes as parameters.
func TestQueriesAreConstant(t *testing.T) {
	files := product(t)
	constants := constantsOf(files)
	checked := 0
	for _, f := range files {
		dir := path.Dir(f.path)
		if dir == "store" || byTable[f.path] != "" {
			continue // the store hands on what it is given
		}
		for _, d := range f.tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			q := queries{dir: dir, names: constants[dir], local: map[string]bool{}}
			if i, ok := handOn[dir+"."+fn.Name.Name]; ok {
				q.local[parameter(fn, i)] = true
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				q.learn(n)
				if text := q.text(n); text != nil {
					checked++
					if !q.constant(text) {
						t.Errorf("%s: the text is not constant", f.set.Position(text.Pos()))
					}
				}
				return true
			})
		}
	}
	if checked < 100 {
		t.Errorf("only %d queries and patterns were found", checked)
	}
}

// constantsOf are the names of constants of each folder.
func constantsOf(files []source) map[string]map[string]bool {
	all := map[string]map[string]bool{}
	for _, f := range files {
		dir := path.Dir(f.path)
		if all[dir] == nil {
			all[dir] = map[string]bool{}
		}
		ast.Inspect(f.tree, func(n ast.Node) bool {
			if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
				for _, spec := range d.Specs {
					for _, name := range spec.(*ast.ValueSpec).Names {
						all[dir][name.Name] = true
					}
				}
			}
			return true
		})
	}
	return all
}

// parameter is the name of the ith parameter of a function.
func parameter(fn *ast.FuncDecl, i int) string {
	var all []string
	for _, field := range fn.Type.Params.List {
		for _, name := range field.Names {
			all = append(all, name.Name)
		}
	}
	return all[i]
}

// queries looks at one function.
type queries struct {
	dir   string
	names map[string]bool // constants of the folder
	local map[string]bool // variables that only constants were assigned to
}

// learn notes variables that hold a constant text.
func (q *queries) learn(n ast.Node) {
	switch n := n.(type) {
	case *ast.RangeStmt:
		list, ok := n.X.(*ast.CompositeLit)
		if name, named := n.Value.(*ast.Ident); ok && named {
			q.local[name.Name] = !slices.ContainsFunc(list.Elts, func(e ast.Expr) bool { return !q.constant(e) })
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if name, ok := to.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) {
				before, known := q.local[name.Name]
				q.local[name.Name] = q.constant(n.Rhs[i]) && (!known || before || n.Tok == token.DEFINE)
			}
		}
	}
}

// text is the text that a call hands to the database or to package regexp; nil otherwise.
func (q *queries) text(n ast.Node) ast.Expr {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	name := q.name(call.Fun)
	i, ok := handOn[name]
	switch {
	case ok:
	case name == "regexp.MustCompile" || name == "regexp.Compile":
		i = 0
	case strings.HasSuffix(name, ".Exec") || strings.HasSuffix(name, ".Row") || strings.HasSuffix(name, ".Rows"):
		i = 1
	default:
		return nil
	}
	if i >= len(call.Args) {
		return nil
	}
	return call.Args[i]
}

// name is what is called: "folder.function", "package.Function" or "value.Method".
func (q *queries) name(fun ast.Expr) string {
	switch fun := fun.(type) {
	case *ast.Ident:
		return q.dir + "." + fun.Name
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			return x.Name + "." + fun.Sel.Name
		}
		return "." + fun.Sel.Name
	}
	return ""
}

// constant tells whether an expression is a literal, a constant, a variable that
// holds one, q.Lock(), what build makes, or a sum of such.
func (q *queries) constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return q.names[e.Name] || q.local[e.Name]
	case *ast.BinaryExpr:
		return q.constant(e.X) && q.constant(e.Y)
	case *ast.ParenExpr:
		return q.constant(e.X)
	case *ast.CallExpr:
		name := q.name(e.Fun)
		return strings.HasSuffix(name, ".Lock") && len(e.Args) == 0 || slices.Contains(build, name)
	}
	return false
}

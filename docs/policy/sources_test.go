// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"regexp"
	"slices"
	"testing"
)

func TestHeader(t *testing.T) {
	tree := house(t, map[string]string{
		"a/good.go":   "// C\n// L\n\npackage a\n",
		"a/glued.go":  "// C\n// L\npackage a\n", // would be the package doc
		"a/late.go":   "\n// C\n// L\n\npackage a\n",
		"a/none.go":   "package a\n",
		"a/_gone.go":  "package a\n",
		".x/other.go": "package a\n",
	})
	got := places(Header(tree, "// C\n// L"))
	if want := []string{"a/glued.go:1", "a/late.go:1", "a/none.go:1"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestPackageDocs(t *testing.T) {
	tree := house(t, map[string]string{
		"one/doc.go":      "// Package one.\npackage one\n",
		"one/more.go":     "package one\n",
		"one/x_test.go":   "package one_test\n",
		"none/a.go":       "// L\n\npackage none\n",
		"two/a.go":        "// Package two.\npackage two\n",
		"two/a_test.go":   "// Package two is tested.\npackage two\n",
		"outer/a_test.go": "package outer_test\n",
	})
	got := places(PackageDocs(tree))
	if want := []string{"none", "two"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestUses(t *testing.T) {
	tree := house(t, map[string]string{
		"a/call.go":  "package a\nimport \"time\"\nvar x = time.Now()\n",
		"a/value.go": "package a\nimport \"time\"\nvar now = time.Now\nvar d = time.Second\n",
		"a/field.go": "package a\nvar x = time.Now()\nvar time struct{ Now func() int }\n",
		"b/print.go": "package b\nimport \"fmt\"\nfunc f() { fmt.Println(); fmt.Sprint() }\n",
		"c/call.go":  "package c\nimport \"time\"\nvar x = time.Now()\n",
	})
	skip := func(f *File) bool { return f.Dir == "c" }
	got := places(Uses(tree, []string{"time.Now", "fmt.Print*"}, "a reason", skip))
	if want := []string{"a/call.go:3", "a/value.go:3", "b/print.go:3"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestCommentsAndText(t *testing.T) {
	tree := house(t, map[string]string{
		"a/a.go": "package a\n\n// LATER: mend\nvar s = \"LATER\"\n/* now\nLATER */\n",
	})
	pattern := regexp.MustCompile(`\bLATER\b`)
	if got, want := places(Comments(tree, pattern, "why")), []string{"a/a.go:3", "a/a.go:5"}; !slices.Equal(got, want) {
		t.Errorf("in comments: found %v, want %v", got, want)
	}
	if got, want := places(Text(tree, pattern, "why")), []string{"a/a.go:3", "a/a.go:4", "a/a.go:6"}; !slices.Equal(got, want) {
		t.Errorf("in text: found %v, want %v", got, want)
	}
}

func TestLength(t *testing.T) {
	tree := house(t, map[string]string{"a/long.go": "package a\n\n\n\n", "a/short.go": "package a\n\n\n"})
	if got, want := places(Length(tree, 3)), []string{"a/long.go"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestRequirements(t *testing.T) {
	tree := house(t, map[string]string{
		"a/a.go":      "// Package a is about R01.\npackage a\n",
		"a/a_test.go": "package a\n\n// R02 R03: why\nvar s = \"R04\"\n\nfunc TestR05(t int) {\n\t// R06\n}\n",
	})
	if all := Requirements(tree, "elsewhere", []string{"R02"}); len(all) != 1 {
		t.Error("an id of one module's tests counts for another")
	}
	got := Requirements(tree, module, []string{"R01", "R02", "R03", "R04", "R05", "R06"})
	if want := []string{"R01", "R04"}; !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}

func TestFindingString(t *testing.T) {
	for want, f := range map[string]Finding{
		"a/b.go:7: is wrong": {"a/b.go", 7, "is wrong"},
		"a: is wrong":        {"a", 0, "is wrong"},
	} {
		if got := f.String(); got != want {
			t.Errorf("String = %q, want %q", got, want)
		}
	}
}

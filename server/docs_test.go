// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package server

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvs are the levels of the requirements of OWASP ASVS 5.0.0, a digit each, by section.
var asvs = strings.Fields(`
	1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123
	2.1:122 2.2:112 2.3:12223 2.4:23
	3.1:3 3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333
	4.1:12233 4.2:23333 4.3:22 4.4:1222
	5.1:2 5.2:112333 5.3:113 5.4:222
	6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333 6.6:2223 6.7:33 6.8:2222
	7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22
	8.1:1233 8.2:1123 8.3:133 8.4:23
	9.1:111 9.2:1222
	10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222 10.6:22 10.7:222
	11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33
	12.1:12233 12.2:11 12.3:22223
	13.1:2333 13.2:222223 13.3:2233 13.4:1222233
	14.1:22 14.2:12223333 14.3:122
	15.1:12233 15.2:12233 15.3:1222222 15.4:3333
	16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
	17.1:23 17.2:22223333 17.3:22`)

// states are what a row of the checklist can say.
var states = []string{"met", "not applicable", "at deployment", "in part", "not met"}

// Each requirement of levels 1 and 2 has one row, with a test or a reason, and the summary counts them.
func TestChecklistIsWhole(t *testing.T) {
	want := map[string]string{}
	for _, section := range asvs {
		name, levels, _ := strings.Cut(section, ":")
		for i, level := range levels {
			if level != '3' {
				want[fmt.Sprintf("%s.%d", name, i+1)] = string(level)
			}
		}
	}
	if len(want) != 70+183 {
		t.Fatalf("%d requirements, ASVS 5.0.0 has 70 of level 1 and 183 of level 2", len(want))
	}
	text := paper(t, "docs/asvs.md")
	count := map[string]int{}
	rows := regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| (.+) \|$`).FindAllStringSubmatch(text, -1)
	for _, row := range rows {
		id, level, asks, state, how := row[1], row[2], row[3], row[4], row[5]
		if want[id] != level {
			t.Errorf("%s has level %s there, in ASVS %q, or stands there twice", id, level, want[id])
		}
		delete(want, id)
		count[state]++
		if !slices.Contains(states, state) {
			t.Errorf("%s: %q is no state", id, state)
		}
		if len(asks) < 3 || len(how) < 12 || strings.Contains(how, "??") {
			t.Errorf("%s has neither a test nor a reason: %q", id, how)
		}
	}
	for id := range want {
		t.Errorf("%s has no row", id)
	}
	for _, state := range states {
		if line := fmt.Sprintf("| %s | %d |", state, count[state]); !strings.Contains(text, line) {
			t.Errorf("the summary does not say %q", line)
		}
	}
}

// Each promise of the threat model names a test.
func TestPromisesHaveTests(t *testing.T) {
	_, promises, _ := strings.Cut(paper(t, "docs/threat-model.md"), "\n## What we promise\n")
	promises, _, _ = strings.Cut(promises, "\n## ")
	n := 0
	for line := range strings.Lines(promises) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| against |") {
			continue
		}
		n++
		if !named.MatchString(line) {
			t.Errorf("no test shows: %s", line)
		}
	}
	if n < 20 {
		t.Errorf("only %d promises were found", n)
	}
}

// named is a test as the papers name it: its folder, a dot, its name.
var named = regexp.MustCompile("`(?:([a-z0-9/-]+)\\.)?((?:Test|Fuzz)\\w+)`")

// Every test that the papers name is there, in the folder that they name.
func TestPapersNameTestsThatExist(t *testing.T) {
	there := map[string]bool{}
	for _, f := range sources(t) {
		if !strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		for _, d := range f.tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				there[filepath.ToSlash(filepath.Dir(f.path))+"."+fn.Name.Name] = true
			}
		}
	}
	n := 0
	for _, file := range papers(t) {
		for _, m := range named.FindAllStringSubmatch(paper(t, file), -1) {
			n++
			room := m[1]
			if room == "" {
				room = "."
			}
			if !there[room+"."+m[2]] {
				t.Errorf("%s names %s, which is not there", file, m[0])
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d names of tests were found", n)
	}
}

// Every link of the papers leads to a file that is there and, with an anchor, to a heading in it.
func TestLinksInPapers(t *testing.T) {
	links := regexp.MustCompile(`\]\(([^):#]*)(?:#([^)]*))?\)`)
	notInAnchor := regexp.MustCompile(`[^a-z0-9 _-]`)
	n := 0
	for _, file := range papers(t) {
		for _, m := range links.FindAllStringSubmatch(paper(t, file), -1) {
			n++
			target := file
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(file), m[1])
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s leads to %s, which is not there", file, m[1])
				continue
			}
			if m[2] == "" {
				continue
			}
			found := false
			for line := range strings.Lines(paper(t, target)) {
				heading, is := strings.CutPrefix(strings.TrimLeft(strings.TrimSpace(line), "#"), " ")
				anchor := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
				found = found || is && strings.HasPrefix(line, "#") && anchor == m[2]
			}
			if !found {
				t.Errorf("%s leads to %s#%s, which has no such heading", file, m[1], m[2])
			}
		}
	}
	if n == 0 {
		t.Error("found no link at all")
	}
}

// papers are the documents of the service.
func papers(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(found, top...)
}

func paper(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package authenticator

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// captures returns what a pattern's group finds in a text.
func captures(pattern, text string) []string {
	var found []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

func TestDependenciesAreExplained(t *testing.T) {
	var direct []string
	for line := range strings.Lines(read(t, "go.mod")) {
		if !strings.Contains(line, "// indirect") {
			direct = append(direct, captures(`^\t(\S+\.\S+/\S+) v`, line)...)
		}
	}
	if len(direct) == 0 {
		t.Fatal("go.mod names no dependency")
	}
	explained := captures(`(?m)^\| (\S+\.\S+/\S+) \|`, read(t, "docs/dependencies.md"))
	for _, m := range direct {
		if !slices.Contains(explained, m) {
			t.Errorf("docs/dependencies.md does not say why there is %s", m)
		}
	}
	for _, m := range explained {
		if !slices.Contains(direct, m) {
			t.Errorf("docs/dependencies.md explains %s, which go.mod does not name", m)
		}
	}
}

// Each promise of the threat model names tests that there are.
func TestPromisesHaveTests(t *testing.T) {
	there := map[string]bool{}
	for _, f := range tree(t).Files {
		for _, name := range captures(`(?m)^func (Test\w+)\(`, f.Source) {
			there[name] = f.Test
		}
	}
	promises := 0
	for line := range strings.Lines(read(t, "docs/threat-model.md")) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| against |") {
			continue
		}
		promises++
		tests := captures("`(Test\\w+)`", line)
		if len(tests) == 0 && !strings.Contains(line, "(faults.md)") {
			t.Errorf("no test shows: %s", line)
		}
		for _, name := range tests {
			if !there[name] {
				t.Errorf("docs/threat-model.md names %s, which is not there", name)
			}
		}
	}
	if promises < 15 {
		t.Errorf("only %d promises were found", promises)
	}
}

func TestLinksInDocs(t *testing.T) {
	files, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, file := range append(files, "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md") {
		for _, link := range captures(`\]\(([^):#]+)\)`, read(t, file)) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), link)); err != nil {
				t.Errorf("%s leads to %s, which is not there", file, link)
			}
		}
	}
	if links == 0 {
		t.Error("found no link at all")
	}
}

func TestVersionIsOne(t *testing.T) {
	version := captures(`(?m)^Version = "(.+)"`, read(t, "FyneApp.toml"))
	if len(version) != 1 {
		t.Fatalf("FyneApp.toml names versions %v", version)
	}
	for file, want := range map[string]string{
		"assets/linux/com.github.kutano.authenticator.metainfo.xml": `<release version="` + version[0] + `"`,
		"cmd/kutano/main.go":               `var version = "` + version[0] + `-dev"`,
		"cmd/kutano-authenticator/main.go": `var version = "` + version[0] + `-dev"`,
	} {
		if !strings.Contains(read(t, file), want) {
			t.Errorf("%s has no %s", file, want)
		}
	}
}

// The commands that the README tells a newcomer to type are there.
func TestReadmeCommands(t *testing.T) {
	targets := captures(`(?m)^([a-z]+):`, read(t, "Makefile"))
	for _, target := range captures("(?m)(?:^ {4}|`)make ([a-z]+)", read(t, "README.md")+read(t, "CONTRIBUTING.md")) {
		if !slices.Contains(targets, target) {
			t.Errorf("there is no make %s", target)
		}
	}
}

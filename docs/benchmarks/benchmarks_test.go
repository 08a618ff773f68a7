// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestBenchmarkLine(t *testing.T) {
	for line, want := range map[string][]string{
		"BenchmarkCode-2   \t 1000000\t      1050 ns/op\t      24 B/op\t       1 allocs/op\n": {"vault Code", "1.1 µs", "24", "1"},
		"BenchmarkScan/4K-16 \t 7\t  75300000 ns/op\t  1.5 MB/s\n":                            {"vault Scan/4K", "75.3 ms", "", ""},
		"BenchmarkFold 100 900 ns/op":                                                         {"vault Fold", "900 ns", "", ""},
		"ok  \tgithub.com/kutano/x\t1.2s\n":                                                   nil,
		"Benchmark results follow, in ns/op\n":                                                nil,
		"":                                                                                    nil,
	} {
		if got := benchmark("vault", line); !slices.Equal(got, want) {
			t.Errorf("benchmark(%q) = %q, want %q", line, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	var taken times
	for _, n := range []int{9, 1, 7, 3, 5, 2, 8, 4, 6, 10, 200} {
		taken = append(taken, time.Duration(n)*time.Millisecond)
	}
	if got := taken.median(); got != "6.0" {
		t.Errorf("median = %s, want 6.0", got)
	}
	if got := taken.slow(); got != "10.0" {
		t.Errorf("90th percentile = %s, want 10.0", got)
	}
	if got := taken.at(1); got != 200*time.Millisecond {
		t.Errorf("slowest = %v", got)
	}
	if got := times(nil).at(0.5); got != 0 {
		t.Errorf("median of none = %v", got)
	}
}

func TestContestCountsOnlyRightRuns(t *testing.T) {
	say := func(what string) command {
		return command{path: "/bin/sh", args: []string{"-c", "cat; cat <&3 2>/dev/null || true"}, stdin: what}
	}
	commands := map[string]command{"right": say("492039"), "wrong": say("1"), "fails": {path: "/bin/false"}}
	taken, failed := contest(3, commands, func(out string) error {
		if out != "492039" {
			return errors.New("not the code")
		}
		return nil
	})
	if len(taken["right"]) != 3 || failed["right"] != nil {
		t.Errorf("right: %d runs count, %v", len(taken["right"]), failed["right"])
	}
	for _, name := range []string{"wrong", "fails"} {
		if failed[name] == nil || len(taken[name]) != 0 {
			t.Errorf("%s: %d runs count, error %v", name, len(taken[name]), failed[name])
		}
	}
}

func TestCommandTakesThirdFile(t *testing.T) {
	third := filepath.Join(t.TempDir(), "third")
	if err := writeFile(third, "from the third\n"); err != nil {
		t.Fatal(err)
	}
	out, _, err := command{path: "/bin/sh", args: []string{"-c", "cat; cat <&3"}, stdin: "from input\n", third: third}.once()
	if want := "from input\nfrom the third\n"; err != nil || out != want {
		t.Errorf("printed %q, %v; want %q", out, err, want)
	}
}

func TestTraced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace")
	text := "{\"event\":\"other\",\"unix_ms\":1}\nnoise\n{\"event\":\"first_code\",\"unix_ms\":1764000000123.5}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	at, ok := traced(file, "first_code")
	if want := time.UnixMicro(1764000000123500); !ok || !at.Equal(want) {
		t.Errorf("traced at %v, %v; want %v", at, ok, want)
	}
	if at, ok := traced(file, "missing"); ok {
		t.Errorf("an event that did not happen is traced at %v", at)
	}
}

func TestAccounts(t *testing.T) {
	accounts, err := draw(20)
	if err != nil {
		t.Fatal(err)
	}
	s := &session{wanted: accounts[7]}
	code, err := accounts[7].key.Code(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.right("the code is " + code.Value + "\n"); err != nil {
		t.Errorf("a right code is refused: %v", err)
	}
	if err := s.right("nothing"); err == nil {
		t.Error("no code passes as right")
	}
	var file struct {
		Entries []struct {
			UUID   string
			String []struct{ Key, Value string }
		} `xml:"Root>Group>Entry"`
	}
	if err := xml.Unmarshal([]byte(keepassXML(accounts)), &file); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for i, e := range file.Entries {
		ids[e.UUID] = true
		if got := e.String[1].Value; got != accounts[i].uri {
			t.Errorf("entry %d holds another key URI than its account", i)
		}
	}
	if len(ids) != 20 {
		t.Errorf("%d different ids of 20", len(ids))
	}
}

func TestTotpYAML(t *testing.T) {
	accounts, err := draw(2)
	if err != nil {
		t.Fatal(err)
	}
	want := "- name: all\n  accounts:\n  - name: Service-00000\n    token: " + accounts[0].secret +
		"\n  - name: Service-00001\n    token: " + accounts[1].secret + "\n"
	if got := totpYAML(accounts); got != want {
		t.Errorf("written %q", got)
	}
	s := &session{accounts: accounts}
	if err := s.atLeast(5); err != nil || len(s.accounts) != 5 || s.accounts[1].secret != accounts[1].secret {
		t.Errorf("%d accounts, %v", len(s.accounts), err)
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	tab := table{title: "T", head: []string{"a", "b"}, note: "n"}
	tab.add("1", "2")
	tab.print(&b)
	if want := "\n### T\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\nn\n"; b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}

// The environment of one program must not leak into another's.
func TestWithCopies(t *testing.T) {
	base := make([]string, 1, 8)
	base[0] = "A=1"
	one, two := with(base, "B=1"), with(base, "B=2")
	if one[1] != "B=1" || two[1] != "B=2" {
		t.Errorf("got %v and %v", one, two)
	}
}

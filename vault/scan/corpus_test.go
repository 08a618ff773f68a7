// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

// The pictures take half a minute, and several under the race detector, which
// has the other tests of this package to look at.

package scan

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// corpusEntry is one line of a manifest: a picture and what its codes hold.
type corpusEntry struct {
	File string   `json:"file"`
	Text []string `json:"text"`
	Cat  string   `json:"cat"`
}

// corpusDir finds the pictures beside the repository. Without them the test is
// skipped, in CI it fails.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, e := os.Stat(filepath.Join(dir, "go.mod")); e == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
	corpus := filepath.Join(filepath.Dir(dir), "shared", "corpus", "qr")
	if _, err := os.Stat(corpus); err != nil {
		missing(t, "the QR code pictures are not at ../shared/corpus/qr")
	}
	return corpus
}

// missing skips a test for want of something; in CI nothing may be wanting.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func readManifest(t *testing.T, path string) []corpusEntry {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []corpusEntry
	for s := bufio.NewScanner(f); s.Scan(); {
		var e corpusEntry
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// score counts codes read of those wanted, and texts that no code holds.
type score struct{ read, want, wrong int }

func (s *score) add(got, want []string) (complete bool) {
	left := map[string]int{}
	for _, w := range want {
		left[w]++
	}
	hits := 0
	for _, g := range got {
		if n := left[g]; n > 0 {
			hits += n // the same code twice in one picture is given once
			delete(left, g)
			continue
		}
		if _, known := left[g]; !known {
			s.wrong++
		}
	}
	s.read += hits
	s.want += len(want)
	return hits == len(want)
}

func (s score) rate() float64 {
	if s.want == 0 {
		return 1
	}
	return float64(s.read) / float64(s.want)
}

// R36: pictures of screens, photographs, and pictures without any code.
func TestCorpus(t *testing.T) {
	dir := corpusDir(t)
	var photos score
	for _, set := range []struct {
		name  string
		least float64
	}{{"screen", 0.98}, {"zxing", 0.96}, {"zxingcpp", 0.93}, {"negatives", 1}} {
		s := runSet(t, dir, set.name)
		if s.rate() < set.least {
			t.Errorf("%s: %.1f %% of the codes read, want %.1f %%", set.name, 100*s.rate(), 100*set.least)
		}
		if s.wrong > 0 {
			t.Errorf("%s: %d texts read that no code holds", set.name, s.wrong)
		}
		if strings.HasPrefix(set.name, "zxing") {
			photos.read += s.read
			photos.want += s.want
		}
	}
	if photos.rate() < 0.95 {
		t.Errorf("photographs: %.1f %% of the codes read, want 95 %%", 100*photos.rate())
	}
	t.Logf("photographs %d of %d codes (%.1f %%)", photos.read, photos.want, 100*photos.rate())
}

// runSet decodes all pictures of a set and prints a table of its categories.
func runSet(t *testing.T, dir, set string) score {
	t.Helper()
	var all score
	var spent time.Duration
	cats := map[string]*score{}
	entries := readManifest(t, filepath.Join(dir, set+".manifest.jsonl"))
	for _, e := range entries {
		img, err := LoadFile(t.Context(), filepath.Join(dir, e.File))
		if err != nil {
			t.Errorf("%s: %v", e.File, err)
			continue
		}
		start := time.Now()
		got, err := Decode(t.Context(), img)
		took := time.Since(start)
		spent += took
		if err != nil {
			t.Errorf("%s: %v", e.File, err)
		}
		if cats[e.Cat] == nil {
			cats[e.Cat] = &score{}
		}
		wrong := all.wrong
		cats[e.Cat].add(got, e.Text)
		if !all.add(got, e.Text) {
			t.Logf("missed: %s (%s) %d of %d, %v", e.File, e.Cat, len(got), len(e.Text), took.Round(time.Millisecond))
		}
		if all.wrong > wrong {
			t.Logf("wrong: %s %q", e.File, got)
		}
	}
	t.Logf("%s: %d pictures, %d of %d codes (%.1f %%), %d wrong, %v a picture\n%s", set, len(entries),
		all.read, all.want, 100*all.rate(), all.wrong, spent/time.Duration(len(entries)), table(cats))
	return all
}

func table(cats map[string]*score) string {
	names := make([]string, 0, len(cats))
	for name := range cats {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "  %-14s %4d / %d\n", name, cats[name].read, cats[name].want)
	}
	return b.String()
}

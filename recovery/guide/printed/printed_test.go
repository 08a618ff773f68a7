// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package printed

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/profile"
)

var update = flag.Bool("update", false, "write the golden files and docs/guides anew")

func load(t *testing.T) *guide.Guide {
	t.Helper()
	g, err := guide.Load()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(got) != string(want) {
		t.Errorf("%s is not what the guide says (%v): go test ./recovery/guide/printed -update", path, err)
	}
}

// docs/guides holds the usual guide in English.
func TestDocs(t *testing.T) {
	got, err := Markdown(load(t), nil, profile.Default().Fill())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "../../../docs/guides/two-factor.md", got)
	if got, err = Markdown(recovery(t), nil, profile.Default().Fill()); err != nil {
		t.Fatal(err)
	}
	golden(t, "../../../docs/guides/get-back-in.md", got)
}

func recovery(t *testing.T) *guide.Guide {
	t.Helper()
	g, err := guide.Recover()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// R53: on paper nobody knows which operating system it is: what to look at is said of
// each, and each way on leads to a step that is there.
func TestRecoveryOnPaper(t *testing.T) {
	s, err := LayOut(recovery(t), nil, guide.Fill{})
	if err != nil {
		t.Fatal(err)
	}
	steps := 0
	for _, p := range s.Parts {
		for _, x := range p.Steps {
			steps++
			if x.Live == guide.Clock && len(x.Looks) != 6 || x.Live == guide.Clock && !strings.HasPrefix(x.Looks[2], "Windows: Open Settings") {
				t.Errorf("%s: %q", x.ID, x.Looks)
			}
			if x.End && !x.Pause && len(x.Next) == 0 {
				t.Errorf("%s leads no further", x.ID)
			}
			for _, w := range x.Ways {
				if w.To < 1 || w.To > len(s.numbers) || w.Label == "" {
					t.Errorf("%s: %+v", x.ID, w)
				}
			}
		}
	}
	// What facts decide is laid out as for one account and an unknown method.
	for _, x := range recovery(t).Steps {
		if s.numbers[x.ID] == 0 {
			t.Errorf("%s is not on paper", x.ID)
		}
	}
	if steps != len(s.numbers) {
		t.Errorf("%d steps, %d numbers", steps, len(s.numbers))
	}
}

// own is what a workspace says, with what could break a page in it.
func own() guide.Fill {
	return guide.Fill{
		Workspace: "Example & <Sons>", Contact: "*IT* desk [desk@example.com](x) <script>alert(1)</script>", Settings: "https://app.kutano.com/?a=1&b=2",
		Notes: map[string][]string{"keep": {"# Print them", "Then \"lock\" them away."}},
	}
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*guide.Guide, []string, guide.Fill) ([]byte, error){"md": Markdown, "html": HTML} {
		recover, err := write(recovery(t), []string{guide.WrongAccount}, own())
		if err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "recover."+name), recover)
		got, err := write(load(t), []string{guide.NewCodes, guide.NewPhone}, own())
		if err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "guide."+name), got)
		if bad := raw[name].FindString(string(got)); bad != "" {
			t.Errorf("%s has %q as it came", name, bad)
		}
	}
}

// raw finds what the workspace says where it was not escaped.
var raw = map[string]*regexp.Regexp{
	"md":   regexp.MustCompile(`[^\\](<script|\*IT|\[desk|<Sons|& )|(?m)^> # `),
	"html": regexp.MustCompile(`<script|<Sons|& |"lock`),
}

// The page stands alone: no script, nothing fetched, its language named.
func TestPageStandsAlone(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		words.Use(lang)
		data, err := HTML(load(t), nil, profile.Default().Fill())
		if err != nil {
			t.Fatal(err)
		}
		page := string(data)
		if want := `<html lang="` + strings.ReplaceAll(lang, "_", "-") + `">`; !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
		for _, bad := range []string{"<script", "<link", "<img", "src=", "@import", "url(", "onclick"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: %q in the page", lang, bad)
			}
		}
		for tag, n := range map[string]int{"section": 0, "ul": 0, "div": 0, "main": 1} {
			if open := strings.Count(page, "<"+tag); open != strings.Count(page, "</"+tag+">") || n > 0 && open != n {
				t.Errorf("%d of <%s>", open, tag)
			}
		}
	}
}

var link = regexp.MustCompile(`href="#s(\d+)"`)

// Each way on leads to a step that is there; each step that one does by hand
// stands once.
func TestWaysLead(t *testing.T) {
	g := load(t)
	data, err := HTML(g, nil, guide.Fill{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := LayOut(g, nil, guide.Fill{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range link.FindAllStringSubmatch(string(data), -1) {
		if n, err := strconv.Atoi(m[1]); err != nil || n < 1 || n > len(s.numbers) {
			t.Errorf("a way leads to step %s", m[1])
		}
	}
	if n := strings.Count(string(data), "<section"); n != len(s.numbers) || n < 50 {
		t.Errorf("%d steps of %d", n, len(s.numbers))
	}
	for _, x := range g.Steps {
		byHand := x.Live != guide.Link && x.Live != guide.Enrol && x.Live != guide.Phone && x.Live != guide.Text &&
			x.ID != "enrolled" && x.ID != "texted" && x.ID != "texted-retire" && x.ID != "scan-phone" && x.ID != "sms-failed" && x.ID != "app-open" && x.ID != "other-open"
		if (s.numbers[x.ID] != 0) != byHand {
			t.Errorf("%s: number %d", x.ID, s.numbers[x.ID])
		}
	}
}

func TestNoSuchEntry(t *testing.T) {
	if _, err := Markdown(load(t), []string{"dance"}, guide.Fill{}); !errors.Is(err, guide.ErrNoEntry) {
		t.Errorf("got %v", err)
	}
	if _, err := HTML(load(t), []string{"dance"}, guide.Fill{}); !errors.Is(err, guide.ErrNoEntry) {
		t.Errorf("got %v", err)
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain, (+) text.": "plain, (+) text.", "*a*_b_": `\*a\*\_b\_`, "<b>&amp;": `\<b\>\&amp;`, "- item": `\- item`, "[x](y)": `\[x\](y)`, `\`: `\\`,
	} {
		if got := escape(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

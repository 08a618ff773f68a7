// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package runbook

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/sheet"
	"github.com/kutano/authenticator/recovery/standing"
)

var made = time.Date(2026, time.November, 25, 14, 0, 0, 0, time.UTC)

func book(t *testing.T, fill guide.Fill) sheet.Document {
	t.Helper()
	d, err := Make(fill, made)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// own is what a workspace says, with what could break a page in it.
func own() guide.Fill {
	return guide.Fill{Workspace: "Example & <Sons>", Contact: "<script>alert(1)</script> desk@example.com", Settings: "https://app.kutano.com/?a=1&b=2"}
}

// R58 R59: the seven rules, the whole script, each finding with what to say, the
// topics and the page of contacts are in it.
func TestMake(t *testing.T) {
	d := book(t, own())
	text := html.UnescapeString(string(HTML(d)))
	want := []string{"Example & <Sons>", "Seven rules", "desk@example.com", "24 hours", "last seven days", "Before a bypass code or a reset, call back, and get two proofs of different kinds besides: live video", "000 to 255", "<td>A</td><td>Alfa</td>", "<td>9</td><td>nine</td>"}
	for _, s := range helpdesk.Script() {
		want = append(append(want, s.Title), s.Lines...)
	}
	g, err := guide.Recover()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range g.Entries {
		want = append(want, "<td>"+e.Title+"</td>")
	}
	for _, s := range g.Steps {
		if !s.End {
			want = append(want, s.Title)
		}
	}
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in it", w)
		}
	}
	if n := len(d.Sections[0].Steps); n != 7 {
		t.Errorf("%d rules", n)
	}
}

// Whatever a phrase can say, its finding is in the table, in the order of the causes.
func TestEveryFinding(t *testing.T) {
	all := advices()
	causes := map[helpdesk.Cause]bool{}
	for i, a := range all {
		causes[a.Cause] = true
		if i > 0 && a.Cause < all[i-1].Cause {
			t.Errorf("%q stands too late", a.Finding)
		}
		if a.Finding == "" || a.Next == "" || a.Say == "" {
			t.Errorf("%+v", a)
		}
	}
	for c := helpdesk.CauseByText; c <= helpdesk.CauseNone; c++ {
		if !causes[c] {
			t.Errorf("cause %d has no row", c)
		}
	}
	for _, s := range []standing.Standing{{}, {Store: standing.StoreLocked, Clock: standing.Slow90}, {Enrolment: standing.Duplicates, Clock: standing.Fast3}} {
		if c := helpdesk.CauseOf(s); !slices.ContainsFunc(all, func(a helpdesk.Advice) bool { return a.Cause == c }) {
			t.Errorf("%+v has no row", s)
		}
	}
}

// The page stands alone, and what a workspace says is escaped.
func TestHTML(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		words.Use(lang)
		page := string(HTML(book(t, own())))
		if want := `<html lang="` + strings.ReplaceAll(lang, "_", "-") + `">`; !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
		for _, bad := range []string{"<script", "<Sons", "<link", "<img", "src=", "@import", "url(", "http-equiv=\"refresh", "{workspace}"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: %q in the page", lang, bad)
			}
		}
		for _, tag := range []string{"section", "table", "thead", "tbody", "tr", "td", "ol", "ul", "main"} {
			if open := strings.Count(page, "<"+tag+">") + strings.Count(page, "<"+tag+" "); open == 0 || open != strings.Count(page, "</"+tag+">") {
				t.Errorf("%d of <%s>", open, tag)
			}
		}
	}
}

// In every language it can be printed; the same day gives the same bytes.
func TestPDF(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		words.Use(lang)
		one, err := PDF(book(t, own()))
		if err != nil {
			t.Fatal(err)
		}
		two, err := PDF(book(t, own()))
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s: two runbooks of one day differ: %v", lang, err)
		}
		if n := bytes.Count(one, []byte("/Type /Page\n")); n < 5 || n > 20 {
			t.Errorf("%s: %d pages", lang, n)
		}
	}
	if _, err := PDF(sheet.Document{}); err == nil {
		t.Error("no error for nothing")
	}
}

// Each thing that may come next is in the book, also where there are no backup codes.
func TestEachNextStep(t *testing.T) {
	for _, codes := range []standing.Codes{standing.ManyLeft, standing.NoneLeft} {
		s := fine
		s.Enrolment, s.Codes = standing.Shut, codes
		want := helpdesk.Advise(s)
		if !slices.ContainsFunc(advices(), func(a helpdesk.Advice) bool { return a.Next == want.Next && a.Say == want.Say }) {
			t.Errorf("%q is not in the book", want.Next)
		}
	}
}

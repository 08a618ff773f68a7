// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func papers(n int) Document {
	d := Document{Title: "Runbook", Head: []string{"For Example Ltd."}, Made: paperMade}
	for i := range n {
		s := Section{
			Title: fmt.Sprintf("Part %d", i+1), Text: []string{strings.Repeat("Some words of a paragraph. ", 12)}, NewPage: i%3 == 2,
			Steps: []string{"First step.", "Second step."}, Points: []string{strings.Repeat("A long point. ", 20)},
			Table:  Table{Head: []string{"What is wrong", "Say"}, Shares: []float64{0.3, 0.7}},
			Blanks: []Blank{{Label: "Hours:"}, {Label: "Contact:", Value: "IT desk, desk@example.com"}},
		}
		for j := range 12 {
			s.Table.Rows = append(s.Table.Rows, []string{fmt.Sprintf("Finding %d.%d", i, j), strings.Repeat("Say this sentence. ", j+1)})
		}
		d.Sections = append(d.Sections, s)
	}
	return d
}

func pagesOf(t *testing.T, d Document) []byte {
	t.Helper()
	pdf, err := Pages(d)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// All of it is on the paper, within the margins that A4 and Letter have in common,
// nothing over anything else, with the pages counted.
func TestPages(t *testing.T) {
	pdf := pagesOf(t, papers(4))
	n := pages(pdf)
	if n < 4 {
		t.Fatalf("%d pages", n)
	}
	want := []string{"Runbook", "For Example Ltd.", "Part 4", "1. First step.", "Finding 3.11", "Hours:", "IT desk, desk@example.com", "Made: 2026-11-25"}
	for i := range n {
		want = append(want, fmt.Sprintf("Page %d of %d", i+1, n))
	}
	placed(t, pdf, want...)
	if !bytes.Equal(pdf, pagesOf(t, papers(4))) {
		t.Error("two documents of one text differ")
	}
	// Black and white: no colour is set.
	for _, mark := range []string{" rg\n", " RG\n"} {
		for _, line := range strings.SplitAfter(string(uncompressed(t, pdf)), "\n") {
			if strings.HasSuffix(line, mark) {
				t.Fatalf("a colour: %q", line)
			}
		}
	}
}

// The heading of a table stands on each page that it goes on to.
func TestTableGoesOn(t *testing.T) {
	d := Document{Title: "Runbook", Made: paperMade, Sections: []Section{{Title: "Findings", Table: Table{Head: []string{"Sign", "Say"}}}}}
	for i := range 120 {
		d.Sections[0].Table.Rows = append(d.Sections[0].Table.Rows, []string{fmt.Sprint(i), "word"})
	}
	pdf := pagesOf(t, d)
	text := plain(string(run(t, pdf, "pdftotext", "-layout", "-", "-")))
	if n := strings.Count(text, "Sign Say"); n != pages(pdf) || n < 2 {
		t.Errorf("%d headings on %d pages", n, pages(pdf))
	}
}

// What a workspace says may have letters that the built-in fonts lack.
func TestPagesInOtherLetters(t *testing.T) {
	d := papers(1)
	d.Head = []string{"Для ООО «Пример»"}
	d.Sections[0].Blanks[1].Value = strings.Repeat("Отдел ИТ ", 30)
	d.Sections[0].Table.Rows[0][1] = "Скажите это предложение, пожалуйста, каждому, кто звонит."
	placed(t, pagesOf(t, d), "Для ООО «Пример»", "Скажите это предложение")
	if pdf, err := Pages(Document{Title: "x"}); !errors.Is(err, ErrEmpty) || pdf != nil {
		t.Errorf("%v", err)
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"compress/zlib"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

var paperMade = time.Date(2026, time.November, 25, 14, 32, 10, 0, time.UTC)

// backup is a set with codes of all kinds, two of them used.
func backup(n int) CodeList {
	l := CodeList{Title: "Kutano (Büro)", Account: "ana@example.com", Made: paperMade, Used: []bool{true, false, true}}
	for i := range n {
		l.Codes = append(l.Codes, secret.FromString([]string{"1234 56", "ÄBCD-efg", "код-"}[i%3]+strconv.Itoa(100+i)))
	}
	return l
}

func codesPDF(t *testing.T, l CodeList) []byte {
	t.Helper()
	pdf, err := Codes(l)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// placed checks that the words of each page are within its margins and none over
// another, and that the sentences are on it.
func placed(t *testing.T, pdf []byte, sentences ...string) {
	t.Helper()
	const mm, bit = 72 / 25.4, 1.5
	for n := 1; n <= pages(pdf); n++ {
		page := strconv.Itoa(n)
		var found []area
		for _, m := range box.FindAllStringSubmatch(string(run(t, pdf, "pdftotext", "-bbox", "-f", page, "-l", page, "-", "-")), -1) {
			var side [4]float64
			for i := range side {
				side[i], _ = strconv.ParseFloat(m[i+1], 64)
			}
			found = append(found, area{side[0], side[1], side[2], side[3]})
		}
		for i, a := range found {
			if a.x0 < left*mm-bit || a.y0 < (top-2)*mm || a.x1 > right*mm+bit || a.y1 > bottom*mm {
				t.Errorf("page %d: a word stands at %v points, outside the margins", n, a)
			}
			for _, b := range found[:i] {
				if a.x0+bit < b.x1 && b.x0+bit < a.x1 && a.y0+bit < b.y1 && b.y0+bit < a.y1 {
					t.Errorf("page %d: words stand over one another at %v and %v points", n, a, b)
				}
			}
		}
		if len(found) < 10 {
			t.Errorf("page %d has only %d words", n, len(found))
		}
	}
	text := plain(string(run(t, pdf, "pdftotext", "-raw", "-", "-")))
	for _, s := range sentences {
		if !strings.Contains(text, plain(s)) {
			t.Errorf("%q is not on the paper: %s", s, text)
		}
	}
}

// What a person needs with the codes in hand is on the paper: R30, R31, R61, R63, R65, R71.
func TestBackupCodesOnPaper(t *testing.T) {
	l := backup(10)
	pdf := codesPDF(t, l)
	want := []string{
		"Backup codes", "Kutano (Büro)", "ana@example.com", "Each code works once.", "Use a backup code if you lose your phone",
		"With neither your phone nor backup codes you are locked out. A workspace administrator can then reset two-factor authentication.",
		"After using a code, make new ones", "away from the device with your authenticator", "Kept at:", "Made: 2026-11-25", "Codes: 10", "Page 1 of 1",
	}
	for _, c := range l.Codes {
		want = append(want, c.Reveal())
	}
	placed(t, pdf, want...)
	if pages(pdf) != 1 {
		t.Errorf("%d pages", pages(pdf))
	}
	// Used ones are crossed off.
	l.Used = nil
	if n := bytes.Count(uncompressed(t, pdf), []byte(" l S")) - bytes.Count(uncompressed(t, codesPDF(t, l)), []byte(" l S")); n != 4 {
		t.Errorf("%d lines cross codes off, want 4", n)
	}
}

// uncompressed is what the document draws, in clear.
func uncompressed(t *testing.T, pdf []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	for rest := pdf; ; {
		_, after, ok := bytes.Cut(rest, []byte("stream\n"))
		if !ok {
			return out.Bytes()
		}
		if r, err := zlib.NewReader(bytes.NewReader(after)); err == nil { // else a font's table
			if _, err := out.ReadFrom(r); err != nil {
				t.Fatal(err)
			}
		}
		_, rest, _ = bytes.Cut(after, []byte("endstream"))
	}
}

func TestBackupCodesInAllSizes(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		words.Use(lang)
		for _, n := range []int{1, 10, 64} {
			l := backup(n)
			said := sayCodes(l)
			pdf := codesPDF(t, l)
			placed(t, pdf, append(slices.Clone(said.steps), said.title, said.once, said.useTitle, said.made, said.count, said.kept)...)
			if got := pages(pdf); got > 3 || n <= 10 && got != 1 {
				t.Errorf("%s: %d pages for %d codes", lang, got, n)
			}
		}
	}
}

func TestLongBackupCodes(t *testing.T) {
	long := strings.Repeat("W", 64)
	l := CodeList{
		Title: strings.Repeat("a long title ", 15), Account: strings.Repeat("銀行", 100), Made: paperMade,
		Codes: []secret.Value{secret.FromString(long), secret.FromString(strings.Repeat("ж", 64))},
	}
	placed(t, codesPDF(t, l), long, strings.Repeat("ж", 64))
	l.Codes = append(l.Codes, secret.FromString("銀行1"))
	if pdf, err := Codes(l); !errors.Is(err, ErrLetters) || pdf != nil || strings.Contains(err.Error(), "銀") {
		t.Errorf("%v", err)
	}
	if pdf, err := Codes(CodeList{Title: "x"}); !errors.Is(err, ErrNoBackupCodes) || pdf != nil {
		t.Errorf("%v", err)
	}
}

func TestBackupCodesDocument(t *testing.T) {
	l := backup(10)
	pdf := codesPDF(t, l)
	if !bytes.Equal(pdf, codesPDF(t, l)) {
		t.Error("two documents of one set differ")
	}
	if l.Codes = l.Codes[:2]; len(codesPDF(t, l)) > 4000 {
		t.Errorf("%d bytes: are fonts in it that it does not need?", len(codesPDF(t, l)))
	}
	for _, hidden := range []string{"1234", "ana@example.com", "Büro"} {
		if bytes.Contains(pdf, []byte(hidden)) {
			t.Errorf("%q stands outside the page's content, which is compressed", hidden)
		}
	}
}

func shares(t *testing.T, size, k, n int) []split.Share {
	t.Helper()
	all, err := split.Make(secret.FromString(strings.Repeat("k", size)), k, n)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sharePDF(t *testing.T, s split.Share) []byte {
	t.Helper()
	pdf, err := Share(t.Context(), SharePaper{Share: s, Owner: "Ana Müller", Holder: "Бен", Made: paperMade})
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// The largest share too is scanned from paper, and typed from its letters.
func TestShareOnPaper(t *testing.T) {
	for _, size := range []int{1, 150, split.MaxSecret} {
		all := shares(t, size, 2, 3)
		pdf := sharePDF(t, all[1])
		for _, dpi := range []string{"100", "200"} {
			img, err := scan.Load(t.Context(), bytes.NewReader(run(t, pdf, "pdftoppm", "-r", dpi, "-gray", "-png")))
			if err != nil {
				t.Fatal(err)
			}
			got, err := scan.Decode(t.Context(), img)
			if err != nil || !slices.Equal(got, []string{all[1].Text().Reveal()}) {
				t.Errorf("%d bytes, %s dpi: %d codes, %v", size, dpi, len(got), err)
			}
		}
		if pages(pdf) != 1 {
			t.Errorf("%d pages", pages(pdf))
		}
		placed(t, pdf, "Share 2 of 3 of backup codes", "Any 2 of the 3 shares", "Owner: Ana Müller", "Kept by: Бен", "Scan the codes of 2 shares",
			"All shares that belong together show the same number: "+grouped(all[1].Splitting), "Made: 2026-11-25", "Nobody from a helpdesk will ever need it.")
		// The letters as they stand on the paper, without the lines' numbers.
		_, text, _ := strings.Cut(string(run(t, pdf, "pdftotext", "-raw", "-", "-")), "The same in letters\n")
		text, _, _ = strings.Cut(text, "All shares")
		var typed strings.Builder
		for line := range strings.Lines(text) {
			_, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			typed.WriteString(rest + "\n")
		}
		back, err := split.Parse(secret.FromString(typed.String()))
		if err != nil || back.Text().Reveal() != all[1].Text().Reveal() {
			t.Errorf("%d bytes: the letters are not the share's: %v", size, err)
		}
	}
}

func TestShareInLanguages(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	s := shares(t, split.MaxSecret, 10, 10)[9]
	for _, lang := range words.Languages() {
		words.Use(lang)
		said := sayShare(SharePaper{Share: s, Made: paperMade})
		pdf := sharePDF(t, s)
		placed(t, pdf, append(slices.Clone(said.steps), said.title, said.purpose, said.useTitle, said.lettersTitle, said.made)...)
		if pages(pdf) != 1 || bytes.Contains(pdf, []byte("KUTANO-SHARE")) {
			t.Errorf("%s: %d pages", lang, pages(pdf))
		}
	}
}

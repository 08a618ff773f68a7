// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

// A key of nobody's, as long as real ones are.
const identity = "AGE-SECRET-KEY-PQ-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQQPZRY9X8GF2TVDW0S3JN54KH"

func sample() Sheet {
	return Sheet{
		Words: strings.Fields("abacus bamboo candle dolphin elephant feather giraffe hazelnut " +
			"icicle jaguar kitchen lantern mountain notebook ostrich pumpkins"),
		Identity:    secret.FromString(identity),
		Fingerprint: "0123456789abcdef",
		Made:        time.Date(2026, time.November, 25, 14, 32, 10, 0, time.UTC),
		Device:      "Büro-Rechner",
	}
}

// run calls a program of poppler on the document.
func run(t *testing.T, pdf []byte, program string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not installed; .ci/deps test installs it", program)
		}
		t.Skipf("%s (poppler-utils) is not installed", program)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stdin = bytes.NewReader(pdf)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func make1(t *testing.T, s Sheet) []byte {
	t.Helper()
	pdf, err := PDF(s)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// plain is a text with each run of spaces and ends of lines as one space.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// What is printed is scanned from paper, also by a poor scanner.
func TestCodeIsScanned(t *testing.T) {
	pdf := make1(t, sample())
	for _, dpi := range []string{"75", "150", "300"} {
		img, err := scan.Load(t.Context(), bytes.NewReader(run(t, pdf, "pdftoppm", "-r", dpi, "-gray", "-png")))
		if err != nil {
			t.Fatal(err)
		}
		got, err := scan.Decode(t.Context(), img)
		if err != nil || !slices.Equal(got, []string{identity}) {
			t.Errorf("%s dpi: read %d codes, %v; want the identity", dpi, len(got), err)
		}
	}
}

func TestTextOnPaper(t *testing.T) {
	s := sample()
	text := plain(string(run(t, make1(t, s), "pdftotext", "-layout", "-", "-")))
	at := 0
	for i, w := range s.Words {
		numbered := strconv.Itoa(i+1) + " " + w
		found := strings.Index(text[at:], numbered)
		if found < 0 {
			t.Fatalf("%q is not on the paper after what comes before it: %s", numbered, text)
		}
		at += found + len(numbered)
	}
	for _, want := range []string{
		"Recovery key for Kutano Authenticator", "0123 4567 89ab cdef", "Made: 2026-11-25", "Device: Büro-Rechner", "Kept at:",
		"Install Kutano Authenticator.", "Choose “Restore from a snapshot”.", "Type the 16 words, or scan the code.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper: %s", want, text)
		}
	}
	raw := string(run(t, make1(t, s), "pdftotext", "-raw", "-", "-"))
	if !strings.Contains(strings.ReplaceAll(raw, "\n", ""), identity) {
		t.Errorf("the identity is not on the paper in one piece: %s", raw)
	}
}

// In no language is a sentence cut off, a letter missing, or a second page needed.
func TestLanguages(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		t.Run(lang, func(t *testing.T) {
			if !words.Use(lang) {
				t.Fatal("the language is not there")
			}
			fits(t, sample(), say(sample()))
		})
	}
}

// Translations are longer than English, though seldom all by a half.
func TestLongTexts(t *testing.T) {
	s := sample()
	s.Device = strings.Repeat("ein recht langer Name ", 9)
	long := say(s)
	for _, text := range []*string{
		&long.title, &long.purpose, &long.wordsTitle, &long.qrTitle, &long.useTitle, &long.steps[0], &long.steps[1],
		&long.steps[2], &long.ageTitle, &long.age, &long.ageType, &long.fingerprint, &long.compare, &long.made, &long.kept,
	} {
		*text = strings.ToValidUTF8(*text+" "+(*text)[:len(*text)/2], "")
	}
	fits(t, s, long)
}

var box = regexp.MustCompile(`<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">`)

// area is where a word stands, in points from the upper left corner.
type area struct{ x0, y0, x1, y1 float64 }

func boxes(t *testing.T, pdf []byte) []area {
	t.Helper()
	var found []area
	for _, m := range box.FindAllStringSubmatch(string(run(t, pdf, "pdftotext", "-bbox", "-", "-")), -1) {
		var side [4]float64
		for i := range side {
			var err error
			if side[i], err = strconv.ParseFloat(m[i+1], 64); err != nil {
				t.Fatal(err)
			}
		}
		found = append(found, area{side[0], side[1], side[2], side[3]})
	}
	if len(found) < 60 {
		t.Fatalf("only %d words are on the paper", len(found))
	}
	return found
}

// fits checks that all the texts are on one page, within its margins and one
// above the other.
func fits(t *testing.T, s Sheet, want texts) {
	t.Helper()
	pdf, err := draw(s, want)
	if err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(pdf, []byte("/Type /Page\n")); pages != 1 {
		t.Errorf("%d pages", pages)
	}
	const mm, bit = 72 / 25.4, 1.5 // the boxes of neighbouring lines touch
	found := boxes(t, pdf)
	for i, a := range found {
		if a.x0 < left*mm-bit || a.y0 < (top-2)*mm || a.x1 > right*mm+bit || a.y1 > bottom*mm {
			t.Errorf("a word stands at %v points, outside the margins", a)
		}
		for _, b := range found[:i] {
			if a.x0+bit < b.x1 && b.x0+bit < a.x1 && a.y0+bit < b.y1 && b.y0+bit < a.y1 {
				t.Errorf("words stand over one another at %v and %v points", a, b)
			}
		}
	}
	text := plain(string(run(t, pdf, "pdftotext", "-raw", "-", "-")))
	for _, sentence := range slices.Concat(want.steps, []string{
		want.title, want.purpose, want.wordsTitle, want.qrTitle, want.useTitle,
		want.ageTitle, want.age, want.ageType, ageCommand, want.fingerprint, want.compare, want.made, want.device, want.kept,
	}) {
		if !strings.Contains(text, plain(sentence)) {
			t.Errorf("%q is not on the paper: %s", sentence, text)
		}
	}
}

// The same sheet gives the same bytes, and they tell nothing beside the page.
func TestDocument(t *testing.T) {
	first := make1(t, sample())
	if !bytes.Equal(first, make1(t, sample())) {
		t.Error("two documents of one sheet differ")
	}
	for _, hidden := range append(sample().Words, identity, "Büro") {
		if bytes.Contains(first, []byte(hidden)) {
			t.Errorf("%q stands outside the page's content, which is compressed", hidden)
		}
	}
	info := string(run(t, first, "pdfinfo", "-isodates", "-"))
	for _, want := range []string{
		"Title:           Recovery key for Kutano Authenticator\n", "Producer:        Kutano Authenticator\n",
		"CreationDate:    2026-11-25T14:32:10Z\n", "ModDate:         2026-11-25T14:32:10Z\n",
		"Pages:           1\n", "Page size:       595.28 x 841.89 pts (A4)\n",
	} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is not among the properties: %s", want, info)
		}
	}
}

func TestIncomplete(t *testing.T) {
	for name, change := range map[string]func(*Sheet){
		"fifteen words":  func(s *Sheet) { s.Words = s.Words[:15] },
		"no words":       func(s *Sheet) { s.Words = nil },
		"an empty word":  func(s *Sheet) { s.Words[3] = "" },
		"no identity":    func(s *Sheet) { s.Identity = secret.Value{} },
		"cleared before": func(s *Sheet) { s.Identity.Clear() },
	} {
		s := sample()
		change(&s)
		pdf, err := PDF(s)
		if !errors.Is(err, ErrIncomplete) || pdf != nil {
			t.Errorf("%s: %d bytes, %v", name, len(pdf), err)
		} else if strings.Contains(err.Error(), "abacus") || strings.Contains(err.Error(), identity) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
}

func TestPrintable(t *testing.T) {
	for name, want := range map[string]string{"": "", " \n": "", "a\tb\x00c\n": "a b c", "Ana's laptop": "Ana's laptop"} {
		if got := printable(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
	for text, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abcd e", "0123456789abcdef": "0123 4567 89ab cdef"} {
		if got := grouped(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

// shown writes a reading as a test wants it.
func shown(rs []Reading) (out []string) {
	for _, r := range rs {
		var list []string
		for _, c := range r.Codes {
			list = append(list, c.Reveal())
		}
		s := strings.Join(list, "|")
		if r.Whole {
			s = "whole: " + s
		}
		out = append(out, s+strings.Repeat("+", r.Twice))
	}
	return out
}

func TestSplit(t *testing.T) { // R61
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"lines":             {"abcd-1\nefgh-2\r\n\r\n ijkl-3 \n", []string{"abcd-1|efgh-2|ijkl-3"}},
		"commas":            {"1,2, 3 ;4;", []string{"1|2|3|4"}},
		"one":               {"hello", []string{"hello"}},
		"one line, blanks":  {"11 22 33 44 55 66", []string{"11|22|33|44|55|66", "whole: 11 22 33 44 55 66"}},
		"one code, blank":   {"1234 5678", []string{"1234|5678", "whole: 1234 5678"}},
		"groups":            {"1234 5678\n2345 6789\n", []string{"whole: 1234 5678|2345 6789", "1234|5678|2345|6789"}},
		"groups, commas":    {"1234 5678, 2345 6789", []string{"whole: 1234 5678|2345 6789", "1234|5678|2345|6789"}},
		"columns":           {"ab-1   cd-2\nef-3\tgh-4", []string{"ab-1|cd-2|ef-3|gh-4"}},
		"groups in columns": {"1234 5678    2345 6789\n3456 7890    4567 8901", []string{"whole: 1234 5678|2345 6789|3456 7890|4567 8901", "1234|5678|2345|6789|3456|7890|4567|8901"}},
		"uneven":            {"a b\nc\nd e f", []string{"a|b|c|d|e|f", "whole: a b|c|d e f"}},
		"many a line":       {"a b c d e\nf g h i j", []string{"a|b|c|d|e|f|g|h|i|j", "whole: a b c d e|f g h i j"}},
		"numbered":          {"1. abcd\n2. efgh\n3. ijkl", []string{"abcd|efgh|ijkl"}},
		"numbered to ten":   {"1) a\n2) b\n3) c\n4) d\n5) e\n6) f\n7) g\n8) h\n9) i\n10) j", []string{"a|b|c|d|e|f|g|h|i|j"}},
		"zeros":             {"01: a\n02: b", []string{"a|b"}},
		"not numbered":      {"1.5\n2.5", []string{"1.5|2.5"}},
		"numbers, a hole":   {"1. a\n3. b", []string{"whole: 1. a|3. b", "1.|a|3.|b"}},
		"a number alone":    {"1) a", []string{"1)|a", "whole: 1) a"}},
		"bullets":           {"• a\n• b", []string{"a|b"}},
		"boxes":             {"☐ 12 34\n☐ 56 78", []string{"whole: 12 34|56 78", "12|34|56|78"}},
		"dashes belong":     {"-a\n-b", []string{"-a|-b"}},
		"twice":             {"a\nb\na\na", []string{"a|b++"}},
		"case counts":       {"a\nA", []string{"a|A"}},
		"odd blanks":        {"\ufeff12\u00a034\u2028\u200b56\u200978", []string{"whole: 12 34|56 78", "12|34|56|78"}},
		"any letters":       {"пароль\n密码 一\nclé", []string{"пароль|密码|一|clé", "whole: пароль|密码 一|clé"}},
		"only one way":      {strings.Repeat("a ", 30) + strings.Repeat("b ", 30), []string{"a|b" + strings.Repeat("+", 58)}},
		"only the other":    {strings.Repeat("a", 30) + " " + strings.Repeat("b", MaxCode+1), nil},
	} {
		rs, err := Split(secret.FromString(tc.text))
		if len(rs) == 1 && (rs[0].Other != nil) != (name == "only one way") {
			t.Errorf("%s: the other way: %v", name, rs[0].Other)
		}
		if got := shown(rs); !slices.Equal(got, tc.want) || (err != nil) != (tc.want == nil) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestSplitRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"nothing":     {"", ErrNoCodes},
		"blanks":      {" \n\t,;\u00a0", ErrNoCodes},
		"long":        {strings.Repeat("x", MaxCode+1), ErrTooLong},
		"many":        {strings.Join(strings.Split(strings.Repeat("0123456789", 7), ""), "\n1"), nil},
		"control":     {"abc\x07def", ErrUnprintable},
		"not UTF-8":   {"abc\xff", ErrUnprintable},
		"very long":   {strings.Repeat("x\n", maxPasted), ErrTooMany},
		"bidi":        {"abc\u202edef", ErrUnprintable},
		"sixty-five":  {lines(65), ErrTooMany},
		"sixty-four":  {lines(64), nil},
		"a picture":   {"\x89PNG\r\n\x1a\n", ErrUnprintable},
		"long, apart": {strings.Repeat("x", MaxCode+1) + " y", ErrTooLong},
	} {
		rs, err := Split(secret.FromString(tc.text))
		if !errors.Is(err, tc.want) || err != nil && (rs != nil || strings.Contains(err.Error(), "abc")) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("a", i%7+1) + strings.Repeat("b", i/7+1) + "\n")
	}
	return b.String()
}

// Codes without blanks come back as they were, however they are separated.
func TestSplitBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9#/+=_]{1,64}`), 1, MaxCodes, rapid.ID[string]).Draw(t, "codes")
		sep := rapid.SampledFrom([]string{"\n", "\r\n", ",", ", ", ";", "\t", "  ", " ", "\n\n"}).Draw(t, "separator")
		rs, err := Split(secret.FromString(strings.Join(list, sep)))
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(rs[:1]); got[0] != strings.Join(list, "|") {
			t.Errorf("%q from %q", got, list)
		}
	})
}

// Whatever is pasted, a reading is a set that can be kept.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"a\nb", "1. a\n2. b", "12 34\n56 78", "a,b;c\td  e", "\u00a0\u200b", "☐ x\n☐ y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rs, err := Split(secret.FromString(s))
		if (err == nil) == (len(rs) == 0) || len(rs) > 2 {
			t.Fatalf("%d readings, %v", len(rs), err)
		}
		if !utf8.ValidString(s) && err == nil {
			t.Error("not a text")
		}
		for _, r := range rs {
			rec, err := New{Title: "x", Codes: r.Codes}.record(0)
			if err != nil || len(rec.Codes) != len(r.Codes) {
				t.Errorf("%d of %d codes, %v", len(rec.Codes), len(r.Codes), err)
			}
			r.Clear()
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func digitText(p Phrase) string { return strings.Join(p.Digits(), " ") }

func wantCheck(t *testing.T, text string) {
	t.Helper()
	var e *CheckError
	if _, err := Decode(text, "en"); !errors.Is(err, ErrCheck) || !errors.As(err, &e) {
		t.Fatalf("%s: %v", text, err)
	}
}

// A phrase is taken as people write down what they hear.
func TestSpokenForms(t *testing.T) {
	p := phrases(t)[2]
	w, d := p.Words("en"), p.Digits()
	var numbered, heads, lines, mixed, plural []string
	for i := range w {
		numbered = append(numbered, fmt.Sprintf("%d. %s", i+1, w[i]))
		heads = append(heads, w[i][:4])
		lines = append(lines, fmt.Sprintf("(%d) %s", i+1, w[i][:4]))
		mixed = append(mixed, []string{w[i], d[i]}[i%2])
		plural = append(plural, w[i]+"s")
	}
	for name, text := range map[string]string{
		"plain":            p.Text("en"),
		"blanks":           "  " + strings.Join(w, " \t  ") + "\n",
		"commas":           strings.Join(w, ", ") + ".",
		"line breaks":      strings.Join(w, "\r\n"),
		"dashes":           strings.Join(w, "-"),
		"capitals":         strings.ToUpper(p.Text("en")),
		"accents":          strings.ReplaceAll(p.Text("en"), "a", "á"),
		"decomposed":       strings.ReplaceAll(p.Text("en"), "e", "e\u0301"),
		"full width":       strings.ReplaceAll(p.Text("en"), "o", "ｏ"),
		"invisible":        strings.ReplaceAll(p.Text("en"), "a", "a\u00ad"),
		"quotes":           "“" + p.Text("en") + "”",
		"numbered":         strings.Join(numbered, "\n"),
		"on one line":      strings.ReplaceAll(strings.Join(numbered, " "), ". ", "."),
		"with brackets":    strings.Join(lines, ";"),
		"first four":       strings.Join(heads, " "),
		"plural":           strings.Join(plural, " "),
		"digits":           digitText(p),
		"digits, numbered": "1: " + d[0] + " 2: " + d[1] + " 3: " + d[2] + " 4: " + d[3] + " 5: " + d[4] + " 6: " + d[5],
		"digits in a row":  strings.Join(d, ""),
		"digit by digit":   strings.Join(strings.Split(strings.Join(d, ""), ""), " "),
		"digits mixed":     strings.Join(mixed, " "),
	} {
		got, err := Decode(text, "en")
		if err != nil || got.Standing != examples[2] {
			t.Errorf("%s: %q: %v", name, text, err)
		}
	}
}

// A phrase in another language is read all the same, and says so; so does one of
// another platform.
func TestOtherLanguagesAndPlatforms(t *testing.T) {
	for i, p := range phrases(t) {
		for _, lang := range Languages() {
			for _, prefer := range []string{"en", "sw", "pt-BR", "ja", ""} {
				d, err := Decode(p.Text(lang), prefer)
				if err != nil || d.Lang != lang || d.Standing.Platform != examples[i].Platform {
					t.Errorf("%s, preferring %q: %+v, %v", p.Text(lang), prefer, d, err)
				}
			}
		}
	}
}

func TestUnknownWords(t *testing.T) {
	p := phrases(t)[1]
	w := p.Words("en")
	typed := slices.Clone(w)
	typed[2] = "q" + w[2][1:] // misheard at the beginning
	var e *WordsError
	_, err := Decode(strings.Join(typed, " "), "en")
	if !errors.Is(err, ErrUnknown) || !errors.As(err, &e) {
		t.Fatalf("%v", err)
	}
	if len(e.Words) != 1 || e.Lang != "en" || e.Words[0].Place != 3 || e.Words[0].Typed != typed[2] ||
		e.Words[0].Near[0] != w[2] || e.Words[0].Fits != w[2] {
		t.Errorf("%+v", e)
	}
	if strings.Contains(err.Error(), typed[2]) || !strings.Contains(err.Error(), "word 3") {
		t.Errorf("the error's text is %q", err)
	}
	typed[4] = "xyzzy"
	_, err = Decode(strings.Join(typed, " "), "de")
	if !errors.As(err, &e) || len(e.Words) != 2 || e.Words[1].Place != 5 || e.Words[0].Fits != "" || e.Lang != "en" {
		t.Errorf("%+v, %v", e, err)
	}
	for _, wrong := range []string{"256", "999", "12", "1234", "0000"} {
		typed = p.Digits()
		typed[3] = wrong
		if _, err = Decode(strings.Join(typed, " "), "en"); !errors.As(err, &e) || e.Words[0].Place != 4 || e.Words[0].Near != nil {
			t.Errorf("%s: %+v, %v", wrong, e, err)
		}
	}
}

func TestCounts(t *testing.T) {
	p := phrases(t)[1]
	w := p.Words("sw")
	for n := 1; n <= maxWords+3; n++ {
		text := strings.Repeat(p.Text("sw")+" ", 5)
		text = strings.Join(strings.Fields(text)[:n], " ")
		var e *CountError
		_, err := Decode(text, "en")
		switch {
		case n == Length:
			if err != nil {
				t.Error(err)
			}
		case !errors.As(err, &e) || e.Have != min(n, maxWords+1) || errors.Is(err, ErrMissing) != (n < Length) || errors.Is(err, ErrTooMany) == (n < Length):
			t.Errorf("%d words: %v", n, err)
		}
	}
	for text, want := range map[string]error{
		"": ErrEmpty, " .,;- ": ErrEmpty, "1. ": ErrEmpty, "☎": ErrEmpty,
		strings.Repeat("x", maxText+1): ErrTooLong,
		w[0] + " xyzzy":                ErrUnknown,
	} {
		if _, err := Decode(text, "sw"); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
}

func TestVersions(t *testing.T) {
	p := phrases(t)[3]
	bits := p.bits()
	const version = 37 // bits below it
	for v := uint64(0); v < 8; v++ {
		q := seal(bits&^(7<<version) | v<<version)
		d, err := Decode(q.Text("en"), "en")
		switch {
		case v == 0 && !errors.Is(err, ErrOlder), v > Version && !errors.Is(err, ErrNewer), v == Version && err != nil:
			t.Errorf("version %d: %+v, %v", v, d, err)
		}
	}
	for spare := uint64(1); spare < 4; spare++ {
		d, err := Decode(seal(bits|spare).Text("en"), "en")
		if err != nil || !d.Newer || d.Standing != examples[3] {
			t.Errorf("spare bits %d: %+v, %v", spare, d, err)
		}
	}
	// Values that this version does not know: the clock at 15, the platform at 7.
	for _, b := range []uint64{15 << 30, 7 << 34} {
		if _, err := Decode(digitText(seal(bits|b)), "en"); !errors.Is(err, ErrNewer) {
			t.Errorf("a value that is not known: %v", err)
		}
	}
}

// One way to explain a mistake is offered, and never taken.
func TestSuggestions(t *testing.T) {
	l := list("en")
	for _, p := range phrases(t) {
		for at := range Length {
			for w := range l.words {
				q := p
				q[at] = byte(w)
				if q == p {
					continue
				}
				holds(t, q, p, q.Text("en"))
				if alike(q[at], p[at]) {
					holds(t, q, p, digitText(q))
				}
			}
		}
		for i := range Length - 1 {
			q := p
			q[i], q[i+1] = q[i+1], q[i]
			if q != p {
				holds(t, q, p, q.Text("en"))
			}
		}
	}
}

// holds checks the suggestion for a wrong phrase: it makes a phrase that fits by the
// one change that it names.
func holds(t *testing.T, q, p Phrase, text string) {
	t.Helper()
	var e *CheckError
	if _, err := Decode(text, "en"); !errors.As(err, &e) {
		t.Fatalf("%s: %v", text, err)
	}
	s := e.Suggest
	if s == nil {
		return
	}
	mended := q
	if s.With != 0 {
		mended[s.Place-1], mended[s.With-1] = q[s.With-1], q[s.Place-1]
	} else {
		found := Look(s.Word, "en")
		if !found.Known {
			t.Fatalf("%s is on no list", s.Word)
		}
		mended[s.Place-1] = byte(found.Index)
	}
	if !mended.fits() || mended == q {
		t.Fatalf("%v for %v suggests %+v", q, p, s)
	}
}

// Of the mistakes that people make, most are explained rightly.
func TestSuggestionsAreMostlyRight(t *testing.T) {
	right, wrong, none := 0, 0, 0
	l := list("en")
	for _, p := range phrases(t) {
		for at := range Length {
			for w := range l.words {
				if byte(w) == p[at] || l.apart(l.words[w], int(p[at])) > hearings["en"].reach {
					continue
				}
				q := p
				q[at] = byte(w)
				r := l.read(typedWords(q))
				switch s := r.suggest(); {
				case s == nil:
					none++
				case s.Place == at+1 && s.Word == l.words[p[at]]:
					right++
				default:
					wrong++
				}
			}
		}
	}
	t.Logf("%d right, %d wrong, %d without", right, wrong, none)
	if wrong > 0 || right < 2*none || right == 0 {
		t.Errorf("%d right, %d wrong, %d without", right, wrong, none)
	}
}

func typedWords(p Phrase) []entry {
	var all []entry
	for _, w := range p.Words("en") {
		all = append(all, entry{w, -1})
	}
	return all
}

func TestSwapSuggestion(t *testing.T) {
	swaps := 0
	for _, p := range phrases(t) {
		for i := range Length - 1 {
			q := p
			q[i], q[i+1] = q[i+1], q[i]
			if q == p {
				continue
			}
			if s := list("en").read(typedWords(q)).suggest(); s != nil {
				if *s != (Suggestion{Place: i + 1, With: i + 2}) {
					t.Errorf("%v: %+v", q, s)
				}
				swaps++
			}
		}
	}
	if swaps < 10 {
		t.Errorf("only %d swaps were explained", swaps)
	}
}

// With lists of its own, a phrase may be right in two languages.
func TestAmbiguous(t *testing.T) {
	real := lists()
	t.Cleanup(func() { lists = func() []*wordList { return real } })
	turned := func(lang string, by int) *wordList {
		l := &wordList{lang: lang, by: map[string]int{}}
		for i := range real[0].words {
			w := real[0].words[(i+by)%size]
			l.words, l.keys = append(l.words, w), append(l.keys, sound("en", w))
			l.by[w[:shortest]] = i
		}
		return l
	}
	p, q, by := twice(t)
	lists = func() []*wordList { return []*wordList{turned("en", 0), turned("de", 0), turned("fr", by)} }
	text := p.Text("en")
	var e *AmbiguousError
	if _, err := Decode(text, "ja"); !errors.Is(err, ErrAmbiguous) || !errors.As(err, &e) || !slices.Equal(e.Langs, []string{"en", "de", "fr"}) {
		t.Errorf("%v", err)
	}
	for lang, want := range map[string]Phrase{"en": p, "de": p, "fr": q} {
		if d, err := Decode(text, lang); err != nil || d.Phrase != want || d.Lang != lang {
			t.Errorf("preferring %s: %+v, %v", lang, d, err)
		}
	}
	lists = func() []*wordList { return []*wordList{turned("en", 0), turned("de", 0)} }
	if d, err := Decode(text, ""); err != nil || d.Phrase != p {
		t.Errorf("the same in two languages: %+v, %v", d, err)
	}
}

// twice finds a phrase that is right, too, with every word some places further back.
func twice(t *testing.T) (p, q Phrase, by int) {
	t.Helper()
	for _, p := range phrases(t) {
		for by := 1; by < size; by++ {
			for minor := range uint64(32) {
				p = seal(p.bits()&^(31<<spareBits) | minor<<spareBits)
				for i := range q {
					q[i] = p[i] - byte(by)
				}
				if _, err := q.decode(); err == nil {
					return p, q, by
				}
			}
		}
	}
	t.Fatal("there is none")
	return p, q, 0
}

func TestLook(t *testing.T) {
	en, sw := list("en"), list("sw")
	for _, c := range []struct {
		word, prefer string
		want         Looked
	}{
		{en.words[7], "en", Looked{Known: true, Word: en.words[7], Lang: "en", Index: 7}},
		{" " + strings.ToUpper(en.words[7][:4]) + ".", "en", Looked{Known: true, Word: en.words[7], Lang: "en", Index: 7}},
		{sw.words[200], "en-GB", Looked{Known: true, Word: sw.words[200], Lang: "sw", Index: 200}},
		{"045", "en", Looked{Known: true, Word: "045", Index: 45}},
		{"256", "en", Looked{}},
		{"45", "en", Looked{}},
		{"", "en", Looked{}},
		{"two words", "en", Looked{}},
		{"045046", "en", Looked{}},
		{strings.Repeat("a", maxText+1), "en", Looked{}},
		{strings.Repeat("a", 100), "en", Looked{}},
		{"1", "en", Looked{}},
	} {
		got := Look(c.word, c.prefer)
		if got.Known != c.want.Known || got.Word != c.want.Word || got.Lang != c.want.Lang || got.Index != c.want.Index || got.Near != nil {
			t.Errorf("%.20q: %+v, want %+v", c.word, got, c.want)
		}
	}
	if got := Look(en.words[0][:2], "en"); got.Known || !slices.Contains(got.Near, en.words[0]) || len(got.Near) > offered {
		t.Errorf("a beginning: %+v", got)
	}
	heard := "z" + en.words[10][1:]
	if got := Look(heard, "en"); got.Known || got.Near[0] != en.words[10] {
		t.Errorf("%s: %+v", heard, got)
	}
}

func FuzzDecode(f *testing.F) {
	for i, s := range examples {
		p, err := Encode(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Text(Languages()[i]), "en")
		f.Add(digitText(p), "")
	}
	f.Add("1. a\u0301 2 é ß ﷺ \xff 000000", "pt-BR")
	f.Fuzz(func(t *testing.T, text, prefer string) {
		d, err := Decode(text, prefer)
		if err != nil {
			if d != (Decoded{}) || len(err.Error()) > 500 {
				t.Errorf("%+v beside %v", d, err)
			}
			return
		}
		again, err := Decode(d.Phrase.Text(d.Lang), d.Lang)
		if err != nil || again.Standing != d.Standing || again.Newer != d.Newer {
			t.Errorf("%+v is read as %+v: %v", d, again, err)
		}
		if p, err := Encode(d.Standing); err != nil || !d.Newer && p != d.Phrase {
			t.Errorf("%+v is said as %v: %v", d, p, err)
		}
	})
}

func FuzzLook(f *testing.F) {
	f.Add("acorn", "en")
	f.Add("255", "")
	f.Add("à\xff", "pt")
	f.Fuzz(func(t *testing.T, word, prefer string) {
		l := Look(word, prefer)
		switch {
		case len(l.Near) > offered || l.Known && l.Near != nil:
			t.Errorf("%+v", l)
		case l.Known:
			if again := Look(l.Word, l.Lang); again.Index != l.Index || !again.Known {
				t.Errorf("%+v is looked up as %+v", l, again)
			}
		}
	})
}

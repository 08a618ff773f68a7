// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

func key(issuer, account string, change ...func(*otpauth.Key)) otpauth.Key {
	k := otpauth.Key{Issuer: issuer, Account: account, Secret: secret.FromString("12345678901234567890")}
	for _, c := range change {
		c(&k)
	}
	return k.Normal()
}

func long(n int) func(*otpauth.Key) {
	return func(k *otpauth.Key) { k.Secret = secret.New(bytes.Repeat([]byte("kutano"), n)[:n]) }
}

// mixed are accounts of all kinds.
func mixed() List {
	return List{
		Keys: []otpauth.Key{
			key("Kutano", "ada@example.com"),
			key("Bücher & Söhne", "jürgen+test@example.com", func(k *otpauth.Key) { k.Digits, k.Period, k.Algorithm = 8, 60, otpauth.SHA256 }),
			key("Банк", "Ελένη", func(k *otpauth.Key) { k.Type, k.Counter = otpauth.HOTP, 4711 }),
			key("銀行", "👩‍👩‍👧 家"),
			key("", "no issuer"),
			key("Only a service", ""),
			key("Steam", "gordon", func(k *otpauth.Key) { k.Type = otpauth.Steam }),
			key("SHA512", "a long key", long(64), func(k *otpauth.Key) { k.Algorithm = otpauth.SHA512 }),
			key("A very long name "+strings.Repeat("of many words ", 12), strings.Repeat("unbroken", 20)),
			key("Dense", "code", long(600)),
			key("Too long", "for a code", long(1900)),
		},
		Made:   time.Date(2026, time.November, 25, 14, 32, 10, 0, time.UTC),
		Device: "Büro-Rechner",
	}
}

func listPDF(t testing.TB, l List) []byte {
	t.Helper()
	pdf, err := Accounts(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

// once draws each code once: the drawing of many is not what is tested.
func once() coder {
	known := map[string]*picture{}
	return func(ctx context.Context, k otpauth.Key) (*picture, error) {
		uri := k.URI().Reveal()
		p, ok := known[uri]
		if !ok {
			var err error
			if p, err = codeOf(ctx, k); err != nil {
				return nil, err
			}
			known[uri] = p
		}
		if p == nil {
			return nil, nil
		}
		mine := *p
		mine.png = bytes.Clone(p.png)
		return &mine, nil
	}
}

func pages(pdf []byte) int { return bytes.Count(pdf, []byte("/Type /Page\n")) }

// scanned reads the QR codes of some pages.
func scanned(t *testing.T, pdf []byte, dpi string, which ...int) []string {
	t.Helper()
	var found []string
	for _, n := range which {
		page := strconv.Itoa(n)
		img, err := scan.Load(t.Context(), bytes.NewReader(run(t, pdf, "pdftoppm", "-r", dpi, "-gray", "-png", "-f", page, "-l", page)))
		if err != nil {
			t.Fatal(err)
		}
		b := img.Bounds()
		// A person holds the camera over one code.
		type part interface {
			SubImage(image.Rectangle) image.Image
		}
		half := img.(part).SubImage(image.Rect(b.Min.X, b.Min.Y, b.Min.X+b.Dx()*6/10, b.Max.Y))
		texts, err := scan.Decode(t.Context(), half)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, texts...)
	}
	return found
}

// Every account's QR code is read from paper, and every other's letters.
func TestAccountsAreScanned(t *testing.T) {
	l := mixed()
	pdf := listPDF(t, l)
	all := make([]int, pages(pdf))
	for i := range all {
		all[i] = i + 1
	}
	got := scanned(t, pdf, "100", all...)
	for _, k := range l.Keys {
		if k.Issuer != "Too long" && !slices.Contains(got, k.URI().Reveal()) {
			t.Errorf("the code of %s is not read", k.Issuer)
		}
	}
	if len(got) != len(l.Keys)-1 {
		t.Errorf("%d codes for %d accounts", len(got), len(l.Keys))
	}
}

func TestAccountsInLetters(t *testing.T) {
	l := mixed()
	text := plain(string(run(t, listPDF(t, l), "pdftotext", "-raw", "-", "-")))
	for _, want := range []string{
		"Your accounts on paper", "it is not encrypted", "Accounts: 11", "Made: 2026-11-25", "Device: Büro-Rechner",
		"Page 1 of ", "Bücher & Söhne jürgen+test@example.com 8 digits, a new code every 60 seconds · SHA256",
		"Банк Ελένη 6 digits, by counter · counter 4711 · SHA1", "□□ □□□□□ □", "A sign that cannot be printed",
		"Steam gordon Steam codes, a new one every 30 seconds", "no issuer", "Only a service 6 digits",
		"GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", "This key is too long for a QR code.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the paper", want)
		}
	}
	joined := regexp.MustCompile(`Page\d+of\d+|Accounts:11Made:[\d-]+Device:Büro-Rechner`).ReplaceAllString(strings.ReplaceAll(text, " ", ""), "")
	for _, k := range l.Keys {
		if !strings.Contains(joined, strings.ReplaceAll(letters(k), " ", "")) {
			t.Errorf("the key of %s is not on the paper", k.Issuer)
		}
	}
}

var pageStart = regexp.MustCompile(`<page `)

// Nothing stands over another or outside the margins, in no language.
func TestAccountsFit(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	draw := once()
	for _, lang := range words.Languages() {
		t.Run(lang, func(t *testing.T) {
			words.Use(lang)
			l := mixed()
			l.Keys = append(l.Keys, key("", strings.Repeat("W", 3900)), key("", "W", long(2400)), key(strings.Repeat("WM", 900), ""))
			for _, k := range l.Keys {
				if err := k.Validate(); err != nil {
					t.Fatal(err)
				}
			}
			pdf, err := drawList(t.Context(), l, sayList(l), draw)
			if err != nil {
				t.Fatal(err)
			}
			out := string(run(t, pdf, "pdftotext", "-bbox", "-", "-"))
			const mm, bit = 72 / 25.4, 1.5
			for n, page := range pageStart.Split(out, -1)[1:] {
				var found []area
				for _, m := range box.FindAllStringSubmatch(page, -1) {
					var side [4]float64
					for i := range side {
						side[i], _ = strconv.ParseFloat(m[i+1], 64)
					}
					found = append(found, area{side[0], side[1], side[2], side[3]})
				}
				if len(found) < 10 {
					t.Fatalf("page %d: only %d words", n+1, len(found))
				}
				for i, a := range found {
					if a.x0 < left*mm-bit || a.y0 < (top-2)*mm || a.x1 > right*mm+bit || a.y1 > bottom*mm {
						t.Errorf("page %d: a word stands at %v points, outside the margins", n+1, a)
					}
					for _, b := range found[:i] {
						if a.x0+bit < b.x1 && b.x0+bit < a.x1 && a.y0+bit < b.y1 && b.y0+bit < a.y1 {
							t.Errorf("page %d: words stand over one another at %v and %v points", n+1, a, b)
						}
					}
				}
			}
		})
	}
}

func TestManyAccounts(t *testing.T) {
	var l List
	for i := range 500 {
		l.Keys = append(l.Keys, key(fmt.Sprintf("Service %d", i), "ada@example.com"))
	}
	draw := once()
	pdf, err := drawList(t.Context(), l, sayList(l), func(ctx context.Context, k otpauth.Key) (*picture, error) {
		if len(k.Issuer) == len("Service 100") && k.Issuer != "Service 499" {
			k = l.Keys[100] // the picture is as large as theirs, and nobody looks
		}
		return draw(ctx, k)
	})
	if err != nil {
		t.Fatal(err)
	}
	n := pages(pdf)
	if n < 60 || n > 100 || len(pdf) > 2<<20 {
		t.Errorf("%d pages, %d bytes", n, len(pdf))
	}
	text := string(run(t, pdf, "pdftotext", "-raw", "-f", strconv.Itoa(n), "-l", strconv.Itoa(n), "-", "-"))
	if want := fmt.Sprintf("Page %d of %d", n, n); !strings.Contains(text, want) || !strings.Contains(text, "Service 499") {
		t.Errorf("the last page has no %q, or not the last account", want)
	}
	got := scanned(t, pdf, "100", 1, 2, n)
	for _, i := range []int{0, 5, 9, 499} {
		if !slices.Contains(got, l.Keys[i].URI().Reveal()) {
			t.Errorf("the code of account %d is not read", i)
		}
	}
}

func TestAccountsDocument(t *testing.T) {
	first := listPDF(t, mixed())
	for _, hidden := range []string{"GEZD", "ada@example.com", "Kutano,", "Büro", "otpauth"} {
		if bytes.Contains(first, []byte(hidden)) {
			t.Errorf("%q stands outside the pages' content, which is compressed", hidden)
		}
	}
	plainOnly := List{Keys: []otpauth.Key{key("Kutano", "ada")}, Made: mixed().Made}
	one := listPDF(t, plainOnly)
	if len(one) > 20_000 {
		t.Errorf("%d bytes for one account: are fonts in it that it does not need?", len(one))
	}
	if !bytes.Equal(one, listPDF(t, plainOnly)) {
		t.Error("two documents of one list differ")
	}
}

func TestNoAccounts(t *testing.T) {
	if pdf, err := Accounts(t.Context(), List{}); !errors.Is(err, ErrNoAccounts) || pdf != nil {
		t.Errorf("%d bytes, %v", len(pdf), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if pdf, err := Accounts(ctx, mixed()); !errors.Is(err, context.Canceled) || pdf != nil {
		t.Errorf("cancelled: %d bytes, %v", len(pdf), err)
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever Draw makes, Decode reads.
func TestDrawDecode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Z2-7]{16,64}`).Draw(t, "secret")
		name := rapid.StringN(1, 40, 120).Draw(t, "name")
		text := fmt.Sprintf("otpauth://totp/Kutano:%s?secret=%s&issuer=Kutano", url.PathEscape(name), secret)
		px := rapid.IntRange(1, 900).Draw(t, "px")
		img, err := Draw(text, px)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(t.Context(), img)
		if err != nil || len(got) != 1 || got[0] != text {
			t.Fatalf("%d pixels: read %q, %v; want %q", px, got, err, text)
		}
	})
}

func TestDrawShape(t *testing.T) {
	img, err := Draw(sample, 400)
	if err != nil {
		t.Fatal(err)
	}
	side := img.Bounds().Dx()
	if side > 400 || side != img.Bounds().Dy() || 400-side >= 60 {
		t.Errorf("%v for a square of 400", img.Bounds())
	}
	// Version 5 has 37 modules, and the quiet zone 4 on each side.
	const modules = 37 + 8
	if side%modules != 0 {
		t.Fatalf("%d pixels are no multiple of %d modules", side, modules)
	}
	m := side / modules
	for x := range side {
		if at(img, x, 4*m-1) != 255 || at(img, 4*m-1, x) != 255 {
			t.Fatal("the quiet zone is not white")
		}
	}
	for x := range side { // the corner square's upper edge is seven modules wide
		want := byte(255)
		if x >= 4*m && x < 11*m {
			want = 0
		}
		if x < 12*m && at(img, x, 4*m) != want {
			t.Fatalf("pixel %d of the corner is %d, want %d", x, at(img, x, 4*m), want)
		}
	}
	if small, err := Draw(sample, 1); err != nil || small.Bounds().Dx() != 3*modules {
		t.Errorf("in no room: %v, %v; want three pixels a module", small.Bounds(), err)
	}
}

func at(img image.Image, x, y int) byte { return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y }

// Long texts get less error correction, and in the end an error.
func TestDrawLong(t *testing.T) {
	for _, n := range []int{2331, 2332, 2953} { // most bytes at level M; one more; most at level L
		text := strings.Repeat("a", n)
		img, err := Draw(text, 1200)
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if got, err := Decode(t.Context(), img); err != nil || len(got) != 1 || got[0] != text {
			t.Errorf("%d bytes: %d codes read, %v", n, len(got), err)
		}
	}
	for _, draw := range []func(string) error{
		func(s string) error { _, err := Draw(s, 1200); return err },
		func(s string) error { _, err := Terminal(s); return err },
	} {
		if err := draw(strings.Repeat("a", 2954)); !errors.Is(err, ErrTooMuchData) {
			t.Errorf("2954 bytes: %v, want ErrTooMuchData", err)
		}
		if err := draw(""); err == nil {
			t.Error("no text was drawn")
		}
	}
}

// What a terminal shows is read back: each character is two modules, painted
// as the escape sequences say.
func TestTerminal(t *testing.T) {
	for _, text := range []string{sample, strings.Repeat("long ", 60)} {
		shown, err := Terminal(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(t.Context(), paint(t, shown))
		if err != nil || len(got) != 1 || got[0] != text {
			t.Errorf("read %q, %v; want %q", got, err, text)
		}
	}
}

// paint draws what a terminal shows on a dark ground, each cell 4 × 8 pixels.
func paint(t *testing.T, shown string) image.Image {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(shown, "\n"), "\n")
	img := image.NewGray(image.Rect(0, 0, 1000, 8*len(lines)+80))
	for y, line := range lines {
		line, ok := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		if !ok {
			t.Fatalf("line %d does not set its colours: %q", y, line)
		}
		line, ok = strings.CutSuffix(line, "\x1b[0m")
		if !ok || strings.Contains(line, "\x1b") {
			t.Fatalf("line %d does not set its colours back: %q", y, line)
		}
		for x, r := range []rune(line) {
			upper, lower := byte(255), byte(255)
			switch r {
			case '█':
				upper, lower = 0, 0
			case '▀':
				upper = 0
			case '▄':
				lower = 0
			case ' ':
			default:
				t.Fatalf("character %q", r)
			}
			for i := range 32 {
				v := upper
				if i >= 16 {
					v = lower
				}
				img.SetGray(40+4*x+i%4, 40+8*y+i/4, color.Gray{Y: v})
			}
		}
	}
	return img
}

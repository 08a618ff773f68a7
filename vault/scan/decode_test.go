// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"
	"time"
)

// slow wraps a picture so that only At can be used on it.
type slow struct{ image.Image }

// All kinds of pictures give the same brightness.
func TestToGray(t *testing.T) {
	r := image.Rect(3, 5, 9, 8) // an origin that is not zero
	colors := []color.NRGBA{{255, 255, 255, 255}, {0, 0, 0, 255}, {200, 30, 90, 255}, {10, 250, 3, 255}, {0, 0, 0, 0}, {0, 0, 0, 128}}
	want := [2][]byte{{255, 0, 87, 150, 255, 127}, {255, 0, 87, 150, 0, 0}} // on white, on black
	nrgba := image.NewNRGBA(r)
	palette := image.NewPaletted(r, color.Palette{})
	for x, c := range colors {
		palette.Palette = append(palette.Palette, c)
		for y := range 3 {
			nrgba.SetNRGBA(3+x, 5+y, c)
			palette.SetColorIndex(3+x, 5+y, byte(x))
		}
	}
	rgba := image.NewRGBA(r)
	draw.Draw(rgba, r, nrgba, r.Min, draw.Src)
	for name, img := range map[string]image.Image{"NRGBA": nrgba, "RGBA": rgba, "paletted": palette, "other": slow{nrgba}} {
		for i, background := range []byte{255, 0} {
			g := toGray(img, background)
			if g.w != 6 || g.h != 3 {
				t.Fatalf("%s: %d × %d", name, g.w, g.h)
			}
			for j, v := range g.pix {
				if d := int(v) - int(want[i][j%6]); d > 1 || d < -1 {
					t.Errorf("%s on %d: pixel %d is %d, want %d", name, background, j, v, want[i][j%6])
				}
			}
		}
	}
	ycc := image.NewYCbCr(image.Rect(0, 0, 4, 2), image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = byte(i)
	}
	part := ycc.SubImage(image.Rect(1, 1, 4, 2))
	if g := toGray(part, 255); !slices.Equal(g.pix, ycc.Y[ycc.YStride+1:ycc.YStride+4]) {
		t.Errorf("a part of a YCbCr picture: %v", g.pix)
	}
}

// placed draws a code on a page of a colour, with another in place of white and black.
func placed(t *testing.T, text string, px int, page, light, dark color.Color) *image.NRGBA {
	t.Helper()
	code, err := Draw(text, px)
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(code.Bounds().Inset(-60))
	draw.Draw(img, img.Bounds(), image.NewUniform(page), image.Point{}, draw.Src)
	for y := range code.Bounds().Dy() {
		for x := range code.Bounds().Dx() {
			c := light
			if at(code, x, y) == 0 {
				c = dark
			}
			img.Set(x, y, c)
		}
	}
	return img
}

func TestDecodeColours(t *testing.T) {
	white, black, clear := color.White, color.Black, color.Transparent
	for _, tt := range []struct {
		name              string
		page, light, dark color.Color
	}{
		{"plain", white, white, black},
		{"on a dark page", black, white, black},
		{"inverted", black, black, white},
		{"inverted on a light page", white, black, white},
		{"pale", color.Gray{240}, color.Gray{240}, color.Gray{190}},
		{"coloured", color.White, color.NRGBA{255, 240, 120, 255}, color.NRGBA{20, 60, 120, 255}},
		{"black on nothing", clear, clear, black},
		{"white on nothing", clear, clear, white},
	} {
		got, err := Decode(t.Context(), placed(t, sample, 300, tt.page, tt.light, tt.dark))
		if err != nil || len(got) != 1 || got[0] != sample {
			t.Errorf("%s: read %q, %v", tt.name, got, err)
		}
	}
}

// R36: several codes in one picture, of both polarities and several sizes; the
// same code twice is given once.
func TestDecodeSeveral(t *testing.T) {
	img := page(t, 1600, 900, true, "")
	texts := []string{"first", "second " + sample, sample, sample}
	for i, text := range texts {
		code, err := Draw(text, 150+60*i)
		if err != nil {
			t.Fatal(err)
		}
		at := image.Pt(20+400*i, 100+150*(i%2))
		draw.Draw(img, code.Bounds().Add(at), code, image.Point{}, draw.Src)
		if i == 0 {
			for y := range code.Bounds().Dy() {
				for x := range code.Bounds().Dx() {
					c := img.RGBAAt(at.X+x, at.Y+y)
					img.SetRGBA(at.X+x, at.Y+y, color.RGBA{255 - c.R, 255 - c.G, 255 - c.B, 255})
				}
			}
		}
	}
	got, err := Decode(t.Context(), img)
	slices.Sort(got)
	if want := []string{"first", sample, "second " + sample}; err != nil || !slices.Equal(got, want) {
		t.Errorf("read %q, %v; want %q", got, err, want)
	}
}

func TestDecodeTurned(t *testing.T) {
	code := placed(t, sample, 300, color.White, color.White, color.Black)
	b := code.Bounds()
	turned, mirrored := image.NewNRGBA(b), image.NewNRGBA(b)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			turned.Set(y, b.Max.X-1-(x-b.Min.X), code.At(x, y))
			mirrored.Set(b.Max.X-1-(x-b.Min.X), y, code.At(x, y))
		}
	}
	for name, img := range map[string]image.Image{"turned": turned, "mirrored": mirrored} {
		if got, err := Decode(t.Context(), img); err != nil || len(got) != 1 || got[0] != sample {
			t.Errorf("%s: read %q, %v", name, got, err)
		}
	}
}

func TestDecodeNothing(t *testing.T) {
	for _, size := range []image.Point{{0, 0}, {1, 1}, {1, 5000}, {5000, 1}, {16, 16}, {17, 17}, {40, 40}, {300, 18}} {
		for _, img := range []image.Image{image.NewGray(image.Rectangle{Max: size}), image.NewNRGBA(image.Rectangle{Max: size})} {
			if got, err := Decode(t.Context(), img); err != nil || len(got) != 0 {
				t.Errorf("%v: %q, %v", size, got, err)
			}
		}
	}
	if got, err := Decode(t.Context(), page(t, 1920, 1080, false, "")); err != nil || len(got) != 0 {
		t.Errorf("a page without a code: %q, %v", got, err)
	}
}

// A picture full of what might be corners of codes takes a bounded time, and
// cancelling ends it.
func TestDecodeCancel(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3000, 2000))
	for y := range 2000 {
		for x := range 3000 {
			r := max(x%14-7, 7-x%14, y%14-7, 7-y%14)
			if r != 4 && r < 6 {
				continue
			}
			img.Pix[y*img.Stride+x] = 255
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Decode(ctx, img); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := Decode(ctx, img); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("cancelled meanwhile: %v", err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("it took %v to cancel", took)
	}
	start = time.Now()
	if got, err := Decode(t.Context(), img); err != nil || len(got) != 0 {
		t.Errorf("read %q, %v", got, err)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Pixels of any kind neither panic nor hang.
func FuzzDecode(f *testing.F) {
	f.Add(uint8(21), []byte{0, 255, 3}, false)
	f.Add(uint8(100), []byte("1011101"), true)
	f.Fuzz(func(t *testing.T, width uint8, pixels []byte, over bool) {
		w := int(width)%96 + 1
		h := min(len(pixels)/w+1, 96)
		img := image.NewGray(image.Rect(0, 0, w, h))
		copy(img.Pix, pixels)
		if over { // a code with the pixels strewn over it
			code, err := Draw("0123456789", 90)
			if err != nil {
				t.Fatal(err)
			}
			img = image.NewGray(code.Bounds())
			draw.Draw(img, img.Bounds(), code, image.Point{}, draw.Src)
			for i, p := range pixels {
				img.Pix[(i*stride(width)+int(p))%len(img.Pix)] ^= p
			}
		}
		got, err := Decode(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		if over && len(got) == 1 && got[0] != "0123456789" {
			t.Fatalf("read %q", got)
		}
	})
}

// stride strews the pixels of a fuzzed picture.
func stride(w uint8) int { return int(w)*7 + 1 }

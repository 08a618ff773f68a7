// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// sample is what most codes of the tests hold.
const sample = "otpauth://totp/Kutano:alice@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Kutano"

// page is a screen of width × height pixels that looks like one with a web
// page: a bar, boxes, lines of small marks like text, and a code where one is
// given.
func page(tb testing.TB, width, height int, dark bool, text string) *image.RGBA {
	tb.Helper()
	paper, ink := color.RGBA{250, 250, 252, 255}, color.RGBA{40, 44, 52, 255}
	if dark {
		paper, ink = ink, paper
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	fill := func(r image.Rectangle, c color.Color) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(image.Rect(0, 0, width, height/20), color.RGBA{90, 110, 160, 255})
	rnd := rand.New(rand.NewPCG(3, 4))
	for y := height / 15; y < height-20; y += 22 {
		for x := width / 10; x < width*9/10; x += 3 + rnd.IntN(9) {
			fill(image.Rect(x, y+rnd.IntN(5), x+1+rnd.IntN(3), y+6+rnd.IntN(8)), ink)
		}
	}
	if text == "" {
		return img
	}
	code, err := Draw(text, height/4)
	if err != nil {
		tb.Fatal(err)
	}
	draw.Draw(img, code.Bounds().Add(image.Pt(width/3, height/3)), code, image.Point{}, draw.Src)
	return img
}

var sizes = []struct {
	name string
	w, h int
}{{"full-HD", 1920, 1080}, {"4K", 3840, 2160}}

func BenchmarkDecode(b *testing.B) {
	for _, s := range sizes {
		for _, text := range []string{sample, ""} {
			for _, dark := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s/code=%t/dark=%t", s.name, text != "", dark), func(b *testing.B) {
					img := page(b, s.w, s.h, dark, text)
					want := min(1, len(text))
					b.ReportAllocs()
					for b.Loop() {
						got, err := Decode(b.Context(), img)
						if err != nil || len(got) != want {
							b.Fatalf("%d codes, %v", len(got), err)
						}
					}
				})
			}
		}
	}
}

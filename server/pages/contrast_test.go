// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var variable = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)

// luminance is the relative luminance of WCAG 2.2.
func luminance(hex string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// What is to be read has a contrast of 4.5:1 on each ground that it stands on, in
// light and in dark; the lines of inputs have 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	light, dark, ok := strings.Cut(string(sheet.body), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("there is no dark")
	}
	dark, _, _ = strings.Cut(dark, "\n}\n")
	for name, source := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]string{}
		for _, m := range variable.FindAllStringSubmatch(source, -1) {
			colour[m[1]] = m[2]
		}
		for front, grounds := range map[string]string{
			"text": "ground card tint look-ground bad-ground good-ground", "soft": "ground card", "accent": "ground card tint", "on-accent": "accent accent-press",
			"look": "card look-ground", "bad": "card bad-ground", "good": "card ground good-ground", "field": "card",
		} {
			least := 4.5
			if front == "field" {
				least = 3
			}
			for ground := range strings.FieldsSeq(grounds) {
				a, b := luminance(colour[front])+0.05, luminance(colour[ground])+0.05
				if got := max(a/b, b/a); got < least {
					t.Errorf("%s: %s on %s has %.2f:1", name, front, ground, got)
				}
			}
		}
	}
}

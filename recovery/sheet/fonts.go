// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"

	"github.com/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/charmap"
)

// goFamily are the Go fonts, for names that the built-in fonts of PDF have no
// letters for. They have Latin, Greek and Cyrillic. They go into the document
// only where they are used.
const goFamily = "Go"

// fonts knows which characters can be printed.
type fonts struct{ has func(rune) bool }

func newFonts(pdf *fpdf.Fpdf) fonts {
	pdf.AddUTF8FontFromBytes(goFamily, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(goFamily, "B", gobold.TTF)
	face, err := sfnt.Parse(goregular.TTF)
	if err != nil { // not with the font that is built in
		pdf.SetError(err)
		return fonts{func(rune) bool { return false }}
	}
	var buf sfnt.Buffer
	return fonts{func(r rune) bool {
		i, err := face.GlyphIndex(&buf, r)
		return err == nil && i != 0
	}}
}

// missing stands for a character that cannot be printed.
const missing = '□'

// shown returns the text with what the font has, and whether something is missing.
func (f fonts) shown(text string) (string, bool) {
	lost := false
	return strings.Map(func(r rune) rune {
		if r <= 0xffff && f.has(r) { // the PDF library knows no further
			return r
		}
		lost = true
		return missing
	}, text), lost
}

// isLatin tells whether the built-in fonts have all of a text.
func isLatin(text string) bool {
	for _, r := range text {
		if _, ok := charmap.Windows1252.EncodeRune(r); !ok {
			return false
		}
	}
	return true
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"

	"github.com/kutano/authenticator/vault/scan"
)

// Measures of the page in millimetres, font sizes in points. Letter paper is
// 18 mm lower than A4: whether a printer puts the page at its top or in its
// middle, what stands between top and bottom is on it.
const (
	left, right = 20.0, 190.0
	top, bottom = 20.0, 268.0
	width       = right - left
	qrSide      = 56.0 // as far as it is black; the quiet zone comes on top
	columns     = 4
	cellHeight  = 14.5
	gap         = 8.0
)

// page draws on a document. The first error stays in the document.
type page struct {
	pdf   *fpdf.Fpdf
	latin func(string) string // UTF-8 to the fonts' own coding
	wide  *fonts              // nil until letters are needed that the built-in fonts lack
}

// draw returns the document. The built-in fonts of PDF are used, which every
// reader and printer has; they cover the languages of the product.
func draw(s Sheet, t texts) ([]byte, error) {
	p := newPage(s.Made, t.title, t.lang)
	p.heading(t)
	p.words(s.Words, t.wordsTitle)
	below := p.pdf.GetY() + gap + 1
	if err := p.code(s, t.qrTitle, below); err != nil {
		return nil, err
	}
	p.use(s, t, below)
	p.foot(t)
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("recovery sheet: %w", err)
	}
	return out.Bytes(), nil
}

func newPage(made time.Time, title, lang string) *page {
	pdf := fpdf.New("P", "mm", "A4", "")
	// What a document says about itself, and what makes it differ from one run
	// to the next.
	pdf.SetTitle(title, true)
	pdf.SetProducer("Kutano Authenticator", true)
	pdf.SetLang(lang)
	pdf.SetCreationDate(made.UTC())
	pdf.SetModificationDate(made.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetMargins(left, top, right-width)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()
	translate := pdf.UnicodeTranslatorFromDescriptor("cp1252")
	return &page{pdf: pdf, latin: func(s string) string {
		return translate(strings.ReplaceAll(s, "\u202f", "\u00a0")) // French has the narrow space, cp1252 has not
	}}
}

// fonts adds the fonts with more letters to the document, once they are needed.
func (p *page) fonts() fonts {
	if p.wide == nil {
		f := newFonts(p.pdf)
		p.wide = &f
	}
	return *p.wide
}

func (p *page) font(family, style string, points float64, grey int) {
	p.pdf.SetFont(family, style, points)
	p.pdf.SetTextColor(grey, grey, grey)
}

// text writes a paragraph at x, w wide, below what was written last.
func (p *page) text(x, w, lineHeight float64, s string) {
	p.pdf.SetX(x)
	p.pdf.MultiCell(w, lineHeight, p.latin(s), "", "L", false)
}

// section writes a title with the right distance to its text.
func (p *page) section(x, w float64, s string) {
	p.font("Helvetica", "B", 12, 0)
	p.text(x, w, 6, s)
	p.pdf.SetY(p.pdf.GetY() + 1.5)
}

func (p *page) heading(t texts) {
	p.pdf.SetY(top)
	p.font("Helvetica", "B", 20, 0)
	if p.pdf.GetStringWidth(p.latin(t.title)) > width {
		p.pdf.SetFontSize(17)
	}
	p.text(left, width, 9, t.title)
	p.pdf.SetY(p.pdf.GetY() + 3)
	p.font("Helvetica", "", 12, 0)
	p.text(left, width, 6, t.purpose)
	p.pdf.SetY(p.pdf.GetY() + gap)
}

// words draws the words row by row, each with its number.
func (p *page) words(list []string, title string) {
	const numbers = 8.5 // in front of each word
	p.section(left, width, title)
	y0, cell := p.pdf.GetY(), width/columns
	p.pdf.SetDrawColor(160, 160, 160)
	p.pdf.SetLineWidth(0.2)
	for i, word := range list {
		x, y := left+float64(i%columns)*cell, y0+float64(i/columns)*cellHeight
		p.pdf.Rect(x, y, cell, cellHeight, "D")
		p.font("Helvetica", "", 9, 90)
		p.pdf.SetXY(x, y)
		p.pdf.CellFormat(numbers-2, cellHeight, strconv.Itoa(i+1), "", 0, "R", false, 0, "")
		p.font("Courier", "B", 17, 0)
		p.shrink(word, 17, cell-numbers-1)
		p.pdf.SetXY(x+numbers, y)
		p.pdf.CellFormat(cell-numbers, cellHeight, p.latin(word), "", 0, "L", false, 0, "")
	}
	p.pdf.SetY(y0 + float64((len(list)+columns-1)/columns)*cellHeight)
}

// shrink makes the font smaller until a text fits.
func (p *page) shrink(s string, points, w float64) {
	if have := p.pdf.GetStringWidth(p.latin(s)); have > w {
		p.pdf.SetFontSize(points * w / have)
	}
}

// code draws the QR code at the left below y and its title under it. The quiet
// zone reaches into the margin, so that what is seen is in line with the words.
func (p *page) code(s Sheet, title string, y float64) error {
	const pixels = 800 // many a module: viewers that smooth pictures blur only the edges
	img, err := scan.Draw(s.Identity.Reveal(), pixels)
	if err != nil {
		return fmt.Errorf("recovery sheet: %w", err)
	}
	var picture bytes.Buffer
	defer func() { clear(picture.Bytes()[:picture.Cap()]) }()
	if err := png.Encode(&picture, img); err != nil {
		return fmt.Errorf("recovery sheet: %w", err)
	}
	options := fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader("code", options, bytes.NewReader(picture.Bytes()))
	all, white := img.Bounds().Dx(), quiet(img)
	pixel := qrSide / float64(all-2*white)
	zone := float64(white) * pixel
	p.pdf.ImageOptions("code", left-zone, y-zone, float64(all)*pixel, 0, false, options, 0, "")
	p.font("Helvetica", "", 10, 0)
	p.pdf.SetY(y + qrSide + zone)
	p.text(left, qrSide, 5, title)
	return nil
}

// quiet returns how many pixels of a QR code's picture are white at each edge.
func quiet(img image.Image) int {
	n, side := 0, img.Bounds().Dx()
	for n < side/2 && !dark(img, n, n) {
		n++
	}
	return n
}

func dark(img image.Image, x, y int) bool {
	return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y <= 127
}

// use writes to the right of the code what to do with the sheet.
func (p *page) use(s Sheet, t texts, y float64) {
	x := left + qrSide + gap
	w := right - x
	p.pdf.SetY(y - 1.3) // the capitals' upper edge is the code's
	p.section(x, w, t.useTitle)
	for i, step := range t.steps {
		p.font("Helvetica", "", 11, 0)
		at := p.pdf.GetY()
		p.pdf.SetXY(x, at)
		p.pdf.CellFormat(6, 5.5, strconv.Itoa(i+1)+".", "", 0, "L", false, 0, "")
		p.text(x+6, w-6, 5.5, step)
	}
	p.pdf.SetY(p.pdf.GetY() + gap - 2)
	p.section(x, w, t.ageTitle)
	p.font("Helvetica", "", 11, 0)
	p.text(x, w, 5.5, t.age)
	p.verbatim(x, w, 10.5, halves(s.Identity.Reveal())...)
	p.font("Helvetica", "", 11, 0)
	p.text(x, w, 5.5, t.ageType)
	p.verbatim(x, w, 9, ageCommand)
}

// verbatim writes lines that are typed as they stand.
func (p *page) verbatim(x, w, points float64, lines ...string) {
	p.pdf.SetY(p.pdf.GetY() + 1.5)
	for _, line := range lines {
		p.font("Courier", "B", points, 0)
		p.shrink(line, points, w-0.1)
		p.text(x, w, 5, line)
	}
	p.pdf.SetY(p.pdf.GetY() + 1.5)
}

// halves breaks the identity into two lines of nearly the same length.
func halves(identity string) []string {
	half := (len(identity) + 1) / 2
	return []string{identity[:half], identity[half:]}
}

// foot writes what tells this sheet from another, and a line to be filled in.
func (p *page) foot(t texts) {
	y := bottom - 30
	p.pdf.Line(left, y, right, y)
	p.pdf.SetY(y + 3)
	p.font("Helvetica", "", 10, 0)
	p.text(left, width, 5, t.fingerprint)
	p.font("Helvetica", "", 9, 90)
	p.text(left, width, 4.5, t.compare)
	p.font("Helvetica", "", 10, 0)
	line := t.made
	if t.device != "" {
		line += "      " + t.device
	}
	p.pdf.SetX(left)
	p.shrink(line, 10, width)
	p.text(left, width, 5.5, line)
	p.pdf.SetFontSize(10)
	kept := p.latin(t.kept)
	p.pdf.SetXY(left, bottom-6)
	p.pdf.CellFormat(0, 6, kept, "", 0, "L", false, 0, "")
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.Line(left+p.pdf.GetStringWidth(kept)+4, bottom-1, right, bottom-1)
}

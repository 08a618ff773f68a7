// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/go-pdf/fpdf"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/otpauth"
)

const (
	listSide   = 32.0 // of a QR code as far as it is black
	listModule = 0.5  // of a module at least: a phone reads it from paper
	listGap    = 7.0  // between two accounts, more than a quiet zone
	listFoot   = 6.0  // above the bottom
	pagesAlias = "{pages}"
)

// list draws accounts one below the other.
type list struct {
	*page
	texts listTexts
	fonts fonts
}

// coder makes a QR code, or nil where the key is too long for one.
type coder func(context.Context, otpauth.Key) (*picture, error)

func drawList(ctx context.Context, l List, t listTexts, codeOf coder) ([]byte, error) {
	p := newPage(l.Made, t.title, t.lang)
	d := list{p, t, newFonts(p.pdf)}
	p.pdf.AliasNbPages(pagesAlias)
	d.heading()
	d.foot()
	for i, k := range l.Keys {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		code, err := codeOf(ctx, k)
		if err != nil {
			return nil, err
		}
		d.account(i, k, code)
		if code != nil {
			clear(code.png)
		}
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("sheet of accounts: %w", err)
	}
	return out.Bytes(), nil
}

func (d list) heading() {
	d.pdf.SetY(top)
	d.font("Helvetica", "B", 20, 0)
	d.shrink(d.texts.title, 20, width)
	d.text(left, width, 9, d.texts.title)
	d.pdf.SetY(d.pdf.GetY() + 2)
	d.font("Helvetica", "B", 11, 0)
	d.text(left, width, 5.5, d.texts.warning)
	d.pdf.SetY(d.pdf.GetY() + 4)
	d.section(left, width, d.texts.useTitle)
	for i, step := range d.texts.steps {
		d.font("Helvetica", "", 10, 0)
		at := d.pdf.GetY()
		d.pdf.SetXY(left, at)
		d.pdf.CellFormat(6, 5, strconv.Itoa(i+1)+".", "", 0, "L", false, 0, "")
		d.text(left+6, width-6, 5, step)
	}
	d.pdf.SetY(d.pdf.GetY() + listGap)
}

// foot writes the last line of a page, and leaves the place where it was.
func (d list) foot() {
	y := d.pdf.GetY()
	line := d.texts.count + "      " + d.texts.made
	if d.texts.device != "" {
		line += "      " + d.texts.device
	}
	number := words.T("Page {n} of {total}", "n", d.pdf.PageNo(), "total", pagesAlias)
	d.font("Helvetica", "", 9, 90)
	d.pdf.SetXY(left, bottom-listFoot+1.5)
	d.pdf.CellFormat(40, 4, d.latin(number), "", 0, "L", false, 0, "")
	d.shrink(line, 9, width-42)
	d.pdf.SetXY(left+42, bottom-listFoot+1.5)
	d.pdf.CellFormat(width-42, 4, d.latin(line), "", 0, "R", false, 0, "")
	d.pdf.SetY(y)
}

// paragraph is a text beside a QR code.
type paragraph struct {
	text, family, style string
	points, line        float64
	grey                int
	utf8                bool // the font has Unicode
}

// account draws one account, on a new page where it has no room on this one.
func (d list) account(index int, k otpauth.Key, code *picture) {
	side := 0.0
	if code != nil {
		side = max(listSide, listModule*float64(code.cells))
	}
	x := left
	if code != nil {
		x += side + listGap
	}
	all := d.paragraphs(k, code != nil)
	height := 0.0
	for _, p := range all {
		d.use(p)
		height += p.line * float64(d.lines(p, right-x))
	}
	if height = max(height, side); d.pdf.GetY()+height > bottom-listFoot {
		d.pdf.AddPage()
		d.pdf.SetY(top)
		d.foot()
	}
	y := d.pdf.GetY()
	if code != nil {
		d.place("code"+strconv.Itoa(index), code, side, y)
	}
	d.pdf.SetY(y)
	for _, p := range all {
		d.use(p)
		d.pdf.SetX(x)
		d.pdf.MultiCell(right-x, p.line, d.coded(p), "", "L", false)
	}
	d.pdf.SetY(y + height + listGap)
}

func (d list) paragraphs(k otpauth.Key, hasCode bool) []paragraph {
	const grey = 90
	var all []paragraph
	lacking := false
	name := func(text, style string, points, line float64) {
		if text == "" {
			return
		}
		p := paragraph{text: text, family: "Helvetica", style: style, points: points, line: line}
		p.fit()
		if !isLatin(text) {
			var lost bool
			p.utf8, p.family = true, goFamily
			p.text, lost = d.fonts.shown(text)
			lacking = lacking || lost
		}
		all = append(all, p)
	}
	name(k.Issuer, "B", 12, 5.5)
	name(k.Account, "", 11, 5.2)
	typed := paragraph{text: letters(k), family: "Courier", style: "B", points: 10, line: 4.8}
	typed.fit()
	all = append(all, paragraph{text: pace(k), family: "Helvetica", points: 9, line: 4.8, grey: grey}, typed)
	if lacking {
		all = append(all, paragraph{text: d.texts.lettersQ, family: "Helvetica", points: 8, line: 4, grey: grey})
	}
	if !hasCode {
		all = append(all, paragraph{text: d.texts.noCode, family: "Helvetica", points: 9, line: 4.5, grey: grey})
	}
	return all
}

// fit makes a long text small, so that the longest that a key URI holds is on a page.
func (p *paragraph) fit() {
	if len(p.text) > 300 {
		p.points, p.line = 7, 3.4
	}
}

func (d list) use(p paragraph) {
	d.font(p.family, p.style, p.points, p.grey)
}

// coded returns the text as the font has it.
func (d list) coded(p paragraph) string {
	if p.utf8 {
		return p.text
	}
	return d.latin(p.text)
}

// lines counts the lines of a text in the font in use.
func (d list) lines(p paragraph, w float64) int {
	if p.utf8 {
		return len(d.pdf.SplitText(p.text, w))
	}
	return len(d.pdf.SplitLines([]byte(d.latin(p.text)), w))
}

// place puts a QR code at the left margin, its quiet zone outside.
func (p *page) place(name string, code *picture, side, y float64) {
	options := fpdf.ImageOptions{ImageType: "PNG"}
	p.pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(code.png))
	pixel := side / float64(code.side-2*code.white)
	zone := math.Round(float64(code.white)*pixel*100) / 100
	p.pdf.ImageOptions(name, left-zone, y-zone, float64(code.side)*pixel, 0, false, options, 0, "")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// paper draws a document.
type paper struct {
	*page
	made  string
	title string // stands at the foot of each page
}

// face is how a text is set: style, size in points, height of a line in mm.
type face struct {
	style        string
	points, line float64
}

// The faces of a document.
var (
	body  = face{"", 10.5, 5.2}
	tiny  = face{"", 9, 4.4}
	heads = face{"B", 9, 4.4}
)

const (
	paperFoot = 8.0  // above the bottom
	indent    = 7.0  // of lists
	pad       = 1.5  // around a table's texts
	blankLine = 9.0  // of a line to be filled in
	partStart = 22.0 // of a section's title with something below it
)

// set chooses the font for a text, and returns the text in its coding.
func (p *paper) set(f face, s string) (text string, wide bool) {
	if isPlain(s) {
		p.font("Helvetica", f.style, f.points, 0)
		return p.latin(s), false
	}
	text, _ = p.fonts().shown(s)
	p.font(goFamily, f.style, f.points, 0)
	return text, true
}

// isPlain tells whether the built-in fonts have all of a text once latin has been
// over it.
func isPlain(s string) bool { return isLatin(strings.ReplaceAll(s, "\u202f", "")) }

// lines counts how many lines a text takes.
func (p *paper) lines(w float64, f face, s string) int {
	text, wide := p.set(f, s)
	if wide {
		return max(1, len(p.pdf.SplitText(text, w)))
	}
	return max(1, len(p.pdf.SplitLines([]byte(text), w)))
}

// write sets a paragraph where there is room for all of it.
func (p *paper) write(x, w float64, f face, s string) {
	p.need(float64(p.lines(w, f, s)) * f.line)
	text, _ := p.set(f, s)
	p.pdf.SetX(x)
	p.pdf.MultiCell(w, f.line, text, "", "L", false)
}

func (p *paper) space(h float64) { p.pdf.SetY(p.pdf.GetY() + h) }

// need begins a new page where there is less room than h.
func (p *paper) need(h float64) {
	if p.pdf.GetY()+h > bottom-paperFoot {
		p.turn()
	}
}

func (p *paper) turn() {
	p.pdf.AddPage()
	p.foot(p.title)
	p.pdf.SetY(top)
}

// foot writes the last line of a page, and leaves the place where it was.
func (p *paper) foot(title string) {
	p.title = title
	y := p.pdf.GetY()
	number := words.T("Page {n} of {total}", "n", p.pdf.PageNo(), "total", pagesAlias)
	p.font("Helvetica", "", 9, 90)
	p.pdf.SetXY(left, bottom-5)
	p.pdf.CellFormat(40, 4, p.latin(number), "", 0, "L", false, 0, "")
	line := p.made
	if isPlain(title) {
		line = title + "      " + p.made
	}
	p.shrink(line, 9, width-42)
	p.pdf.SetXY(left+42, bottom-5)
	p.pdf.CellFormat(width-42, 4, p.latin(line), "", 0, "R", false, 0, "")
	p.pdf.SetY(y)
}

// part draws a section. Its title does not stand alone at the end of a page.
func (p *paper) part(s Section) {
	p.need(partStart)
	p.write(left, width, face{"B", 13, 6.5}, s.Title)
	p.space(1.5)
	for _, t := range s.Text {
		p.write(left, width, body, t)
		p.space(1.5)
	}
	for i, t := range s.Steps {
		p.item(strconv.Itoa(i+1)+".", t)
	}
	for _, t := range s.Points {
		p.item("•", t)
	}
	if len(s.Table.Rows) > 0 {
		p.table(s.Table)
	}
	for _, b := range s.Blanks {
		p.blank(b)
	}
	p.space(gap)
}

func (p *paper) item(sign, t string) {
	p.need(float64(p.lines(width-indent, body, t)) * body.line)
	at := p.pdf.GetY()
	text, _ := p.set(body, sign)
	p.pdf.SetXY(left, at)
	p.pdf.CellFormat(indent, body.line, text, "", 0, "L", false, 0, "")
	p.write(left+indent, width-indent, body, t)
	p.space(1)
}

// table draws rows that are not torn apart, with the heading on each page.
func (p *paper) table(t Table) {
	p.pdf.SetDrawColor(130, 130, 130)
	p.pdf.SetLineWidth(0.2)
	wide := t.widths()
	p.row(t.Head, wide, heads, true)
	for _, r := range t.Rows {
		if p.pdf.GetY()+p.height(r, wide, tiny) > bottom-paperFoot {
			p.turn()
			p.row(t.Head, wide, heads, true)
		}
		p.row(r, wide, tiny, false)
	}
}

func (t Table) widths() []float64 {
	all := make([]float64, len(t.Head))
	for i := range all {
		all[i] = width / float64(len(all))
		if i < len(t.Shares) {
			all[i] = width * t.Shares[i]
		}
	}
	return all
}

func (p *paper) height(row []string, wide []float64, f face) float64 {
	n := 1
	for i, t := range row {
		n = max(n, p.lines(wide[i]-2*pad, f, t))
	}
	return float64(n)*f.line + 2*pad
}

// row draws one row; a heading has a grey ground, light enough for black and white.
func (p *paper) row(row []string, wide []float64, f face, head bool) {
	h := p.height(row, wide, f)
	p.need(h)
	x, y := left, p.pdf.GetY()
	for i, t := range row {
		style := "D"
		if head {
			p.pdf.SetFillColor(232, 232, 232)
			style = "FD"
		}
		p.pdf.Rect(x, y, wide[i], h, style)
		text, _ := p.set(f, t)
		p.pdf.SetXY(x+pad, y+pad)
		p.pdf.MultiCell(wide[i]-2*pad, f.line, text, "", "L", false)
		x += wide[i]
	}
	p.pdf.SetXY(left, y+h)
}

// blank draws a line to be filled in.
func (p *paper) blank(b Blank) {
	p.need(blankLine)
	y := p.pdf.GetY()
	text, _ := p.set(body, b.Label)
	p.pdf.SetXY(left, y)
	p.pdf.CellFormat(width, blankLine, text, "", 0, "L", false, 0, "")
	x := left + p.pdf.GetStringWidth(text) + 4
	text, _ = p.set(body, b.Value)
	if have := p.pdf.GetStringWidth(text); have > right-x {
		p.pdf.SetFontSize(body.points * (right - x) / have)
	}
	p.pdf.SetXY(x, y)
	p.pdf.CellFormat(right-x, blankLine, text, "", 0, "L", false, 0, "")
	p.pdf.SetDrawColor(0, 0, 0)
	p.pdf.SetLineWidth(0.2)
	p.pdf.Line(x, y+blankLine-2, right, y+blankLine-2)
	p.pdf.SetY(y + blankLine)
}

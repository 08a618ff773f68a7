// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/secret"
)

var (
	// ErrNoBackupCodes is returned for a sheet without backup codes.
	ErrNoBackupCodes = errors.New("there are no backup codes")
	// ErrLetters is returned for a backup code with letters that the sheet's fonts do
	// not have: on paper it would be of no use.
	ErrLetters = errors.New("a backup code has letters that cannot be printed")
)

// CodeList is what stands on a paper with backup codes.
type CodeList struct {
	// Title is what the set is called.
	Title string
	// Account is whom the codes are for, such as an e-mail address; it may be empty.
	Account string
	// Codes are the codes in their order.
	Codes []secret.Value
	// Used tells of each code whether it was used; it may be shorter than Codes.
	Used []bool
	// Made is when the codes were made, in the time zone to be shown.
	Made time.Time
}

// Codes returns a PDF document with backup codes, each with a box to cross it off
// and what to do with them, in the language in use. Used codes are crossed off.
// Nothing of an account's key is on it. The pages are of A4 and stand on US
// Letter as [PDF]'s do. Errors wrap [ErrNoBackupCodes] or [ErrLetters] and show no
// code. R30, R31, R61.
//
// The document's properties hold nothing secret; copies that the PDF library
// makes of codes cannot be cleared.
func Codes(l CodeList) ([]byte, error) {
	if len(l.Codes) == 0 {
		return nil, fmt.Errorf("sheet of backup codes: %w", ErrNoBackupCodes)
	}
	return drawCodes(l, sayCodes(l))
}

// codeTexts are the sentences on it.
type codeTexts struct {
	lang, title       string
	name, account     string
	once              string
	useTitle          string
	steps             []string
	made, count, kept string
}

func sayCodes(l CodeList) codeTexts {
	t := codeTexts{
		lang:    strings.ReplaceAll(words.Current(), "_", "-"),
		title:   words.T("Backup codes"),
		name:    printable(l.Title),
		account: printable(l.Account),
		once:    words.T("Each code works once. Cross it off when you have used it."),
		steps: []string{
			words.T("Use a backup code if you lose your phone: type it where a code is asked for."),
			words.T("With neither your phone nor backup codes you are locked out. A workspace administrator can then reset two-factor authentication."),
			words.T("After using a code, make new ones in the security settings. The codes on this paper then work no longer: destroy it."),
			words.T("Keep this paper in a safe place that you can reach, away from the device with your authenticator. Never send a picture of it.") +
				" " + words.T("Kutano support will never ask you for these codes."),
		},
		useTitle: words.T("What to do with them"),
		made:     words.T("Made: {date}", "date", l.Made.Format("2006-01-02")),
		count:    words.T("Codes: {n}", "n", len(l.Codes)),
		kept:     words.T("Kept at:"),
	}
	return t
}

const (
	codeColumns = 2
	codeHeight  = 10.5
	codeBox     = 4.6 // the side of what is crossed off
	codeNumber  = 9.0 // its width
	codeFoot    = 16.0
)

// codePage draws backup codes.
type codePage struct {
	*page
	texts codeTexts
}

func drawCodes(l CodeList, t codeTexts) ([]byte, error) {
	p := newPage(l.Made, t.title, t.lang)
	d := &codePage{page: p, texts: t}
	p.pdf.AliasNbPages(pagesAlias)
	d.heading()
	d.foot()
	for i := 0; i < len(l.Codes); i += codeColumns {
		if d.pdf.GetY()+codeHeight > bottom-codeFoot {
			d.pdf.AddPage()
			d.pdf.SetY(top)
			d.foot()
		}
		y := d.pdf.GetY()
		for c := range min(codeColumns, len(l.Codes)-i) {
			used := i+c < len(l.Used) && l.Used[i+c]
			if err := d.code(i+c, l.Codes[i+c], used, left+float64(c)*(width+gap)/codeColumns, y); err != nil {
				return nil, err
			}
		}
		d.pdf.SetY(y + codeHeight)
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("sheet of backup codes: %w", err)
	}
	return out.Bytes(), nil
}

func (d *codePage) heading() {
	d.pdf.SetY(top)
	d.font("Helvetica", "B", 20, 0)
	d.text(left, width, 9, d.texts.title)
	d.pdf.SetY(d.pdf.GetY() + 2)
	d.line(d.texts.name, "B", 14, 7)
	d.line(d.texts.account, "", 12, 6)
	d.pdf.SetY(d.pdf.GetY() + 3)
	d.font("Helvetica", "B", 12, 0)
	d.text(left, width, 6, d.texts.once)
	d.pdf.SetY(d.pdf.GetY() + 4)
	d.section(left, width, d.texts.useTitle)
	for i, step := range d.texts.steps {
		d.font("Helvetica", "", 10.5, 0)
		at := d.pdf.GetY()
		d.pdf.SetXY(left, at)
		d.pdf.CellFormat(6, 5, strconv.Itoa(i+1)+".", "", 0, "L", false, 0, "")
		d.text(left+6, width-6, 5, step)
		d.pdf.SetY(d.pdf.GetY() + 1)
	}
	d.pdf.SetY(d.pdf.GetY() + gap)
}

// line writes a name in letters that there are, one line high.
func (d *codePage) line(s, style string, points, height float64) {
	if s == "" {
		return
	}
	d.font("Helvetica", style, points, 0)
	text := d.latin(s)
	if !isLatin(s) {
		text, _ = d.fonts().shown(s)
		d.font(goFamily, style, points, 0)
	}
	if have := d.pdf.GetStringWidth(text); have > width {
		d.pdf.SetFontSize(points * width / have)
	}
	d.pdf.SetX(left)
	d.pdf.CellFormat(width, height, text, "", 1, "L", false, 0, "")
}

// code draws one code with its number and the box to cross off.
func (d *codePage) code(i int, c secret.Value, used bool, x, y float64) error {
	const grey = 130
	w := (width+gap)/codeColumns - gap
	d.pdf.SetDrawColor(60, 60, 60)
	d.pdf.SetLineWidth(0.3)
	by := y + (codeHeight-codeBox)/2
	d.pdf.Rect(x, by, codeBox, codeBox, "D")
	if used {
		d.pdf.Line(x, by, x+codeBox, by+codeBox)
		d.pdf.Line(x, by+codeBox, x+codeBox, by)
	}
	d.font("Helvetica", "", 9, 90)
	d.pdf.SetXY(x+codeBox, y)
	d.pdf.CellFormat(codeNumber-2, codeHeight, strconv.Itoa(i+1), "", 0, "R", false, 0, "")
	shade := 0
	if used {
		shade = grey
	}
	s := c.Reveal()
	d.font("Courier", "B", 15, shade)
	text := d.latin(s)
	if !isLatin(s) {
		var lost bool
		if text, lost = d.fonts().shown(s); lost {
			return fmt.Errorf("sheet of backup codes: %w: code %d", ErrLetters, i+1)
		}
		d.font(goFamily, "B", 15, shade)
	}
	room := w - codeBox - codeNumber
	if have := d.pdf.GetStringWidth(text); have > room {
		d.pdf.SetFontSize(15 * room / have)
	}
	d.pdf.SetXY(x+codeBox+codeNumber, y)
	d.pdf.CellFormat(room, codeHeight, text, "", 0, "L", false, 0, "")
	return nil
}

// foot writes the last lines of a page, and leaves the place where it was.
func (d *codePage) foot() {
	y := d.pdf.GetY()
	d.font("Helvetica", "", 10, 0)
	kept := d.latin(d.texts.kept)
	d.pdf.SetXY(left, bottom-13)
	d.pdf.CellFormat(0, 6, kept, "", 0, "L", false, 0, "")
	d.pdf.SetDrawColor(0, 0, 0)
	d.pdf.SetLineWidth(0.2)
	d.pdf.Line(left+d.pdf.GetStringWidth(kept)+4, bottom-8, right, bottom-8)
	d.font("Helvetica", "", 9, 90)
	d.pdf.SetXY(left, bottom-5)
	number := words.T("Page {n} of {total}", "n", d.pdf.PageNo(), "total", pagesAlias)
	d.pdf.CellFormat(40, 4, d.latin(number), "", 0, "L", false, 0, "")
	d.pdf.SetXY(left+42, bottom-5)
	d.pdf.CellFormat(width-42, 4, d.latin(d.texts.count+"      "+d.texts.made), "", 0, "R", false, 0, "")
	d.pdf.SetY(y)
}

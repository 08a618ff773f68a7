// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/backupcodes/split"
)

// ErrNotReadBack is returned for a share whose QR code did not read back as it
// was drawn.
var ErrNotReadBack = errors.New("the QR code did not read back")

// SharePaper is what stands on the paper with one share of divided backup codes.
type SharePaper struct {
	// Share is the share; it stays the caller's.
	Share split.Share
	// Owner is whose codes they are; it may be empty.
	Owner string
	// Holder is who keeps this share; it may be empty.
	Holder string
	// Made is when, in the time zone to be shown.
	Made time.Time
}

// Share returns a PDF document of one page with a share as a QR code and in
// letters, how many are needed, whose it is and what to do with it, in the
// language in use. The QR code was read again before it is there. Errors wrap
// [ErrNotReadBack]. What [Codes] says of copies goes for it too.
func Share(ctx context.Context, s SharePaper) ([]byte, error) {
	text := s.Share.Text()
	defer text.Clear()
	code, err := pictureOf(ctx, text, sharePixels)
	if err == nil && code == nil {
		err = ErrNotReadBack
	}
	if err != nil {
		return nil, fmt.Errorf("sheet of a share: %w", err)
	}
	defer clear(code.png)
	return drawShare(s, sayShare(s), code)
}

const (
	sharePixels = 800
	shareSide   = 68.0 // of the QR code as far as it is black
	shareGroups = 16   // of four letters on a line
)

// shareTexts are the sentences on it.
type shareTexts struct {
	lang, title, purpose string
	owner, holder        string
	useTitle             string
	steps                []string
	lettersTitle         string
	splitting, made      string
}

func sayShare(s SharePaper) shareTexts {
	t := shareTexts{
		lang:  strings.ReplaceAll(words.Current(), "_", "-"),
		title: words.T("Share {n} of {total} of backup codes", "n", s.Share.Index, "total", s.Share.Of),
		purpose: words.T("Any {need} of the {total} shares together bring the backup codes back. This one alone tells nothing.",
			"need", s.Share.Need, "total", s.Share.Of),
		useTitle: words.T("If you keep this share"),
		steps: []string{
			words.T("Keep it in a safe place. Do not copy it, and never send a picture of it."),
			words.T("Give it to nobody but the owner, and make sure that it is the owner who asks: meet, or see each other on a video call."),
			words.T("Nobody from a helpdesk will ever need it."),
			words.T("To bring the codes back, open “Backup codes” in Kutano Authenticator and choose “Put shares together”. Scan the codes of {need} shares, or type their letters.", "need", s.Share.Need),
			words.T("When the owner makes new codes, this share is worth nothing. Then destroy it."),
		},
		lettersTitle: words.T("The same in letters"),
		splitting:    words.T("All shares that belong together show the same number: {number}", "number", grouped(s.Share.Splitting)),
		made:         words.T("Made: {date}", "date", s.Made.Format("2006-01-02")),
	}
	if name := printable(s.Owner); name != "" {
		t.owner = words.T("Owner: {name}", "name", name)
	}
	if name := printable(s.Holder); name != "" {
		t.holder = words.T("Kept by: {name}", "name", name)
	}
	return t
}

func drawShare(s SharePaper, t shareTexts, code *picture) ([]byte, error) {
	p := newPage(s.Made, t.title, t.lang)
	d := &codePage{page: p}
	d.pdf.SetY(top)
	d.font("Helvetica", "B", 20, 0)
	d.shrink(t.title, 20, width)
	d.text(left, width, 9, t.title)
	d.pdf.SetY(d.pdf.GetY() + 2)
	d.line(t.owner, "B", 12, 6)
	d.line(t.holder, "", 12, 6)
	d.pdf.SetY(d.pdf.GetY() + 1)
	d.font("Helvetica", "B", 11, 0)
	d.text(left, width, 5.5, t.purpose)
	y := d.pdf.GetY() + gap
	d.place("share", code, shareSide, y)
	d.shareUse(t, y)
	d.pdf.SetY(max(d.pdf.GetY(), y+shareSide) + gap - 1)
	d.shareLetters(s.Share, t.lettersTitle)
	d.font("Helvetica", "", 9, 90)
	d.pdf.SetXY(left, bottom-5)
	d.pdf.CellFormat(0, 4, d.latin(t.splitting), "", 0, "L", false, 0, "")
	d.pdf.SetXY(left, bottom-5)
	d.pdf.CellFormat(width, 4, d.latin(t.made), "", 0, "R", false, 0, "")
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("sheet of a share: %w", err)
	}
	return out.Bytes(), nil
}

// shareUse writes to the right of the code what to do.
func (d *codePage) shareUse(t shareTexts, y float64) {
	x := left + shareSide + gap
	w := right - x
	d.pdf.SetY(y - 1.3) // the capitals' upper edge is the code's
	d.section(x, w, t.useTitle)
	for i, step := range t.steps {
		d.font("Helvetica", "", 9.5, 0)
		at := d.pdf.GetY()
		d.pdf.SetXY(x, at)
		d.pdf.CellFormat(5, 4.4, strconv.Itoa(i+1)+".", "", 0, "L", false, 0, "")
		d.text(x+5, w-5, 4.4, step)
		d.pdf.SetY(d.pdf.GetY() + 0.8)
	}
}

// shareLetters writes the letters in lines that are found again when typing.
func (d *codePage) shareLetters(s split.Share, title string) {
	d.section(left, width, title)
	letters := s.Letters()
	defer letters.Clear()
	groups := bytes.Fields(letters.Bytes())
	for i := 0; i*shareGroups < len(groups); i++ {
		line := groups[i*shareGroups : min((i+1)*shareGroups, len(groups))]
		d.font("Helvetica", "", 7, 90)
		y := d.pdf.GetY()
		d.pdf.SetXY(left, y)
		d.pdf.CellFormat(6, 4.1, strconv.Itoa(i+1), "", 0, "R", false, 0, "")
		d.font("Courier", "B", 9, 0)
		d.pdf.SetXY(left+9, y)
		d.pdf.CellFormat(width-9, 4.1, string(bytes.Join(line, []byte(" "))), "", 1, "L", false, 0, "")
	}
}

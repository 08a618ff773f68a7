// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
)

// ErrEmpty is returned for a document in which nothing stands.
var ErrEmpty = errors.New("nothing stands in the document")

// Document is a text of several pages for reading and keeping. It is not for
// secrets.
type Document struct {
	Title    string
	Head     []string  // lines below the title
	Made     time.Time // in the time zone to be shown
	Sections []Section
}

// Section is a part of a document. What is empty is left out; what is there stands in
// this order.
type Section struct {
	Title  string
	Text   []string // paragraphs
	Steps  []string // a list with numbers
	Points []string // a list without
	Table  Table
	Blanks []Blank // lines to be filled in by hand
	// NewPage begins it on a page of its own.
	NewPage bool
}

// Table is a table with a heading.
type Table struct {
	Head []string
	Rows [][]string // each as long as Head
	// Shares are how wide the columns are, of 1; nil are equal ones.
	Shares []float64
}

// Blank is a line to be filled in.
type Blank struct {
	Label string
	Value string // what is known already; "" leaves the line empty
}

// Pages returns the document as PDF, in black and white, with page numbers, in the
// language in use. The pages are of A4 and stand on US Letter as [PDF]'s do. The same
// document in the same language gives the same bytes. The error is ErrEmpty, or what
// the PDF library says.
func Pages(d Document) ([]byte, error) {
	if d.Title == "" || len(d.Sections) == 0 {
		return nil, fmt.Errorf("make pages: %w", ErrEmpty)
	}
	p := &paper{page: newPage(d.Made, d.Title, strings.ReplaceAll(words.Current(), "_", "-")), made: words.T("Made: {date}", "date", d.Made.Format("2006-01-02"))}
	p.pdf.AliasNbPages(pagesAlias)
	p.foot(d.Title)
	p.pdf.SetY(top)
	p.write(left, width, face{"B", 20, 9}, d.Title)
	p.space(2)
	for _, line := range d.Head {
		p.write(left, width, face{"", 10, 5}, line)
	}
	p.space(gap)
	for i, s := range d.Sections {
		if s.NewPage && i > 0 {
			p.turn()
		}
		p.part(s)
	}
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make pages: %w", err)
	}
	return out.Bytes(), nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package xmltext

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const (
	maxDepth = 256      // elements in one another
	maxTag   = 64 << 10 // bytes of one tag
	maxToken = 48 << 20 // bytes of one text or comment
)

// Reader reads a text.
type Reader struct {
	// Open names the elements that the last token is in, the outermost first.
	Open []string

	d  *xml.Decoder
	in *pieces
}

// NewReader returns a reader of what r holds.
func NewReader(r io.Reader) *Reader {
	in := &pieces{Reader: bufio.NewReaderSize(r, 1<<16), most: maxToken}
	return &Reader{d: xml.NewDecoder(in), in: in}
}

// pieces counts the bytes of a token, up to most, and up to maxTag in a tag.
type pieces struct {
	*bufio.Reader
	n, most int
	last    byte
	tag     bool
}

// ReadByte is what the decoder reads with. The first byte of a tag after a text
// was read as the end of that text.
func (p *pieces) ReadByte() (byte, error) {
	c, err := p.Reader.ReadByte()
	switch p.n++; {
	case p.n == 1:
		p.tag = c == '<' || p.last == '<' && c != '!'
	case p.n == 2 && p.last == '<' && c == '!': // a comment, or text in brackets
		p.tag = false
	}
	if p.n > p.most || p.tag && p.n > maxTag {
		return 0, foreign.ErrBomb
	}
	p.last = c
	return c, err
}

// Next returns the next start, end or text. Io.EOF is the end of a whole
// document; other errors are foreign's. The token is valid until the next call.
func (x *Reader) Next() (xml.Token, error) {
	for {
		x.in.n = 0
		t, err := x.d.RawToken()
		if err != nil {
			return nil, x.torn(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			x.Open = append(x.Open, t.Name.Local)
			if len(x.Open) > maxDepth {
				return nil, foreign.ErrBomb
			}
			return t, nil
		case xml.EndElement:
			last := len(x.Open) - 1
			if last < 0 || x.Open[last] != t.Name.Local {
				return nil, foreign.ErrDamaged
			}
			x.Open = x.Open[:last]
			return t, nil
		case xml.CharData:
			return t, nil
		case xml.Directive:
			if bytes.Contains(t, []byte("ENTITY")) || bytes.Contains(t, []byte("SYSTEM")) || bytes.Contains(t, []byte("PUBLIC")) {
				return nil, foreign.ErrEntities
			}
		}
	}
}

func (x *Reader) torn(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, foreign.ErrBomb):
		return foreign.ErrBomb
	case err == io.EOF && len(x.Open) == 0: //nolint:errorlint // as encoding/xml promises
		return io.EOF
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return foreign.ErrCutShort
	}
	return foreign.ErrDamaged
}

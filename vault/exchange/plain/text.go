// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// texts reads key URIs wherever they stand: a line each, in JSON, in a page's source, in
// prose. Lines that begin with # are comments, which count only where nothing else is there.
type texts struct {
	format foreign.Format
	export bool // only where Google Authenticator's exports are among them
}

func (t texts) Format() foreign.Format { return t.format }

// Detect says Maybe of a text with a key URI, and of one with nothing but comments.
func (t texts) Detect(s *foreign.Source) foreign.Match {
	text, ok := decoded(s.Data)
	if !ok {
		return foreign.No
	}
	export, other := schemes(text)
	if t.export && export || !t.export && (export || other || onlyComments(text)) {
		return foreign.Maybe
	}
	return foreign.No
}

func (texts) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

// Read reports each place, also where two say the same.
func (texts) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	text, _ := decoded(s.Data)
	c := collector{ctx: ctx, source: s, add: add}
	err := foreign.ErrDamaged
	if begins(text, "{[") {
		err = foreign.Decode(text, &whole{})
	}
	if err == nil {
		return c.json(text)
	}
	if torn := c.lines(text, false); torn != nil {
		return torn
	}
	if c.none() {
		if torn := c.lines(text, true); torn != nil {
			return torn
		}
	}
	if errors.Is(err, foreign.ErrCutShort) {
		return err
	}
	return nil
}

// whole is any JSON value: for finding out whether a text is JSON to its end.
type whole struct{}

func (*whole) UnmarshalJSON([]byte) error { return nil }

// collector makes entries of what stands in one source.
type collector struct {
	ctx    context.Context
	source *foreign.Source
	add    func(foreign.Entry)
	found  int
}

func (c *collector) none() bool { return c.found == 0 }

// line looks for keys in one line.
func (c *collector) line(line string) {
	for m := range otpauth.Mentions(line) {
		if c.ctx.Err() != nil {
			return // a line may be as long as the file
		}
		if m.Export && m.Text != "" {
			c.source.Texts = append(c.source.Texts, strings.Clone(m.Text))
			m.Text = "" // holds no secret in base32
		}
		for _, f := range m.Found {
			c.found++
			c.add(foreign.FromFound(f, m.Text))
		}
	}
}

// text looks for keys in a text of several lines.
func (c *collector) text(text string) {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		c.line(line)
	}
}

const between = 256 // lines or texts from one look at the context to the next

// lines looks through a text, either at the comments in it or at the rest.
func (c *collector) lines(text []byte, comments bool) error {
	n := 0
	for line := range split(text) {
		if n++; n%between == 0 && c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		if begins(line, "#") == comments && suspect(line) {
			c.text(unescape(string(line)))
		}
	}
	return c.ctx.Err()
}

// json looks through the texts of a JSON document. It is well formed to its end.
func (c *collector) json(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(foreign.Bare(text)))
	for n := 0; ; n++ {
		if n%between == 0 && c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return c.ctx.Err()
		case err != nil:
			return foreign.ErrDamaged
		}
		if s, ok := token.(string); ok && strings.Contains(s, "://") {
			c.text(s)
		}
	}
}

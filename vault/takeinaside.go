// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// mostAside is how many lines that cannot be read are kept of one backup.
const mostAside = 256

// addAside compares a line that was set aside in a backup: it may be an account
// after all, as those of a page that could not be read there.
func (c *comparison) addAside(ctx context.Context, a snapshot.Aside) error {
	line := unmarked(a.Line.Bytes())
	e, reason := splitEntry(line)
	if reason != "" {
		e = entry{uri: secret.New(line)} // a key URI alone, perhaps
	}
	err := c.add(ctx, snapshot.Entry{ID: string(e.id), URI: e.uri, Removed: unixTime(e.removed)})
	if err != nil {
		return err
	}
	if f := &c.found[len(c.found)-1]; f.Err != nil {
		*f = Found{Entry: snapshot.Entry{URI: a.Line, Note: a.Name}, Err: fmt.Errorf("%w: %s", ErrAside, a.Reason)}
	}
	return nil
}

// unmarked is a line without the mark that it has in a page.
func unmarked(line []byte) []byte {
	for bytes.HasPrefix(line, []byte(asideMark)) {
		line = line[len(asideMark):]
	}
	return line
}

// gatherAside notes which lines are set aside here already, and of which accounts.
func (in *intake) gatherAside(ctx context.Context) error {
	in.aside, in.lines, in.more = map[ID]int{}, map[[sha256.Size]byte]bool{}, mostAside
	seen := map[int]bool{}
	for _, r := range in.idx.Aside {
		if seen[r.Page] {
			continue
		}
		seen[r.Page] = true
		p, err := in.page(ctx, r.Page)
		switch {
		case errors.Is(err, ErrKeysGone):
			continue
		case errors.Is(err, ErrAside):
			err = in.gatherOpaque(ctx, r.Page)
			p = &page{}
		}
		if err != nil {
			return err
		}
		for _, e := range p.entries {
			if !e.aside {
				continue
			}
			in.lines[sha256.Sum256(unmarked(e.uri.Bytes()))] = true
			if e.whose != "" {
				in.aside[e.whose] = r.Page
			}
		}
	}
	return nil
}

// gatherOpaque does so for a page that cannot be read as a whole, of which
// backups have every line.
func (in *intake) gatherOpaque(ctx context.Context, n int) error {
	value, err := in.v.kept().Get(ctx, pageName(n))
	if errors.Is(err, keystore.ErrUnreadable) || errors.Is(err, keystore.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer value.Clear()
	for line := range bytes.SplitSeq(value.Bytes(), []byte("\n")) {
		in.lines[sha256.Sum256(unmarked(line))] = true
	}
	return nil
}

// keepAside keeps a line that cannot be read as it is, unless it is here. Where
// no page can hold it, or too many came before, it tells that it did not.
func (in *intake) keepAside(ctx context.Context, line secret.Value) (kept bool, err error) {
	text := unmarked(line.Bytes())
	sum := sha256.Sum256(text)
	if len(text) == 0 || in.lines[sum] {
		return true, nil
	}
	e := foreignEntry(text)
	if in.more == 0 || !plain(text) || e.size() > in.room.entry() {
		e.uri.Clear()
		return false, nil
	}
	n, err := in.place(ctx, e, -1)
	if err != nil {
		return false, err
	}
	in.more--
	in.note.line(text)
	in.lines[sum] = true
	in.idx.tellAside(n, in.pages[n])
	return true, nil
}

// plain tells whether a line is one that every store keeps as it is.
func plain(line []byte) bool {
	for _, c := range line {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

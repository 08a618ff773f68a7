// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/jezek/xgb/xproto"

	"github.com/kutano/authenticator/vault/scan"
)

// property is where other programs put what we ask for, on our window.
const property = "KUTANO_CLIPBOARD"

// xsource reads the clipboard of an X server.
type xsource struct{ *xclient }

// types returns what the clipboard's owner offers.
func (s xsource) types(ctx context.Context) ([]string, error) {
	owner, err := xproto.GetSelectionOwner(s.conn, s.clipboard).Reply()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoClipboard, err)
	}
	if owner.Owner == xproto.WindowNone {
		return nil, ErrEmpty
	}
	data, err := s.read(ctx, "TARGETS")
	if err != nil {
		return nil, err
	}
	var out []string
	for ; len(data) >= 4; data = data[4:] {
		if name := s.name(xproto.Atom(binary.NativeEndian.Uint32(data))); name != "" {
			out = append(out, name)
		}
	}
	return out, nil
}

// read asks the owner for one type. A large answer comes in pieces (INCR in
// the Inter-Client Communication Conventions, 2.7.2).
func (s xsource) read(_ context.Context, target string) ([]byte, error) {
	t, err := s.atom(target)
	if err != nil {
		return nil, err
	}
	prop, err := s.atom(property)
	if err != nil {
		return nil, err
	}
	xproto.DeleteProperty(s.conn, s.win, prop)
	xproto.ConvertSelection(s.conn, s.win, s.clipboard, t, prop, s.now)
	for {
		ev, err := s.next()
		if err != nil {
			return nil, err
		}
		n, ok := ev.(xproto.SelectionNotifyEvent)
		if !ok || n.Selection != s.clipboard || n.Target != t {
			continue
		}
		if n.Property == xproto.AtomNone {
			return nil, fmt.Errorf("%w: the other program does not give it", ErrEmpty)
		}
		return s.receive(prop)
	}
}

// receive takes an answer from our window, whole or in pieces.
func (s xsource) receive(prop xproto.Atom) ([]byte, error) {
	incr, err := s.atom("INCR")
	if err != nil {
		return nil, err
	}
	data, kind, err := s.take(prop, nil)
	if err != nil || kind != incr {
		return data, err
	}
	data = nil
	for {
		ev, err := s.next()
		if err != nil {
			return nil, err
		}
		p, ok := ev.(xproto.PropertyNotifyEvent)
		if !ok || p.Atom != prop || p.State != xproto.PropertyNewValue {
			continue
		}
		before := len(data)
		if data, _, err = s.take(prop, data); err != nil || len(data) == before {
			return data, err
		}
	}
}

// take appends the content of a property to data and deletes it, which also
// asks for the next piece.
func (s xsource) take(prop xproto.Atom, data []byte) ([]byte, xproto.Atom, error) {
	const words = 1 << 18 // a mebibyte at a time
	for offset := uint32(0); ; offset += words {
		r, err := xproto.GetProperty(s.conn, true, s.win, prop, xproto.GetPropertyTypeAny, offset, words).Reply()
		if err != nil {
			return nil, 0, fmt.Errorf("read the clipboard: %w", err)
		}
		data = append(data, r.Value...)
		if len(data) > scan.MaxBytes {
			return nil, 0, fmt.Errorf("%w: the clipboard has more than %d MiB", scan.ErrTooBig, scan.MaxBytes>>20)
		}
		if r.BytesAfter == 0 {
			return data, r.Type, nil
		}
	}
}

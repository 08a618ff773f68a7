// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || openbsd || netbsd

package clipboard

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// xowner lends a text through an X server: other programs ask, it answers.
type xowner struct {
	*xclient
	text    string
	targets xproto.Atom
	answers map[xproto.Atom]answer
}

// answer is what one type is answered with.
type answer struct {
	kind   xproto.Atom
	format byte // bits an item
	data   []byte
}

func newXOwner(c *xclient, text string) (*xowner, error) {
	o := &xowner{xclient: c, text: text, answers: map[xproto.Atom]answer{}}
	texts := []string{"UTF8_STRING", "text/plain;charset=utf-8"}
	if ascii(text) { // the others are of some 8-bit character set or other
		texts = append(texts, "STRING", "TEXT", "text/plain")
	}
	utf8, err := c.atom("UTF8_STRING")
	if err != nil {
		return nil, err
	}
	for _, t := range texts {
		a, err := c.atom(t)
		if err != nil {
			return nil, err
		}
		kind := a
		if t == "TEXT" {
			kind = utf8
		}
		o.answers[a] = answer{kind, 8, []byte(text)}
	}
	return o, o.addOthers()
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// addOthers adds the answers that are not the text itself.
func (o *xowner) addOthers() error {
	hint, err := o.atom(secretHint)
	if err != nil {
		return err
	}
	stamp, err := o.atom("TIMESTAMP")
	if err != nil {
		return err
	}
	if o.targets, err = o.atom("TARGETS"); err != nil {
		return err
	}
	o.answers[hint] = answer{hint, 8, []byte("secret")}
	o.answers[stamp] = answer{xproto.AtomInteger, 32, binary.NativeEndian.AppendUint32(nil, uint32(o.now))}
	list := binary.NativeEndian.AppendUint32(nil, uint32(o.targets))
	for a := range o.answers {
		list = binary.NativeEndian.AppendUint32(list, uint32(a))
	}
	o.answers[o.targets] = answer{xproto.AtomAtom, 32, list}
	return nil
}

// serve owns the clipboard until another program takes it or the connection
// is closed, which gives it up.
func (o *xowner) serve() error {
	err := xproto.SetSelectionOwnerChecked(o.conn, o.win, o.clipboard, o.now).Check()
	if err != nil {
		return fmt.Errorf("take the clipboard: %w", err)
	}
	r, err := xproto.GetSelectionOwner(o.conn, o.clipboard).Reply()
	if err != nil {
		return fmt.Errorf("take the clipboard: %w", err)
	}
	if r.Owner != o.win {
		return nil // another program was faster
	}
	for {
		ev, err := o.next()
		if err != nil {
			return err
		}
		if o.handle(ev) {
			return nil
		}
	}
}

// handle answers a request. It says whether the clipboard was taken from us.
func (o *xowner) handle(ev xgb.Event) (taken bool) {
	switch e := ev.(type) {
	case xproto.SelectionClearEvent:
		return e.Selection == o.clipboard
	case xproto.SelectionRequestEvent:
		o.respond(e)
	}
	return false
}

func (o *xowner) respond(e xproto.SelectionRequestEvent) {
	prop := e.Property
	if prop == xproto.AtomNone { // programs from before the conventions
		prop = e.Target
	}
	a, known := o.answers[e.Target]
	if !known || e.Selection != o.clipboard {
		prop = xproto.AtomNone
	} else {
		n := uint32(len(a.data)) * 8 / uint32(a.format)
		xproto.ChangeProperty(o.conn, xproto.PropModeReplace, e.Requestor, prop, a.kind, a.format, n, a.data)
	}
	notify := xproto.SelectionNotifyEvent{
		Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target, Property: prop,
	}
	xproto.SendEvent(o.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(notify.Bytes()))
}

// serveX lends text through the X server for as long as ctx lasts, at most d.
func serveX(ctx context.Context, text string, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel() // closes the connection, and so empties the clipboard
	c, err := newXClient(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("%w: %w", ErrNoClipboard, err)
	}
	defer c.close()
	o, err := newXOwner(c, text)
	if err == nil {
		err = o.serve()
	}
	if err != nil && ctx.Err() != nil && !errors.Is(err, ErrNoClipboard) {
		return nil // its time was over
	}
	return err
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package javaser

import (
	"encoding/binary"
	"unicode/utf16"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// sizes are those of the fields that are no objects, by their kind.
var sizes = map[byte]int{'B': 1, 'C': 2, 'D': 8, 'F': 4, 'I': 4, 'J': 8, 'S': 2, 'Z': 1}

// class reads the description of a class.
func (p *parser) class(depth int) (any, error) {
	name, err := p.sized(2)
	if err != nil {
		return nil, err
	}
	if _, err := p.number(8); err != nil { // its version
		return nil, err
	}
	c := &class{name: string(name)}
	if err := p.keep(c); err != nil {
		return nil, err
	}
	flags, err := p.number(1)
	if err != nil {
		return nil, err
	}
	c.flags = byte(flags)
	if c.flags&flagSerializable == 0 || c.flags&flagExternalizable != 0 {
		return nil, foreign.ErrDamaged
	}
	if err := p.fields(c, depth); err != nil {
		return nil, err
	}
	if err := p.skip(depth); err != nil {
		return nil, err
	}
	c.super, err = p.classOf(depth)
	return c, err
}

// fields reads the kinds of a class's fields.
func (p *parser) fields(c *class, depth int) error {
	count, err := p.number(2)
	if err != nil {
		return err
	}
	for range count {
		kind, err := p.number(1)
		if err != nil {
			return err
		}
		if _, err := p.sized(2); err != nil { // its name
			return err
		}
		if kind == 'L' || kind == '[' {
			if _, err := p.content(depth + 1); err != nil { // its type's name
				return err
			}
		} else if sizes[byte(kind)] == 0 {
			return foreign.ErrDamaged
		}
		c.fields = append(c.fields, byte(kind))
	}
	return nil
}

// classOf reads where a description of a class or nothing has to be.
func (p *parser) classOf(depth int) (*class, error) {
	v, err := p.content(depth + 1)
	if err != nil || v == nil {
		return nil, err
	}
	c, ok := v.(*class)
	if !ok {
		return nil, foreign.ErrDamaged
	}
	return c, nil
}

// skip passes over contents up to their end.
func (p *parser) skip(depth int) error {
	for {
		v, err := p.content(depth + 1)
		if err != nil {
			return err
		}
		if _, ok := v.(end); ok {
			return nil
		}
	}
}

// object reads an object: of each class, the oldest ancestor first, its fields and what its
// own method wrote.
func (p *parser) object(depth int) (any, error) {
	c, err := p.classOf(depth)
	if err != nil {
		return nil, err
	}
	var lineage []*class
	for ; c != nil; c = c.super {
		if len(lineage) == maxAncestors { // or one is its own ancestor
			return nil, foreign.ErrDamaged
		}
		lineage = append(lineage, c)
	}
	if len(lineage) == 0 {
		return nil, foreign.ErrDamaged
	}
	o := &object{}
	if err := p.keep(o); err != nil {
		return nil, err
	}
	for i := len(lineage) - 1; i >= 0; i-- {
		if err := p.part(o, lineage[i], depth); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// part reads what an object has of one of its classes.
func (p *parser) part(o *object, c *class, depth int) error {
	for _, kind := range c.fields {
		var err error
		if size := sizes[kind]; size > 0 {
			_, err = p.take(size)
		} else {
			_, err = p.content(depth + 1)
		}
		if err != nil {
			return err
		}
	}
	switch {
	case c.flags&flagWriteMethod == 0:
		return nil
	case c.name == "java.util.HashMap" && depth == 0:
		o.isMap = true
		return p.entries(depth)
	}
	return p.skip(depth)
}

// entries reads what HashMap's method wrote: the number of buckets, that of entries, and
// each key and value.
func (p *parser) entries(depth int) error {
	v, err := p.content(depth + 1)
	if err != nil {
		return err
	}
	head, ok := v.(block)
	if !ok || len(head) != 8 {
		return foreign.ErrDamaged
	}
	for range binary.BigEndian.Uint32(head[4:]) {
		key, err := p.content(depth + 1)
		if err != nil {
			return err
		}
		v, err := p.content(depth + 1)
		if err != nil {
			return err
		}
		if err := p.pair(key, v); err != nil {
			return err
		}
	}
	return p.skip(depth)
}

// pair keeps a pair of texts.
func (p *parser) pair(key, v any) error {
	k, ok := key.(string)
	text, ok2 := v.(string)
	if !ok || !ok2 {
		switch key.(type) {
		case end, block:
			return foreign.ErrDamaged
		}
		return nil
	}
	// A text that is referred to again takes five bytes, however long it is.
	if p.size += len(k) + len(text); p.size > 4*p.all || len(p.pairs) == maxPairs {
		return foreign.ErrBomb
	}
	p.pairs = append(p.pairs, Pair{k, text})
	return nil
}

// modified reads Java's modified UTF-8: a zero is two bytes, and characters beyond 16 bits
// are two surrogates of three bytes each.
func modified(b []byte) string {
	for _, c := range b {
		if c >= 0x80 {
			return string(utf16.Decode(units(b)))
		}
	}
	return string(b)
}

func units(b []byte) []uint16 {
	out := make([]uint16, 0, len(b))
	for len(b) > 0 {
		c := uint16(b[0])
		switch {
		case c >= 0xe0 && len(b) > 2:
			out, b = append(out, c&0x0f<<12|uint16(b[1])&0x3f<<6|uint16(b[2])&0x3f), b[3:]
		case c >= 0xc0 && len(b) > 1:
			out, b = append(out, c&0x1f<<6|uint16(b[1])&0x3f), b[2:]
		default:
			out, b = append(out, c), b[1:]
		}
	}
	return out
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package javaser

import (
	"bytes"
	"encoding/binary"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const magic = "\xac\xed\x00\x05"

// Is reports whether data begins as such a stream does.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }

// Pair is a key of a map and its value.
type Pair struct{ Key, Value string }

// Map reads a stream that holds one java.util.HashMap. The pairs of texts come out in the
// stream's order, those before an error too. The errors are foreign.ErrDamaged,
// foreign.ErrCutShort, and foreign.ErrBomb for one that repeats its texts over
// and over or holds far more of them than any map of accounts.
func Map(data []byte) ([]Pair, error) {
	if !Is(data) {
		return nil, foreign.ErrDamaged
	}
	p := parser{all: len(data), rest: data[len(magic):]}
	v, err := p.content(0)
	if err == nil {
		if o, ok := v.(*object); !ok || !o.isMap {
			return nil, foreign.ErrDamaged
		}
	}
	return p.pairs, err
}

// The codes that a content begins with.
const (
	codeNull      = 0x70
	codeReference = 0x71
	codeClass     = 0x72 // the description of one
	codeObject    = 0x73
	codeString    = 0x74
	codeBlock     = 0x77
	codeEnd       = 0x78
	codeLongBlock = 0x7a
	codeLongText  = 0x7c
)

// Flags of a class.
const (
	flagWriteMethod    = 1
	flagSerializable   = 2
	flagExternalizable = 4
)

const (
	firstHandle  = 0x7e0000
	maxDepth     = 32
	maxAncestors = 16

	// Each text, class and object takes memory beside the few bytes that it is.
	maxHandles = 1 << 20
	maxPairs   = 1 << 19
)

// class is a class's description.
type class struct {
	name   string
	flags  byte
	fields []byte // the kind of each, in order
	super  *class
}

// object is an object, of which nothing is kept.
type object struct{ isMap bool }

// block is bytes that a class's own method wrote.
type block []byte

// end marks the end of what such a method wrote.
type end struct{}

// parser goes through a stream. Each content is nil, a string, a *class, an *object, a block
// or an end.
type parser struct {
	all     int // length of the whole stream
	rest    []byte
	handles []any
	pairs   []Pair
	size    int // of all texts in pairs
}

func (p *parser) take(n int) ([]byte, error) {
	if n < 0 || n > len(p.rest) {
		return nil, foreign.ErrCutShort
	}
	b := p.rest[:n]
	p.rest = p.rest[n:]
	return b, nil
}

// number reads a big-endian number of 1, 2, 4 or 8 bytes.
func (p *parser) number(size int) (uint64, error) {
	b, err := p.take(size)
	if err != nil {
		return 0, err
	}
	var wide [8]byte
	copy(wide[8-size:], b)
	return binary.BigEndian.Uint64(wide[:]), nil
}

func (p *parser) content(depth int) (any, error) {
	code, err := p.number(1)
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, foreign.ErrDamaged
	}
	switch code {
	case codeNull:
		return nil, nil
	case codeReference:
		return p.reference()
	case codeClass:
		return p.class(depth)
	case codeObject:
		return p.object(depth)
	case codeString:
		return p.text(2)
	case codeLongText:
		return p.text(8)
	case codeBlock:
		return p.block(1)
	case codeLongBlock:
		return p.block(4)
	case codeEnd:
		return end{}, nil
	}
	return nil, foreign.ErrDamaged
}

func (p *parser) reference() (any, error) {
	n, err := p.number(4)
	if err != nil {
		return nil, err
	}
	if n < firstHandle || n-firstHandle >= uint64(len(p.handles)) {
		return nil, foreign.ErrDamaged
	}
	return p.handles[n-firstHandle], nil
}

func (p *parser) block(size int) (any, error) {
	b, err := p.sized(size)
	return block(b), err
}

// sized reads bytes with their number before them, of so many bytes itself.
func (p *parser) sized(size int) ([]byte, error) {
	n, err := p.number(size)
	if err != nil {
		return nil, err
	}
	if n > uint64(len(p.rest)) {
		return nil, foreign.ErrCutShort
	}
	return p.take(int(n))
}

func (p *parser) text(size int) (any, error) {
	b, err := p.sized(size)
	if err != nil {
		return nil, err
	}
	s := modified(b)
	return s, p.keep(s)
}

// keep gives what can be referred to its number.
func (p *parser) keep(v any) error {
	if len(p.handles) == maxHandles {
		return foreign.ErrBomb
	}
	p.handles = append(p.handles, v)
	return nil
}

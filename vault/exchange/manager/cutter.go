// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import "encoding/binary"

// cutter takes binary fields off a text. Numbers are little-endian. Once a field
// is not all there, short is set, and it and those after it are zero.
type cutter struct {
	rest  []byte
	short bool
}

func (c *cutter) bytes(n uint32) []byte {
	if c.short || uint64(n) > uint64(len(c.rest)) {
		c.short = true
		return nil
	}
	b := c.rest[:n:n]
	c.rest = c.rest[n:]
	return b
}

func (c *cutter) u8() byte {
	if b := c.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cutter) u16() uint16 {
	if b := c.bytes(2); b != nil {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (c *cutter) u32() uint32 {
	if b := c.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// number reads a whole text as a number of 4 or 8 bytes; ok tells whether it is one.
func number(b []byte) (n uint64, ok bool) {
	switch len(b) {
	case 4:
		return uint64(binary.LittleEndian.Uint32(b)), true
	case 8:
		return binary.LittleEndian.Uint64(b), true
	}
	return 0, false
}

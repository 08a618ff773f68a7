// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package zipfile

import (
	"hash/crc32"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// traditionalHeader is how many random bytes stand before the content.
const traditionalHeader = 12

// traditional is the state of PKWARE's old stream cipher (APPNOTE.TXT section
// 6.1). It is weak: whoever has the file and knows some bytes of it opens it.
type traditional struct{ key [3]uint32 }

func newTraditional(pass []byte) *traditional {
	t := &traditional{[3]uint32{0x12345678, 0x23456789, 0x34567890}}
	for _, c := range pass {
		t.update(c)
	}
	return t
}

func (t *traditional) update(c byte) {
	t.key[0] = step(t.key[0], c)
	t.key[1] = (t.key[1]+t.key[0]&0xff)*134775813 + 1
	t.key[2] = step(t.key[2], byte(t.key[1]>>24))
}

// step is one step of a CRC without its complements.
func step(crc uint32, c byte) uint32 { return crc32.IEEETable[byte(crc)^c] ^ crc>>8 }

// stream returns the next byte of the key stream.
func (t *traditional) stream() byte {
	n := t.key[2]&0xffff | 2
	return byte(n * (n ^ 1) >> 8)
}

// openTraditional decrypts. Check is what the header's last byte has to be: one
// wrong password of 256 passes it.
func openTraditional(sealed, pass []byte, check byte) ([]byte, error) {
	if len(sealed) < traditionalHeader {
		return nil, foreign.ErrDamaged
	}
	t := newTraditional(pass)
	plain := make([]byte, len(sealed))
	for i, c := range sealed {
		plain[i] = c ^ t.stream()
		t.update(plain[i])
	}
	if plain[traditionalHeader-1] != check {
		clear(plain)
		return nil, foreign.ErrPassword
	}
	return plain[traditionalHeader:], nil
}

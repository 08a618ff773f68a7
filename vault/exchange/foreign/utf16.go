// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// fromUTF16 turns a text in UTF-16 into UTF-8: editors and shells of Windows save
// files so that no app wrote so. It is ok for what has a byte order mark and, as far
// as one looks, not a little ASCII; ciphertext may begin like a mark, too.
func fromUTF16(data []byte) (text []byte, ok bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		order = binary.BigEndian
	default:
		return nil, false
	}
	data = data[2:]
	const head = 64 << 10
	ascii, size := 0, min(len(data), head)/2
	for i := range size {
		if c := order.Uint16(data[2*i:]); c > 0 && c < utf8.RuneSelf {
			ascii++
		}
	}
	if 8*ascii <= size {
		return nil, false
	}
	text = make([]byte, 0, len(data)/2+utf8.UTFMax)
	for len(data) >= 2 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) && len(data) >= 2 {
			if whole := utf16.DecodeRune(r, rune(order.Uint16(data))); whole != utf8.RuneError {
				r, data = whole, data[2:]
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return text, true
}

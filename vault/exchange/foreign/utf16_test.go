// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"unicode/utf16"
)

// A text that an editor saved in UTF-16 is what it was before.
func TestSourceUTF16(t *testing.T) {
	const text = "{\"name\": \"Zo\u00EB \U0001D11E\",\r\n \"x\": 1}"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := order.AppendUint16(nil, 0xFEFF)
		for _, c := range utf16.Encode([]rune(text)) {
			data = order.AppendUint16(data, c)
		}
		s := NewSource("", data)
		if string(s.Data) != text || s.Shape().At("x").Kind != Numeric {
			t.Errorf("%v: %q", order, s.Data)
		}
		if !bytes.Equal(data, make([]byte, len(data))) {
			t.Errorf("%v: a copy is left", order)
		}
	}
}

// What only begins like it stays as it is.
func TestSourceNotUTF16(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, mark := range []string{"\xFF\xFE", "\xFE\xFF"} {
		for n := range 100 {
			data := []byte(mark)
			for range n {
				data = append(data, byte(r.Uint32()))
			}
			if s := NewSource("", bytes.Clone(data)); !bytes.Equal(s.Data, data) {
				t.Errorf("%d bytes changed", len(data))
			}
		}
	}
}

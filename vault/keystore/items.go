// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	"github.com/kutano/authenticator/vault/secret"
)

// padding is the unit of the sealed content's length, so that the file's size
// tells little about the number of accounts.
const padding = 4096

// encodeItems writes the plain content of a sealed file: the number of items
// (4 bytes), each item in the order of names as length of name (1), name,
// length of value (2), value, and zeros up to a multiple of padding.
func encodeItems(items map[string]secret.Value) []byte {
	size := 4
	for name, v := range items {
		size += 3 + len(name) + v.Len()
	}
	size = (size + padding - 1) / padding * padding
	b := make([]byte, 0, size)
	b = binary.BigEndian.AppendUint32(b, uint32(len(items)))
	for _, name := range slices.Sorted(maps.Keys(items)) {
		v := items[name]
		b = append(b, byte(len(name)))
		b = append(b, name...)
		b = binary.BigEndian.AppendUint16(b, uint16(v.Len()))
		b = append(b, v.Bytes()...)
	}
	return b[:size]
}

// decodeItems reads what encodeItems wrote and nothing else: names in order,
// each within the rule, and nothing but zeros after the last.
func decodeItems(b []byte) (map[string]secret.Value, error) {
	r := reader{b: b}
	count := r.number(4)
	if count > len(b)/4 {
		return nil, fmt.Errorf("%w: it cannot hold %d items", ErrDamaged, count)
	}
	items := make(map[string]secret.Value, count)
	last := ""
	for range count {
		name := string(r.take(r.number(1)))
		value := r.take(r.number(2))
		if r.short || name <= last || checkName(name) != nil {
			return nil, fmt.Errorf("%w: item %d cannot be read", ErrDamaged, len(items))
		}
		items[name] = secret.New(slices.Clone(value))
		last = name
	}
	for _, c := range r.b {
		if c != 0 {
			return nil, fmt.Errorf("%w: something follows the last item", ErrDamaged)
		}
	}
	return items, nil
}

// reader takes bytes off the front of b. After it runs short it gives zeros.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.short, r.b = true, nil
		return nil
	}
	head := r.b[:n]
	r.b = r.b[n:]
	return head
}

func (r *reader) number(size int) int {
	n := 0
	for _, c := range r.take(size) {
		n = n<<8 | int(c)
	}
	return n
}

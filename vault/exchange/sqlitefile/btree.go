// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"encoding/binary"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Kinds of b-tree pages.
const (
	tableInterior = 0x05
	tableLeaf     = 0x0d
)

// maxDepth is how high SQLite itself lets a tree grow.
const maxDepth = 20

// minCell is the least that a cell takes of its page, in bytes.
const minCell = 4

// walk goes through one table.
type walk struct {
	db      *DB
	columns []column
	used    []uint64 // pages, a bit each
}

func (w *walk) run(root uint32, each func(Row) error) error {
	w.used = make([]uint64, len(w.db.data)/w.db.pageSize/64+1)
	return w.tree(root, 0, each)
}

// take returns a page that was not used before: a page belongs to one tree, or to one row.
func (w *walk) take(n uint32) ([]byte, error) {
	p, err := w.db.page(n)
	if err != nil {
		return nil, err
	}
	word, bit := (n-1)/64, uint64(1)<<((n-1)%64)
	if w.used[word]&bit != 0 {
		return nil, foreign.ErrDamaged
	}
	w.used[word] |= bit
	return p, nil
}

func (w *walk) tree(n uint32, depth int, each func(Row) error) error {
	if depth > maxDepth {
		return foreign.ErrDamaged
	}
	p, err := w.take(n)
	if err != nil {
		return err
	}
	head := 0
	if n == 1 {
		head = headerSize
	}
	kind := p[head]
	cells := int(binary.BigEndian.Uint16(p[head+3:]))
	pointers := head + 8
	if kind == tableInterior {
		pointers += 4
	}
	if kind != tableInterior && kind != tableLeaf || pointers+2*cells > len(p) {
		return foreign.ErrDamaged
	}
	room := len(p) // for cells, which do not overlap
	for i := range cells {
		at := int(binary.BigEndian.Uint16(p[pointers+2*i:]))
		if at+4 > len(p) {
			return foreign.ErrDamaged
		}
		if kind == tableInterior {
			err = w.tree(binary.BigEndian.Uint32(p[at:]), depth+1, each)
		} else {
			var size int
			size, err = w.row(p[at:], each)
			room -= max(size, minCell)
		}
		switch {
		case err != nil:
			return err
		case room < 0:
			return foreign.ErrDamaged
		}
	}
	if kind == tableInterior {
		return w.tree(binary.BigEndian.Uint32(p[head+8:]), depth+1, each)
	}
	return nil
}

// row reads a cell of a leaf, and returns how much of the page it is.
func (w *walk) row(cell []byte, each func(Row) error) (int, error) {
	size, n := varint(cell)
	rowid, m := varint(cell[n:])
	if n == 0 || m == 0 || size > uint64(len(w.db.data)) {
		return 0, foreign.ErrDamaged
	}
	payload, err := w.payload(cell[n+m:], int(size))
	if err != nil {
		return 0, err
	}
	r := Row{columns: w.columns, encoding: w.db.encoding, rowid: int64(rowid)}
	if r.values, err = record(payload, len(w.columns)); err != nil {
		return 0, err
	}
	return n + m + w.local(int(size)), each(r)
}

// payload returns a row's bytes, of which the leaf has only the first where they are many.
func (w *walk) payload(in []byte, size int) ([]byte, error) {
	local := w.local(size)
	if local == size {
		if size > len(in) {
			return nil, foreign.ErrDamaged
		}
		return in[:size], nil
	}
	if local+4 > len(in) {
		return nil, foreign.ErrDamaged
	}
	out := append([]byte(nil), in[:local]...)
	next := binary.BigEndian.Uint32(in[local:])
	for len(out) < size {
		p, err := w.take(next)
		if err != nil {
			return nil, err
		}
		next = binary.BigEndian.Uint32(p)
		out = append(out, p[4:min(len(p), 4+size-len(out))]...)
	}
	return out, nil
}

// local returns how much of a row's bytes is in the leaf (section 1.6 of the format).
func (w *walk) local(size int) int {
	usable := w.db.usable
	most := usable - 35
	if size <= most {
		return size
	}
	least := (usable-12)*32/255 - 23
	if k := least + (size-least)%(usable-4); k <= most {
		return k
	}
	return least
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// What is wrong with the log.
type What string

// What can be wrong.
const (
	Changed     What = "changed"      // a row says something else than when it was closed, or was put in by someone without the key
	Missing     What = "missing"      // rows are gone before this one
	Moved       What = "out of place" // a genuine row that stands where another stood
	CutOff      What = "cut off"      // rows are gone at the end
	HeadChanged What = "head changed" // the chain is whole, the row that says where it ends is not
	LeftOpen    What = "left open"    // a row was never closed, though later ones were
	KeyMissing  What = "key missing"  // a row was closed with a key that is not here: it cannot be told
)

// LongOpen is how much older than the newest closed row an open one may be. Rows
// are closed within seconds; one that stays open was opened again by someone.
const LongOpen = 10 * time.Minute

// Finding is the first thing that is wrong.
type Finding struct {
	What What
	// ID is the row's, 0 where there is none. Of rows that are missing it is the first after them.
	ID int64
	// Seq is the place in the chain; of rows that are missing, the first of theirs.
	Seq int64
}

func (f Finding) String() string {
	if f.ID == 0 {
		return fmt.Sprintf("place %d: %s", f.Seq, f.What)
	}
	return fmt.Sprintf("row %d, place %d: %s", f.ID, f.Seq, f.What)
}

// Report is what Verify found.
type Report struct {
	Rows int64 // closed rows that were found genuine
	Head Head  // the end of the chain; worth noting elsewhere if nothing is Bad
	// Open rows wait to be closed, the oldest since OpenSince. With a service that
	// runs they are seconds old; the caller, who has a clock, judges that.
	Open      int64
	OpenSince time.Time
	// Bad is the first thing that is wrong, nil if nothing is.
	Bad *Finding
}

// page is how many rows are read at a time.
const page = 1000

// walk is a reading of the chain from its beginning.
type walk struct {
	keys   *seal.Keys
	noted  []Head
	report Report
	newest int64 // time of the newest closed row
	// at is where the next page begins.
	at struct{ seq, id int64 }
}

// Verify reads the whole log and tells the first thing that is wrong with it. It
// reads in pages and holds nothing, so that the service goes on meanwhile. noted
// are heads that were noted elsewhere: the chain must still go through them.
func Verify(ctx context.Context, db *store.DB, keys *seal.Keys, noted ...Head) (Report, error) {
	w := &walk{keys: keys, noted: noted}
	w.at.seq, w.at.id = math.MinInt64, math.MinInt64
	if err := w.all(ctx, db); err != nil {
		return Report{}, fmt.Errorf("verify the audit log: %w", err)
	}
	if err := w.open(ctx, db); err != nil {
		return Report{}, fmt.Errorf("verify the audit log: %w", err)
	}
	return w.report, nil
}

// all reads until there is nothing more.
func (w *walk) all(ctx context.Context, q store.Q) error {
	for {
		// Rows and head change in one transaction. Read between two pages, of which the
		// second is empty, the head is where the first ended.
		h, err := Latest(ctx, q)
		if err != nil {
			return err
		}
		n, err := w.page(ctx, q)
		if err != nil || w.report.Bad != nil {
			return err
		}
		if n == 0 {
			w.end(h)
			return nil
		}
	}
}

// end compares where the chain ends with its head's row and with what was noted.
func (w *walk) end(h Head) {
	last := w.report.Head
	switch {
	case h.Seq > last.Seq:
		w.bad(CutOff, 0, last.Seq+1)
	case h.Seq < last.Seq || !bytes.Equal(h.Hash, last.Hash):
		w.bad(HeadChanged, 0, h.Seq)
	}
	for _, n := range w.noted {
		if n.Seq > last.Seq {
			w.bad(CutOff, 0, last.Seq+1)
		}
	}
}

func (w *walk) bad(what What, id, seq int64) {
	if w.report.Bad == nil {
		w.report.Bad = &Finding{What: what, ID: id, Seq: seq}
	}
}

func (w *walk) page(ctx context.Context, q store.Q) (n int, err error) {
	err = q.Rows(ctx, "SELECT "+rowColumns+", seq, mac FROM audit WHERE seq > ? OR seq = ? AND id > ? ORDER BY seq, id LIMIT ?",
		[]any{w.at.seq, w.at.seq, w.at.id, page}, func(scan func(...any) error) error {
			var r row
			var seq int64
			var written []byte
			if err := scan(append(r.fields(), &seq, &written)...); err != nil {
				return err
			}
			n++
			w.at.seq, w.at.id = seq, r.id
			if w.report.Bad == nil {
				w.row(&r, seq, written)
			}
			return nil
		})
	return n, err
}

func (w *walk) row(r *row, seq int64, written []byte) {
	before := w.report.Head
	m, ok := markOf(written)
	key, _ := seal.MACKey(m.mac)
	switch {
	case ok && !w.keys.Has(key):
		w.bad(KeyMissing, r.id, seq)
	case !ok || !m.genuine(w.keys) || !bytes.Equal(m.sum, r.sum()):
		w.bad(Changed, r.id, seq)
	case seq > before.Seq+1 && !bytes.Equal(m.chain, chained(before.Hash, before.Seq+1, m.sum)):
		w.bad(Missing, r.id, before.Seq+1)
	case seq != before.Seq+1 || !bytes.Equal(m.chain, chained(before.Hash, seq, m.sum)):
		w.bad(Moved, r.id, seq)
	}
	for _, n := range w.noted {
		if n.Seq == seq && !bytes.Equal(n.Hash, m.chain) {
			w.bad(Moved, r.id, seq)
		}
	}
	if w.report.Bad != nil {
		return
	}
	w.report.Rows++
	w.report.Head = Head{Seq: seq, Hash: bytes.Clone(m.chain)}
	w.newest = max(w.newest, r.at)
}

// open counts the rows that wait, and finds one that waits although later ones were closed long ago.
func (w *walk) open(ctx context.Context, q store.Q) error {
	var since int64
	err := q.Row(ctx, "SELECT COUNT(*), COALESCE(MIN(at), 0) FROM audit WHERE seq IS NULL", nil, &w.report.Open, &since)
	if err != nil {
		return err
	}
	w.report.OpenSince = store.Time(since)
	var id int64
	err = q.Row(ctx, "SELECT id FROM audit WHERE seq IS NULL AND at < ? ORDER BY id LIMIT 1", []any{w.newest - LongOpen.Milliseconds()}, &id)
	if errors.Is(err, store.ErrNone) {
		return nil
	}
	if err == nil {
		w.bad(LeftOpen, id, 0)
	}
	return err
}

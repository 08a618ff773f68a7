// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"fmt"
	"math"

	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Resealed is what Reseal found.
type Resealed struct {
	Rows  int // closed rows
	Anew  int // of them, those whose keyed hash was made anew
	Wrong int // those under another key that are not genuine, or cannot be told: left as they are, for Verify to find
}

// Reseal makes the keyed hash of each closed row anew that is under another key
// than the first, so that an old key can be put away. Neither what a row says nor
// its place in the chain changes; heads that were noted stay good. A row that is
// not genuine is never made so. It can be stopped and begun again at any time.
func Reseal(ctx context.Context, db *store.DB, keys *seal.Keys) (Resealed, error) {
	var n Resealed
	after := int64(math.MinInt64)
	for {
		found, last, todo, err := reseals(ctx, db, keys, after)
		if err != nil {
			return n, fmt.Errorf("renew the audit log's hashes: %w", err)
		}
		if found.Rows == 0 {
			return n, nil
		}
		after = last
		n.Rows, n.Wrong = n.Rows+found.Rows, n.Wrong+found.Wrong
		done, err := writeReseals(ctx, db, todo)
		if err != nil {
			return n, fmt.Errorf("renew the audit log's hashes: %w", err)
		}
		n.Anew += done
	}
}

// reseals reads a page of rows by id; todo holds new mark, id and old mark of each row that needs it.
func reseals(ctx context.Context, q store.Q, keys *seal.Keys, after int64) (n Resealed, last int64, todo []any, err error) {
	err = q.Rows(ctx, "SELECT "+rowColumns+", mac FROM audit WHERE id > ? AND seq IS NOT NULL ORDER BY id LIMIT ?", []any{after, batch},
		func(scan func(...any) error) error {
			var r row
			var written []byte
			if err := scan(append(r.fields(), &written)...); err != nil {
				return err
			}
			n.Rows++
			last = r.id
			m, ok := markOf(written)
			if key, _ := seal.MACKey(m.mac); ok && key == keys.Current() {
				return nil
			}
			if !ok || !m.genuine(keys) || string(m.sum) != string(r.sum()) {
				n.Wrong++
				return nil
			}
			m.mac = keys.MAC(macUse, string(m.sum), string(m.chain))
			todo = append(todo, m.bytes(), r.id, written)
			return nil
		})
	return n, last, todo, err
}

func writeReseals(ctx context.Context, db *store.DB, todo []any) (done int, err error) {
	if len(todo) == 0 {
		return 0, nil
	}
	err = db.Tx(ctx, func(q store.Q) error {
		done = 0
		for i := 0; i < len(todo); i += 3 {
			n, err := q.Exec(ctx, "UPDATE audit SET mac = ? WHERE id = ? AND mac = ?", todo[i:i+3]...)
			if err != nil {
				return err
			}
			done += int(n)
		}
		return nil
	})
	return done, err
}

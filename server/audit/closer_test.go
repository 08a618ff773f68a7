// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"errors"
	"testing"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/store"
)

// Who opens closed rows again, changes them and sets the head back does not get them
// closed anew by a service that runs. ASVS 16.4.2
func TestReopenedRowsStayOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		c := audit.Closer{DB: db, Keys: newKeys(t, 1)}
		write(t, db, 3)
		if n, end, err := c.Close(ctx); err != nil || n != 3 || end.Seq != 3 {
			t.Fatalf("%d, %v, %v", n, end, err)
		}
		early, err := audit.Latest(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		write(t, db, 3)
		if n, end, err := c.Close(ctx); err != nil || n != 3 || end.Seq != 6 {
			t.Fatalf("%d, %v, %v", n, end, err)
		}
		err = db.Tx(ctx, func(q store.Q) error {
			if _, err := q.Exec(ctx, "UPDATE audit SET seq = NULL, mac = NULL, actor = 'eve' WHERE seq > 3"); err != nil {
				return err
			}
			_, err := q.Exec(ctx, "UPDATE audit_head SET seq = ?, mac = ?", early.Seq, early.Hash)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, _, err := c.Close(ctx); !errors.Is(err, audit.ErrBroken) || n != 0 {
			t.Fatalf("%d rows were closed on top of it, %v", n, err)
		}
	})
}

// A head that is no row's is not gone on from.
func TestHeadOfNoRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		write(t, db, 3)
		keys := newKeys(t, 1)
		if _, err := audit.Close(ctx, db, keys); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(ctx, "UPDATE audit_head SET seq = 2"); err != nil {
			t.Fatal(err)
		}
		write(t, db, 1)
		if n, err := audit.Close(ctx, db, keys); !errors.Is(err, audit.ErrBroken) || n != 0 {
			t.Fatalf("%d rows were closed on top of it, %v", n, err)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package rotate seals everything in the database anew with the key in use, so
// that an old key can be put away.
//
// It runs beside the service, in small transactions, and can be stopped at any
// time and begun again: each value opens before and after, and one that someone
// changes meanwhile stays as they wrote it.
package rotate

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// KeepOld is how long an old key must stay beside the new one after a report
// that is Complete, counted from when the last instance was started with the new
// key first: codes that wait, limits and forms are kept as keyed hashes, which
// cannot be made anew, and the longest of them are worth something for a day. What
// goes with an old key after that: a refresh token made under it is refused as
// unknown when it is used twice, and does not end its link.
const KeepOld = 24 * time.Hour

// column is where sealed values stand: the key's column names the row.
type column struct {
	table, key, name string
	binary           bool // the key is bytes, and names the row in hexadecimal
}

// sealed are all columns with sealed values.
var sealed = []column{
	{table: "users", key: "id", name: "contact_phone"},
	{table: "factors", key: "user_id", name: "secret"},
	{table: "factors", key: "user_id", name: "phone"},
	{table: "enrolments", key: "id", name: "secret"},
	{table: "enrolments", key: "id", name: "phone"},
	{table: "provider_flows", key: "state_hash", name: "verifier", binary: true},
	{table: "outbox", key: "dedupe", name: "body"},
}

// Count is what was found in one column.
type Count struct {
	Table, Column string
	Sealed        int // values
	Anew          int // of them, those that were sealed anew
	Unreadable    int // those that do not open with any key that is here, left as they are
}

// Report is what was done.
type Report struct {
	Columns []Count
	Audit   audit.Resealed
	// Complete: nothing readable is left under another key, and in the last look none
	// was found, so that no running instance still seals with an old key. From then
	// on KeepOld counts. Unreadable values do not keep an old key: it does not open them.
	Complete bool
}

const (
	batch  = 200 // values in a transaction
	passes = 3   // how often it looks again for what was written meanwhile
)

// All seals everything anew that is not sealed with the first key.
func All(ctx context.Context, db *store.DB, keys *seal.Keys) (Report, error) {
	var r Report
	for _, c := range sealed {
		r.Columns = append(r.Columns, Count{Table: c.table, Column: c.name})
	}
	for range passes {
		anew := 0
		for i, c := range sealed {
			found, err := c.all(ctx, db, keys)
			r.Columns[i].Sealed, r.Columns[i].Unreadable = found.Sealed, found.Unreadable
			r.Columns[i].Anew += found.Anew
			anew += found.Anew
			if err != nil {
				return r, fmt.Errorf("seal %s.%s anew: %w", c.table, c.name, err)
			}
		}
		found, err := audit.Reseal(ctx, db, keys)
		found.Anew, anew = found.Anew+r.Audit.Anew, anew+found.Anew
		r.Audit = found
		if err != nil {
			return r, err
		}
		if anew == 0 {
			r.Complete = true
			return r, nil
		}
	}
	return r, nil
}

// value is a sealed value and its row.
type value struct {
	key    any
	row    string
	sealed []byte
}

// all goes through a column once.
func (c column) all(ctx context.Context, db *store.DB, keys *seal.Keys) (Count, error) {
	var n Count
	var after any
	for {
		page, err := c.page(ctx, db, after)
		if err != nil || len(page) == 0 {
			return n, err
		}
		after = page[len(page)-1].key
		n.Sealed += len(page)
		anew, unreadable, err := c.write(ctx, db, keys, page)
		n.Anew, n.Unreadable = n.Anew+anew, n.Unreadable+unreadable
		if err != nil {
			return n, err
		}
	}
}

func (c column) page(ctx context.Context, q store.Q, after any) ([]value, error) {
	where, args := "", []any{}
	if after != nil {
		where, args = " AND "+c.key+" > ?", []any{after}
	}
	var all []value
	err := q.Rows(ctx, fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s IS NOT NULL%s ORDER BY %s LIMIT %d", c.key, c.name, c.table, c.name, where, c.key, batch),
		args, func(scan func(...any) error) error {
			var v value
			if !c.binary {
				err := scan(&v.row, &v.sealed)
				v.key = v.row
				all = append(all, v)
				return err
			}
			var key []byte
			err := scan(&key, &v.sealed)
			v.key, v.row = key, hex.EncodeToString(key)
			all = append(all, v)
			return err
		})
	return all, err
}

// write seals the values of a page anew that need it, each only if it is still what was read.
func (c column) write(ctx context.Context, db *store.DB, keys *seal.Keys, page []value) (anew, unreadable int, err error) {
	var todo []any // new value, key, old value
	for _, v := range page {
		place := seal.Place{Table: c.table, Row: v.row, Column: c.name}
		plain, err := keys.Open(place, v.sealed)
		if err != nil {
			unreadable++
			continue
		}
		if id, _ := seal.SealedWith(v.sealed); id != keys.Current() {
			todo = append(todo, keys.Seal(place, plain), v.key, v.sealed)
		}
	}
	if len(todo) == 0 {
		return 0, unreadable, nil
	}
	query := fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ? AND %s = ?", c.table, c.name, c.key, c.name)
	err = db.Tx(ctx, func(q store.Q) error {
		anew = 0
		for i := 0; i < len(todo); i += 3 {
			n, err := q.Exec(ctx, query, todo[i:i+3]...)
			if err != nil {
				return err
			}
			anew += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, unreadable, err
	}
	return anew, unreadable, nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package rotate_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/rotate"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var ctx = context.Background()

func newKeys(t testing.TB, first ...byte) *seal.Keys {
	t.Helper()
	var all [][]byte
	for _, b := range first {
		all = append(all, bytes.Repeat([]byte{b}, seal.KeySize))
	}
	k, err := seal.New(all...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func do(t testing.TB, q store.Q, query string, args ...any) {
	t.Helper()
	if _, err := q.Exec(ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

// where are all values: the column that names a row, and each sealed column.
var where = map[string]string{
	"users.contact_phone": "id", "factors.secret": "user_id", "factors.phone": "user_id", "enrolments.secret": "id", "enrolments.phone": "id",
	"provider_flows.verifier": "state_hash", "outbox.body": "dedupe",
}

// fill makes n rows in each table, every value sealed with k; each holds its own place.
func fill(t testing.TB, db *store.DB, k *seal.Keys, n int) {
	t.Helper()
	err := db.Tx(ctx, func(q store.Q) error {
		for i := range n {
			id := fmt.Sprintf("row%04d", i)
			v := func(column string) []byte { return sealed(k, column, id) }
			flow := []byte(id)
			do(t, q, "INSERT INTO users (id, email, name, role, contact_phone, created_at) VALUES (?, ?, '', 'user', ?, 0)", id, id, v("users.contact_phone"))
			do(t, q, "INSERT INTO factors (user_id, method, secret, phone, created_at) VALUES (?, 'totp', ?, ?, 0)", id, v("factors.secret"), v("factors.phone"))
			do(t, q, "INSERT INTO enrolments (id, user_id, session_id, method, secret, phone, created_at, expires_at) VALUES (?, ?, '', 'totp', ?, ?, 0, 0)", id, id, v("enrolments.secret"), v("enrolments.phone"))
			do(t, q, "INSERT INTO provider_flows (state_hash, provider, purpose, browser_hash, nonce, verifier, expires_at) VALUES (?, '', '', ?, '', ?, 0)", flow, flow,
				sealed(k, "provider_flows.verifier", hex.EncodeToString(flow)))
			do(t, q, "INSERT INTO outbox (dedupe, channel, body, created_at, due_at, expires_at) VALUES (?, 'mail', ?, 0, 0, 0)", id, v("outbox.body"))
			if _, err := audit.Write(ctx, q, audit.Event{At: time.UnixMilli(1), Action: audit.SignedIn}); err != nil {
				return err
			}
		}
		do(t, q, "INSERT INTO users (id, email, name, role, created_at) VALUES ('none', 'none', '', 'user', 0)") // nothing sealed
		do(t, q, "INSERT INTO outbox (dedupe, channel, created_at, due_at, expires_at) VALUES ('sent', 'mail', 0, 0, 0)")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Close(ctx, db, k); err != nil {
		t.Fatal(err)
	}
}

func sealed(k *seal.Keys, column, row string) []byte {
	table, name, _ := strings.Cut(column, ".")
	return k.Seal(seal.Place{Table: table, Row: row, Column: name}, []byte(column+" of "+row))
}

// opens tells how many values there are, and how many of them k opens to what they were.
func opens(t testing.TB, db *store.DB, k *seal.Keys) (all, open int) {
	t.Helper()
	for column, key := range where {
		table, name, _ := strings.Cut(column, ".")
		err := db.Rows(ctx, fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s IS NOT NULL", key, name, table, name), nil, func(scan func(...any) error) error {
			var row, value []byte
			if err := scan(&row, &value); err != nil {
				return err
			}
			id := string(row)
			if key == "state_hash" {
				id = hex.EncodeToString(row)
			}
			all++
			if plain, err := k.Open(seal.Place{Table: table, Row: id, Column: name}, value); err == nil && string(plain) == column+" of "+id {
				open++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all, open
}

func wantOpen(t testing.TB, db *store.DB, k *seal.Keys, want int) {
	t.Helper()
	if all, open := opens(t, db, k); all != want || open != want {
		t.Fatalf("of %d values %d open, want %d", all, open, want)
	}
}

func TestAll(t *testing.T) {
	const n = 450 // more than two batches
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		before, both, after := newKeys(t, 1), newKeys(t, 2, 1), newKeys(t, 2)
		fill(t, db, before, n)
		noted, err := audit.Latest(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		r, err := rotate.All(ctx, db, both)
		if err != nil || !r.Complete || r.Audit != (audit.Resealed{Rows: n, Anew: n}) {
			t.Fatalf("%+v, %v", r, err)
		}
		if len(r.Columns) != len(where) {
			t.Fatalf("%d columns", len(r.Columns))
		}
		for _, c := range r.Columns {
			if c.Sealed != n || c.Anew != n || c.Unreadable != 0 {
				t.Errorf("%+v", c)
			}
		}
		wantOpen(t, db, after, n*len(where)) // the old key is gone
		if v, err := audit.Verify(ctx, db, after, noted); err != nil || v.Bad != nil || v.Rows != n {
			t.Fatalf("%+v, %v, %v", v, v.Bad, err)
		}
		if r, err = rotate.All(ctx, db, after); err != nil || !r.Complete || r.Audit.Anew != 0 || r.Columns[0].Anew != 0 {
			t.Fatalf("again: %+v, %v", r, err)
		}
	})
}

// TestStopped: stopped in the middle, all opens; begun again, it ends.
func TestStopped(t *testing.T) {
	const n = 450
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		both, after := newKeys(t, 2, 1), newKeys(t, 2)
		fill(t, db, newKeys(t, 1), n)
		trigger(t, db, "factors", "user_id", "row0300")
		r, err := rotate.All(ctx, db, both)
		if err == nil || r.Complete {
			t.Fatalf("%+v, %v", r, err)
		}
		wantOpen(t, db, both, n*len(where))
		if _, open := opens(t, db, after); open != n+200 { // users, and a batch of factors
			t.Fatalf("%d values were sealed anew before it was stopped", open)
		}
		do(t, db, "DROP TRIGGER stop"+map[store.Kind]string{store.Postgres: " ON factors"}[db.Kind()])
		if r, err = rotate.All(ctx, db, both); err != nil || !r.Complete {
			t.Fatalf("%+v, %v", r, err)
		}
		wantOpen(t, db, after, n*len(where))
	})
}

// trigger makes the database fail where a row is changed.
func trigger(t testing.TB, db *store.DB, table, key, row string) {
	t.Helper()
	if db.Kind() == store.SQLite {
		do(t, db, fmt.Sprintf("CREATE TRIGGER stop BEFORE UPDATE ON %s WHEN OLD.%s = '%s' BEGIN SELECT RAISE(ABORT, 'stop'); END", table, key, row))
		return
	}
	do(t, db, "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''stop''; END'")
	do(t, db, fmt.Sprintf("CREATE TRIGGER stop BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.%s = '%s') EXECUTE FUNCTION stop()", table, key, row))
}

func TestCancelled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		both := newKeys(t, 2, 1)
		fill(t, db, newKeys(t, 1), 3)
		stopped, stop := context.WithCancel(ctx)
		stop()
		if r, err := rotate.All(stopped, db, both); err == nil || r.Complete {
			t.Fatalf("%+v, %v", r, err)
		}
		wantOpen(t, db, both, 3*len(where))
	})
}

// TestWrittenMeanwhile: values that others change at the same time stay as they wrote them.
func TestWrittenMeanwhile(t *testing.T) {
	const n = 60
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		old, both, after := newKeys(t, 1), newKeys(t, 2, 1), newKeys(t, 2)
		fill(t, db, old, n)
		var wg sync.WaitGroup
		last := map[string]string{}
		wg.Go(func() {
			for i := range 3 * n {
				id, k := fmt.Sprintf("row%04d", i*7%n), both
				if i%2 == 0 {
					k = old // an instance that was not started anew yet
				}
				last[id] = fmt.Sprint("number ", i)
				value := k.Seal(seal.Place{Table: "users", Row: id, Column: "contact_phone"}, []byte(last[id]))
				if _, err := db.Exec(ctx, "UPDATE users SET contact_phone = ? WHERE id = ?", value, id); err != nil {
					t.Error(err)
				}
			}
		})
		for range 2 { // two at once do no harm either
			wg.Go(func() {
				if _, err := rotate.All(ctx, db, both); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if r, err := rotate.All(ctx, db, both); err != nil || !r.Complete {
			t.Fatalf("%+v, %v", r, err)
		}
		for _, id := range slices.Sorted(maps.Keys(last)) {
			var value []byte
			if err := db.Row(ctx, "SELECT contact_phone FROM users WHERE id = ?", []any{id}, &value); err != nil {
				t.Fatal(err)
			}
			if plain, err := after.Open(seal.Place{Table: "users", Row: id, Column: "contact_phone"}, value); err != nil || string(plain) != last[id] {
				t.Fatalf("%s is %q, %v; %q was written last", id, plain, err, last[id])
			}
		}
	})
}

// TestChangedBetween: a value that changes after it was read is not written over.
func TestChangedBetween(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		both := newKeys(t, 2, 1)
		fill(t, db, newKeys(t, 1), 5)
		place := seal.Place{Table: "users", Row: "row0003", Column: "contact_phone"}
		// As soon as another row of the same page is written, this one becomes another's.
		const change = "UPDATE users SET contact_phone = %s WHERE id = 'row0003'; %s"
		value := hex.EncodeToString(both.Seal(place, []byte("changed")))
		if db.Kind() == store.SQLite {
			do(t, db, "CREATE TRIGGER meanwhile AFTER UPDATE ON users WHEN OLD.id = 'row0001' BEGIN "+fmt.Sprintf(change, "x'"+value+"'", "END"))
		} else {
			do(t, db, "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $f$BEGIN "+fmt.Sprintf(change, "decode('"+value+"', 'hex')", "RETURN NULL; END$f$"))
			do(t, db, "CREATE TRIGGER meanwhile AFTER UPDATE ON users FOR EACH ROW WHEN (OLD.id = 'row0001') EXECUTE FUNCTION meanwhile()")
		}
		if r, err := rotate.All(ctx, db, both); err != nil || !r.Complete || r.Columns[0].Anew != 4 {
			t.Fatalf("%+v, %v", r, err)
		}
		var got []byte
		if err := db.Row(ctx, "SELECT contact_phone FROM users WHERE id = 'row0003'", nil, &got); err != nil {
			t.Fatal(err)
		}
		if plain, err := both.Open(place, got); err != nil || string(plain) != "changed" {
			t.Fatalf("%q, %v: what was written meanwhile is lost", plain, err)
		}
	})
}

// TestUnreadable: what opens with no key is counted and left as it is, and a forged row of the log stays forged.
func TestUnreadable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		both, after := newKeys(t, 2, 1), newKeys(t, 2)
		fill(t, db, newKeys(t, 1), 5)
		lost := newKeys(t, 9).Seal(seal.Place{Table: "factors", Row: "row0003", Column: "secret"}, []byte("x"))
		do(t, db, "UPDATE factors SET secret = ? WHERE user_id = 'row0003'", lost)
		do(t, db, "UPDATE audit SET actor = 'eve' WHERE seq = 4")
		r, err := rotate.All(ctx, db, both)
		if err != nil || !r.Complete || r.Audit != (audit.Resealed{Rows: 5, Anew: 4, Wrong: 1}) {
			t.Fatalf("%+v, %v", r, err)
		}
		if c := r.Columns[1]; c != (rotate.Count{Table: "factors", Column: "secret", Sealed: 5, Anew: 4, Unreadable: 1}) {
			t.Fatalf("%+v", c)
		}
		var still []byte
		if err := db.Row(ctx, "SELECT secret FROM factors WHERE user_id = 'row0003'", nil, &still); err != nil || !bytes.Equal(still, lost) {
			t.Fatalf("%v", err)
		}
		for _, k := range []*seal.Keys{both, after} {
			if v, err := audit.Verify(ctx, db, k); err != nil || v.Bad == nil || v.Bad.Seq != 4 {
				t.Fatalf("%v, %v", v.Bad, err)
			}
		}
	})
}

// TestRegistryIsComplete: every column of bytes in the migrations is a hash, by its
// name, or is said to be sealed and known here. One that is new and forgotten
// would be lost with the old key.
func TestRegistryIsComplete(t *testing.T) {
	hashed := regexp.MustCompile(`^((.*_)?(hash|mac)|salt)$`)
	table := regexp.MustCompile(`CREATE TABLE (\w+)`)
	column := regexp.MustCompile(`^\s+(?:ADD COLUMN )?(\w+)\s+(?:BLOB|BYTEA)\b(.*)$`)
	for _, kind := range []string{"sqlite", "postgres"} {
		files, err := filepath.Glob("../store/migrations/" + kind + "/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatalf("%v, %v", files, err)
		}
		found := map[string]bool{}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := ""
			for line := range strings.Lines(string(text)) {
				if m := table.FindStringSubmatch(line); m != nil {
					in = m[1]
				}
				m := column.FindStringSubmatch(strings.TrimRight(line, "\n"))
				switch {
				case m == nil:
					if strings.Contains(line, "-- sealed") {
						t.Errorf("%s: %q is sealed and no column of bytes", file, line)
					}
				case strings.Contains(m[2], "-- sealed"):
					found[in+"."+m[1]] = true
				case !hashed.MatchString(m[1]):
					t.Errorf("%s: %s.%s is neither said to be sealed nor a hash by its name", file, in, m[1])
				}
			}
		}
		known := map[string]bool{}
		for _, name := range rotate.Known() {
			known[name] = true
		}
		if !maps.Equal(found, known) || len(known) != len(where) {
			t.Errorf("%s has the sealed columns %v; those that are sealed anew are %v", kind, slices.Sorted(maps.Keys(found)), slices.Sorted(maps.Keys(known)))
		}
	}
}

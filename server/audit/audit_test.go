// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var (
	ctx   = context.Background()
	start = time.UnixMilli(1_800_000_000_000).UTC()
)

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

func write(t testing.TB, db *store.DB, n int) {
	t.Helper()
	err := db.Tx(ctx, func(q store.Q) error {
		for i := range n {
			_, err := audit.Write(ctx, q, audit.Event{
				At: start.Add(time.Duration(i) * time.Second), Actor: "ana", Subject: "ben", Action: audit.DeskReset, Detail: map[string]string{"n": fmt.Sprint(i)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func closeAll(t testing.TB, db *store.DB, k *seal.Keys) int {
	t.Helper()
	n, err := audit.Close(ctx, db, k)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func verify(t testing.TB, db *store.DB, k *seal.Keys, noted ...audit.Head) audit.Report {
	t.Helper()
	r, err := audit.Verify(ctx, db, k, noted...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func do(t testing.TB, db *store.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, r audit.Report, what audit.What, seq int64) {
	t.Helper()
	if r.Bad == nil || r.Bad.What != what || r.Bad.Seq != seq {
		t.Fatalf("found %v, want %s at place %d", r.Bad, what, seq)
	}
}

func TestWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		if r := verify(t, db, k); r.Bad != nil || r.Rows != 0 || r.Head.String() != "0:" {
			t.Fatalf("an empty log: %+v", r)
		}
		write(t, db, 1100) // more than a batch and a page
		if r := verify(t, db, k); r.Bad != nil || r.Open != 1100 || !r.OpenSince.Equal(start) {
			t.Fatalf("an open log: %+v", r)
		}
		if n := closeAll(t, db, k); n != 1100 {
			t.Fatalf("closed %d", n)
		}
		if n := closeAll(t, db, k); n != 0 {
			t.Fatalf("closed %d again", n)
		}
		r := verify(t, db, k)
		if r.Bad != nil || r.Rows != 1100 || r.Head.Seq != 1100 || r.Open != 0 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
		h, err := audit.Latest(ctx, db)
		if err != nil || h.String() != r.Head.String() {
			t.Fatalf("head %v, %v", h, err)
		}
		write(t, db, 3)
		closeAll(t, db, k)
		if r = verify(t, db, k, h); r.Bad != nil || r.Rows != 1103 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
	})
}

// TestTampering: whoever can write the database but has no key is noticed.
func TestTampering(t *testing.T) {
	const n = 9
	swap := "UPDATE audit SET %[1]s = (SELECT b.%[1]s FROM audit b WHERE b.seq = 9 - audit.seq) WHERE seq IN (4, 5)"
	cases := map[string]struct {
		do   []string
		what audit.What
		seq  int64
	}{
		"id":                  {[]string{"UPDATE audit SET id = id + 1000 WHERE seq = 4"}, audit.Changed, 4},
		"time":                {[]string{"UPDATE audit SET at = at + 1 WHERE seq = 4"}, audit.Changed, 4},
		"actor":               {[]string{"UPDATE audit SET actor = 'eve' WHERE seq = 4"}, audit.Changed, 4},
		"actor and subject":   {[]string{"UPDATE audit SET actor = 'an', subject = 'aben' WHERE seq = 4"}, audit.Changed, 4},
		"subject":             {[]string{"UPDATE audit SET subject = '' WHERE seq = 4"}, audit.Changed, 4},
		"action":              {[]string{"UPDATE audit SET action = 'desk.looked_up' WHERE seq = 4"}, audit.Changed, 4},
		"detail":              {[]string{"UPDATE audit SET detail = '{}' WHERE seq = 4"}, audit.Changed, 4},
		"detail's spaces":     {[]string{"UPDATE audit SET detail = detail || ' ' WHERE seq = 4"}, audit.Changed, 4},
		"mark of another":     {[]string{"UPDATE audit SET mac = (SELECT b.mac FROM audit b WHERE b.seq = 5) WHERE seq = 4"}, audit.Changed, 4},
		"first deleted":       {[]string{"DELETE FROM audit WHERE seq = 1"}, audit.Missing, 1},
		"one deleted":         {[]string{"DELETE FROM audit WHERE seq = 4"}, audit.Missing, 4},
		"two deleted":         {[]string{"DELETE FROM audit WHERE seq IN (4, 5)"}, audit.Missing, 4},
		"last deleted":        {[]string{"DELETE FROM audit WHERE seq = 9"}, audit.CutOff, 9},
		"tail deleted":        {[]string{"DELETE FROM audit WHERE seq > 4"}, audit.CutOff, 5},
		"all deleted":         {[]string{"DELETE FROM audit"}, audit.CutOff, 1},
		"deleted, renumbered": {[]string{"DELETE FROM audit WHERE seq = 4", "UPDATE audit SET seq = -seq WHERE seq > 4", "UPDATE audit SET seq = -seq - 1 WHERE seq < 0"}, audit.Moved, 4},
		"place changed":       {[]string{"UPDATE audit SET seq = 99 WHERE seq = 9"}, audit.Moved, 99},
		"places swapped":      {[]string{"UPDATE audit SET seq = -seq WHERE seq IN (4, 5)", "UPDATE audit SET seq = 9 + seq WHERE seq < 0"}, audit.Moved, 4},
		"contents swapped":    {[]string{fmt.Sprintf(swap, "detail")}, audit.Changed, 4},
		"repeated":            {[]string{copyOf("action", "10"), "UPDATE audit_head SET seq = 10"}, audit.Changed, 10},
		"before all":          {[]string{copyOf("action", "-3")}, audit.Changed, -3},
		"put in":              {[]string{"UPDATE audit SET seq = -seq WHERE seq > 4", "UPDATE audit SET seq = 1 - seq WHERE seq < 0", copyOf("'desk.unlocked'", "5"), "UPDATE audit_head SET seq = 10"}, audit.Changed, 5},
		"added at the end":    {[]string{copyOf("'desk.unlocked'", "10"), "UPDATE audit_head SET seq = 10"}, audit.Changed, 10},
		"head behind":         {[]string{"UPDATE audit_head SET seq = 4"}, audit.HeadChanged, 4},
		"head ahead":          {[]string{"UPDATE audit_head SET seq = 10"}, audit.CutOff, 10},
		"opened again":        {[]string{"UPDATE audit SET seq = NULL, mac = NULL WHERE seq = 4"}, audit.Missing, 4},
	}
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		if db.Kind() == store.Postgres { // a forger owns the tables
			do(t, db, "ALTER TABLE audit ALTER COLUMN id SET GENERATED BY DEFAULT")
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				fresh(t, db, k, n)
				for _, query := range c.do {
					do(t, db, query)
				}
				want(t, verify(t, db, k), c.what, c.seq)
			})
		}
		t.Run("head's hash", func(t *testing.T) {
			fresh(t, db, k, n)
			do(t, db, "UPDATE audit_head SET mac = ?", make([]byte, 32))
			want(t, verify(t, db, k), audit.HeadChanged, n)
		})
		t.Run("mark cut", func(t *testing.T) {
			fresh(t, db, k, n)
			do(t, db, "UPDATE audit SET mac = ? WHERE seq = 4", make([]byte, 64))
			want(t, verify(t, db, k), audit.Changed, 4)
		})
		t.Run("another key", func(t *testing.T) {
			fresh(t, db, newKeys(t, 2), n)
			want(t, verify(t, db, k), audit.KeyMissing, 1)
		})
	})
}

// copyOf puts a copy of row 9 in, with another id and place.
func copyOf(action, seq string) string {
	return "INSERT INTO audit (id, at, actor, subject, action, detail, seq, mac) SELECT id + 100, at, actor, subject, " + action + ", detail, " + seq + ", mac FROM audit WHERE seq = 9"
}

// fresh begins the log anew with n closed rows.
func fresh(t testing.TB, db *store.DB, k *seal.Keys, n int) {
	t.Helper()
	do(t, db, "DELETE FROM audit")
	do(t, db, "UPDATE audit_head SET seq = 0, mac = ?", []byte{})
	write(t, db, n)
	closeAll(t, db, k)
	if r := verify(t, db, k); r.Bad != nil {
		t.Fatal(r.Bad)
	}
}

// TestNotedHead: a tail that is cut off together with the head's row is noticed by a head that was noted.
func TestNotedHead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		fresh(t, db, k, 4)
		early, err := audit.Latest(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		write(t, db, 4)
		closeAll(t, db, k)
		late, err := audit.Latest(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		late, err = audit.ParseHead(late.String())
		if err != nil {
			t.Fatal(err)
		}
		do(t, db, "DELETE FROM audit WHERE seq > 4")
		do(t, db, "UPDATE audit_head SET seq = ?, mac = ?", early.Seq, early.Hash)
		if r := verify(t, db, k, early); r.Bad != nil {
			t.Fatalf("this cannot be noticed without a later head: %v", r.Bad)
		}
		want(t, verify(t, db, k, late), audit.CutOff, 5)
		write(t, db, 5) // history is written anew, by the service itself
		closeAll(t, db, k)
		if r := verify(t, db, k, early); r.Bad != nil {
			t.Fatal(r.Bad)
		}
		want(t, verify(t, db, k, early, late), audit.Moved, 8)
	})
}

func TestLeftOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		fresh(t, db, k, 2)
		do(t, db, "INSERT INTO audit (at, actor, subject, action, detail) VALUES (?, '', '', 'x', '{}')", store.Millis(start)-audit.LongOpen.Milliseconds())
		if r := verify(t, db, k); r.Bad == nil || r.Bad.What != audit.LeftOpen || r.Open != 1 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
		closeAll(t, db, k) // written late, and closed
		if r := verify(t, db, k); r.Bad != nil || r.Rows != 3 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
	})
}

// TestKeysChange: rows that were closed under an old key verify as long as it is there.
func TestKeysChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		fresh(t, db, newKeys(t, 1), 3)
		both := newKeys(t, 2, 1)
		write(t, db, 3)
		closeAll(t, db, both)
		if r := verify(t, db, both); r.Bad != nil || r.Rows != 6 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
		want(t, verify(t, db, newKeys(t, 2)), audit.KeyMissing, 1)
		want(t, verify(t, db, newKeys(t, 1)), audit.KeyMissing, 4)
	})
}

// TestWritersAndClosers: many write, some take back, two close; in the end each row has one place.
func TestWritersAndClosers(t *testing.T) {
	const writers, each = 6, 20
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		var writing, closing sync.WaitGroup
		done := make(chan struct{})
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					_ = db.Tx(ctx, func(q store.Q) error {
						if _, err := audit.Write(ctx, q, audit.Event{At: start, Action: audit.SignedIn}); err != nil {
							t.Error(err)
						}
						if (w+i)%4 == 0 {
							return context.Canceled // taken back: a gap in the ids
						}
						return nil
					})
				}
			})
		}
		for range 2 {
			closing.Go(func() {
				for stop := false; !stop; {
					select {
					case <-done:
						stop = true
					default:
					}
					if _, err := audit.Close(ctx, db, k); err != nil {
						t.Error(err)
					}
					if r, err := audit.Verify(ctx, db, k); err != nil || r.Bad != nil {
						t.Errorf("meanwhile: %v, %v", r.Bad, err)
					}
				}
			})
		}
		writing.Wait()
		close(done)
		closing.Wait()
		if r := verify(t, db, k); r.Bad != nil || r.Rows != writers*each*3/4 || r.Open != 0 {
			t.Fatalf("%+v, %v", r, r.Bad)
		}
	})
}

// TestAnyChange: whatever is done to a closed log, it is noticed.
func TestAnyChange(t *testing.T) {
	db, k := dbtest.SQLite(t), newKeys(t, 1)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(r, "rows")
		fresh(t, db, k, n)
		noted, err := audit.Latest(ctx, db)
		if err != nil {
			r.Fatal(err)
		}
		seq := rapid.IntRange(1, n).Draw(r, "row")
		switch column := rapid.SampledFrom([]string{"at", "actor", "subject", "action", "detail", "seq", "mac", "row", "tail"}).Draw(r, "what"); column {
		case "at", "seq":
			by := rapid.IntRange(1, 1000).Draw(r, "by")
			do(t, db, "UPDATE audit SET "+column+" = "+column+" + ? WHERE seq = ?", by*100, seq)
		case "mac":
			at := rapid.IntRange(0, 99).Draw(r, "byte")
			var mac []byte
			if err := db.Row(ctx, "SELECT mac FROM audit WHERE seq = ?", []any{seq}, &mac); err != nil || len(mac) != 100 {
				r.Fatal(err, len(mac))
			}
			mac[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "bits"))
			do(t, db, "UPDATE audit SET mac = ? WHERE seq = ?", mac, seq)
		case "row":
			do(t, db, "DELETE FROM audit WHERE seq = ?", seq)
		case "tail":
			do(t, db, "DELETE FROM audit WHERE seq >= ?", seq)
			var mac []byte
			_ = db.Row(ctx, "SELECT mac FROM audit WHERE seq = ?", []any{seq - 1}, &mac)
			if mac != nil {
				mac = mac[32:64]
			}
			do(t, db, "UPDATE audit_head SET seq = ?, mac = ?", seq-1, append([]byte{}, mac...))
		default:
			add := rapid.StringMatching(`[ a-z\x00"}]{1,5}`).Draw(r, "text")
			do(t, db, "UPDATE audit SET "+column+" = "+column+" || ? WHERE seq = ?", add, seq)
		}
		if verify(t, db, k, noted).Bad == nil {
			r.Fatal("not noticed")
		}
	})
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		k := newKeys(t, 1)
		write(t, db, 5)
		closeAll(t, db, k)
		do(t, db, "UPDATE audit SET subject = 'cat' WHERE detail = '{\"n\":\"2\"}'")
		write(t, db, 1)
		all, err := audit.List(ctx, db, "", 0, 3)
		if err != nil || len(all) != 3 || all[0].Seq != 0 || all[1].Seq != 5 || all[1].Detail["n"] != "4" || !all[1].At.Equal(start.Add(4*time.Second)) {
			t.Fatalf("%+v, %v", all, err)
		}
		rest, err := audit.List(ctx, db, "", all[2].ID, 1000)
		if err != nil || len(rest) != 3 || rest[0].ID >= all[2].ID {
			t.Fatalf("%+v, %v", rest, err)
		}
		cat, err := audit.List(ctx, db, "cat", 0, 10)
		if err != nil || len(cat) != 1 || cat[0].Subject != "cat" || cat[0].Actor != "ana" || cat[0].Action != audit.DeskReset {
			t.Fatalf("%+v, %v", cat, err)
		}
	})
}

func FuzzParseHead(f *testing.F) {
	f.Add("0:")
	f.Add("12:" + strings.Repeat("0f", 32))
	f.Add("-1:")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := audit.ParseHead(text)
		if err != nil {
			return
		}
		if again, err := audit.ParseHead(h.String()); err != nil || again.Seq != h.Seq || !bytes.Equal(again.Hash, h.Hash) {
			t.Fatalf("%q became %q, %v", text, h, err)
		}
	})
}

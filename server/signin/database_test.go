// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// The database gone: nobody comes in and no try is lost. Back again, the same code works.
func TestDatabaseGoneAndBack(t *testing.T) {
	server, dsn := dbtest.Private(t)
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, db)
	f := r.email("ana@example.org")
	code := r.code("ana@example.org")
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.s.VerifyEmail(t.Context(), f.ID, code, here); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if _, err := r.s.Email(t.Context(), "ana@example.org", here); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; { // connections of before may be found dead first
		_, err := r.s.VerifyEmail(t.Context(), f.ID, code, here)
		if err == nil {
			return
		}
		if !errors.Is(err, store.ErrUnavailable) || time.Now().After(end) {
			t.Fatalf("the database is back, yet: %v", err)
		}
	}
}

// What is on its way while the keys change arrives: a code by mail, and a sign-in at a provider.
func TestKeysChange(t *testing.T) {
	a := newAbroad(t, dbtest.SQLite(t))
	f := a.email("ana@example.org")
	code := a.code("ana@example.org")
	back, mark := a.visit("google", "ana-at-google", nil)
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{9}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	writer := *a.s.Notices
	writer.Keys = keys
	a.keys, a.s.Keys, a.s.Notices = keys, keys, &writer
	if _, err := a.s.VerifyEmail(t.Context(), f.ID, code, here); err != nil {
		t.Fatal(err)
	}
	if _, err := a.end("google", back, mark); err != nil {
		t.Fatal(err)
	}
}

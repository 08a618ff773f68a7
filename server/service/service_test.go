// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/drift/ntptest"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.UnixMilli(1_800_000_000_000).UTC()

func config(t testing.TB, db *store.DB) service.Config {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return service.Config{
		DB: db, Keys: keys, BaseURL: "http://127.0.0.1:8080", Workspace: "Kutano", Version: "test",
		Clock: func() time.Time { return start },
	}
}

func open(t *testing.T, c service.Config) *service.Service {
	t.Helper()
	s, err := service.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestNewRefuses(t *testing.T) {
	db := dbtest.SQLite(t)
	for name, change := range map[string]func(*service.Config){
		"no database": func(c *service.Config) { c.DB = nil },
		"no keys":     func(c *service.Config) { c.Keys = nil },
		"a path":      func(c *service.Config) { c.BaseURL = "https://a.example/b" },
		"no scheme":   func(c *service.Config) { c.BaseURL = "a.example" },
	} {
		c := config(t, db)
		change(&c)
		if _, err := service.New(c); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// The database is away when the service starts, comes, goes and comes back.
func TestDatabaseComesAndGoes(t *testing.T) {
	server, dsn := dbtest.Private(t)
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, config(t, db))
	defer func() { _ = s.Close() }()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()

	expect := func(when, path string, status int) {
		t.Helper()
		if w := ask(t, s.Handler(), path); w.Code != status {
			t.Errorf("%s: %s answers %d, not %d: %s", when, path, w.Code, status, w.Body)
		}
	}
	expect("at first", "/healthz", http.StatusOK)
	expect("at first", "/readyz", http.StatusServiceUnavailable)
	expect("at first", "/v1/time", http.StatusOK) // R53: asked for when everything else is in doubt
	expect("at first", "/v1/session", http.StatusServiceUnavailable)
	expect("at first", "/", http.StatusServiceUnavailable)

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for s.Ready(ctx) != nil { // Run asks each second
		select {
		case <-time.After(50 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("it did not notice that the database came")
		}
	}
	expect("with its database", "/readyz", http.StatusOK)

	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	expect("without it again", "/readyz", http.StatusServiceUnavailable)
	expect("without it again", "/healthz", http.StatusOK)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	expect("at last", "/readyz", http.StatusOK)
}

func TestReadyzTellsWhy(t *testing.T) {
	s := open(t, config(t, dbtest.SQLite(t)))
	var got struct {
		OK       bool   `json:"ok"`
		Database string `json:"database"`
	}
	read := func() {
		t.Helper()
		if err := json.Unmarshal(ask(t, s.Handler(), "/readyz").Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
	}
	if read(); got.OK || got.Database != "preparing" {
		t.Errorf("before: %+v", got)
	}
	if err := s.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	if read(); !got.OK || got.Database != "ok" {
		t.Errorf("after: %+v", got)
	}
}

func TestSweep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s := open(t, config(t, db))
		exec := func(query string, args ...any) {
			t.Helper()
			if _, err := db.Exec(ctx, query, args...); err != nil {
				t.Fatal(err)
			}
		}
		at := func(d time.Duration) int64 { return store.Millis(start.Add(d)) }
		exec("INSERT INTO users (id, email, name, role, created_at) VALUES ('u', 'ana@example.com', 'Ana', 'user', 1)")
		// More than one batch, and one that is still needed.
		for i := range 1100 {
			exec("INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES ('a', ?, 0, 1, ?)", []byte{byte(i >> 8), byte(i)}, at(-time.Second))
		}
		exec("INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES ('b', ?, 0, 1, ?)", []byte{1}, at(time.Second))
		session := "INSERT INTO sessions (id, user_id, token_hash, via, need, device, first_at, second_at, created_at, seen_at) VALUES (?, 'u', ?, 'email', '', '', 0, 0, ?, 0)"
		exec(session, "old", []byte{1}, at(-72*time.Hour))
		exec(session, "new", []byte{2}, at(-11*time.Hour))
		exec("INSERT INTO sms_codes (session_id, user_id, code_mac, sent_at, expires_at) VALUES ('old', 'u', ?, 0, ?)", []byte{1}, at(-71*time.Hour))
		message := "INSERT INTO outbox (dedupe, channel, created_at, due_at, expires_at, sent_at) VALUES (?, 'mail', ?, 0, 0, ?)"
		exec(message, "sent", at(-31*24*time.Hour), 1)
		exec(message, "waits", at(-31*24*time.Hour), 0)

		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"limits": 1, "sessions": 1, "sms_codes": 0, "outbox": 1, "users": 1} {
			var n int
			if err := db.Row(ctx, "SELECT COUNT(*) FROM "+table, nil, &n); err != nil || n != want {
				t.Errorf("%s: %d rows are left, not %d (%v)", table, n, want, err)
			}
		}
	})
}

func TestClockIsCompared(t *testing.T) {
	var log bytes.Buffer
	c := config(t, dbtest.SQLite(t))
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	c.Clock = func() time.Time { return moment.Now().Add(47 * time.Second) }
	c.TimeServers = []string{ntptest.Serve(t, 2, moment.Now)}
	s := open(t, c)
	if err := s.Prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.CheckClock(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Offset(); !ok || (got-47*time.Second).Abs() > time.Second {
		t.Errorf("measured %v, %v", got, ok)
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "clock") {
		t.Errorf("no warning in the log: %s", &log)
	}
	if m := ask(t, s.Metrics(), "/metrics").Body.String(); !strings.Contains(m, "kutano_clock_offset_seconds 4") {
		t.Errorf("the metric is missing: %s", m)
	}
}

func TestMetrics(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		s := open(t, config(t, db))
		for _, at := range []time.Time{start.Add(-90 * time.Second), start} {
			if _, err := db.Exec(ctx, "INSERT INTO outbox (dedupe, channel, created_at, due_at, expires_at) VALUES (?, 'mail', ?, 0, 0)",
				at.String(), store.Millis(at)); err != nil {
				t.Fatal(err)
			}
		}
		got := ask(t, s.Metrics(), "/metrics").Body.String()
		for _, want := range []string{
			"kutano_outbox_waiting 2\n", "kutano_outbox_oldest_seconds 90\n", "kutano_audit_open 0\n", "kutano_database_up 1\n",
			`kutano_build_info{version="test",database="` + string(db.Kind()) + `"} 1`, "go_goroutines",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("%q is missing in:\n%s", want, got)
			}
		}
		if w := ask(t, s.Handler(), "/metrics"); w.Code == http.StatusOK {
			t.Error("users can read the metrics")
		}
	})
}

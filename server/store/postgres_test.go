// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/store"
)

// ASVS 12.3.1, 12.3.2: no way to a database elsewhere is taken on which others could read or answer.
func TestPostgresElsewhereNeedsTLS(t *testing.T) {
	for dsn, ok := range map[string]bool{
		"postgres://u@db.example/k?sslmode=verify-full": true,
		"postgres://u@db.example/k?sslmode=verify-ca":   true,
		"postgres://u@127.0.0.1/k":                      true,
		"postgres://u@[::1]:5433/k?sslmode=disable":     true,
		"postgres://u@localhost/k":                      true,
		"postgres://u@/k?host=/var/run/postgresql":      true,
		"postgres://u@db.example/k":                     false,
		"postgres://u@db.example/k?sslmode=prefer":      false,
		"postgres://u@db.example/k?sslmode=allow":       false,
		"postgres://u@db.example/k?sslmode=disable":     false,
		"postgres://u@db.example/k?sslmode=require":     false,
		"postgres://u@127.0.0.1,db.example/k":           false,
		"postgres://u:hunter2@192.0.2.7/k":              false,
	} {
		t.Setenv("PGSSLMODE", "")
		db, err := store.Open(dsn)
		if (err == nil) != ok {
			t.Errorf("%s: %v", dsn, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "sslmode=verify-full") || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%s: %v", dsn, err)
		}
		if err == nil {
			_ = db.Close() // it was never connected
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// cheap costs keep the tests quick.
var cheap = least

var phrase = secret.FromString("a phrase for tests")

func newFile(t testing.TB, items ...Item) (Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secrets.sealed")
	s, err := createFile(path, phrase, cheap)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Put(t.Context(), items...); err != nil {
		t.Fatal(err)
	}
	return s, path
}

func text(name, value string) Item { return Item{name, secret.FromString(value)} }

func mustHold(t testing.TB, s Store, want ...Item) {
	t.Helper()
	for _, it := range want {
		got, err := s.Get(context.Background(), it.Name) // also in clean-ups
		if err != nil || !got.Equal(it.Value) {
			t.Errorf("%s: %.20q, %v, want %.20q", it.Name, got.Reveal(), err, it.Value.Reveal())
		}
	}
}

// quick are limits for tests; a busy machine still answers within them.
var quick = limits{silent: time.Second, answer: 1500 * time.Millisecond, prompt: 3 * time.Second, coolDown: 300 * time.Millisecond}

// within fails the test when f takes longer.
func within(t *testing.T, limit time.Duration, f func() error) error {
	t.Helper()
	start := time.Now()
	err := f()
	if took := time.Since(start); took > limit {
		t.Errorf("took %v, more than %v", took, limit)
	}
	return err
}

// oneClass holds the promise of errors.go, and that no value is in an error.
func oneClass(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	n := 0
	for _, s := range sentinels {
		if errors.Is(err, s) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%v has %d classes", err, n)
	}
	if strings.Contains(err.Error(), "old value") || strings.Contains(err.Error(), "new value") {
		t.Errorf("a value in %v", err)
	}
}

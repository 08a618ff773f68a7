// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// The vectors are of RFC 7914 sections 11 and 12.
func TestDerive(t *testing.T) {
	key, err := PBKDF2(t.Context(), sha256.New, []byte("passwd"), []byte("salt"), 1, 64)
	if got := hex.EncodeToString(key); err != nil || !strings.HasPrefix(got, "55ac046e56e3089f") || !strings.HasSuffix(got, "e5c1b783") && len(key) != 64 {
		t.Errorf("PBKDF2: %s, %v", got, err)
	}
	key, err = Scrypt(t.Context(), []byte("password"), []byte("NaCl"), 1024, 8, 16, 64)
	if got := hex.EncodeToString(key); err != nil || !strings.HasPrefix(got, "fdbabe1c9d347200") {
		t.Errorf("scrypt: %s, %v", got, err)
	}
	if err := CheckArgon2id(1, 64, 128); err != nil { // as on a large computer
		t.Error(err)
	}
	a, err := Argon2id(t.Context(), []byte("password"), []byte("somesaltsomesalt"), 1, 64, 1, 32)
	if err != nil || len(a) != 32 {
		t.Errorf("Argon2id: %d bytes, %v", len(a), err)
	}
}

func TestCeilings(t *testing.T) {
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"PBKDF2 rounds":   func() error { _, err := PBKDF2(ctx, sha256.New, nil, nil, MaxRounds+1, 32); return err },
		"Argon2id memory": func() error { _, err := Argon2id(ctx, nil, nil, 1, MaxMemory>>10+1, 1, 32); return err },
		"Argon2id passes": func() error { _, err := Argon2id(ctx, nil, nil, MaxPasses+1, MaxMemory>>10, 1, 32); return err },
		"scrypt memory":   func() error { _, err := Scrypt(ctx, nil, nil, 1<<24, 8, 1, 32); return err },
		"scrypt lanes":    func() error { _, err := Scrypt(ctx, nil, nil, 2, 1<<20, 1<<20, 32); return err },
		"scrypt work":     func() error { _, err := Scrypt(ctx, nil, nil, 1<<20, 8, 1<<10, 32); return err },
		"scrypt overflow": func() error { _, err := Scrypt(ctx, nil, nil, 1<<62, 1<<62, 1, 32); return err },
	} {
		var cost *CostError
		if err := do(); !errors.Is(err, ErrTooCostly) || !errors.As(err, &cost) || cost.Asked <= cost.Max {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, do := range map[string]func() error{
		"no rounds":    func() error { _, err := PBKDF2(ctx, sha256.New, nil, nil, 0, 32); return err },
		"no passes":    func() error { _, err := Argon2id(ctx, nil, nil, 0, 64, 1, 32); return err },
		"no threads":   func() error { _, err := Argon2id(ctx, nil, nil, 1, 64, 0, 32); return err },
		"many threads": func() error { _, err := Argon2id(ctx, nil, nil, 1, 64, 1000, 32); return err },
		"n no power":   func() error { _, err := Scrypt(ctx, nil, nil, 1000, 8, 1, 32); return err },
		"r negative":   func() error { _, err := Scrypt(ctx, nil, nil, 1024, -8, 1, 32); return err },
	} {
		if err := do(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAwaitGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	block := make(chan struct{})
	defer close(block)
	cancel()
	if _, err := Await(ctx, func() (int, error) { <-block; return 1, nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

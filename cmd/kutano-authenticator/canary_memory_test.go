// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"context"
	"encoding/base32"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/secret/canary"
)

// lockAndMeasure locks the app while a code is in the clipboard, and searches
// its memory: most of what was there of keys and of the passphrase is gone then.
// To the last piece that cannot be had: texts that windows and libraries still
// hold stay. The numbers go into the log; docs/threat-model.md has some.
func (w *walk) lockAndMeasure(app *exec.Cmd) {
	w.t.Helper()
	w.copies()
	m := w.memory()
	before, err := m.Memory(app.Process.Pid)
	w.copies()
	w.keys("ctrl+l")
	w.cleared(3 * time.Second) // at once, not when its time is over
	w.noPrimary()
	w.Windows(w.t, w.display)
	if err != nil {
		w.t.Logf("memory is not searched: %v", err)
		return
	}
	if before[lockKey] == 0 {
		w.t.Error("the key of the lock is not found while the app is open: the search is blind")
	}
	time.Sleep(time.Second)
	after, err := m.Memory(app.Process.Pid)
	w.must(err)
	w.t.Logf("pieces in memory, open: %v", before)
	w.t.Logf("pieces in memory, locked: %v", after)
	if after[lockKey] >= before[lockKey] || 2*sum(after) > sum(before) {
		w.t.Error("locking leaves more than half of it in memory")
	}
}

const lockKey = "the key of the lock"

func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// memory are the secrets as bytes, and as texts.
func (w *walk) memory() *canary.Marks {
	w.t.Helper()
	m := &canary.Marks{}
	index, err := os.ReadFile(filepath.Join(w.data(), "accounts.json"))
	w.must(err)
	space := ""
	if found := regexp.MustCompile(`"space":"([0-9a-f]{8})"`).FindSubmatch(index); found != nil {
		space = string(found[1])
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store, err := keystore.OpenKeyring(space)
	w.must(err)
	defer func() { _ = store.Close() }()
	pass := secret.FromString(w.pass)
	defer pass.Clear()
	w.must(store.Unlock(ctx, pass))
	key, err := store.Escrow(ctx)
	w.must(err)
	m.Bytes(lockKey, key.Bytes()[key.Len()-32:])
	for name, k := range map[string]string{"a key": w.plain, "another key": w.other} {
		b, err := base32.StdEncoding.DecodeString(k)
		w.must(err)
		m.Bytes(name+" as bytes", b)
		m.Text(name+" as text", k)
	}
	m.Text("the passphrase", w.pass)
	return m
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"flag"
	"os"
	"testing"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

var update = flag.Bool("update", false, "write docs/faults.md anew")

func TestMain(m *testing.M) {
	keystore.SetEffort(-1) // thousands of passphrases are made here
	if order := os.Getenv(orderVar); order != "" {
		os.Exit(obey(order))
	}
	inMemory()
	keyringtest.Main(m)
}

// inMemory has all folders made on a disk in memory, where there is one: what is
// flushed to the disk a hundred thousand times makes no difference to a process
// that is killed.
func inMemory() {
	const memory = "/dev/shm"
	if os.Getenv("TMPDIR") != "" {
		return
	}
	dir, err := os.MkdirTemp(memory, "probe")
	if err != nil {
		return
	}
	_ = os.Remove(dir)
	_ = os.Setenv("TMPDIR", memory)
}

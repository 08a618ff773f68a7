// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"os"
	"testing"

	"github.com/kutano/authenticator/sync/link/practicetest"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// TestMain keeps the tests' notes out of the real home folder, and makes
// passphrases cheap.
func TestMain(m *testing.M) {
	keystore.SetEffort(-1)
	snapshot.SetWorkFactor(4)
	dir, err := os.MkdirTemp("", "kutano-state-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "make a folder for the tests' notes:", err)
		os.Exit(1)
	}
	_ = os.Setenv("XDG_STATE_HOME", dir)
	code := practicetest.Main(m)
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"os"
	"testing"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(freshVar) != "" { // the bus is the parent's
		os.Exit(m.Run())
	}
	keyringtest.Main(m)
}

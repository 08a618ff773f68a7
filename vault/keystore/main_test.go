// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"testing"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

func TestMain(m *testing.M) { keyringtest.Main(m) }

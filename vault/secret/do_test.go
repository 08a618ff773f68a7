// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package secret_test

import (
	"testing"

	"github.com/kutano/authenticator/vault/secret"
)

func TestDo(t *testing.T) {
	n := 0
	secret.Do(func() { n++ })
	secret.Do(func() { secret.Do(func() { n++ }) })
	if n != 2 {
		t.Errorf("called %d times, want 2", n)
	}
	defer func() {
		if got := recover(); got != "as it was" {
			t.Errorf("a panic became %v", got)
		}
	}()
	secret.Do(func() { panic("as it was") })
}

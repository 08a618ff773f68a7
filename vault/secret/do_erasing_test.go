// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build goexperiment.runtimesecret

package secret_test

import (
	"runtime/secret"
	"testing"

	ours "github.com/kutano/authenticator/vault/secret"
)

// With the experiment, what is called through us is erased.
func TestDoErases(t *testing.T) {
	if secret.Enabled() {
		t.Fatal("enabled from the start")
	}
	inside := false
	ours.Do(func() { inside = secret.Enabled() })
	if !inside || secret.Enabled() {
		t.Errorf("inside: %v, after: %v", inside, secret.Enabled())
	}
}

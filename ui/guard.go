// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"

	"github.com/kutano/authenticator/vault/secret"
)

// Guard is what locks the accounts under the app's passphrase. [*vault.Vault]
// is one.
type Guard interface {
	Guarded() bool
	Locked() bool
	Lock() error
	Unlock(ctx context.Context, passphrase secret.Value) error
	SetPassphrase(ctx context.Context, old, new secret.Value) error
	RemovePassphrase(ctx context.Context, old secret.Value) error
}

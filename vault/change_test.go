// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"testing"
)

// A lock that was wanted no more when it was taken keeps nobody out, this process
// neither: locking the window ends what is under way at any moment.
func TestUnwantedLockIsReleased(t *testing.T) {
	dir := t.TempDir()
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := lockFolder(ended, dir); !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	unlock, err := lockFolder(withoutWaiting(t.Context()), dir)
	if err != nil {
		t.Fatalf("the lock is still held: %v", err)
	}
	unlock()
}

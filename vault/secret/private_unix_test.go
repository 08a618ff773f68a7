// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package secret

import (
	"syscall"
	"testing"
)

func TestNoCore(t *testing.T) {
	if err := noCore(); err != nil {
		t.Fatal(err)
	}
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &l); err != nil || l.Cur != 0 || l.Max != 0 {
		t.Errorf("a core file may have %d bytes (%v)", l.Cur, err)
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package exchange

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Nobody writes into the pipe: waiting for it ends with the context. One that
// is met in a folder is no export.
func TestLoadOfAPipeIsCancelled(t *testing.T) {
	dir := tree(t, "a.txt", kept)
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := loaded(t, dir); got != "a.txt:36:true" {
		t.Errorf("a folder with a pipe: %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, _, err := Load(ctx, []string{pipe})
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w, err := os.OpenFile(pipe, os.O_RDWR, 0) // lets the open that still waits end
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
}

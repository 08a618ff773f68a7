// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// Reload reads what another process has changed. Where the safe is unlocked and
// the codes changed, that takes as long as unlocking; [ErrPassphrase] then says
// that the passphrase was changed, [ErrNoSafe] that the file is gone, and the safe is locked.
func (s *Safe) Reload(ctx context.Context) error {
	err := s.turn(ctx)
	if err == nil {
		defer func() { <-s.work }()
		err = s.reload(ctx)
	}
	if err != nil {
		return fmt.Errorf("read backup codes again: %w", err)
	}
	return nil
}

func (s *Safe) reload(ctx context.Context) error {
	register, damaged, err := s.readRegister()
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.register, s.damaged = register, damaged
	s.mu.Unlock()
	if s.Locked() {
		return nil
	}
	if err := s.refresh(ctx); !errors.Is(err, ErrLocked) {
		return err
	}
	return nil
}

// Watch returns a channel that gets a signal after this Safe, another or another
// process changed the files; what others changed has been read by then, or the
// safe was locked because of it. Several changes may come as one signal. The
// channel is closed when ctx ends.
func (s *Safe) Watch(ctx context.Context) (<-chan struct{}, error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("watch backup codes: %w", err)
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch backup codes: %w", err)
	}
	// The folder, not the files: they are replaced with each change.
	if err := w.Add(s.dir); err != nil {
		_ = w.Close()
		return nil, fmt.Errorf("watch backup codes: %w", err)
	}
	c := make(chan struct{}, 1)
	go s.watch(ctx, w, c)
	return c, nil
}

func (s *Safe) watch(ctx context.Context, w *fsnotify.Watcher, c chan struct{}) {
	defer func() { _ = w.Close() }()
	defer close(c)
	for {
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-w.Events:
			if !ok {
				return
			}
			if name := filepath.Base(ev.Name); name != sealedName && name != registerName {
				continue
			}
		case err, ok := <-w.Errors:
			if !ok {
				return
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				continue
			}
		}
		_ = s.Reload(ctx) // what cannot be read is told of when it is used
		select {
		case c <- struct{}{}:
		default: // one is told of already
		}
	}
}

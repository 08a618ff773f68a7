// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// Watch returns a channel that gets a signal after this or another process has
// changed the vault; what the other process wrote has been read by then.
// Several changes may come as one signal. The channel is closed when ctx ends
// or the vault is closed.
func (v *Vault) Watch(ctx context.Context) (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch data folder: %w", err)
	}
	// The folder, not the file: the file is replaced with each change.
	if err := w.Add(v.dir); err != nil {
		_ = w.Close()
		return nil, fmt.Errorf("watch data folder: %w", err)
	}
	c := make(chan struct{}, 1)
	v.mu.Lock()
	v.subs[c] = struct{}{}
	v.mu.Unlock()
	go v.watch(ctx, w, c)
	return c, nil
}

func (v *Vault) watch(ctx context.Context, w *fsnotify.Watcher, c chan struct{}) {
	defer func() { _ = w.Close() }()
	defer func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if _, open := v.subs[c]; open {
			delete(v.subs, c)
			close(c)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-w.Events:
			if !ok {
				return
			}
			if filepath.Base(ev.Name) != indexName {
				continue
			}
		case err, ok := <-w.Errors:
			if !ok {
				return
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) && !errors.Is(err, fs.ErrNotExist) {
				continue
			}
		}
		_, _ = v.reload() // an index that cannot be read is mended by the next change
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/snapshot"
)

// How long what happens after a change may take: nobody waits for it but the
// end of the program, and that only so long. Tests shorten it.
const behindLimit = 30 * time.Second

var closeLimit = 15 * time.Second

// background does after each change what the user need not wait for: the
// snapshot, and the note of how new the accounts are. Changes that come while
// it is at work are taken together.
type background struct {
	mu      sync.Mutex
	wanted  bool
	running bool
	closed  bool
	owed    bool // one is missing: the vault was locked
	err     error
	idle    chan struct{} // closed when it comes to rest

	copies  int           // under way
	copied  chan struct{} // closed when none is any more
	copyErr error         // of the last one
}

// later has a snapshot written soon.
func (v *Vault) later() {
	b := &v.behind
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.wanted = true
	if b.running {
		return
	}
	b.running, b.idle = true, make(chan struct{})
	go v.followUp()
}

func (v *Vault) followUp() {
	b := &v.behind
	for {
		b.mu.Lock()
		if !b.wanted {
			b.running = false
			close(b.idle)
			b.mu.Unlock()
			return
		}
		b.wanted = false
		b.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), behindLimit)
		_, err := v.writeSnapshot(ctx)
		cancel()
		switch {
		case errors.Is(err, ErrNoRecovery):
			err = nil // nothing to write to yet
		case errors.Is(err, keystore.ErrSealed):
			b.mu.Lock()
			b.owed = true // locked meanwhile: Unlock goes on with it
			b.mu.Unlock()
			continue
		}
		_ = v.writeAnchor() // a help, no promise
		b.mu.Lock()
		b.err = err
		b.mu.Unlock()
		v.signal()
	}
}

// SnapshotErr returns why the last snapshot that was to follow a change could
// not be written, or nil. It can be asked after Close, too, and is final then.
func (v *Vault) SnapshotErr() error {
	v.behind.mu.Lock()
	defer v.behind.mu.Unlock()
	return v.behind.err
}

// Tend makes good what a killed process or a drive that was not there has left
// undone: a snapshot of the newest change, a copy that is due. It returns at
// once; SnapshotErr and CopyErr tell how it went.
func (v *Vault) Tend() {
	if _, _, ok := v.Recovery(); !ok || v.Locked() {
		return
	}
	folder := v.Snapshots()
	list, err := folder.List()
	stale := v.behind.owes() || err != nil || len(list) == 0 || list[0].Generation < v.current().generation()
	if r, rerr := readRecovery(v.dir); rerr == nil && !stale {
		id, lerr := v.lockID(context.Background())
		stale = lerr == nil && id != r.Lock
	}
	if stale {
		v.later()
		return
	}
	v.copySoon()
}

// copySoon has the newest snapshot copied where a copy is due. It needs none of
// the vault's locks: the drive that copies go to may not answer, and then neither
// changes nor snapshots wait for it.
func (v *Vault) copySoon() {
	folder := v.Snapshots()
	if folder.Copies().Every == snapshot.EveryNever {
		return
	}
	b := &v.behind
	b.mu.Lock()
	if b.copies++; b.copies == 1 {
		b.copied = make(chan struct{})
	}
	b.mu.Unlock()
	go func() {
		err := folder.CopyIfDue(v.now())
		b.mu.Lock()
		b.copyErr = err
		if b.copies--; b.copies == 0 {
			close(b.copied)
		}
		b.mu.Unlock()
		v.signal()
	}()
}

// CopyErr returns why the last copy of a snapshot that this vault had made
// failed, or nil. It can be asked after Close, too. The folder's Copies tell
// also of copies that others made.
func (v *Vault) CopyErr() error {
	v.behind.mu.Lock()
	defer v.behind.mu.Unlock()
	return v.behind.copyErr
}

// finish waits for what is under way until ctx ends, and lets nothing begin any
// more.
func (b *background) finish(ctx context.Context, folder *snapshot.Folder) {
	b.mu.Lock()
	b.closed = true
	idle, running := b.idle, b.running
	b.mu.Unlock()
	if running && !ends(ctx, idle) {
		b.mu.Lock()
		b.err = fmt.Errorf("write snapshot: %w", context.DeadlineExceeded)
		b.mu.Unlock()
	}
	b.mu.Lock() // the snapshot may have begun a copy
	copied, running := b.copied, b.copies > 0
	b.mu.Unlock()
	if running && !ends(ctx, copied) {
		folder.CopyHangs()
		b.mu.Lock()
		b.copyErr = fmt.Errorf("copy snapshot: %w", context.DeadlineExceeded)
		b.mu.Unlock()
	}
}

// ends waits for something to end, and tells whether it did.
func ends(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// owes tells, once, whether a snapshot could not be written because the vault
// was locked.
func (b *background) owes() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	owed := b.owed
	b.owed = false
	return owed
}

// signal tells the watchers to look again.
func (v *Vault) signal() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tell()
}

// tell signals every watcher; v.mu is held.
func (v *Vault) tell() {
	for c := range v.subs {
		select {
		case c <- struct{}{}:
		default: // a signal is waiting there already
		}
	}
}

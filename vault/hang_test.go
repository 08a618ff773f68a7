// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile/faults"
	"github.com/kutano/authenticator/vault/snapshot"
)

// impatient has Close wait only for a moment.
func impatient(t *testing.T) {
	t.Helper()
	before := closeLimit
	closeLimit = 50 * time.Millisecond
	t.Cleanup(func() { closeLimit = before })
}

// The drive for copies does not answer: changes and snapshots go on, here and in
// other processes, and the program can be ended.
func TestCopyHangs(t *testing.T) {
	dir, drive, m := t.TempDir(), t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	stock(t, v, 1)
	k := withRecovery(t, v)
	if err := v.Snapshots().SetCopies(snapshot.Copies{Dir: drive, Every: snapshot.EveryChange}); err != nil {
		t.Fatal(err)
	}
	held, release := faults.Hold(t, drive)
	for i := range 3 {
		mustAdd(t, v, numbered(t, i+1))
		info, err := v.Snapshot(t.Context())
		if err != nil || info.Accounts != i+2 {
			t.Fatalf("%+v, %v", info, err)
		}
		<-held
		if i == 0 {
			held = closed()
		}
	}
	v.Tend()
	if err := v.SnapshotErr(); err != nil {
		t.Error(err)
	}
	w, err := Open(t.Context(), memOptions(dir, m))
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, w, numbered(t, 4)) // it gets the lock
	impatient(t)
	for _, v := range []*Vault{w, v} {
		if err := v.Close(); err != nil || v.SnapshotErr() != nil {
			t.Errorf("%v, %v", err, v.SnapshotErr())
		}
	}
	if err := v.CopyErr(); !errors.Is(err, context.DeadlineExceeded) || v.Snapshots().Copies().Err == "" {
		t.Errorf("%v, %+v", err, v.Snapshots().Copies())
	}
	if d := newest(t, dir, k); len(d.Accounts) != 5 {
		t.Errorf("%d accounts", len(d.Accounts))
	}
	// The drive is there again.
	release()
	<-v.behind.copied
	if c := v.Snapshots().Copies(); v.CopyErr() != nil || c.Err != "" || c.Last.IsZero() {
		t.Errorf("%v, %+v", v.CopyErr(), c)
	}
	if files, err := os.ReadDir(drive); err != nil || len(files) != 2 { // the first, and the newest
		t.Errorf("%v, %v", files, err)
	}
}

func closed() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// A copy that fails is told of, and not as a snapshot that does.
func TestCopyFailsAlone(t *testing.T) {
	v, drive := openMem(t, t.TempDir(), newMemStore()), t.TempDir()
	stock(t, v, 1)
	withRecovery(t, v)
	err := errors.Join(v.Snapshots().SetCopies(snapshot.Copies{Dir: drive, Every: snapshot.EveryChange}), os.Remove(drive))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Snapshot(t.Context()); err != nil {
		t.Error(err)
	}
	mustAdd(t, v, numbered(t, 1))
	_ = v.Close()
	if err := v.SnapshotErr(); err != nil {
		t.Error(err)
	}
	if err := v.CopyErr(); !errors.Is(err, os.ErrNotExist) || v.Snapshots().Copies().Err == "" {
		t.Errorf("%v, %+v", err, v.Snapshots().Copies())
	}
}

// A change that hangs does not keep the program from being ended.
func TestCloseWhileChangeHangs(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	a := mustAdd(t, v, numbered(t, 0))
	codeOf(t, v, a.ID, testNow) // its key is in memory now
	watch, err := v.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	impatient(t)
	v.change <- struct{}{}
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	if len(v.pages) != 0 {
		t.Error("a key is left in memory")
	}
	for range watch { // it is closed
	}
	<-v.change
	if err := v.Close(); err != nil {
		t.Error(err)
	}
}

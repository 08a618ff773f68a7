// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile/faults"
	"github.com/kutano/authenticator/vault/keystore"
)

// The folder of snapshots cannot be written: changes are made all the same, and
// it is said; once it can, the next change has its snapshot.
func TestSnapshotsFolderFails(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 2)
	key := withRecovery(t, v)
	_ = v.Close()
	for step, cause := range map[faults.Step]error{faults.Open: syscall.EACCES, faults.Write: syscall.ENOSPC, faults.Link: syscall.EIO} {
		v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
		n := len(v.Accounts())
		faults.Inject(t, func(s faults.Step, path string) error {
			if s == step && strings.Contains(path, "snapshots") {
				return cause
			}
			return nil
		})
		mustAdd(t, v, numbered(t, n))
		err := v.Close()
		faults.Stop()
		if serr := v.SnapshotErr(); err != nil || step != faults.Link && !errors.Is(serr, cause) {
			t.Errorf("%v fails: closed with %v, of the snapshot is said %v", step, err, serr)
		}
	}
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	mustAdd(t, v, numbered(t, 5))
	if err := errors.Join(v.Close(), v.SnapshotErr()); err != nil {
		t.Error(err)
	}
	if d := newest(t, dir, key); len(d.Accounts) != 6 {
		t.Errorf("%d accounts in the snapshot", len(d.Accounts))
	}
}

// A disk that hangs while a snapshot is written does not keep the program from
// ending.
func TestCloseWhileASnapshotHangs(t *testing.T) {
	dir := t.TempDir()
	v, _ := openWith(t, dir, keystore.File, 0, firstPhrase)
	stock(t, v, 1)
	withRecovery(t, v)
	_ = v.Close()
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	defer func(d time.Duration) { closeLimit = d }(closeLimit)
	closeLimit = 50 * time.Millisecond
	hung, release := make(chan struct{}), make(chan struct{})
	faults.Inject(t, func(s faults.Step, path string) error {
		if s == faults.Open && filepath.Ext(path) == ".age" {
			close(hung)
			<-release
		}
		return nil
	})
	mustAdd(t, v, numbered(t, 7))
	<-hung
	closed := make(chan error, 1)
	go func() { closed <- v.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
	faults.Stop()
	close(release)
	select {
	case <-v.behind.idle:
	case <-time.After(10 * time.Second):
		t.Error("what hung does not come to an end")
	}
	v, _ = openWith(t, dir, keystore.File, 0, firstPhrase)
	if len(v.Accounts()) != 2 {
		t.Errorf("%d accounts", len(v.Accounts()))
	}
}

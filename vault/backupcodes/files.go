// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/vault/atomicfile"
)

// The files in the data folder.
const (
	sealedName   = "backup-codes.age"
	registerName = "backup-codes.json"
	lockName     = "backup-codes.lock"
	asideName    = "backup-codes-20060102T150405Z" // a layout of package time; .age follows
)

const (
	maxRegister = 4 << 20 // bytes
	lockRetry   = 20 * time.Millisecond
)

// lockWait is how long another process may keep the files to itself: some times
// what sealing takes. Tests shorten it.
var lockWait = 30 * time.Second

func (s *Safe) path(name string) string { return filepath.Join(s.dir, name) }

// acquire takes the place of the one who changes the files, within this process
// and among all. It returns their release.
func (s *Safe) acquire(ctx context.Context) (func(), error) {
	if err := s.turn(ctx); err != nil {
		return nil, err
	}
	release, err := s.lockFiles(ctx)
	if err != nil {
		<-s.work
		return nil, err
	}
	if !s.swept {
		s.swept = true
		_ = atomicfile.Sweep(s.dir, func(name string) bool { return name == sealedName || name == registerName })
	}
	return func() { release(); <-s.work }, nil
}

// turn waits for this process's own changes.
func (s *Safe) turn(ctx context.Context) error {
	select {
	case s.work <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Safe) lockFiles(ctx context.Context) (func(), error) {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	fl := flock.New(s.path(lockName), flock.SetPermissions(0o600))
	limited, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	ok, err := fl.TryLockContext(limited, lockRetry)
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case ok && err == nil:
		return func() { _ = fl.Close() }, nil
	case err == nil, errors.Is(err, context.DeadlineExceeded):
		err = ErrBusy
	}
	_ = fl.Close()
	return nil, fmt.Errorf("lock backup codes: %w", err)
}

// readFile reads a regular file that is not too large.
func readFile(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it is not a file", ErrNotSafe)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%w: it has more than %d bytes", ErrTooLarge, limit)
	}
	return b, err
}

// readSealed returns the sealed file, or ErrNoSafe.
func (s *Safe) readSealed() ([]byte, error) {
	b, err := readFile(s.path(sealedName), maxSealed)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoSafe
	}
	if err != nil {
		return nil, fmt.Errorf("read backup codes: %w", err)
	}
	return b, nil
}

// writeSealed replaces the sealed file and reads it back.
func (s *Safe) writeSealed(file []byte, write func(path string, data []byte) error) error {
	if err := write(s.path(sealedName), file); err != nil {
		return fmt.Errorf("keep backup codes: %w", err)
	}
	back, err := s.readSealed()
	if err != nil {
		return err
	}
	if !bytes.Equal(back, file) {
		return ErrReadBack
	}
	return nil
}

// readRegister returns the register. A damaged one is as one that is not there,
// and is told of.
func (s *Safe) readRegister() (rs []record, damaged bool, err error) {
	b, err := readFile(s.path(registerName), maxRegister)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, s.Exists(), nil // without it the sealed file was never written
	case errors.Is(err, ErrNotSafe), errors.Is(err, ErrTooLarge):
		return nil, true, nil
	case err != nil:
		return nil, false, fmt.Errorf("read list of backup codes: %w", err)
	}
	rs, damaged, err = decodeRegister(b)
	if errors.Is(err, ErrRegister) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read list of backup codes: %w", err)
	}
	return rs, damaged, nil
}

// writeRegister replaces the register. What cannot be read is put aside. Where
// the codes could not be looked at in its place, it is incomplete.
func (s *Safe) writeRegister(rs []record, incomplete bool) error {
	b, err := encodeRegister(rs, incomplete)
	if err != nil {
		return err
	}
	if old, err := readFile(s.path(registerName), maxRegister); !errors.Is(err, fs.ErrNotExist) {
		if bytes.Equal(old, b) && err == nil {
			return nil
		}
		if _, _, bad := decodeRegister(old); bad != nil {
			if err := atomicfile.PutAside(s.path(registerName)); err != nil {
				return fmt.Errorf("keep list of backup codes: %w", err)
			}
		}
	}
	if err := atomicfile.Write(s.path(registerName), b); err != nil {
		return fmt.Errorf("keep list of backup codes: %w", err)
	}
	return nil
}

// sum tells one sealed file from another.
func sum(file []byte) [sha256.Size]byte { return sha256.Sum256(file) }

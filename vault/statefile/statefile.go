// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package statefile keeps a small document that is not secret in a JSON file of
// the data folder, which the app and the command line share.
//
// A file that makes no sense is put aside, never overwritten, and the zero
// document serves. One of a newer version is left as it is. Fields that this
// version does not know are not kept: who adds one raises the version.
package statefile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/vault/atomicfile"
)

// What a caller can act on. Other errors wrap the system's.
var (
	ErrNewer = errors.New("the file was made by a newer version")
	ErrBusy  = errors.New("another program is writing the file")
)

const (
	maxFile  = 1 << 20 // far more than it ever is; a larger one is not ours
	patience = 2 * time.Second
	again    = 20 * time.Millisecond
)

// File is a document of type T in a file. Its methods may be called from several
// goroutines.
type File[T any] struct {
	path    string
	version int

	mu sync.Mutex
}

// New returns the file of that name in a data folder. It reads nothing yet.
// Version is that of the format: from 1 up, raised with each change that older
// programs must not overwrite.
func New[T any](dir, name string, version int) *File[T] {
	return &File[T]{path: filepath.Join(dir, name), version: version}
}

// Load returns the document: the zero one where there is no file. A damaged file
// is put aside as [atomicfile.PutAside] has it, which is told by damaged. Err is
// [ErrNewer] or the system's; then there is a file that could not be read.
func (f *File[T]) Load() (document T, damaged bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	document, damaged, err = f.read()
	if !damaged {
		return document, false, err
	}
	// Another program may be putting it aside and writing a good one just now.
	lock := f.lock()
	defer func() { _ = lock.Close() }()
	switch got, err := lock.TryLock(); {
	case err != nil:
		return document, true, fmt.Errorf("put %s aside: %w", filepath.Base(f.path), err)
	case !got:
		return document, true, nil
	}
	return f.load()
}

func (f *File[T]) lock() *flock.Flock { return flock.New(f.path+".lock", flock.SetPermissions(0o600)) }

// load reads the document and puts a damaged file aside. The lock is the caller's.
func (f *File[T]) load() (document T, damaged bool, err error) {
	document, damaged, err = f.read()
	if damaged {
		if err := atomicfile.PutAside(f.path); err != nil {
			return document, true, err
		}
	}
	return document, damaged, err
}

func (f *File[T]) read() (document T, damaged bool, err error) {
	data, err := readSmall(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return document, false, nil
	case errors.Is(err, errNotOurs):
	case err != nil:
		return document, false, fmt.Errorf("read %s: %w", filepath.Base(f.path), err)
	default:
		var head struct {
			Version int `json:"version"`
		}
		if json.Unmarshal(data, &head) == nil && head.Version > f.version {
			return document, false, fmt.Errorf("read %s: %w", filepath.Base(f.path), ErrNewer)
		}
		whole := envelope[T]{}
		if json.Unmarshal(data, &whole) == nil && whole.Version >= 1 {
			return whole.Document, false, nil
		}
	}
	return document, true, nil
}

// Change reads the document, has it changed, and writes it, all under a lock that
// other processes heed. Where change returns an error, which is returned as it is,
// nothing is written. It waits two seconds at most for another process: [ErrBusy].
func (f *File[T]) Change(ctx context.Context, change func(*T) error) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var zero T
	name := filepath.Base(f.path)
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return zero, fmt.Errorf("write %s: %w", name, err)
	}
	lock := f.lock()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch got, err := lock.TryLockContext(ctx, again); {
	case errors.Is(err, context.DeadlineExceeded):
		return zero, fmt.Errorf("write %s: %w", name, ErrBusy)
	case err != nil:
		return zero, fmt.Errorf("write %s: %w", name, err)
	case !got:
		return zero, fmt.Errorf("write %s: %w", name, ErrBusy)
	}
	defer func() { _ = lock.Close() }()
	document, _, err := f.load()
	if err != nil {
		return zero, err
	}
	if err := change(&document); err != nil {
		return zero, err
	}
	data, err := json.MarshalIndent(envelope[T]{Version: f.version, Document: document}, "", "  ")
	if err == nil {
		err = atomicfile.Write(f.path, append(data, '\n'))
	}
	if err != nil {
		return zero, fmt.Errorf("write %s: %w", name, err)
	}
	return document, nil
}

// Path tells where the file is, or will be.
func (f *File[T]) Path() string { return f.path }

// envelope is the file's format: its version beside what is in it.
type envelope[T any] struct {
	Version  int `json:"version"`
	Document T   `json:"document"`
}

var errNotOurs = errors.New("not a file of ours")

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errNotOurs
	}
	return os.ReadFile(path)
}

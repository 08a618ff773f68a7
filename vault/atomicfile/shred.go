// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Why a file is not shredded. Nothing has happened to it then.
var (
	ErrNotRegular = errors.New("not a regular file")
	ErrLinked     = errors.New("the file has other names, too")
)

// How far shredding a file came.
var (
	ErrPartly  = errors.New("the file is overwritten in part, perhaps")
	ErrEmptied = errors.New("the file is empty now, but still there")
)

// Shred overwrites a file with zeros, flushes them to the disk, empties the file
// and removes it. A symbolic link, a folder or a device is refused with
// ErrNotRegular, a file with several hard links with ErrLinked: nothing is
// touched then. ErrPartly says that some of the content may be gone and some not,
// ErrEmptied that all of it is gone and the file is not; with any other error it
// is as it was. They wrap the system's, too. That a removed file stays removed
// after a power cut is not promised: what comes back then is empty.
//
// It does what a program can, and that is not everything. A flash drive (SSD, USB
// stick, memory card) writes zeros elsewhere and keeps the old blocks for a while;
// so do file systems that copy on write or keep snapshots (Btrfs, ZFS, APFS),
// journals that hold data, and drives on a network. Copies that were made before, by a
// backup, a cloud folder, an indexer or the program that wrote the file, are not
// found. Where that matters only a disk that was encrypted all along helps.
func Shred(path string) error {
	err := shred(path)
	if err != nil {
		return fmt.Errorf("erase %s: %w", filepath.Base(path), err)
	}
	_ = flushed(filepath.Dir(path)) // it is gone already
	return nil
}

func shred(path string) error {
	f, size, err := openAlone(path)
	if err != nil {
		return err
	}
	err = overwrite(f, path, size)
	if err == nil {
		err = step(StepFlush, path, f.Sync)
	}
	if err == nil {
		err = step(StepWrite, path, func() error { return f.Truncate(0) })
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrPartly, err)
	}
	if err := Remove(path); err != nil {
		return fmt.Errorf("%w: %w", ErrEmptied, err)
	}
	return nil
}

// openAlone opens a regular file that has no other name. What stands there must
// not be another between looking and opening.
func openAlone(path string) (f *os.File, size int64, err error) {
	named, err := os.Lstat(path)
	if err != nil {
		return nil, 0, err
	}
	if !named.Mode().IsRegular() {
		return nil, 0, ErrNotRegular
	}
	err = step(StepOpen, path, func() (err error) {
		f, err = os.OpenFile(path, os.O_WRONLY|openItself, 0)
		return err
	})
	if err == nil {
		size, err = alone(f, named)
	}
	if err != nil {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
		return nil, 0, err
	}
	return f, size, nil
}

func alone(f *os.File, named fs.FileInfo) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() || !os.SameFile(info, named) {
		return 0, ErrNotRegular
	}
	n, err := links(f, info)
	if err == nil && n > 1 {
		err = ErrLinked
	}
	return info.Size(), err
}

// chunk is how much is overwritten at once, in bytes.
const chunk = 1 << 20

// overwrite writes zeros over the file's content.
func overwrite(f *os.File, path string, size int64) error {
	zeros := make([]byte, min(size, chunk))
	for at := int64(0); at < size; at += chunk {
		n := min(size-at, chunk)
		if err := writeTo(f, path, zeros[:n]); err != nil {
			return err
		}
	}
	return nil
}

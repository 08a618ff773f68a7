// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package atomicfile replaces small files so that a reader, or the next start
// after a crash, finds the old content or the new one and nothing between.
//
// It writes a temporary file in the same folder, flushes it to the disk,
// renames it and flushes the folder. It takes no lock: two writers at once
// leave the content of one of them. It is not meant for network file systems,
// where a rename may be seen late.
package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// The steps that can fail on a full or failing disk. Tests replace them.
var (
	writeAll = func(f *os.File, data []byte) error { _, err := f.Write(data); return err }
	flush    = (*os.File).Sync
	rename   = replace
	link     = os.Link
)

// Write replaces the file at path by data, with permissions 0600 whatever they
// were. A symbolic link at path is replaced, not followed. When an error comes
// the old file is as it was, except for an error that names the folder: then
// the new content is there but may not survive a power cut.
//
// Errors wrap the system's ([syscall.ENOSPC], [os.ErrPermission] …).
func Write(path string, data []byte) error {
	tmp, err := temporary(path, data)
	if err != nil {
		return err
	}
	if err := rename(tmp, path); err != nil {
		return fmt.Errorf("replace %s: %w", filepath.Base(path), errors.Join(err, os.Remove(tmp)))
	}
	return flushFolder(filepath.Dir(path))
}

// Create writes a new file at path, complete or not at all. It returns an
// error that wraps [os.ErrExist] when there is something at path already.
func Create(path string, data []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("create %s: %w", filepath.Base(path), os.ErrExist)
	}
	tmp, err := temporary(path, data)
	if err != nil {
		return err
	}
	err = link(tmp, path)
	switch {
	case err == nil || errors.Is(err, os.ErrExist):
		err = errors.Join(err, os.Remove(tmp))
	default: // a file system without hard links, such as FAT
		if err = rename(tmp, path); err != nil {
			err = errors.Join(err, os.Remove(tmp))
		}
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", filepath.Base(path), err)
	}
	return flushFolder(filepath.Dir(path))
}

// temporary writes data to a new file beside path and returns its name. It
// leaves nothing behind when it fails.
func temporary(path string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp") // 0600
	if err != nil {
		return "", fmt.Errorf("write beside %s: %w", filepath.Base(path), err)
	}
	err = writeAll(f, data)
	if err == nil {
		err = flush(f)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("write beside %s: %w", filepath.Base(path), errors.Join(err, os.Remove(f.Name())))
	}
	return f.Name(), nil
}

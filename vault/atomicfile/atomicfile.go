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
	if err := Rename(tmp, path); err != nil {
		return fmt.Errorf("replace %s: %w", filepath.Base(path), errors.Join(err, Remove(tmp)))
	}
	return flushed(filepath.Dir(path))
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
	err = step(StepLink, path, func() error { return os.Link(tmp, path) })
	switch {
	case err == nil || errors.Is(err, os.ErrExist):
		err = errors.Join(err, Remove(tmp))
	default: // a file system without hard links, such as FAT
		if err = Rename(tmp, path); err != nil {
			err = errors.Join(err, Remove(tmp))
		}
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", filepath.Base(path), err)
	}
	return flushed(filepath.Dir(path))
}

// Rename is [os.Rename], which Windows is given time for while another program
// has one of the files open. It replaces what is there. Nothing is flushed: after
// a power cut the file may have either name.
func Rename(from, to string) error {
	return step(StepRename, to, func() error { return replace(from, to) })
}

// Remove is [os.Remove]. Nothing is flushed: after a power cut the file may be
// there again.
func Remove(path string) error {
	return step(StepRemove, path, func() error { return os.Remove(path) })
}

// flushed makes renames in a folder survive a power cut.
func flushed(dir string) error {
	return step(StepFlushFolder, dir, func() error { return flushFolder(dir) })
}

// temporary writes data to a new file beside path and returns its name. It
// leaves nothing behind when it fails.
func temporary(path string, data []byte) (name string, err error) {
	var f *os.File
	err = step(StepOpen, path, func() (err error) {
		f, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp") // 0600
		return err
	})
	if err != nil {
		if f != nil { // only a hook says both
			err = errors.Join(err, f.Close(), Remove(f.Name()))
		}
		return "", fmt.Errorf("write beside %s: %w", filepath.Base(path), err)
	}
	err = writeTo(f, path, data)
	if err == nil {
		err = step(StepFlush, path, f.Sync)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("write beside %s: %w", filepath.Base(path), errors.Join(err, Remove(f.Name())))
	}
	return f.Name(), nil
}

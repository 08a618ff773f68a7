// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

const (
	folderName = "kutano-authenticator"
	sealedName = "secrets.sealed"
	lockName   = "lock"
	markName   = "changing"
)

// DefaultDir returns the folder in which this system's user keeps program
// data: $XDG_DATA_HOME or ~/.local/share on Linux and BSD, Application Support
// on macOS, AppData\Local on Windows, with our own folder in it.
func DefaultDir() (string, error) {
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) && runtime.GOOS != "windows" {
		return filepath.Join(base, folderName), nil
	}
	switch runtime.GOOS {
	case "windows":
		if base := os.Getenv("LocalAppData"); base != "" {
			return filepath.Join(base, folderName), nil
		}
	case "darwin", "ios":
		if base, err := os.UserConfigDir(); err == nil {
			return filepath.Join(base, folderName), nil
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find data folder: %w", err)
	}
	return filepath.Join(home, ".local", "share", folderName), nil
}

// makeDir makes the data folder, for the user alone.
func makeDir(dir string) error {
	if fi, err := os.Stat(dir); err == nil {
		if !fi.IsDir() {
			return fmt.Errorf("open data folder: %w", &fs.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR})
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", readOnly(err))
	}
	return nil
}

// spaceOf tells the keyring items of one data folder from those of another.
// The default folder's items have plain names, wherever the home folder is.
func spaceOf(dir string) string {
	abs := resolve(dir)
	if def, err := DefaultDir(); err == nil && resolve(def) == abs {
		return ""
	}
	sum := sha256.Sum256([]byte(abs))
	return hex.EncodeToString(sum[:4])
}

// resolve follows links, so that one folder has one name.
func resolve(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return filepath.Clean(dir)
}

// readOnly adds ErrReadOnly to an error that says the folder cannot be written.
func readOnly(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	return err
}

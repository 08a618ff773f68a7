// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

// replace renames, and tries again for up to a second while another process
// (a virus scanner, an indexer, our own reader) holds the file open.
func replace(from, to string) error {
	var err error
	for wait := time.Millisecond; wait <= 512*time.Millisecond; wait *= 2 {
		if err = os.Rename(from, to); !held(err) {
			return err
		}
		time.Sleep(wait)
	}
	return err
}

func held(err error) bool {
	var code syscall.Errno
	if !errors.As(err, &code) {
		return false
	}
	switch code {
	case windows.ERROR_ACCESS_DENIED, windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION:
		return true
	}
	return false
}

// flushFolder does nothing: Windows has no such call, and NTFS journals renames.
func flushFolder(string) error { return nil }

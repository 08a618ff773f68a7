// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"syscall"
)

// openItself opens what stands at a path and not what a link there points to,
// and does not wait for the other end of a pipe.
const openItself = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// links returns how many names a file has.
func links(_ *os.File, info fs.FileInfo) (uint64, error) {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Nlink), nil
	}
	return 1, nil
}

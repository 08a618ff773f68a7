// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package vault

import "io/fs"

// inode is not to be had here; size and time must do.
func inode(fs.FileInfo) uint64 { return 0 }

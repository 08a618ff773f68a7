// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix && !windows

package atomicfile

import (
	"io/fs"
	"os"
)

const openItself = 0

// links is not known here.
func links(*os.File, fs.FileInfo) (uint64, error) { return 1, nil }

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"os"
	"path/filepath"
)

// SameDrive reports whether two folders are on one drive, as far as the system
// tells. Where it does not, the answer is no: a warning that may be wrong is
// soon not read any more.
func SameDrive(a, b string) bool {
	x, ok := drive(there(a))
	if !ok {
		return false
	}
	y, ok := drive(there(b))
	return ok && x == y
}

// there is the folder itself, or the nearest above it that exists.
func there(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

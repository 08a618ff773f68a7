// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package safety

import (
	"path/filepath"
	"strings"
)

// drive names the volume that a folder is on, such as "c:".
func drive(dir string) (string, bool) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	v := strings.ToLower(filepath.VolumeName(abs))
	return v, v != ""
}

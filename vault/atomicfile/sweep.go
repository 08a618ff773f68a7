// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Sweep removes the temporary files of writes that were cut short: those beside
// a file whose name ours accepts. Whoever calls it makes sure that nobody is
// writing these files now. A folder that is not there is swept.
func Sweep(dir string, ours func(name string) bool) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sweep %s: %w", filepath.Base(dir), err)
	}
	for _, e := range entries {
		name, temporary := written(e.Name())
		if !temporary || !e.Type().IsRegular() || !ours(name) {
			continue
		}
		if err := Remove(filepath.Join(dir, e.Name())); err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("sweep %s: %w", filepath.Base(dir), err)
		}
	}
	return nil
}

// written returns the name of the file that a temporary file was to become.
func written(temporary string) (string, bool) {
	rest, dot := strings.CutPrefix(temporary, ".")
	rest, tmp := strings.CutSuffix(rest, ".tmp")
	i := strings.LastIndexByte(rest, '.')
	if !dot || !tmp || i < 1 || strings.Trim(rest[i+1:], "0123456789") != "" || i == len(rest)-1 {
		return "", false
	}
	return rest[:i], true
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Aside is what a file that makes no sense has after its name once it is put
// aside. From the second on a number follows.
const Aside = ".damaged"

// PutAside gives what is at path, a file that makes no sense, another name in the
// same folder: with [Aside] after it, or Aside, a hyphen and the first number from
// 2 up that is free. What was put aside before is never overwritten. Whoever calls
// it makes sure that nobody else puts the same file aside now. Nothing is flushed,
// as with [Rename].
func PutAside(path string) error {
	for i := 1; ; i++ {
		to := path + Aside
		if i > 1 {
			to = fmt.Sprintf("%s-%d", to, i)
		}
		switch _, err := os.Lstat(to); {
		case err == nil:
			continue
		case !errors.Is(err, os.ErrNotExist):
			return fmt.Errorf("put %s aside: %w", filepath.Base(path), err)
		}
		if err := Rename(path, to); err != nil {
			return fmt.Errorf("put %s aside: %w", filepath.Base(path), err)
		}
		return nil
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// What was put aside before stays as it was.
func TestPutAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	want := map[string]string{".damaged": "first", ".damaged-2": "second", ".damaged-3": "third"}
	for _, content := range []string{"first", "second", "third"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := PutAside(path); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", content, err)
		}
	}
	for name, content := range want {
		if got, err := os.ReadFile(path + name); err != nil || string(got) != content {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	if err := PutAside(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a file: %v", err)
	}
}

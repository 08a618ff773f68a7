// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"
)

// A snapshot that was removed is not the newest any more, and begins no era.
func TestRemove(t *testing.T) {
	dir := t.TempDir()
	f := OpenFolder(dir)
	a := write(t, f, Meta{Generation: 1}, sampleTime)
	b := write(t, f, Meta{Generation: 2, Lost: 1}, sampleTime.Add(time.Minute))
	foreign := []string{"notes.txt", indexName, "../" + folderName + "/" + a.Name, latest, "", "kutano-20200101T000000Z-000001.age"}
	if err := errors.Join(os.WriteFile(f.path("notes.txt"), nil, 0o600), os.Mkdir(f.path("kutano-20200101T000000Z-000001.age"), 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, name := range foreign {
		if err := f.Remove(name); !errors.Is(err, ErrNoSnapshot) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := f.Remove(b.Name); err != nil {
		t.Fatal(err)
	}
	if err := f.Remove(b.Name); !errors.Is(err, ErrNoSnapshot) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := os.Stat(f.path(b.Name)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
	list, err := os.ReadFile(f.path(indexName))
	if err != nil || bytes.Contains(list, []byte(b.Name)) || !bytes.Contains(list, []byte(a.Name)) {
		t.Errorf("%s, %v", list, err)
	}
	if c := write(t, f, Meta{Generation: 2}, sampleTime.Add(2*time.Minute)); c.Era != a.Era {
		t.Errorf("era %d", c.Era)
	}
	if entries, err := os.ReadDir(f.dir); err != nil || len(entries) != 5 {
		t.Errorf("%v, %v", entries, err)
	}
}

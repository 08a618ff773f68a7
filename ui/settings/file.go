// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/kutano/authenticator/vault/atomicfile"
)

const (
	fileName = "settings.json"
	// version is written into new files. A file of a newer version keeps its
	// own: we change only the fields that we know.
	version = 1
	// maxFile is far more than settings ever are; a larger file is not ours.
	maxFile = 1 << 20
)

// File is the settings file. Its methods may be called from any goroutine.
type File struct {
	path string

	mu      sync.Mutex
	raw     map[string]json.RawMessage
	current Settings
	damaged bool
}

// Load reads the settings of a data folder. It never fails: without a file, or
// with one that cannot be read, the settings are the defaults. A damaged file
// is kept beside as settings.json.damaged.
func Load(dir string) *File {
	f := &File{path: filepath.Join(dir, fileName), raw: map[string]json.RawMessage{}, current: Defaults()}
	data, err := readSmall(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return f
	}
	if err == nil {
		err = json.Unmarshal(data, &f.raw)
	}
	if err != nil || f.raw == nil {
		f.damaged = true
		f.raw = map[string]json.RawMessage{}
		// When it cannot be put aside it is overwritten at the next change,
		// which is no loss: it could not be read.
		_ = atomicfile.PutAside(f.path)
		return f
	}
	f.current.read(f.raw)
	f.current = f.current.valid()
	return f
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, errors.New("not a settings file")
	}
	return os.ReadFile(path)
}

// Damaged reports whether the file could not be read when it was loaded, so
// that the user can be told why the settings are the defaults.
func (f *File) Damaged() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.damaged
}

// Get returns the settings.
func (f *File) Get() Settings {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

// Set changes the settings and writes the file. When writing fails the
// settings hold until the program ends, and the error says why they will not
// hold longer.
func (f *File) Set(s Settings) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s = s.valid()
	f.current = s
	for name, field := range s.fields() {
		value, err := json.Marshal(field)
		if err != nil {
			return fmt.Errorf("write settings: %w", err)
		}
		f.raw[name] = value
	}
	if _, ok := f.raw["version"]; !ok {
		f.raw["version"] = json.RawMessage(fmt.Sprint(version))
	}
	data, err := json.MarshalIndent(f.raw, "", "  ")
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if err := atomicfile.Write(f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Save writes an export's files at path: one file there, of several each with its
// suffix before the extension. Only the owner can read them. Each is compared with
// what is on the disk afterwards, and when one fails, those that this call wrote
// are removed again.
//
// Where there is a file already it is fs.ErrExist and nothing is written, unless
// force: then they are replaced, and when one fails, the old ones are put back.
// Where the disk has no hard links they are gone then.
func Save(ctx context.Context, path string, w Written, force bool) (paths []string, err error) {
	for _, f := range w.Files {
		to := beside(path, f.Suffix)
		if _, err := os.Lstat(to); err == nil && !force {
			return nil, fmt.Errorf("save %s: %w", filepath.Base(to), fs.ErrExist)
		}
		paths = append(paths, to)
	}
	var old olds
	defer func() { old.drop() }()
	for i, f := range w.Files {
		if err = ctx.Err(); err == nil && force {
			old.keep(paths[i])
		}
		if err == nil {
			err = save(paths[i], f.Data, force)
		}
		if err != nil {
			for _, written := range paths[:i] {
				err = errors.Join(err, atomicfile.Remove(written))
			}
			return nil, errors.Join(err, old.putBack())
		}
	}
	return paths, nil
}

// olds are second names of files that are to be replaced, by their own.
type olds map[string]string

// keep gives what stands at a path, if anything does, a second name.
func (k *olds) keep(path string) {
	second := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"."+rand.Text()[:8]+".old")
	if os.Link(path, second) != nil {
		return
	}
	if *k == nil {
		*k = olds{}
	}
	(*k)[path] = second
}

// putBack gives the files their own names again.
func (k olds) putBack() (err error) {
	for path, second := range k {
		err = errors.Join(err, atomicfile.Rename(second, path))
	}
	return err
}

// drop takes away the second names that are left.
func (k olds) drop() {
	for _, second := range k {
		_ = os.Remove(second)
	}
}

// beside puts the suffix before the extension.
func beside(path, suffix string) string {
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + suffix + ext
}

// save writes one file, or leaves none.
func save(path string, data []byte, force bool) error {
	create := atomicfile.Create
	if force {
		create = atomicfile.Write
	}
	err := create(path, data)
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	back, rerr := os.ReadFile(path)
	defer clear(back)
	same := rerr == nil && bytes.Equal(back, data)
	switch {
	case err != nil && !same: // nothing was put there
		return err
	case err == nil && same:
		return nil
	case err == nil && rerr != nil:
		err = fmt.Errorf("save %s: %w", filepath.Base(path), rerr)
	case err == nil:
		err = fmt.Errorf("save %s: %w", filepath.Base(path), foreign.ErrReadBack)
	}
	return errors.Join(err, atomicfile.Remove(path))
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package zipfile

import (
	"archive/zip"
	"bytes"
	"errors"
	"path"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// MaxFiles is how many files an archive may hold. Exports hold a handful, those
// with pictures some hundreds.
const MaxFiles = 20_000

// MaxUnpacked is how much all files that are read from one archive may come to,
// in bytes.
const MaxUnpacked = 128 << 20

var (
	magicFile  = []byte("PK\x03\x04")
	magicEntry = []byte("PK\x01\x02") // of a file in the directory at the end
)

// Is tells whether data begins as a zip archive that holds something.
func Is(data []byte) bool { return bytes.HasPrefix(data, magicFile) }

// Archive is an open archive.
type Archive struct {
	Files []*File // without folders, in the order of the archive's directory
	left  int64   // bytes that may still be unpacked
}

// Open reads an archive's directory. The errors are foreign.ErrCutShort,
// foreign.ErrDamaged and foreign.ErrBomb.
func Open(data []byte) (*Archive, error) {
	if bytes.Count(data, magicEntry) > MaxFiles {
		return nil, foreign.ErrBomb
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	switch {
	case err == nil, errors.Is(err, zip.ErrInsecurePath): // a name is no path here
	case errors.Is(err, zip.ErrFormat) && Is(data) && !bytes.Contains(data, magicEntry):
		return nil, foreign.ErrCutShort // the directory stands at the end
	default:
		return nil, foreign.ErrDamaged
	}
	a := &Archive{left: MaxUnpacked}
	for _, f := range r.File {
		if !strings.HasSuffix(f.Name, "/") {
			a.Files = append(a.Files, &File{f, a})
		}
	}
	return a, nil
}

// Named returns the first file of that name, whatever folder it stands in and
// in any case, or nil.
func (a *Archive) Named(name string) *File {
	for _, f := range a.Files {
		if strings.EqualFold(path.Base(strings.ReplaceAll(f.in.Name, "\\", "/")), name) {
			return f
		}
	}
	return nil
}

// File is a file in an archive.
type File struct {
	in *zip.File
	of *Archive
}

// Name returns the name as it stands in the archive. It is not to be used as a path.
func (f *File) Name() string { return f.in.Name }

// Locked tells whether the file is under a password.
func (f *File) Locked() bool { return f.in.Flags&flagLocked != 0 }

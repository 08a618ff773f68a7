// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Hunt collects what may hold a secret while a test goes on, and searches all
// of it at the end, when every secret is known.
type Hunt struct {
	Marks

	mu      sync.Mutex
	places  []place
	seen    map[[sha256.Size]byte]bool
	allowed []allowed
}

type place struct {
	where string
	data  []byte
}

// allowed is a place where a secret belongs.
type allowed struct {
	where string // its beginning
	marks []string
	used  int
	must  bool
}

// Saw takes what was seen somewhere. The same in the same place counts once.
func (h *Hunt) Saw(where string, data []byte) {
	sum := sha256.Sum256(append([]byte(where+"\x00"), data...))
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seen == nil {
		h.seen = map[[sha256.Size]byte]bool{}
	}
	if !h.seen[sum] {
		h.seen[sum] = true
		h.places = append(h.places, place{where, bytes.Clone(data)})
	}
}

// Allow names places, by how they begin, where these secrets may be; none
// means any.
func (h *Hunt) Allow(where string, marks ...string) {
	h.allowed = append(h.allowed, allowed{where: where, marks: marks})
}

// Want names a place where these secrets have to be: else the search does not
// see what it should.
func (h *Hunt) Want(where string, marks ...string) {
	for _, m := range marks {
		h.allowed = append(h.allowed, allowed{where: where, marks: []string{m}, must: true})
	}
}

// Tree takes the name and the content of every file below a folder, but of
// sockets and pipes. What is packed with zlib, as in a PDF, is unpacked too.
func (h *Hunt) Tree(t testing.TB, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil // it went away meanwhile
		}
		if err != nil {
			return err
		}
		h.Saw("the name of a file in "+dir, []byte(path))
		switch {
		case d.Type()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(path)
			h.Saw(path, []byte(to))
		case d.Type().IsRegular():
			data, err := os.ReadFile(path) //nolint:gosec // the test's own folder
			if err != nil && !os.IsNotExist(err) {
				return err
			}
			h.Saw(path, data)
			h.Saw(path, unpacked(data))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("look through the files: %v", err)
	}
}

// unpacked returns what zlib streams in a PDF hold.
func unpacked(data []byte) []byte {
	var out []byte
	if !bytes.HasPrefix(data, []byte("%PDF")) {
		return out
	}
	for rest := data; ; {
		_, after, ok := bytes.Cut(rest, []byte("stream\n"))
		if !ok {
			return out
		}
		if r, err := zlib.NewReader(bytes.NewReader(after)); err == nil {
			b, _ := io.ReadAll(io.LimitReader(r, 64<<20))
			out = append(out, b...)
		}
		rest = after
	}
}

// Check searches everything and fails the test with the name of each secret
// that is where it must not be. It shows none.
func (h *Hunt) Check(t testing.TB) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	size := 0
	for _, p := range h.places {
		size += len(p.data)
		for _, hit := range h.Find(p.data) {
			if !h.allows(p.where, hit.Mark) {
				t.Errorf("%s holds %s (%s), %d× from byte %d of %d on", h.named(p.where), hit.Mark, hit.Form, hit.N, hit.At, len(p.data))
			}
		}
	}
	for _, a := range h.allowed {
		if a.must && a.used == 0 {
			t.Errorf("%s does not hold %s, where it belongs: the search is blind", a.where, strings.Join(a.marks, ", "))
		}
	}
	t.Logf("searched %d places, %d KiB, for %d pieces of secrets", len(h.places), size>>10, len(h.patterns))
}

// named is a place by its name, if that can be said.
func (h *Hunt) named(where string) string {
	if len(h.Find([]byte(where))) > 0 {
		return "a place that is named after a secret"
	}
	return where
}

func (h *Hunt) allows(where, mark string) bool {
	ok := false
	for i := range h.allowed {
		a := &h.allowed[i]
		if strings.HasPrefix(where, a.where) && (len(a.marks) == 0 || contains(a.marks, mark)) {
			a.used++
			ok = true
		}
	}
	return ok
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

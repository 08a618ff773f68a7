// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// What is looked at in one go.
const (
	MaxDepth = 8                     // folders in a folder
	MaxFiles = 2000                  // files in folders
	maxHeld  = 4 * foreign.MaxSource // bytes of all sources together
)

// IsBackup tells whether a content is encrypted with age, as this app's own
// backups and snapshots are. Those are read by package snapshot, not by Read.
func IsBackup(s *foreign.Source) bool {
	return bytes.HasPrefix(s.Data, []byte("age-encryption.org/v1")) ||
		bytes.HasPrefix(bytes.TrimSpace(s.Data), []byte("-----BEGIN AGE ENCRYPTED FILE-----"))
}

// Load reads files and, in the order of their names, what is in folders, hidden
// files too. What stands in failed could not be read, or was found in a folder
// and is of no known format, or may be an encrypted file of a format without any
// mark: somebody has to name that. In a folder, links are not followed, a link that
// leads out of it is a failure, and git's own folders are passed over. The
// error is for ctx alone; the sources are the caller's to clear.
func Load(ctx context.Context, paths []string) (sources []*foreign.Source, failed []File, err error) {
	var l loader
	for _, p := range paths {
		if err := l.load(ctx, p); err != nil {
			for _, s := range l.sources {
				s.Clear()
			}
			return nil, nil, err
		}
	}
	return l.sources, l.failed, nil
}

type loader struct {
	sources []*foreign.Source
	failed  []File
	held    int // bytes
	met     int // files in folders
}

// load reads one file or folder.
func (l *loader) load(ctx context.Context, p string) error {
	name := filepath.Base(p)
	info, err := os.Stat(p)
	switch {
	case err != nil:
		l.fail(File{Name: name, Path: p, Err: err})
		return ctx.Err()
	case info.IsDir():
		return l.folder(ctx, p)
	}
	// A pipe that nobody writes into keeps even Open waiting.
	data, err := foreign.Await(ctx, func() ([]byte, error) {
		f, err := os.Open(p)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return slurp(f)
	})
	l.take(File{Name: name, Path: p, Err: err}, data)
	return ctx.Err()
}

func (l *loader) fail(f File) { l.failed = append(l.failed, f) }

// take keeps what was read of a file.
func (l *loader) take(f File, data []byte) {
	s := foreign.NewSource(f.Name, data)
	s.Path, s.Met = f.Path, f.Met
	switch {
	case f.Err != nil:
	case l.held+len(data) > maxHeld:
		f.Err = foreign.ErrTooMany
	case f.Met && !IsBackup(s):
		f.Err = met(recognise(readers, s), s, inStore(f.Path))
	}
	if f.Err != nil {
		s.Clear()
		l.fail(f)
		return
	}
	l.held += len(data)
	l.sources = append(l.sources, s)
}

// met tells why a file in a folder is not kept: an app's folder is full of such
// as are nothing, a password is not asked for what may be anything, and gpg, which
// asks for one itself, is not run on any message that lies about, but on those in
// a password store.
func met(r foreign.Reader, s *foreign.Source, store bool) error {
	if runner, ok := r.(foreign.Runner); ok && !store && runner.Runs(s) {
		return foreign.ErrNoPassword
	}
	switch {
	case r == nil:
		return foreign.ErrUnknown
	case r.Detect(s) < foreign.Sure && sealed(r, s):
		return foreign.ErrNoPassword
	}
	return nil
}

// inStore tells whether a file is in a password store of pass or gopass: in one of
// the folders above it is the file that says for whom entries are encrypted.
func inStore(p string) bool {
	for dir := filepath.Dir(p); ; dir = filepath.Dir(dir) {
		if info, err := os.Lstat(filepath.Join(dir, ".gpg-id")); err == nil && info.Mode().IsRegular() {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// slurp reads a file, in one piece of memory where its size is known.
func slurp(f fs.File) ([]byte, error) {
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if info.Size() > foreign.MaxSource {
			return nil, foreign.ErrTooLarge
		}
		b.Grow(int(info.Size()) + bytes.MinRead)
	}
	_, err := b.ReadFrom(io.LimitReader(f, foreign.MaxSource+1))
	if err == nil && b.Len() > foreign.MaxSource {
		err = foreign.ErrTooLarge
	}
	if err != nil {
		clear(b.Bytes())
		return nil, err
	}
	return b.Bytes(), nil
}

// folder reads what is in a folder. It cannot be led out of it.
func (l *loader) folder(ctx context.Context, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		l.fail(File{Name: filepath.Base(dir), Path: dir, Err: err})
		return ctx.Err()
	}
	defer func() { _ = root.Close() }()
	w := walk{loader: l, ctx: ctx, root: root, dir: dir}
	return fs.WalkDir(root.FS(), ".", w.visit)
}

type walk struct {
	*loader
	ctx  context.Context
	root *os.Root
	dir  string
}

func (w *walk) visit(name string, d fs.DirEntry, err error) error {
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case err != nil:
		w.refuse(name, err)
		if d != nil && d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case d.IsDir():
		return w.enter(name)
	case d.Type()&fs.ModeSymlink != 0:
		if _, err := w.root.Stat(name); err != nil { // what stays inside is met where it is
			w.refuse(name, foreign.ErrEntities)
		}
		return nil
	case !d.Type().IsRegular():
		return nil // a socket, a pipe: no export
	case w.met == MaxFiles:
		w.refuse(".", foreign.ErrTooMany)
		return fs.SkipAll
	}
	w.met++
	w.read(name)
	return nil
}

// file is what was met under a name; "." is the folder itself.
func (w *walk) file(name string, err error) File {
	f := File{Name: name, Path: filepath.Join(w.dir, filepath.FromSlash(name)), Met: true, Err: err}
	if name == "." {
		f.Name = filepath.Base(w.dir)
	}
	return f
}

func (w *walk) refuse(name string, err error) { w.fail(w.file(name, err)) }

func (w *walk) enter(name string) error {
	switch {
	case path.Base(name) == ".git":
		return fs.SkipDir
	case name != "." && strings.Count(name, "/") >= MaxDepth:
		w.refuse(name, foreign.ErrTooMany)
		return fs.SkipDir
	}
	return nil
}

func (w *walk) read(name string) {
	f, err := w.root.Open(name)
	if err != nil {
		w.refuse(name, err)
		return
	}
	defer f.Close()
	data, err := slurp(f)
	w.take(w.file(name, err), data)
}

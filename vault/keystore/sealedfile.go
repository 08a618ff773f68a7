// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/secret"
)

// fileStore keeps all items in one sealed file. Between calls it holds the
// key and the items in memory.
type fileStore struct {
	path string

	mu     sync.Mutex
	sealer *sealer // nil while locked
	closed bool
	turn   int // raised by Lock: what began before it does not undo it
	stamp  stamp
	items  map[string]secret.Value
}

// stamp tells one content of the file from every other: the nonce in it is
// new for each write. Size and time of change would not do: padding makes
// sizes equal, and two writes can fall into one tick of the file's clock.
type stamp struct {
	head [boxStart]byte
	size int64
}

// FileExists tells whether there is something at path.
func FileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// CreateFile makes a new, empty sealed file and opens it. It refuses an empty
// passphrase (ErrNoPassphrase) and a path where something is (os.ErrExist).
func CreateFile(path string, passphrase secret.Value) (Store, error) {
	return createFile(path, passphrase, calibrated())
}

func createFile(path string, passphrase secret.Value, p params) (Store, error) {
	if passphrase.Len() == 0 {
		return nil, ErrNoPassphrase
	}
	if FileExists(path) {
		return nil, fmt.Errorf("create sealed file: %w: %w", ErrFailed, os.ErrExist)
	}
	s := &fileStore{path: path, sealer: newSealer(passphrase, p)}
	if err := s.write(nil, atomicfile.Create); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenFile opens a sealed file. A wrong passphrase (ErrPassphrase) and damage
// (ErrDamaged) are told apart. Errors of the file system are wrapped beside
// ErrFailed: a missing file matches os.ErrNotExist.
func OpenFile(path string, passphrase secret.Value) (Store, error) {
	s := LockedFile(path)
	if err := s.Unlock(context.Background(), passphrase); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// CheckFile tells what can be seen to be wrong with a sealed file without its
// passphrase: ErrDamaged, with ErrNewer for one of a newer version, or ErrFailed
// beside the system's error. Damage to what is sealed shows only when it is opened.
func CheckFile(path string) error {
	file, err := readFile(path)
	if err != nil {
		return err
	}
	_, err = readHeader(file)
	return err
}

// LockedFile returns the store of a sealed file, locked. It does not read it yet.
func LockedFile(path string) Store { return &fileStore{path: path} }

// Kind returns File.
func (s *fileStore) Kind() Kind { return File }

// Get returns a copy of the item's value.
func (s *fileStore) Get(ctx context.Context, name string) (secret.Value, error) {
	if err := checkName(name); err != nil {
		return secret.Value{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, err)
	}
	v, ok := s.items[name]
	if !ok {
		return secret.Value{}, fmt.Errorf("read %s: %w", name, ErrNotFound)
	}
	return v.Clone(), nil
}

// Put stores all items in one write, beside what the file holds by now.
func (s *fileStore) Put(ctx context.Context, items ...Item) error {
	for _, it := range items {
		if err := errors.Join(checkName(it.Name), checkValue(it.Name, it.Value, MaxBulk)); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		return nil
	}
	return s.change(ctx, func(m map[string]secret.Value) bool {
		for _, it := range items {
			m[it.Name] = it.Value.Clone()
		}
		return true
	})
}

// Delete removes the item.
func (s *fileStore) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	return s.change(ctx, func(m map[string]secret.Value) bool {
		_, ok := m[name]
		delete(m, name)
		return ok
	})
}

// Close clears the key and the items. Further calls get ErrClosed.
func (s *fileStore) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.use(nil)
	s.closed = true
	return nil
}

// change applies edit to a copy of the newest items and writes it; edit tells
// whether there is anything to write.
func (s *fileStore) change(ctx context.Context, edit func(map[string]secret.Value) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return fmt.Errorf("change sealed file: %w", err)
	}
	next := make(map[string]secret.Value, len(s.items)+1)
	for name, v := range s.items {
		next[name] = v.Clone()
	}
	if !edit(next) {
		clearItems(next)
		return nil
	}
	if err := s.write(next, atomicfile.Write); err != nil {
		clearItems(next)
		return err
	}
	return nil
}

// write seals the items, writes them with the given function, reads the file
// back and keeps the items.
func (s *fileStore) write(items map[string]secret.Value, how func(string, []byte) error) error {
	file := s.sealer.seal(encodeItems(items))
	if len(file) > maxFile {
		return fmt.Errorf("%w: the sealed file would have %d bytes", ErrTooLarge, len(file))
	}
	if err := how(s.path, file); err != nil {
		return fmt.Errorf("write sealed file: %w: %w", ErrFailed, err)
	}
	got, err := readFile(s.path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, file) {
		return fmt.Errorf("write sealed file: %w: it reads back differently", ErrNotStored)
	}
	s.keep(items)
	s.stamp = stampOf(file)
	return nil
}

// refresh reads the file again when it is not the one last read or written.
func (s *fileStore) refresh(ctx context.Context) error {
	if ctx.Err() != nil {
		return ended(ctx)
	}
	switch {
	case s.closed:
		return ErrClosed
	case s.sealer == nil:
		return ErrSealed
	}
	now, err := readStamp(s.path)
	if err != nil || now == s.stamp {
		return err
	}
	file, err := readFile(s.path)
	if err != nil {
		return err
	}
	return s.load(file)
}

// load takes over the content of a file that the kept key opens.
func (s *fileStore) load(file []byte) error {
	h, err := readHeader(file)
	if err != nil {
		return err
	}
	if h != s.sealer.header {
		s.use(nil)
		return fmt.Errorf("%w: another program changed the passphrase", ErrSealed)
	}
	plain, err := s.sealer.open(file)
	if err != nil {
		return err
	}
	defer clear(plain)
	items, err := decodeItems(plain)
	if err != nil {
		return err
	}
	s.keep(items)
	s.stamp = stampOf(file)
	return nil
}

// keep replaces the items in memory and clears the old ones.
func (s *fileStore) keep(items map[string]secret.Value) {
	clearItems(s.items)
	s.items = items
}

func clearItems(items map[string]secret.Value) {
	for _, v := range items {
		v.Clear()
	}
}

func stampOf(file []byte) (st stamp) {
	copy(st.head[:], file)
	st.size = int64(len(file))
	return st
}

func readStamp(path string) (st stamp, err error) {
	f, err := os.Open(path)
	if err != nil {
		return st, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		st.size = info.Size()
		_, err = io.ReadFull(f, st.head[:])
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return st, nil // shorter than any: the reading of it says so
	}
	if err != nil {
		return st, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return st, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read sealed file: %w: %w", ErrFailed, err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read sealed file: %w: %w", ErrFailed, err)
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrDamaged, maxFile)
	}
	return b, nil
}

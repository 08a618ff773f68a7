// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/keystore/keyringtest"
)

const service = "kutano-authenticator"

// world is all that a vault leaves behind: its folder, the note outside of it,
// and its items in the keyring.
type world struct {
	t          testing.TB
	dir, state string
	ring       *keyringtest.Daemon
	kind       keystore.Kind // of a vault yet to be founded; "" else
}

func newWorld(t testing.TB) *world {
	t.Helper()
	base := t.TempDir()
	return &world{t: t, dir: filepath.Join(base, "data"), state: filepath.Join(base, "state"), ring: keyringtest.Shared(t)}
}

// moment is a world as it was.
type moment struct {
	files map[string]string // relative path to content
	notes map[string]string // likewise, of the state folder
	items map[string]string // of the keyring, by name
}

func (w *world) now() moment {
	w.t.Helper()
	return moment{w.read(w.dir), w.read(w.state), w.items()}
}

// restore makes the world what it was.
func (w *world) restore(m moment) {
	w.t.Helper()
	w.write(w.dir, m.files)
	w.write(w.state, m.notes)
	w.setItems(m.items)
}

func (w *world) read(dir string) map[string]string {
	w.t.Helper()
	files, err := readFolder(dir)
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

func (w *world) write(dir string, files map[string]string) {
	w.t.Helper()
	if err := errors.Join(os.RemoveAll(dir), writeFolder(dir, files)); err != nil {
		w.t.Fatal(err)
	}
}

// readFolder returns the content of every file by its relative path.
func readFolder(dir string) (map[string]string, error) {
	files := map[string]string{}
	return files, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) && path == dir {
			return fs.SkipAll
		}
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		files[rel] = string(b)
		return err
	})
}

func writeFolder(dir string, files map[string]string) error {
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// suffix is what this folder's items have behind their names.
func (w *world) suffix() string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(w.dir))
	if err != nil {
		w.t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(filepath.Join(dir, filepath.Base(w.dir))))
	return "-" + hex.EncodeToString(sum[:4])
}

// steady does what needs a keyring, and does it again where the keyring itself
// ended in the midst of it: gnome-keyring does so now and then when a process
// that uses it is killed, also one of another test.
func (w *world) steady(do func() error) error {
	w.t.Helper()
	err := do()
	for range 3 {
		if !errors.Is(err, keystore.ErrNoService) {
			return err
		}
		w.ring.Revive(w.t)
		err = do()
	}
	return err
}

// items reads this folder's items past the keystore, as they stand. A keyring
// that has ended is started anew.
func (w *world) items() map[string]string {
	w.t.Helper()
	items, err := w.readItems()
	for range 3 {
		if err == nil {
			return items
		}
		w.ring.Revive(w.t)
		items, err = w.readItems()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return items
}

func (w *world) readItems() (map[string]string, error) {
	conn, err := w.ring.Connect()
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	const secrets = "org.freedesktop.secrets"
	svc := conn.Object(secrets, "/org/freedesktop/secrets")
	var none dbus.Variant
	var session dbus.ObjectPath
	var paths, locked []dbus.ObjectPath
	if err := svc.Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&none, &session); err != nil {
		return nil, err
	}
	if err := svc.Call("org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{"service": service}).Store(&paths, &locked); err != nil {
		return nil, err
	}
	found := map[dbus.ObjectPath]struct {
		Session     dbus.ObjectPath
		Parameters  []byte
		Value       []byte
		ContentType string
	}{}
	if err := svc.Call("org.freedesktop.Secret.Service.GetSecrets", 0, paths, session).Store(&found); err != nil {
		return nil, err
	}
	items := map[string]string{}
	for path, s := range found {
		v, err := conn.Object(secrets, path).GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			return nil, err
		}
		attributes, _ := v.Value().(map[string]string)
		if name, ours := strings.CutSuffix(attributes["username"], w.suffix()); ours {
			items[name] = string(s.Value)
		}
	}
	return items, nil
}

func (w *world) setItems(items map[string]string) {
	w.t.Helper()
	now := w.items()
	for name := range now {
		if _, wanted := items[name]; !wanted {
			if err := keyring.Delete(service, name+w.suffix()); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for name, text := range items {
		if now[name] == text {
			continue
		}
		if err := keyring.Set(service, name+w.suffix(), text); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// Secrets keep permissions by name; *vault.Vault is one. A name that is not there
// is an empty Value, and setting one removes it.
type Secrets interface {
	Keepsake(ctx context.Context, name string) (secret.Value, error)
	SetKeepsake(ctx context.Context, name string, value secret.Value) error
}

// Names of the permissions in the vault.
const (
	nameStatus = "link"
	nameEnrol  = "link-enrol"
	nameDesk   = "link-desk"
)

// Home is where the link of one data folder is kept: link.json says what is not
// secret, the vault keeps the permissions. Several processes may have one.
type Home struct {
	Client  *Client
	Dir     string
	Secrets Secrets
}

// Linked tells what is linked, without asking anybody; ok is false for nothing.
func (h *Home) Linked() (l link.Linked, ok bool, err error) {
	f, err := h.read()
	if err != nil || f.Address == "" {
		return link.Linked{Watched: !f.Unwatched}, false, err
	}
	return f.linked(), true, nil
}

func (f file) linked() link.Linked {
	seen, _ := f.seen() // it was read before
	return link.Linked{
		Address: f.Address, Who: link.Who(*f.Who), Since: f.Since, Scopes: f.Scopes, Seen: seen, SeenAt: f.SeenAt,
		Untold: slices.DeleteFunc(slices.Clone(f.Untold), func(e link.Event) bool { return !e.Known() }),
		Ended:  f.Ended, EnrolUntil: f.Enrol, Watched: !f.Unwatched,
	}
}

// Told notes that the user was told what happened elsewhere.
func (h *Home) Told(ctx context.Context, events []link.Event) error {
	return h.change(ctx, func(f *file) { f.told(events...) })
}

// SetWatched notes whether the status may be looked at without the user asking each time.
func (h *Home) SetWatched(ctx context.Context, on bool) error {
	return h.change(ctx, func(f *file) { f.Unwatched = !on })
}

// lockWait is how long another process may use the link: two requests, and their answer kept.
const lockWait = 2*link.Timeout + 5*time.Second

// lock keeps other processes, and other parts of this one, from changing the link.
func (h *Home) lock(ctx context.Context) (func(), error) {
	if err := os.MkdirAll(h.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("lock the link: %w", err)
	}
	l := flock.New(filepath.Join(h.Dir, lockName), flock.SetPermissions(0o600))
	limited, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	ok, err := l.TryLockContext(limited, 10*time.Millisecond)
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("lock the link: %w", ctx.Err())
	case ok && err == nil:
		return func() { _ = l.Close() }, nil
	case err == nil, errors.Is(err, context.DeadlineExceeded):
		err = link.ErrBusy
	default:
		err = fmt.Errorf("lock the link: %w", err)
	}
	_ = l.Close() // it may have been taken just as ctx ended
	return nil, err
}

// change changes link.json under the lock.
func (h *Home) change(ctx context.Context, do func(*file)) error {
	unlock, err := h.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	f, err := h.read()
	if err != nil {
		return err
	}
	do(&f)
	return h.write(f)
}

// permission reads one that is kept; ErrNotLinked for none.
func (h *Home) permission(ctx context.Context, name string) (link.Permission, error) {
	v, err := h.Secrets.Keepsake(ctx, name)
	if err != nil {
		return link.Permission{}, fmt.Errorf("read the permission: %w", err)
	}
	defer v.Clear()
	return decodePermission(v)
}

func (h *Home) keep(ctx context.Context, name string, p link.Permission) error {
	v, err := encodePermission(p)
	if err != nil {
		return err
	}
	defer v.Clear()
	if err := h.Secrets.SetKeepsake(ctx, name, v); err != nil {
		return fmt.Errorf("keep the permission: %w", err)
	}
	return nil
}

func (h *Home) forget(ctx context.Context, name string) error {
	if err := h.Secrets.SetKeepsake(ctx, name, secret.Value{}); err != nil {
		return fmt.Errorf("forget the permission: %w", err)
	}
	return nil
}

// ended notes that the service takes a permission no more. The lock is held.
func (h *Home) ended(ctx context.Context, name string) error {
	f, err := h.read()
	if err != nil {
		return err
	}
	switch name {
	case nameEnrol:
		f.Enrol = time.Time{}
	case nameDesk:
		f.Desk = nil
	default:
		f.end()
	}
	return errors.Join(h.forget(ctx, name), h.write(f))
}

// Session is the one to see the status: ErrNotLinked where nothing is linked, and
// ErrEnded where the permission is gone.
func (h *Home) Session(ctx context.Context) (link.Session, error) {
	f, err := h.read()
	switch {
	case err != nil:
		return nil, err
	case f.Address == "":
		return nil, link.ErrNotLinked
	case f.Ended:
		return nil, link.ErrEnded
	}
	p, err := h.permission(ctx, nameStatus)
	p.Clear()
	if errors.Is(err, link.ErrNotLinked) || errors.Is(err, link.ErrUnreadable) || err == nil && p.Address != f.Address {
		return nil, link.ErrEnded // the keyring was reset, or an older folder was put back
	}
	if err != nil {
		return nil, err
	}
	return &session{home: h, name: nameStatus}, nil
}

// Enrolling is the session to set a method up; ErrScope where that was not allowed or was given back.
func (h *Home) Enrolling(ctx context.Context) (link.Session, error) {
	f, err := h.read()
	switch {
	case err != nil:
		return nil, err
	case f.Address == "":
		return nil, link.ErrNotLinked
	}
	for _, name := range []string{nameEnrol, nameStatus} {
		p, err := h.permission(ctx, name)
		p.Clear()
		if err == nil && p.Address == f.Address && p.May(link.Enrol) {
			return &session{home: h, name: name}, nil
		}
		if err != nil && !errors.Is(err, link.ErrNotLinked) && !errors.Is(err, link.ErrUnreadable) {
			return nil, err
		}
	}
	return nil, link.ErrScope
}

// shut tells whether an error is about the store of permissions and not about the link.
func shut(err error) bool {
	return errors.Is(err, keystore.ErrSealed) || errors.Is(err, keystore.ErrLocked)
}

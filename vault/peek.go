// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
)

// Peeked is what a data folder tells without its secret store.
type Peeked struct {
	Kind     keystore.Kind // where the keys are; "" where nothing is kept yet
	Guarded  bool          // a passphrase is needed to use them
	Accounts []Account     // the live ones
	Removed  []Account     // those that can be brought back
	Aside    int           // entries and pages that cannot be read
	Notices  []Notice
}

// Peek tells what stands in a data folder: for a report of what may be broken. It
// asks nobody, calls no keyring, and makes, mends and writes nothing.
//
// Where the list of accounts or the sealed file can be seen to be damaged the error
// wraps keystore.ErrDamaged, for those of a newer version ErrNewer or
// keystore.ErrNewer; where the folder cannot be written it is ErrReadOnly, else the
// system's. What could be told is returned with it.
func Peek(dir string, now time.Time) (Peeked, error) {
	var p Peeked
	sealed := filepath.Join(dir, sealedName)
	if keystore.FileExists(sealed) {
		p.Kind, p.Guarded = keystore.File, true
	}
	x, _, err := readIndex(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case errors.Is(err, errIndex):
		return p, fmt.Errorf("read accounts: %w: %w", keystore.ErrDamaged, err)
	case err != nil:
		return p, err
	default:
		p.take(x, now)
	}
	if p.Kind == keystore.File {
		if err := keystore.CheckFile(sealed); err != nil {
			return p, fmt.Errorf("look at the sealed file: %w", err)
		}
	}
	return p, writable(dir)
}

// writable tells whether the folder can be written, as far as that shows without
// writing: ErrReadOnly where it cannot.
func writable(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o200 == 0 {
		return fmt.Errorf("look at the data folder: %w", ErrReadOnly)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // nothing was changed here yet
	}
	if err != nil {
		return fmt.Errorf("look at the data folder: %w", readOnly(err))
	}
	return f.Close()
}

func (p *Peeked) take(x *index, now time.Time) {
	p.Kind, p.Guarded = x.Store, x.Store == keystore.File || x.Guard != ""
	p.Accounts, p.Removed = x.live, x.removed(now)
	p.Aside, p.Notices = len(x.Aside), x.Notices
}

// KeyLength returns how many bytes an account's key has, and nothing else of it.
// Errors are those of [Vault.Key].
func (v *Vault) KeyLength(ctx context.Context, id ID) (int, error) {
	k, err := v.key(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("look at key: %w", err)
	}
	defer k.Secret.Clear()
	return k.Secret.Len(), nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/secret"
)

// Create makes the sealed file under a new passphrase, and leaves the safe
// unlocked. It returns [ErrExists], [ErrNoPassphrase], or [ErrMissing] where the
// register tells of codes in a file that is gone: see [Safe.StartAnew].
func (s *Safe) Create(ctx context.Context, passphrase secret.Value) error {
	err := s.exclusive(ctx, func() error {
		register, _, err := s.readRegister()
		switch {
		case err != nil:
			return err
		case s.Exists():
			return ErrExists
		case anyHere(register):
			return ErrMissing
		}
		return s.found(ctx, passphrase, func(path string, data []byte) error {
			err := atomicfile.Create(path, data)
			if errors.Is(err, fs.ErrExist) {
				return ErrExists
			}
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("make safe for backup codes: %w", err)
	}
	return nil
}

// exclusive does something to the files that no other may change meanwhile.
func (s *Safe) exclusive(ctx context.Context, do func() error) error {
	release, err := s.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	return do()
}

// found writes an empty safe. The files are the caller's.
func (s *Safe) found(ctx context.Context, passphrase secret.Value, write func(string, []byte) error) error {
	locks := s.lockCount()
	file, err := seal(ctx, nil, passphrase)
	if err != nil {
		return err
	}
	if err := s.writeSealed(file, write); err != nil {
		return err
	}
	return s.adopt(&contents{passphrase: passphrase.Clone(), sum: sum(file)}, locks)
}

func (s *Safe) lockCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locks
}

// adopt takes what the sealed file holds, and brings the register up to date with
// it. Where the safe was locked meanwhile it stays so. The files are the caller's.
func (s *Safe) adopt(c *contents, locks int) error {
	register, _, err := s.readRegister()
	if err != nil {
		c.clear()
		return err
	}
	s.settle(merged(register, c.sets))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locks != locks {
		c.clear()
		return ErrLocked
	}
	if s.open != nil {
		s.open.clear()
	}
	s.open, s.touched = c, s.now()
	return nil
}

// settle writes the register and takes it over. The sealed file is right even
// where that fails; the register is made anew from it when it is unlocked next.
func (s *Safe) settle(register []record) {
	err := s.writeRegister(register, false)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.register, s.damaged = register, s.damaged && err != nil
}

// Unlock opens the sealed file, and brings the register up to date with it.
// It returns [ErrPassphrase], [ErrNoSafe], [ErrDamaged], [ErrNotSafe], [ErrNewer],
// [ErrTooCostly] or [ErrTooLarge], and [ErrLocked] where Lock was called meanwhile.
func (s *Safe) Unlock(ctx context.Context, passphrase secret.Value) error {
	locks := s.lockCount()
	err := s.exclusive(ctx, func() error {
		c, err := s.read(ctx, passphrase)
		if err != nil {
			return err
		}
		return s.adopt(c, locks)
	})
	if err != nil {
		return fmt.Errorf("unlock backup codes: %w", err)
	}
	return nil
}

// read opens the sealed file. The files are the caller's.
func (s *Safe) read(ctx context.Context, passphrase secret.Value) (*contents, error) {
	file, err := s.readSealed()
	if err != nil {
		return nil, err
	}
	sets, err := unseal(ctx, file, passphrase)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(sets, func(r record) bool { return r.Place != Here }) {
		wipe(sets) // an exported file that was put in the place of the safe's
		return nil, fmt.Errorf("%w: it was exported, and can be imported", ErrNotSafe)
	}
	return &contents{sets: sets, passphrase: passphrase.Clone(), sum: sum(file)}, nil
}

// Lock clears codes and passphrase from memory. A change that is under way is
// completed; unlocking that is under way is not.
func (s *Safe) Lock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locks++
	s.drop()
}

// drop forgets the codes. The caller has the mutex.
func (s *Safe) drop() {
	if s.open == nil {
		return
	}
	s.register = s.all()
	s.open.clear()
	s.open = nil
}

// ChangePassphrase seals the codes under another passphrase. The old one is
// asked for even while the safe is unlocked; afterwards the safe is unlocked. It
// returns what [Safe.Unlock] returns, and [ErrNoPassphrase].
func (s *Safe) ChangePassphrase(ctx context.Context, old, passphrase secret.Value) error {
	locks := s.lockCount()
	err := s.exclusive(ctx, func() error {
		if passphrase.Len() == 0 {
			return ErrNoPassphrase
		}
		c, err := s.read(ctx, old)
		if err != nil {
			return err
		}
		c.passphrase.Clear()
		c.passphrase = passphrase.Clone()
		file, err := seal(ctx, c.sets, passphrase)
		if err == nil {
			err = s.writeSealed(file, atomicfile.Write)
		}
		if err != nil {
			c.clear()
			return err
		}
		c.sum = sum(file)
		return s.adopt(c, locks)
	})
	if err != nil {
		return fmt.Errorf("change passphrase of backup codes: %w", err)
	}
	return nil
}

// StartAnew is for a forgotten passphrase: the sealed file is put aside under
// another name in the same folder, which is returned, and an empty safe is made
// under a new passphrase and left unlocked. Notes stay. What was in the old file
// is lost unless its passphrase comes to mind: then [Safe.Import] reads it. The
// name is empty where there was no file.
func (s *Safe) StartAnew(ctx context.Context, passphrase secret.Value) (aside string, err error) {
	err = s.exclusive(ctx, func() error {
		if passphrase.Len() == 0 {
			return ErrNoPassphrase
		}
		file, err := s.readSealed()
		switch {
		case errors.Is(err, ErrNoSafe): // nothing to put aside
		case errors.Is(err, ErrTooLarge), errors.Is(err, ErrNotSafe): // not ours, and put away as it is
			if aside, err = s.freeName(); err == nil {
				err = atomicfile.Rename(s.path(sealedName), s.path(aside))
			}
		case err == nil: // copied, so that there is a safe at any moment
			if aside, err = s.freeName(); err == nil {
				err = atomicfile.Create(s.path(aside), file)
			}
		}
		if err != nil && !errors.Is(err, ErrNoSafe) {
			return err
		}
		return s.found(ctx, passphrase, atomicfile.Write)
	})
	if err != nil {
		return "", fmt.Errorf("start a new safe for backup codes: %w", err)
	}
	return aside, nil
}

// freeName returns a name for a file that is put aside.
func (s *Safe) freeName() (string, error) {
	stem := s.now().UTC().Format(asideName)
	for i := 1; i < 100; i++ {
		name := stem + ".age"
		if i > 1 {
			name = fmt.Sprintf("%s-%d.age", stem, i)
		}
		if _, err := os.Lstat(s.path(name)); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
	}
	return "", fs.ErrExist
}

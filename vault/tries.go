// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/keystore"
)

const (
	triesName = "tries.json"
	freeTries = 3           // wrong passphrases before the first wait
	longest   = time.Minute // however many were wrong: nobody is ever locked out
)

// WaitError says that too many passphrases were wrong and none is looked at for
// a while. Nothing is ever erased for it. It unwraps to keystore.ErrPassphrase.
type WaitError struct{ For time.Duration }

// Error tells how long.
func (e *WaitError) Error() string {
	return fmt.Sprintf("wrong passphrase several times: wait %d s", e.Seconds())
}

// Unwrap returns keystore.ErrPassphrase.
func (e *WaitError) Unwrap() error { return keystore.ErrPassphrase }

// Seconds is For in whole seconds, rounded up.
func (e *WaitError) Seconds() int { return int((e.For + time.Second - 1) / time.Second) }

// tries is what the file of that name holds: it outlives the process. Whoever
// can remove it could as well try passphrases with a program of their own; what
// holds that up is what each one costs.
type tries struct {
	Wrong int   `json:"wrong"`
	Last  int64 `json:"last"` // Unix time of the last wrong one
}

// wait is how long no passphrase is looked at. A clock that was set back does
// not make it longer than it was in the beginning.
func (t tries) wait(now time.Time) time.Duration {
	if t.Wrong < freeTries {
		return 0
	}
	d := min(time.Second<<min(t.Wrong-freeTries+1, 10), longest)
	return min(max(d-now.Sub(time.Unix(t.Last, 0)), 0), d)
}

func (v *Vault) readTries() tries {
	b, err := os.ReadFile(filepath.Join(v.dir, triesName))
	if err != nil {
		return tries{}
	}
	return decodeTries(b)
}

// decodeTries reads the file. One that cannot be read counts none.
func decodeTries(b []byte) tries {
	var t tries
	if json.Unmarshal(b, &t) != nil {
		return tries{}
	}
	return t
}

// try does what needs the passphrase, unless one has to wait, and counts the
// wrong ones. Where the folder cannot be written they are not counted.
func (v *Vault) try(ctx context.Context, do func() error) error {
	t := v.readTries()
	if wait := t.wait(v.now()); wait > 0 {
		return &WaitError{wait}
	}
	err := do()
	path := filepath.Join(v.dir, triesName)
	switch {
	case err == nil && t != tries{}:
		_ = atomicfile.Remove(path)
	case errors.Is(err, keystore.ErrPassphrase) && ctx.Err() == nil:
		t.Wrong, t.Last = t.Wrong+1, v.now().Unix()
		if b, merr := json.Marshal(t); merr == nil {
			_ = atomicfile.Write(path, append(b, '\n'))
		}
	}
	return err
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"fmt"
	"runtime"

	"golang.org/x/crypto/argon2"

	"github.com/kutano/authenticator/vault/secret"
)

// params are the costs of Argon2id (RFC 9106).
type params struct {
	memory uint32 // KiB
	passes uint16
	lanes  uint8
}

// floor is the least that a new passphrase gets: the second recommended option
// of RFC 9106. See calibrated for more.
var floor = params{memory: 64 << 10, passes: 3, lanes: 4}

// ceiling is the most a file may ask for, so that a foreign one cannot make
// the app use all memory or work for minutes.
var ceiling = params{memory: 1 << 20, passes: 16, lanes: 8}

// check refuses costs above the ceiling and those that Argon2 does not define.
func (p params) check() error {
	switch {
	case p.memory > ceiling.memory || p.passes > ceiling.passes || p.lanes > ceiling.lanes:
		return fmt.Errorf("%w: key derivation costs are above what is allowed", ErrDamaged)
	case p.lanes < 1 || p.passes < 1 || p.memory < 8*uint32(p.lanes):
		return fmt.Errorf("%w: key derivation costs are below what Argon2 defines", ErrDamaged)
	}
	return nil
}

// derive returns derivedSize bytes from the passphrase. It takes about 0.1 s at the floor.
func (p params) derive(passphrase secret.Value, salt []byte) secret.Value {
	warm(int(p.memory) << 10)
	return secret.New(argon2.IDKey(passphrase.Bytes(), salt, uint32(p.passes), p.memory, p.lanes, derivedSize))
}

// warm makes the kernel hand over size bytes and gives them back to Go's heap,
// where Argon2 finds them. Its lanes would otherwise take the page faults of a
// fresh process in parallel and get in each other's way: that costs more than
// the hashing itself.
func warm(size int) {
	const page, worthwhile = 4096, 8 << 20
	if size < worthwhile {
		return
	}
	b := make([]byte, size)
	advise(b)
	for i := 0; i < len(b); i += page {
		b[i] = 1
	}
	runtime.KeepAlive(b)
	b = nil //nolint:ineffassign,wastedassign // lets the collector take it
	runtime.GC()
}

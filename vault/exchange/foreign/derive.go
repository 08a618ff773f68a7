// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"bytes"
	"cmp"
	"context"
	"crypto/pbkdf2"
	"hash"
	"math/bits"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/scrypt"
)

// What a file may ask for. The most that an app is known to write is Ente's 1 GiB.
const (
	MaxMemory  = 1 << 30    // bytes
	MaxRounds  = 20_000_000 // of PBKDF2 and the like
	MaxPasses  = 16         // of Argon2 over MaxMemory
	maxThreads = 255        // as many as golang.org/x/crypto/argon2 takes; some apps write how many the computer had
)

// Afford returns a CostError where a figure is beyond its ceiling.
func Afford(of Resource, asked, most uint64) error {
	if asked > most {
		return &CostError{of, asked, most}
	}
	return nil
}

// CheckPBKDF2 returns an error where PBKDF2 would not derive a key.
func CheckPBKDF2(rounds int) error {
	if rounds < 1 {
		return ErrDamaged
	}
	return Afford(Rounds, uint64(rounds), MaxRounds)
}

// PBKDF2 derives a key (RFC 8018 section 5.2), within MaxRounds.
func PBKDF2(ctx context.Context, h func() hash.Hash, pass, salt []byte, rounds, length int) ([]byte, error) {
	if err := CheckPBKDF2(rounds); err != nil {
		return nil, err
	}
	pass, salt = bytes.Clone(pass), bytes.Clone(salt)
	return Await(ctx, func() ([]byte, error) {
		defer clear(pass)
		return pbkdf2.Key(h, string(pass), salt, rounds, length)
	})
}

// CheckArgon2id returns an error where Argon2id would not derive a key. Memory is
// in KiB; over less of it than MaxMemory there may be more passes than MaxPasses.
func CheckArgon2id(passes, memory, threads uint32) error {
	if passes < 1 || threads < 1 || threads > maxThreads {
		return ErrDamaged
	}
	bytes := max(uint64(memory), 8*uint64(threads)) << 10
	return cmp.Or(Afford(Memory, bytes, MaxMemory), Afford(Rounds, uint64(passes), MaxPasses*MaxMemory/bytes))
}

// Argon2id derives a key (RFC 9106), within what CheckArgon2id allows. Memory is in KiB.
func Argon2id(ctx context.Context, pass, salt []byte, passes, memory, threads uint32, length int) ([]byte, error) {
	if err := CheckArgon2id(passes, memory, threads); err != nil {
		return nil, err
	}
	pass, salt = bytes.Clone(pass), bytes.Clone(salt)
	return Await(ctx, func() ([]byte, error) {
		defer clear(pass)
		return argon2.IDKey(pass, salt, passes, memory, uint8(threads), uint32(length)), nil
	})
}

// CheckScrypt returns an error where Scrypt would not derive a key.
func CheckScrypt(n, r, p int) error {
	if n < 2 || r < 1 || p < 1 || n&(n-1) != 0 {
		return ErrDamaged
	}
	return cmp.Or(
		Afford(Memory, product(128, n, r), MaxMemory),
		Afford(Memory, product(128, r, p), MaxMemory),
		Afford(Rounds, product(n, p), MaxRounds),
	)
}

// Scrypt derives a key (RFC 7914), within MaxMemory and, for its work, MaxRounds.
func Scrypt(ctx context.Context, pass, salt []byte, n, r, p, length int) ([]byte, error) {
	if err := CheckScrypt(n, r, p); err != nil {
		return nil, err
	}
	pass, salt = bytes.Clone(pass), bytes.Clone(salt)
	return Await(ctx, func() ([]byte, error) {
		defer clear(pass)
		return scrypt.Key(pass, salt, n, r, p, length)
	})
}

// product multiplies, up to the largest number there is.
func product(factors ...int) uint64 {
	p := uint64(1)
	for _, f := range factors {
		hi, lo := bits.Mul64(p, uint64(f))
		if hi != 0 {
			return 1<<64 - 1
		}
		p = lo
	}
	return p
}

// Await runs do, and gives up waiting for it when ctx is done: a key derivation
// cannot be stopped. Do must not touch what the caller still uses.
func Await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	done := make(chan result, 1)
	go func() {
		v, err := do()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

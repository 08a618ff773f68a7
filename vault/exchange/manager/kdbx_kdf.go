// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/sha256"

	"github.com/tobischo/argon2"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// kdbxKDF is how the key is derived.
type kdbxKDF struct {
	kind    string
	salt    []byte
	rounds  uint64 // of AES, or passes of Argon2
	memory  uint64 // bytes
	threads uint64
	version uint64 // of Argon2
}

// The derivations, by their UUIDs. AES has two, which are the same.
var (
	kdfAES      = unhex("c9d9f39a628a4460bf740d08c18a4fea")
	kdfAES4     = unhex("7c02bb8279a74ac0927d114a00648238")
	kdfArgon2d  = unhex("ef636ddf8c29444b91f7a9a403e30a0c")
	kdfArgon2id = unhex("9e298b1956db4773b23dfc3ec6f0a1e6")
)

// maxAES is how many rounds of AES are done: a tenth of a minute on a slow
// computer. Programs measure how many they do in a second.
const maxAES = 1 << 29

const argon2Version = 0x13

// parseKDF reads the parameters, which are a list of typed names and values.
func parseKDF(data []byte) (k kdbxKDF, err error) {
	c := cutter{rest: data}
	if v := c.u16(); v>>8 != 1 {
		return k, foreign.ErrDamaged
	}
	for {
		kind := c.u8()
		if kind == 0 && !c.short {
			return k, nil
		}
		name := string(c.bytes(c.u32()))
		value := c.bytes(c.u32())
		if c.short || !k.set(name, value) {
			return k, foreign.ErrDamaged
		}
	}
}

func (k *kdbxKDF) set(name string, value []byte) (ok bool) {
	ok = true
	switch name {
	case "$UUID":
		k.kind = string(value)
	case "S":
		k.salt = value
	case "R", "I":
		k.rounds, ok = number(value)
	case "M":
		k.memory, ok = number(value)
	case "P":
		k.threads, ok = number(value)
	case "V":
		k.version, ok = number(value)
	case "K", "A": // a secret and data besides, which no program offers
		return len(value) == 0
	}
	return ok
}

// afford returns what makes it impossible to derive any key.
func (k *kdbxKDF) afford() error {
	switch k.kind {
	case kdfAES, kdfAES4:
		if len(k.salt) != 32 {
			return foreign.ErrDamaged
		}
		return foreign.Afford(foreign.Rounds, k.rounds, maxAES)
	case kdfArgon2d, kdfArgon2id:
		switch {
		case k.version < argon2Version:
			return &foreign.VersionError{Version: int64(k.version), Err: foreign.ErrOlder}
		case k.version > argon2Version:
			return foreign.ErrNewer
		}
		return foreign.CheckArgon2id(cut32(k.rounds), cut32(k.memory>>10), cut32(k.threads))
	}
	return foreign.ErrNewer
}

// derive makes a key of the password's hash, within what afford allows.
func (k *kdbxKDF) derive(ctx context.Context, key []byte) ([]byte, error) {
	const size = 32
	passes, memory, threads := uint32(k.rounds), uint32(k.memory>>10), uint32(k.threads)
	switch k.kind {
	case kdfArgon2d:
		key, salt := bytes.Clone(key), bytes.Clone(k.salt) // what is given up may run on
		return foreign.Await(ctx, func() ([]byte, error) {
			return argon2.DKey(key, salt, passes, memory, uint8(threads), size), nil
		})
	case kdfArgon2id:
		return foreign.Argon2id(ctx, key, k.salt, passes, memory, threads, size)
	}
	return k.deriveAES(ctx, key)
}

func (k *kdbxKDF) deriveAES(ctx context.Context, key []byte) ([]byte, error) {
	block, err := aes.NewCipher(k.salt)
	if err != nil {
		return nil, err
	}
	out := append([]byte(nil), key...)
	left, right := out[:aes.BlockSize], out[aes.BlockSize:]
	const stride = 1 << 20 // from one look at ctx to the next
	for n := range k.rounds {
		if n%stride == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		block.Encrypt(left, left)
		block.Encrypt(right, right)
	}
	sum := sha256.Sum256(out)
	clear(out)
	return sum[:], nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// kdbx is a KeePass database in its file, version 4: a header, which says how
// the rest is encrypted, and the rest in blocks that are authenticated each.
//
// Source: https://keepass.info/help/kb/kdbx.html
type kdbx struct {
	head     []byte // the header as it stands
	rest     []byte // what follows it
	cipher   string
	packed   bool // with gzip
	seed, iv []byte
	kdf      kdbxKDF
}

// The magic numbers of all versions begin alike.
var (
	kdbxMagic = []byte{0x03, 0xD9, 0xA2, 0x9A}
	kdbxOne   = []byte{0x65, 0xFB, 0x4B, 0xB5} // KeePass 1
	kdbxBeta  = []byte{0x66, 0xFB, 0x4B, 0xB5} // KeePass 2 before its first release
	kdbxTwo   = []byte{0x67, 0xFB, 0x4B, 0xB5}
)

const kdbxVersion = 4

// The fields of the header.
const (
	headEnd    = 0
	headCipher = 2
	headPacked = 3
	headSeed   = 4
	headIV     = 7
	headKDF    = 11
)

// The ciphers, by their UUIDs.
var (
	cipherAES     = unhex("31c1f2e6bf714350be5805216afc5aff")
	cipherTwofish = unhex("ad68f29f576f4bb9a36ad47af965346c")
	cipherChaCha  = unhex("d6038a2b8b6f4cb5a524339a31dbb59a")
)

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // a constant of ours
	}
	return string(b)
}

func isKDBX(data []byte) bool {
	if len(data) < 8 || !bytes.Equal(data[:4], kdbxMagic) {
		return false
	}
	second := data[4:8]
	return bytes.Equal(second, kdbxOne) || bytes.Equal(second, kdbxBeta) || bytes.Equal(second, kdbxTwo)
}

// parseKDBX reads the header of what isKDBX.
func parseKDBX(data []byte) (*kdbx, error) {
	switch {
	case bytes.Equal(data[4:8], kdbxOne):
		return nil, &foreign.VersionError{Version: 1, Err: foreign.ErrOlder}
	case bytes.Equal(data[4:8], kdbxBeta):
		return nil, &foreign.VersionError{Version: 2, Err: foreign.ErrOlder}
	}
	c := cutter{rest: data[8:]}
	c.u16() // the minor version: readers of a major one read all of them
	major := c.u16()
	switch {
	case c.short:
		return nil, foreign.ErrCutShort
	case major < kdbxVersion:
		return nil, &foreign.VersionError{Version: int64(major), Err: foreign.ErrOlder}
	case major > kdbxVersion:
		return nil, &foreign.VersionError{Version: int64(major), Err: foreign.ErrNewer}
	}
	k := &kdbx{}
	if err := k.fields(&c); err != nil {
		return nil, err
	}
	k.head, k.rest = data[:len(data)-len(c.rest)], c.rest
	if len(k.rest) < sha256.Size {
		return nil, foreign.ErrCutShort
	}
	if sum := sha256.Sum256(k.head); !bytes.Equal(sum[:], k.rest[:sha256.Size]) {
		return nil, foreign.ErrDamaged
	}
	k.rest = k.rest[sha256.Size:]
	if err := k.check(); err != nil {
		return nil, err
	}
	return k, k.whole()
}

// whole tells whether the file goes on up to its last block, which is empty.
// That can be seen before a key is derived.
func (k *kdbx) whole() error {
	c := cutter{rest: k.rest}
	c.bytes(sha256.Size) // the header's HMAC
	for {
		c.bytes(sha256.Size)
		size := c.u32()
		c.bytes(size)
		if c.short {
			return foreign.ErrCutShort
		}
		if size == 0 {
			return nil
		}
	}
}

func (k *kdbx) fields(c *cutter) (err error) {
	for {
		id := c.u8()
		value := c.bytes(c.u32())
		if c.short {
			return foreign.ErrCutShort
		}
		switch id {
		case headEnd:
			return nil
		case headCipher:
			k.cipher = string(value)
		case headPacked:
			n, ok := number(value)
			if !ok || n > 1 {
				return foreign.ErrDamaged
			}
			k.packed = n == 1
		case headSeed:
			k.seed = value
		case headIV:
			k.iv = value
		case headKDF:
			if k.kdf, err = parseKDF(value); err != nil {
				return err
			}
		}
	}
}

// check tells whether the header says all that is needed.
func (k *kdbx) check() error {
	size := 16
	switch k.cipher {
	case cipherAES, cipherTwofish:
	case cipherChaCha:
		size = 12
	default:
		return foreign.ErrNewer
	}
	if len(k.seed) != 32 || len(k.iv) != size {
		return foreign.ErrDamaged
	}
	return k.kdf.afford()
}

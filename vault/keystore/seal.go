// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"bytes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kutano/authenticator/vault/secret"
)

// The sealed file, version 1. Numbers are big-endian.
//
//	offset size
//	     0    8  "KutanoSF"
//	     8    1  version, 1
//	     9    1  Argon2id lanes
//	    10    2  Argon2id passes
//	    12    4  Argon2id memory, KiB
//	    16   32  salt
//	    48   32  key check: HMAC-SHA-256 of bytes 0–47 under the second half of the derived key
//	    80    8  checksum: the first bytes of SHA-256 of bytes 0–79
//	    88   24  nonce, new for each write
//	   112       XChaCha20-Poly1305 of the items under the first half of the
//	             derived key, with bytes 0–87 as associated data
//
// The checksum needs no passphrase: a header that fails it is damaged. With a
// good checksum and a wrong key check, the passphrase is wrong. With a good key
// check, whatever does not open is damaged.
const (
	magic       = "KutanoSF"
	version     = 1
	saltStart   = 16
	checkStart  = 48
	sumStart    = 80
	nonceStart  = 88
	boxStart    = nonceStart + chacha20poly1305.NonceSizeX
	keySize     = chacha20poly1305.KeySize
	derivedSize = 2 * keySize
	saltSize    = checkStart - saltStart
	minFile     = boxStart + padding + chacha20poly1305.Overhead
	maxFile     = 64 << 20
)

// header is the part of the file that stays as it is from write to write.
type header [nonceStart]byte

// sealer seals and opens the content of one file. It holds the derived key.
type sealer struct {
	header header
	key    secret.Value
}

// newSealer makes the header of a new file and derives its key.
func newSealer(passphrase secret.Value, p params) *sealer {
	var h header
	copy(h[:], magic)
	h[8] = version
	h[9] = p.lanes
	binary.BigEndian.PutUint16(h[10:], p.passes)
	binary.BigEndian.PutUint32(h[12:], p.memory)
	_, _ = rand.Read(h[saltStart:checkStart]) // never fails, see crypto/rand
	key := p.derive(passphrase, h[saltStart:checkStart])
	copy(h[checkStart:], keyCheck(h, key))
	copy(h[sumStart:], checksum(h))
	return &sealer{header: h, key: key}
}

// unlockHeader derives the key of a file that exists.
func unlockHeader(h header, passphrase secret.Value) (*sealer, error) {
	p := params{lanes: h[9], passes: binary.BigEndian.Uint16(h[10:]), memory: binary.BigEndian.Uint32(h[12:])}
	if err := p.check(); err != nil {
		return nil, err
	}
	key := p.derive(passphrase, h[saltStart:checkStart])
	if !hmac.Equal(keyCheck(h, key), h[checkStart:sumStart]) {
		key.Clear()
		return nil, ErrPassphrase
	}
	return &sealer{header: h, key: key}, nil
}

func keyCheck(h header, key secret.Value) []byte {
	mac := hmac.New(sha256.New, key.Bytes()[keySize:])
	mac.Write(h[:checkStart])
	return mac.Sum(nil)
}

func checksum(h header) []byte {
	sum := sha256.Sum256(h[:sumStart])
	return sum[:nonceStart-sumStart]
}

// readHeader checks all of the file's form that needs no key.
func readHeader(file []byte) (h header, err error) {
	switch {
	case len(file) < len(magic) || string(file[:len(magic)]) != magic:
		return h, fmt.Errorf("%w: it does not begin as a sealed file", ErrDamaged)
	case len(file) < boxStart:
		return h, fmt.Errorf("%w: %d bytes are too few", ErrDamaged, len(file))
	}
	copy(h[:], file)
	switch {
	case !bytes.Equal(checksum(h), h[sumStart:]) && h[8] <= version:
		return h, fmt.Errorf("%w: the header's checksum is wrong", ErrDamaged)
	case h[8] > version:
		return h, fmt.Errorf("%w: %w: its version is %d, not %d", ErrDamaged, ErrNewer, h[8], version)
	case h[8] != version:
		return h, fmt.Errorf("%w: there is no version %d", ErrDamaged, h[8])
	case len(file) < minFile || (len(file)-minFile)%padding != 0:
		return h, fmt.Errorf("%w: it ends in the middle, after %d bytes", ErrDamaged, len(file))
	}
	return h, nil
}

// seal returns the whole file for the plain content, which it clears.
func (s *sealer) seal(plain []byte) []byte {
	file := make([]byte, boxStart, boxStart+len(plain)+chacha20poly1305.Overhead)
	copy(file, s.header[:])
	_, _ = rand.Read(file[nonceStart:])
	secret.Do(func() { file = s.aead().Seal(file, file[nonceStart:boxStart], plain, s.header[:]) })
	clear(plain)
	return file
}

// open returns the plain content of a file whose header is the sealer's.
func (s *sealer) open(file []byte) (plain []byte, err error) {
	secret.Do(func() { plain, err = s.aead().Open(nil, file[nonceStart:boxStart], file[boxStart:], s.header[:]) })
	if err != nil {
		return nil, fmt.Errorf("%w: its content was changed", ErrDamaged)
	}
	return plain, nil
}

func (s *sealer) aead() cipher.AEAD { return aeadOf(s.key) }

// aeadOf seals under the first bytes of a key.
func aeadOf(key secret.Value) cipher.AEAD {
	a, err := chacha20poly1305.NewX(key.Bytes()[:keySize])
	if err != nil {
		panic(err) // the key's length is a constant
	}
	return a
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package seal keeps what the service must be able to read again, and nobody
// else may: keys of authenticator apps, phone numbers, messages that wait.
//
// A value is sealed with AES-256-GCM (NIST SP 800-38D) and bound to its place
// in the database: moved to another row, column or table it does not open. The
// key's id stands before it, so that keys can be changed one after the other.
// Short codes that only have to be recognised are kept as a keyed hash (MAC).
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// KeySize is the length of a master key in bytes.
const KeySize = 32

// ErrOpen means that a value does not open: another key, another place, or
// changed by someone. It is never told apart.
var ErrOpen = errors.New("a sealed value does not open with the keys that are here")

// Place is where in the database a sealed value stands.
type Place struct{ Table, Row, Column string }

// aad is the place as additional authenticated data; lengths keep its parts apart.
func (p Place) aad() []byte {
	var b []byte
	for _, s := range []string{p.Table, p.Row, p.Column} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

// ID names a key: the first bytes of a hash of it, so that no file of names is needed.
type ID [4]byte

// Keys are the master keys: the first seals, all of them open.
type Keys struct {
	first ID
	aead  map[ID]cipher.AEAD
	mac   map[ID][]byte
	order []ID
}

// New makes Keys of master keys of KeySize bytes each, the one in use first.
// What only has to be recognised (MAC) goes by each of them too.
func New(masters ...[]byte) (*Keys, error) {
	if len(masters) == 0 {
		return nil, errors.New("no key to seal with")
	}
	k := &Keys{aead: map[ID]cipher.AEAD{}, mac: map[ID][]byte{}}
	for _, m := range masters {
		if len(m) != KeySize {
			return nil, fmt.Errorf("a key to seal with has %d bytes, not %d", len(m), KeySize)
		}
		var id ID
		copy(id[:], derive(m, "id", len(id)))
		if _, twice := k.aead[id]; twice {
			return nil, errors.New("the same key to seal with is given twice")
		}
		block, err := aes.NewCipher(derive(m, "seal", 32))
		if err != nil {
			return nil, fmt.Errorf("prepare a key: %w", err)
		}
		if k.aead[id], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("prepare a key: %w", err)
		}
		k.mac[id] = derive(m, "mac", 32)
		k.order = append(k.order, id)
	}
	k.first = k.order[0]
	return k, nil
}

func derive(master []byte, use string, n int) []byte {
	b, err := hkdf.Key(sha256.New, master, nil, "kutano-2fa "+use, n)
	if err != nil {
		panic(err) // n is a small constant
	}
	return b
}

// version begins each sealed value.
const version = 1

// Seal seals plain for a place: version, key id, nonce of 12 random bytes,
// ciphertext with its tag of 16 bytes. With random nonces one key is good for
// 2^32 values (SP 800-38D, 8.3).
func (k *Keys) Seal(p Place, plain []byte) []byte {
	a := k.aead[k.first]
	b := append([]byte{version}, k.first[:]...)
	nonce := make([]byte, a.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	b = append(b, nonce...)
	return a.Seal(b, nonce, plain, p.aad())
}

// Open opens what Seal sealed for the same place; ErrOpen otherwise.
func (k *Keys) Open(p Place, sealed []byte) ([]byte, error) {
	id, ok := SealedWith(sealed)
	a := k.aead[id]
	if !ok || a == nil {
		return nil, ErrOpen
	}
	rest := sealed[1+len(id):]
	if len(rest) < a.NonceSize() {
		return nil, ErrOpen
	}
	plain, err := a.Open(nil, rest[:a.NonceSize()], rest[a.NonceSize():], p.aad())
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// SealedWith tells the key that a sealed value needs.
func SealedWith(sealed []byte) (id ID, ok bool) {
	if len(sealed) < 1+len(id) || sealed[0] != version {
		return id, false
	}
	copy(id[:], sealed[1:])
	return id, true
}

// Current is the id of the key that seals.
func (k *Keys) Current() ID { return k.first }

// Has tells whether a key is among these.
func (k *Keys) Has(id ID) bool { return k.aead[id] != nil }

// MAC is a keyed hash (HMAC-SHA-256) of parts under the key in use, the key's id
// before it. use keeps the hashes of different purposes apart.
func (k *Keys) MAC(use string, parts ...string) []byte { return k.macWith(k.first, use, parts) }

// Match tells whether mac is the hash of parts under any of the keys, in a time
// that does not tell where they differ.
func (k *Keys) Match(mac []byte, use string, parts ...string) bool {
	var id ID
	if len(mac) < len(id) {
		return false
	}
	copy(id[:], mac)
	return k.mac[id] != nil && hmac.Equal(mac, k.macWith(id, use, parts))
}

// MACKey tells the key that a MAC was made with.
func MACKey(mac []byte) (id ID, ok bool) {
	return id, copy(id[:], mac) == len(id)
}

func (k *Keys) macWith(id ID, use string, parts []string) []byte {
	h := hmac.New(sha256.New, k.mac[id])
	for _, s := range append([]string{use}, parts...) {
		_ = binary.Write(h, binary.BigEndian, uint32(len(s))) // a hash takes all
		h.Write([]byte(s))
	}
	return append(bytes.Clone(id[:]), h.Sum(nil)...)
}

// Fingerprints are the hashes of parts under each key, the one in use first: to
// look a row up by what must not be readable in it.
func (k *Keys) Fingerprints(use string, parts ...string) [][]byte {
	var all [][]byte
	for _, id := range k.order {
		all = append(all, k.macWith(id, use, parts))
	}
	return all
}

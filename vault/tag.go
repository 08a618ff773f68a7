// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

const tagSize = 16 // bytes: two keys never have the same by chance

// tag stands for a key. Without the tagger's own key it tells nothing of it.
type tag [tagSize]byte

// tagger makes tags: keys that make the same codes have the same, and no others.
// It is for one goroutine.
type tagger struct{ mac hash.Hash }

// newTagKey draws a key for a tagger.
func newTagKey() secret.Value {
	b := make([]byte, sha256.Size)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return secret.New(b)
}

func newTagger(key secret.Value) tagger { return tagger{hmac.New(sha256.New, key.Bytes())} }

// named is the tag of a key under a name as nameKey gives it. The counter does
// not count.
func (t tagger) named(name string, k otpauth.Key) tag {
	t.mac.Reset()
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(name)))
	_, _ = t.mac.Write(n[:]) // a hash never fails
	_, _ = t.mac.Write([]byte(name))
	k.Counter = 0
	t.write(k)
	return t.sum()
}

// counted is the tag of a key and its counter.
func (t tagger) counted(k otpauth.Key) tag {
	t.mac.Reset()
	t.write(k)
	return t.sum()
}

// line is the tag of any text.
func (t tagger) line(text []byte) tag {
	t.mac.Reset()
	_, _ = t.mac.Write(text)
	return t.sum()
}

// write hashes the counter and all that otpauth.Key.Same compares. The secret
// comes last: what stands before it has a fixed length.
func (t tagger) write(k otpauth.Key) {
	var b [20]byte
	b[0], b[1] = byte(k.Type), byte(k.Algorithm)
	binary.BigEndian.PutUint16(b[2:], uint16(k.Digits))
	binary.BigEndian.PutUint64(b[4:], uint64(k.Period))
	binary.BigEndian.PutUint64(b[12:], k.Counter)
	_, _ = t.mac.Write(b[:])
	_, _ = t.mac.Write(k.Secret.Bytes())
}

func (t tagger) sum() (sum tag) {
	var all [sha256.Size]byte
	copy(sum[:], t.mac.Sum(all[:0]))
	return sum
}

// MarshalText writes the tag in hexadecimal digits.
func (t tag) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, t[:]), nil }

var errTag = errors.New("not a tag")

// UnmarshalText reads what MarshalText wrote.
func (t *tag) UnmarshalText(b []byte) error {
	if len(b) != 2*tagSize {
		return errTag
	}
	if _, err := hex.Decode(t[:], b); err != nil {
		return errTag
	}
	return nil
}

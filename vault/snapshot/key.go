// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/secret"
)

const (
	seedSize       = 18 // bytes: 144 bits
	checkBits      = 10 // with the seed they fill the fourteen words
	identityPrefix = "AGE-SECRET-KEY-PQ-"
	derivation     = "kutano recovery key 1"
)

// Key is a recovery key: an age identity of the post-quantum kind, made of
// sixteen words. The zero Key is none. Copies share the bytes: clearing one
// clears them all.
type Key struct {
	seed     secret.Value // empty if the key was read from an identity
	identity secret.Value // AGE-SECRET-KEY-PQ-1…
}

// NewKey draws a recovery key.
func NewKey() Key {
	seed := make([]byte, seedSize)
	_, _ = rand.Read(seed) // never fails, see crypto/rand
	return seedKey(seed)
}

// seedKey makes a key of a seed, which it owns from then on.
func seedKey(seed []byte) Key {
	hybrid, err := hkdf.Key(sha256.New, seed, nil, derivation, 32)
	if err != nil {
		panic(err) // lengths are constants
	}
	defer clear(hybrid)
	identity := strings.ToUpper(bech32(strings.ToLower(identityPrefix), hybrid))
	return Key{seed: secret.New(seed), identity: secret.FromString(identity)}
}

// seedWords returns the words of a seed: its bits, ten bits of its SHA-256, and
// two words of parity.
func seedWords(seed []byte) (c codeword) {
	sum := sha256.Sum256(seed)
	acc, n, i := uint32(0), 0, 0
	for _, b := range append(append(make([]byte, 0, seedSize+2), seed...), sum[0], sum[1]&0xC0) {
		acc, n = acc<<8|uint32(b), n+8
		if n >= wordBits && i < dataWords {
			n -= wordBits
			c[i] = uint16(acc >> n & (listSize - 1))
			i++
		}
	}
	c.addParity()
	return c
}

// seed returns what the words say, false if their check bits are wrong.
func (c codeword) seed() ([]byte, bool) {
	seed := make([]byte, 0, seedSize+1)
	acc, n := uint32(0), 0
	for _, w := range c[:dataWords] {
		acc, n = acc<<wordBits|uint32(w), n+wordBits
		for n >= 8 && len(seed) < seedSize {
			n -= 8
			seed = append(seed, byte(acc>>n))
		}
	}
	return seed, seedWords(seed) == c
}

// Words returns the sixteen words, nil if the key was read from an identity.
func (k Key) Words() []string {
	if k.seed.Len() == 0 {
		return nil
	}
	out := make([]string, keyWords)
	for i, w := range seedWords(k.seed.Bytes()) {
		out[i] = list()[w]
	}
	return out
}

// Identity returns the key as age writes it, AGE-SECRET-KEY-PQ-1…, a Value that
// is cleared with the key.
func (k Key) Identity() secret.Value { return k.identity }

// Recipient returns the public part, age1pq1…, empty for no key.
func (k Key) Recipient() string {
	id, err := age.ParseHybridIdentity(k.identity.Reveal())
	if err != nil {
		return ""
	}
	return id.Recipient().String()
}

// File returns a key file as age-keygen writes it, with the words as comments:
// age -d -i FILE opens with it what was encrypted to the key.
func (k Key) File(made time.Time) secret.Value {
	var b strings.Builder
	fmt.Fprintf(&b, "# created: %s\n# public key: %s\n", made.UTC().Format(time.RFC3339), k.Recipient())
	for i, w := range k.Words() {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "# words: %d. %s", i+1, w)
		case 3:
			fmt.Fprintf(&b, " %d. %s\n", i+1, w)
		default:
			fmt.Fprintf(&b, " %d. %s", i+1, w)
		}
	}
	b.Write(k.identity.Bytes())
	b.WriteByte('\n')
	return secret.FromString(b.String())
}

// Clear overwrites the key.
func (k Key) Clear() {
	k.seed.Clear()
	k.identity.Clear()
}

// IsZero tells that there is no key, or none any more.
func (k Key) IsZero() bool { return k.identity.Len() == 0 }

// Fingerprint returns the first 16 hex digits of the SHA-256 of a recipient. It
// is not secret.
func Fingerprint(recipient string) string {
	sum := sha256.Sum256([]byte(recipient))
	return hex.EncodeToString(sum[:8])
}

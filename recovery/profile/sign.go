// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/kutano/authenticator/vault/secret"
)

// Key is a public Ed25519 key (RFC 8032).
type Key []byte

var encoding = base64.RawURLEncoding.Strict()

// Fingerprint returns the key for a person to compare: four groups of four
// letters and digits, the first 80 bits of its SHA-256 in base32.
func (k Key) Fingerprint() string {
	sum := sha256.Sum256(k)
	text := base32.StdEncoding.EncodeToString(sum[:10])
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:]}, "-")
}

// Is tells whether it is the same key.
func (k Key) Is(o Key) bool { return len(k) > 0 && bytes.Equal(k, o) }

// signedFor separates these signatures from all others.
const signedFor = "kutano profile 1\n"

// canonical returns the bytes that are signed: the context, then each field in a
// fixed order, every text with its length before it. They depend on what the
// profile says alone, not on how the file is written.
func (p Profile) canonical() []byte {
	b := []byte(signedFor)
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	number := func(n int) { b = binary.BigEndian.AppendUint32(b, uint32(n)) }
	text(p.Name)
	number(len(p.Issuers))
	for _, s := range p.Issuers {
		text(s)
	}
	text(p.Settings)
	text(p.Help)
	text(p.Service)
	text(p.Contact)
	number(p.ReviewMonths)
	number(len(p.Notes))
	for _, n := range p.Notes {
		text(n.Step)
		text(n.Text)
	}
	return b
}

// verify takes the signature over where it is right.
func (p *Profile) verify(s signature) error {
	key, err := encoding.DecodeString(s.Key)
	value, err2 := encoding.DecodeString(s.Value)
	if err != nil || err2 != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, p.canonical(), value) {
		return ErrSignature
	}
	p.Signer, p.signature = key, value
	return nil
}

// ErrKeyFile says that a file is not a key for signing profiles.
var ErrKeyFile = errors.New("not a key for signing profiles")

// keyPrefix begins the file with the private key.
const keyPrefix = "KUTANO-PROFILE-KEY-1:"

// NewSigningKey draws a key for signing profiles. It returns the text to keep in
// a file, and the public key.
func NewSigningKey() (secret.Value, Key) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed) // never fails
	defer clear(seed)
	private := ed25519.NewKeyFromSeed(seed)
	defer clear(private)
	line := append(encoding.AppendEncode([]byte(keyPrefix), seed), '\n')
	return secret.New(line), bytes.Clone(private[ed25519.SeedSize:])
}

// Sign returns the profile signed with the key that a key file holds. It fails
// with ErrKeyFile.
func (p Profile) Sign(keyFile secret.Value) (Profile, error) {
	text, ok := bytes.CutPrefix(bytes.TrimSpace(keyFile.Bytes()), []byte(keyPrefix))
	if !ok || len(text) > 2*ed25519.SeedSize {
		return Profile{}, ErrKeyFile
	}
	seed := make([]byte, encoding.DecodedLen(len(text)))
	defer clear(seed)
	n, err := encoding.Decode(seed, text)
	if err != nil || n != ed25519.SeedSize {
		return Profile{}, ErrKeyFile
	}
	if err := p.check(); err != nil {
		return Profile{}, fmt.Errorf("sign profile: %w", err)
	}
	private := ed25519.NewKeyFromSeed(seed[:n])
	defer clear(private)
	p.signature = ed25519.Sign(private, p.canonical())
	p.Signer = bytes.Clone(private[ed25519.SeedSize:])
	return p, nil
}

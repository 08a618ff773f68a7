// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/kutano/authenticator/server/refusal"
)

// Backup codes: so many in a set, each of ten letters of Crockford's base32,
// which are 50 bits (OWASP ASVS 5, 6.5.2 asks for 20 and a slow hash, or 112).
const (
	SetSize    = 10
	backupSize = 10
	saltSize   = 16
	hashSize   = 32
)

// crockford leaves out I, L, O and U, which are misread.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// BackupSet returns SetSize different backup codes, as they are shown.
func BackupSet() []string {
	var codes []string
	seen := map[string]bool{}
	for len(codes) < SetSize {
		var b strings.Builder
		for range backupSize {
			b.WriteByte(pick(crockford))
		}
		if code := b.String(); !seen[code] {
			seen[code] = true
			codes = append(codes, code[:backupSize/2]+"-"+code[backupSize/2:])
		}
	}
	return codes
}

// NormaliseBackup returns a typed backup code as it is hashed: ten letters in upper
// case. Blanks and hyphens are left out; O is read as 0, I and L as 1. Anything
// else is a refusal of the kind CodeMalformed.
func NormaliseBackup(typed string) (string, error) {
	code, ok := bare(typed)
	code = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	if !ok || len(code) != backupSize || strings.Trim(code, crockford) != "" {
		return "", refusal.New(refusal.CodeMalformed)
	}
	return code, nil
}

// Cost is how slow the hash of backup codes is (RFC 9106).
type Cost struct {
	Memory  uint32 // KiB
	Passes  uint32
	Threads uint8
}

// DefaultCost is the second of OWASP's recommendations for Argon2id ("Password
// Storage Cheat Sheet").
var DefaultCost = Cost{Memory: 19 * 1024, Passes: 2, Threads: 1}

// String is a Cost in the form in which Argon2's own encoding writes it.
func (c Cost) String() string { return fmt.Sprintf("m=%d,t=%d,p=%d", c.Memory, c.Passes, c.Threads) }

// ParseCost reads what String wrote. Costs beyond what this service would ever
// set are an error, so that a damaged row cannot take all memory.
func ParseCost(s string) (Cost, error) {
	var c Cost
	if _, err := fmt.Sscanf(s, "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Threads); err != nil || c.String() != s {
		return Cost{}, fmt.Errorf("the cost of a hash is not understood")
	}
	if c.Memory > 1<<20 || c.Passes < 1 || c.Passes > 100 || c.Threads < 1 {
		return Cost{}, fmt.Errorf("the cost of a hash is out of bounds")
	}
	return c, nil
}

// NewSalt returns the salt of a new set.
func NewSalt() []byte {
	b := make([]byte, saltSize)
	_, _ = rand.Read(b) // never fails
	return b
}

// hashing bounds how many hashes are computed at once: each takes its memory
// and a core for as long as it runs.
var hashing = make(chan struct{}, 2)

// HashBackup hashes a normalised backup code with Argon2id under the salt of its
// set. It waits until not too many are computed; the error is that of ctx alone.
func HashBackup(ctx context.Context, code string, salt []byte, c Cost) ([]byte, error) {
	select {
	case <-ctx.Done():
	default: // of a free place and a caller that has gone, the select below would take either
		select {
		case <-ctx.Done():
		case hashing <- struct{}{}:
			defer func() { <-hashing }()
			return argon2.IDKey([]byte(code), salt, c.Passes, c.Memory, c.Threads, hashSize), nil
		}
	}
	return nil, fmt.Errorf("hash a backup code: %w", ctx.Err())
}

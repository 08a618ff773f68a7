// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what RFC 4226 is made of
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"
	"math"
	"strings"
	"unicode"

	"github.com/kutano/authenticator/vault/secret"
)

// MaxSteps is how many time steps [Key.Steps] looks through at most.
const MaxSteps = 20_000

// Steps returns the time steps from first to last (Unix time divided by the
// period, both included) that have a code, in ascending order. The code may be
// as a person types it: blanks and dashes in it do not count, nor does the case
// of a Steam code's letters.
//
// A code that this key can never have gives ErrCode, a key that goes by a
// counter ErrNotTime, and a stretch of more than MaxSteps, one that ends before
// it begins or one with steps before 1970 gives ErrSpan. A key that is not valid
// gives the error of [Key.Validate].
func (k Key) Steps(code string, first, last int64) ([]int64, error) {
	if err := k.validateNumbers(); err != nil {
		return nil, err
	}
	if k.Type == HOTP {
		return nil, refuse("type", ErrNotTime, "")
	}
	if first < 0 || last < first || last-first >= MaxSteps || last == math.MaxInt64 {
		return nil, refuse("", ErrSpan, "")
	}
	want, ok := k.number(code)
	if !ok {
		return nil, refuse("code", ErrCode, "")
	}
	var steps []int64
	secret.Do(func() { steps = k.search(want, uint64(first), uint64(last)) })
	return steps, nil
}

// search compares numbers, so that nothing is written out for a step.
func (k Key) search(want, first, last uint64) (steps []int64) {
	mac := hmac.New(k.Algorithm.new(), k.Secret.Bytes())
	msg, sum, space := make([]byte, 8), make([]byte, 0, sha512.Size), k.space()
	for step := first; step <= last; step++ {
		binary.BigEndian.PutUint64(msg, step)
		mac.Reset()
		_, _ = mac.Write(msg) // never fails
		sum = mac.Sum(sum[:0])
		if uint64(truncate(sum))%space == want {
			steps = append(steps, int64(step))
		}
	}
	clear(sum)
	return steps
}

// truncate makes a number of 31 bits of an HMAC, RFC 4226 section 5.3.
func truncate(sum []byte) uint32 {
	at := sum[len(sum)-1] & 0xf
	return binary.BigEndian.Uint32(sum[at:]) & math.MaxInt32
}

// steamSigns are what Steam's codes are written with.
const steamSigns = "23456789BCDFGHJKMNPQRTVWXY"

// space is how many codes there can be.
func (k Key) space() uint64 {
	base, n := uint64(10), uint64(1)
	if k.Type == Steam {
		base = uint64(len(steamSigns))
	}
	for range k.Digits {
		n *= base
	}
	return n
}

// number reads a code that a person typed. Steam writes the last digit first.
func (k Key) number(code string) (uint64, bool) {
	var n uint64
	place, count := uint64(1), 0
	for _, r := range code {
		if separates(r) {
			continue
		}
		if count++; count > k.Digits {
			return 0, false
		}
		if k.Type == Steam {
			i := strings.IndexRune(steamSigns, unicode.ToUpper(r))
			if i < 0 {
				return 0, false
			}
			n, place = n+uint64(i)*place, place*uint64(len(steamSigns))
			continue
		}
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + uint64(r-'0')
	}
	return n, count == k.Digits
}

// separates tells what people and apps put between the groups of a code.
func separates(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) }

func (a Algorithm) new() func() hash.Hash {
	switch a {
	case SHA256:
		return sha256.New
	case SHA512:
		return sha512.New
	}
	return sha1.New
}

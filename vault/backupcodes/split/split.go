// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package split

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/kutano/authenticator/vault/secret"
)

// Bounds.
const (
	// Least is the fewest shares that bring a secret back: one would be a copy.
	Least = 2
	// Most is how many shares there are at most.
	Most = 10
	// MaxSecret is how many bytes a secret has at most: a share's QR code must be
	// read from paper.
	MaxSecret = 900
)

// What is wrong with shares.
var (
	// ErrCount is a splitting that cannot be: not [Least] ≤ k ≤ n ≤ [Most].
	ErrCount = errors.New("not a number of shares")
	// ErrSize is a secret that is empty or larger than [MaxSecret].
	ErrSize = errors.New("not a size for a secret that is divided")
	// ErrNotShare is a text that is no share at all.
	ErrNotShare = errors.New("not a share")
	// ErrMistake is a share with a wrong, missing or additional letter.
	ErrMistake = errors.New("the share has a mistake in it")
	// ErrNewer is a share that a newer version of this program made.
	ErrNewer = errors.New("the share was made by a newer version")
	// ErrForeign is a share of another splitting than the others.
	ErrForeign = errors.New("the share belongs to another splitting")
	// ErrTwice is a share that is there already.
	ErrTwice = errors.New("the share is there twice")
	// ErrTooFew is fewer shares than are needed.
	ErrTooFew = errors.New("too few shares")
	// ErrWrong is a share that has no mistake in its letters, and yet does not go
	// with the others: somebody changed it. Which one can be told where there are
	// more shares than needed.
	ErrWrong = errors.New("a share is not what it was")
)

// ShareError says which share is wrong. It wraps one of the sentinels.
type ShareError struct {
	// At is the place among those given, from 1.
	At int
	// Other is the place of the same share, for ErrTwice.
	Other int
	// Err is what is wrong.
	Err error
}

// Error names the place.
func (e *ShareError) Error() string { return fmt.Sprintf("share %d: %v", e.At, e.Err) }

// Unwrap returns Err.
func (e *ShareError) Unwrap() error { return e.Err }

// TooFewError says how many shares are missing. It wraps [ErrTooFew].
type TooFewError struct {
	Have, Need int
}

// Error tells both numbers.
func (e *TooFewError) Error() string { return fmt.Sprintf("%v: %d of %d", ErrTooFew, e.Have, e.Need) }

// Unwrap returns ErrTooFew.
func (*TooFewError) Unwrap() error { return ErrTooFew }

// Make divides a secret into n shares, any k of which bring it back. It returns
// [ErrCount] or [ErrSize].
func Make(content secret.Value, k, n int) ([]Share, error) {
	return divide(rand.Reader, content, k, n)
}

func divide(random io.Reader, content secret.Value, k, n int) ([]Share, error) {
	switch {
	case k < Least || k > n || n > Most:
		return nil, fmt.Errorf("divide secret: %w: %d of %d", ErrCount, k, n)
	case content.Len() == 0 || content.Len() > MaxSecret:
		return nil, fmt.Errorf("divide secret: %w: %d bytes", ErrSize, content.Len())
	}
	// The coefficients, the key's bytes first; and the id.
	all := make([]byte, k*keySize+idSize)
	defer clear(all)
	if _, err := io.ReadFull(random, all); err != nil {
		return nil, fmt.Errorf("divide secret: %w", err)
	}
	key, id := all[:keySize], all[k*keySize:]
	head := append(append([]byte{version}, id...), byte(k), byte(n))
	box, err := seal(key, head, content.Bytes())
	if err != nil {
		return nil, err
	}
	shares := make([]Share, n)
	for i := range shares {
		b := append(append(make([]byte, 0, fixedSize+len(box)), head...), byte(i+1))
		for at := range keySize {
			c := column(all, k, at)
			b = append(b, evaluate(c, byte(i+1)))
			clear(c)
		}
		if shares[i], err = fromBytes(append(b, box...)); err != nil {
			return nil, fmt.Errorf("divide secret: %w", err)
		}
	}
	return shares, nil
}

// column returns the coefficients for one byte of the key.
func column(all []byte, k, at int) []byte {
	out := make([]byte, k)
	for i := range out {
		out[i] = all[i*keySize+at]
	}
	return out
}

// seal encrypts with a key that encrypts nothing else, and so needs no nonce.
func seal(key, head, content []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("divide secret: %w", err)
	}
	return aead.Seal(nil, make([]byte, aead.NonceSize()), content, head), nil //nolint:gosec // G407: the key is used this once
}

// Join brings the secret back. It returns a [*TooFewError], a [*ShareError] with
// the first share that is foreign, there twice or wrong, or [ErrWrong] where it
// cannot be told which. Shares beyond those needed are compared too.
func Join(shares []Share) (secret.Value, error) {
	if err := compare(shares); err != nil {
		return secret.Value{}, fmt.Errorf("join shares: %w", err)
	}
	need := shares[0].Need
	if len(shares) < need {
		return secret.Value{}, fmt.Errorf("join shares: %w", &TooFewError{len(shares), need})
	}
	for chosen := range combinations(len(shares), need) {
		content, err := open(shares, chosen)
		if err != nil {
			continue
		}
		if at := unlike(shares, chosen); at >= 0 {
			content.Clear()
			return secret.Value{}, fmt.Errorf("join shares: %w", &ShareError{At: at + 1, Err: ErrWrong})
		}
		return content, nil
	}
	return secret.Value{}, fmt.Errorf("join shares: %w", ErrWrong)
}

// compare tells whether shares are different ones of one splitting: that which
// most are of.
func compare(shares []Share) error {
	if len(shares) == 0 {
		return &TooFewError{0, Least}
	}
	main, most := 0, 0
	for i, s := range shares {
		n := 0
		for _, o := range shares {
			if s.fits(o) {
				n++
			}
		}
		if n > most {
			main, most = i, n
		}
	}
	for i, s := range shares {
		if !s.fits(shares[main]) {
			return &ShareError{At: i + 1, Err: ErrForeign}
		}
		for j, o := range shares[:i] {
			if o.Index == s.Index && string(o.part()) == string(s.part()) {
				return &ShareError{At: i + 1, Other: j + 1, Err: ErrTwice}
			}
		}
	}
	return nil
}

// combinations yields each choice of k of n.
func combinations(n, k int) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		chosen := make([]int, k)
		for i := range chosen {
			chosen[i] = i
		}
		for {
			if !yield(slices.Clone(chosen)) {
				return
			}
			i := k - 1
			for i >= 0 && chosen[i] == n-k+i {
				i--
			}
			if i < 0 {
				return
			}
			for chosen[i]++; i+1 < k; i++ {
				chosen[i+1] = chosen[i] + 1
			}
		}
	}
}

// open tries some of the shares.
func open(shares []Share, chosen []int) (secret.Value, error) {
	xs := make([]byte, len(chosen))
	for i, c := range chosen {
		xs[i] = byte(shares[c].Index)
		if slices.Contains(xs[:i], xs[i]) {
			return secret.Value{}, ErrWrong // one share and a changed copy of it
		}
	}
	key := at(shares, chosen, weights(xs))
	defer clear(key)
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return secret.Value{}, err
	}
	first := shares[chosen[0]]
	plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), first.sealed(), first.head())
	if err != nil {
		return secret.Value{}, ErrWrong
	}
	return secret.New(plain), nil
}

// at adds the chosen shares of the key up, each with its weight.
func at(shares []Share, chosen []int, weights []byte) []byte {
	out := make([]byte, keySize)
	for i, c := range chosen {
		for j, y := range shares[c].part() {
			out[j] ^= mul(y, weights[i])
		}
	}
	return out
}

// unlike returns a share that does not lie where the chosen ones say, or -1.
func unlike(shares []Share, chosen []int) int {
	for i, s := range shares {
		if slices.Contains(chosen, i) {
			continue
		}
		want := at(shares, chosen, weightsFor(shares, chosen, byte(s.Index)))
		same := string(want) == string(s.part())
		clear(want)
		if !same {
			return i
		}
	}
	return -1
}

// weightsFor are the weights for the value at x. Moving all by x, in this field
// an exclusive or, makes that the value at 0.
func weightsFor(shares []Share, chosen []int, x byte) []byte {
	xs := make([]byte, len(chosen))
	for i, c := range chosen {
		xs[i] = byte(shares[c].Index) ^ x
	}
	return weights(xs)
}

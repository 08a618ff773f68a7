// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

// The words of a key are symbols of GF(2^11), the polynomials over GF(2) modulo
// x^11+x^2+1, and the sixteen of them a Reed–Solomon codeword: as the polynomial
// c0·x^15 + … + c15 it is a multiple of (x-α)(x-α²), where α is x itself. Any two
// codewords differ in three words or more, so that one wrong word can be found.

const (
	wordBits  = 11
	listSize  = 1 << wordBits
	keyWords  = 16
	dataWords = 14
	reduction = 1<<wordBits | 1<<2 | 1
	alpha     = 2
)

// codeword is a key as the places of its words in the list.
type codeword [keyWords]uint16

// field has logarithms to the base α, and their inverse.
var field = func() (f struct{ exp, log [listSize]uint16 }) {
	x := 1
	for i := range listSize - 1 {
		f.exp[i], f.log[x] = uint16(x), uint16(i)
		if x <<= 1; x >= listSize {
			x ^= reduction
		}
	}
	return f
}()

func multiply(a, b uint16) uint16 {
	if a == 0 || b == 0 {
		return 0
	}
	return field.exp[(int(field.log[a])+int(field.log[b]))%(listSize-1)]
}

// quotient returns a/b; b is not 0.
func quotient(a, b uint16) uint16 {
	if a == 0 {
		return 0
	}
	return field.exp[(int(field.log[a])+listSize-1-int(field.log[b]))%(listSize-1)]
}

// addParity sets the last two words, by long division.
func (c *codeword) addParity() {
	const g1, g0 = alpha ^ alpha<<1, alpha << 2 // (x-α)(x-α²) = x² + (α+α²)x + α³
	var r1, r0 uint16
	for _, w := range c[:dataWords] {
		lead := w ^ r1
		r1, r0 = r0^multiply(lead, g1), multiply(lead, g0)
	}
	c[dataWords], c[dataWords+1] = r1, r0
}

// syndromes are the codeword at α and α²: both 0 if nothing is wrong.
func (c *codeword) syndromes() (s1, s2 uint16) {
	for _, w := range c {
		s1, s2 = multiply(s1, alpha)^w, multiply(s2, alpha<<1)^w
	}
	return s1, s2
}

// correct mends one wrong word and returns its index, or -1 if one cannot be
// all that is wrong.
func (c *codeword) correct() int {
	s1, s2 := c.syndromes()
	if s1 == 0 || s2 == 0 {
		return -1
	}
	power := int(field.log[quotient(s2, s1)]) // an error e at x^power: s1 = e·α^power, s2 = e·α^(2·power)
	if power >= keyWords {
		return -1
	}
	at := keyWords - 1 - power
	c[at] ^= quotient(multiply(s1, s1), s2)
	return at
}

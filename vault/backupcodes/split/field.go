// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package split

// mul multiplies in the field of 256 elements modulo x^8+x^4+x^3+x+1 (FIPS 197,
// section 4.2). What it does is the same for all numbers.
func mul(a, b byte) byte {
	const reduce = 0x1b
	var p byte
	for range 8 {
		p ^= a & -(b & 1)
		a = a<<1 ^ reduce&-(a>>7)
		b >>= 1
	}
	return p
}

// inverse is 1/a, as the 254th power, and 0 of 0.
func inverse(a byte) byte {
	out := byte(1)
	for range 7 { // 254 is 11111110 in binary
		a = mul(a, a)
		out = mul(out, a)
	}
	return out
}

// evaluate returns the value at x of the polynomial with these coefficients, the
// lowest first.
func evaluate(coefficients []byte, x byte) byte {
	var y byte
	for i := len(coefficients) - 1; i >= 0; i-- {
		y = mul(y, x) ^ coefficients[i]
	}
	return y
}

// weights are what the values at each x are multiplied with, and added, to have
// the polynomial's value at 0 (Lagrange). The xs are different, none is 0, and
// nothing of them is secret.
func weights(xs []byte) []byte {
	out := make([]byte, len(xs))
	for i, xi := range xs {
		w := byte(1)
		for j, xj := range xs {
			if i != j {
				w = mul(w, mul(xj, inverse(xi^xj)))
			}
		}
		out[i] = w
	}
	return out
}

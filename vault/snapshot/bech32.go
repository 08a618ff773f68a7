// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import "strings"

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bech32 encodes data as in BIP 173, without its limit of 90 characters, as age
// does. prefix is in lower case.
func bech32(prefix string, data []byte) string {
	values := regroup(data)
	check := bech32Sum(append(append(expand(prefix), values...), 0, 0, 0, 0, 0, 0)) ^ 1
	var out strings.Builder
	out.WriteString(prefix + "1")
	for _, v := range values {
		out.WriteByte(bech32Alphabet[v])
	}
	for i := range 6 {
		out.WriteByte(bech32Alphabet[check>>(5*(5-i))&31])
	}
	clear(values)
	return out.String()
}

// regroup makes groups of five bits, the last filled up with zeros.
func regroup(data []byte) []byte {
	out := make([]byte, 0, (len(data)*8+4)/5+6)
	acc, n := 0, 0
	for _, b := range data {
		acc, n = acc<<8|int(b), n+8
		for n >= 5 {
			n -= 5
			out = append(out, byte(acc>>n&31))
		}
		acc &= 1<<n - 1
	}
	if n > 0 {
		out = append(out, byte(acc<<(5-n)&31))
	}
	return out
}

// expand is the prefix as the checksum sees it.
func expand(prefix string) []byte {
	out := make([]byte, 0, 200)
	for _, c := range []byte(prefix) {
		out = append(out, c>>5)
	}
	out = append(out, 0)
	for _, c := range []byte(prefix) {
		out = append(out, c&31)
	}
	return out
}

func bech32Sum(values []byte) uint32 {
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}

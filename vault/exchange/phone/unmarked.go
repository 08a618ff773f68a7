// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import "bytes"

// magics begin files that are well mixed, too: pictures, archives, databases.
var magics = [][]byte{
	[]byte("PK"), []byte("\x89PNG"), []byte("\xFF\xD8\xFF"), []byte("GIF8"), []byte("BM"), []byte("RIFF"), []byte("II*\x00"), []byte("MM\x00*"),
	[]byte("%PDF"), []byte("\x1F\x8B"), []byte("BZh"), []byte("\xFD7zXZ"), []byte("7z\xBC\xAF"), []byte("Rar!"), []byte("\x28\xB5\x2F\xFD"),
	[]byte("SQLite format 3"), []byte("\x03\xD9\xA2\x9A"), []byte("\xAC\xED"), []byte("age-encryption.org"), []byte("Salted__"),
	[]byte(otpClientMark), []byte(stratumStrongMark), []byte(stratumLegacyMark), []byte("\x7FELF"), []byte("MZ"),
}

// unmarked tells whether a file may be nothing but ciphertext: it has no mark,
// and its bytes are as evenly spread as random ones.
func unmarked(data []byte) bool {
	for _, m := range magics {
		if bytes.HasPrefix(data, m) {
			return false
		}
	}
	if len(data) < 64 || bytes.HasPrefix(data[4:], []byte("ftyp")) {
		return false
	}
	var count [256]int
	sample := data[:min(len(data), 1<<16)]
	for _, c := range sample {
		count[c]++
	}
	squares, printable := 0, 0
	for c, n := range count {
		squares += n * n
		if c >= ' ' && c < 0x7F || c == '\n' || c == '\r' || c == '\t' {
			printable += n
		}
	}
	if printable == len(sample) { // a token in base64 is well mixed, too
		return false
	}
	// Pearson's chi-squared has a mean of 255 here and a standard deviation of 23.
	const limit = 255 + 6*23
	return 256*squares/len(sample)-len(sample) < limit
}

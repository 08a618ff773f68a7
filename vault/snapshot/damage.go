// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"fmt"
	"io"
)

// How age lays out what follows the header: a nonce, then chunks of 64 KiB with
// sixteen bytes to authenticate each.
const (
	nonceSize = 16
	chunkSize = 64 << 10
	chunkTag  = 16
	maxSearch = 1 << 20 // bytes of a file in which diagnose looks for the end
)

// diagnose says what is wrong with a file that its own key does not open.
//
// age tells that a file was cut only where that was between two chunks. But what
// this program writes has one of few sizes: a file of another size has lost its
// end, or has something after its end, and then it opens without that.
func diagnose(file []byte, header int, key []byte, err error) error {
	size := len(file) - header
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return fmt.Errorf("%w: its last part is missing", ErrCutShort)
	case possible(size):
		return ErrDamaged
	}
	for n := minText; sealed(n) < size && size <= maxSearch; n = padded(n + 1) {
		text, err := payload(file[:header+sealed(n)], key)
		if err == nil {
			text.Clear()
			return fmt.Errorf("%w: something was added after its end", ErrDamaged)
		}
	}
	return fmt.Errorf("%w: it does not have the size of a whole one", ErrCutShort)
}

// sealed is the size of an encrypted text of n bytes, n > 0, without the header.
func sealed(n int) int {
	return nonceSize + n + (n+chunkSize-1)/chunkSize*chunkTag
}

// possible tells whether a file of ours can have that size without its header.
func possible(size int) bool {
	n := size - nonceSize
	n -= (n + chunkSize + chunkTag - 1) / (chunkSize + chunkTag) * chunkTag
	return n >= minText && padded(n) == n && sealed(n) == size
}

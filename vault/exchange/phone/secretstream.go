// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/poly1305" //nolint:staticcheck // the construction is not ChaCha20-Poly1305 as an AEAD

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// libsodium's crypto_secretstream_xchacha20poly1305 (its documentation, "Encrypted
// streams and file encryption", section "Algorithm"), as far as files need it.
const (
	streamHeader   = 24
	streamOverhead = 1 + tagSize // of each message: its tag, encrypted, and the MAC
	streamBlock    = 64
)

// openStream decrypts a stream of one message. Its tag is of no account: some
// writers mark it as the last, some do not.
func openStream(key, header, sealed []byte) ([]byte, error) {
	if len(key) != keySize || len(header) != streamHeader {
		return nil, foreign.ErrDamaged
	}
	if len(sealed) < streamOverhead {
		return nil, foreign.ErrCutShort
	}
	subkey, err := chacha20.HChaCha20(key, header[:16])
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	defer clear(subkey)
	nonce := binary.LittleEndian.AppendUint32(nil, 1) // the number of the message
	nonce = append(nonce, header[16:]...)
	stream, err := chacha20.NewUnauthenticatedCipher(subkey, nonce)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	var first, second [streamBlock]byte // of the key stream: for the MAC's key, and for the tag
	stream.XORKeyStream(first[:], first[:])
	stream.XORKeyStream(second[:], second[:])
	defer clear(first[:])

	body, mac := sealed[1:len(sealed)-tagSize], sealed[len(sealed)-tagSize:]
	second[0] = sealed[0]
	if subtle.ConstantTimeCompare(streamMAC(first[:32], second[:], body), mac) != 1 {
		return nil, foreign.ErrPassword
	}
	plain := make([]byte, len(body))
	stream.XORKeyStream(plain, body)
	return plain, nil
}

// streamMAC authenticates a message without additional data. The padding is as
// libsodium has it, not to the next multiple of 16.
func streamMAC(key, block, body []byte) []byte {
	m := poly1305.New((*[32]byte)(key))
	var zeros [16]byte
	var sizes [16]byte // of the additional data, and of block and body
	binary.LittleEndian.PutUint64(sizes[8:], uint64(streamBlock+len(body)))
	for _, part := range [][]byte{block, body, zeros[:len(body)%16], sizes[:]} {
		_, _ = m.Write(part) // it never fails
	}
	return m.Sum(nil)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"crypto/aes"
	"crypto/cipher"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const gcmTag = 16 // bytes at the end of what AES-GCM encrypted

// gcmSealed encrypts with AES-GCM under a random nonce of 12 bytes.
func gcmSealed(key, plain []byte) (nonce, sealed []byte, err error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, nil, err
	}
	nonce = foreign.RandomBytes(gcm.NonceSize())
	return nonce, gcm.Seal(nil, nonce, plain, nil), nil
}

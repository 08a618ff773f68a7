// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/hex"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const (
	keySize = 32 // of AES-256 and XChaCha20
	tagSize = 16 // of AES-GCM and Poly1305
)

// openGCM decrypts with AES-GCM. Sealed ends with the tag; with is what was
// authenticated beside it. ErrPassword says that the key is wrong, or the text damaged.
func openGCM(key, nonce, sealed, with []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil || len(nonce) == 0 {
		return nil, foreign.ErrDamaged
	}
	if len(sealed) < tagSize {
		return nil, foreign.ErrCutShort
	}
	gcm, err := cipher.NewGCMWithNonceSize(block, len(nonce))
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	plain, err := gcm.Open(nil, nonce, sealed, with)
	if err != nil {
		return nil, foreign.ErrPassword
	}
	return plain, nil
}

// base64Bytes are bytes that stand in a file as base64, padded or not.
type base64Bytes []byte

// UnmarshalText reads base64.
func (b *base64Bytes) UnmarshalText(s []byte) (err error) {
	*b, err = unbase64(s)
	return err
}

// MarshalText writes base64 with padding.
func (b base64Bytes) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, b), nil
}

func unbase64[T string | []byte](s T) ([]byte, error) {
	text := bytes.TrimRight(bytes.TrimSpace([]byte(s)), "=")
	plain := make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, err := base64.RawStdEncoding.Decode(plain, text)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	return plain[:n], nil
}

// hexBytes are bytes that stand in a file in hexadecimal.
type hexBytes []byte

// UnmarshalText reads hexadecimal digits.
func (b *hexBytes) UnmarshalText(s []byte) error {
	plain, err := hex.AppendDecode(nil, s)
	if err != nil {
		return foreign.ErrDamaged
	}
	*b = plain
	return nil
}

// MarshalText writes hexadecimal digits.
func (b hexBytes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, b), nil }

// cut takes the first n bytes off data; ok is false where there are fewer.
func cut(data []byte, n int) (first, rest []byte, ok bool) {
	if len(data) < n {
		return nil, nil, false
	}
	return data[:n], data[n:], true
}

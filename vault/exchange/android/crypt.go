// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// openCBC decrypts AES-CBC with PKCS #7 padding (RFC 5652 section 6.3). It is not ok where
// the padding is wrong, which a wrong key gives away in most cases only.
func openCBC(key, iv, sealed []byte) (plain []byte, ok bool) {
	block, err := aes.NewCipher(key)
	if err != nil || len(iv) != aes.BlockSize || len(sealed) == 0 || len(sealed)%aes.BlockSize != 0 {
		return nil, false
	}
	plain = make([]byte, len(sealed))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, sealed)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > aes.BlockSize {
		clear(plain)
		return nil, false
	}
	same := 1
	for _, c := range plain[len(plain)-pad:] {
		same &= subtle.ConstantTimeByteEq(c, byte(pad))
	}
	if same == 0 {
		clear(plain)
		return nil, false
	}
	return plain[:len(plain)-pad], true
}

// fromBase64 reads base64 of both alphabets, with or without padding.
func fromBase64(text string) ([]byte, bool) {
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(text), "= \t")
	b, err := base64.RawStdEncoding.DecodeString(text)
	return b, err == nil
}

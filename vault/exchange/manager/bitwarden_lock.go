// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// bitwardenRounds is how many rounds of PBKDF2 Bitwarden has made since 2023.
const bitwardenRounds = 600_000

// bitwardenLock encrypts a file under a password. The salt is used as it is
// written, undecoded, and a random text beside the data tells a wrong password.
func bitwardenLock(ctx context.Context, data []byte, pass secret.Value, rounds int) (bitwardenOutLocked, error) {
	out := bitwardenOutLocked{
		Encrypted: true, PasswordProtected: true, KDFIterations: rounds,
		Salt: base64.StdEncoding.EncodeToString(foreign.RandomBytes(16)),
	}
	phrase := pass.Clone()
	key, err := foreign.PBKDF2(ctx, sha256.New, phrase.Bytes(), []byte(out.Salt), rounds, 32)
	if err != nil {
		return out, err
	}
	phrase.Clear()
	defer clear(key)
	enc, mac, err := stretch(key)
	if err != nil {
		return out, err
	}
	defer clear(enc)
	defer clear(mac)
	if out.Validation, err = encString(enc, mac, []byte(foreign.NewUUID())); err != nil {
		return out, err
	}
	out.Data, err = encString(enc, mac, data)
	return out, err
}

// encString encrypts as Bitwarden's type 2: AES-256 in CBC mode with PKCS #7
// padding, and HMAC-SHA256 over the vector and the text.
func encString(enc, mac, plain []byte) (string, error) {
	block, err := aes.NewCipher(enc)
	if err != nil {
		return "", err
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	text := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	iv := foreign.RandomBytes(aes.BlockSize)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	h := hmac.New(sha256.New, mac)
	h.Write(iv)
	h.Write(text)
	b64 := base64.StdEncoding.EncodeToString
	return "2." + b64(iv) + "|" + b64(text) + "|" + b64(h.Sum(nil)), nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// bitwardenBox is an export under a password. Its parts are EncStrings: a type,
// then in base64 an IV, a text under AES-256-CBC and their HMAC-SHA256.
type bitwardenBox struct {
	Salt           string // used as it stands, though it looks like base64
	KDFType        foreign.Number
	KDFIterations  foreign.Number
	KDFMemory      foreign.Number // MiB
	KDFParallelism foreign.Number
	Validation     string `json:"encKeyValidation_DO_NOT_EDIT"` // anything, to try the password on
	Data           string // the export as it would be without a password
}

// The key derivations.
const (
	bitwardenPBKDF2   = 0
	bitwardenArgon2id = 1
)

// check returns what makes it impossible to open the box with any password.
func (b *bitwardenBox) check() error {
	for _, n := range []foreign.Number{b.KDFType, b.KDFIterations, b.KDFMemory, b.KDFParallelism} {
		if n.Bad || n.Value < 0 {
			return foreign.ErrDamaged
		}
	}
	switch b.KDFType.Value {
	case bitwardenPBKDF2:
		return foreign.CheckPBKDF2(int(b.KDFIterations.Value))
	case bitwardenArgon2id:
		const unit = 1 << 10 // KiB in a MiB
		return foreign.CheckArgon2id(cut32(b.KDFIterations.Value), cut32(min(b.KDFMemory.Value, 1<<40)*unit), cut32(b.KDFParallelism.Value))
	}
	return &foreign.VersionError{Version: b.KDFType.Value, Err: foreign.ErrNewer}
}

// cut32 cuts a figure to what fits into 32 bits, which is beyond every ceiling.
func cut32[T int64 | uint64](n T) uint32 { return uint32(min(n, math.MaxUint32)) }

func (b *bitwardenBox) open(ctx context.Context, pass []byte) ([]byte, error) {
	key, err := b.key(ctx, pass)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	check, err := openEncString(key, b.Validation)
	clear(check)
	if err != nil {
		return nil, err
	}
	plain, err := openEncString(key, b.Data)
	if errors.Is(err, foreign.ErrPassword) { // it was the right one, as the first text shows
		return nil, foreign.ErrDamaged
	}
	return plain, err
}

func (b *bitwardenBox) key(ctx context.Context, pass []byte) ([]byte, error) {
	const size = 32
	if b.KDFType.Value == bitwardenPBKDF2 {
		return foreign.PBKDF2(ctx, sha256.New, pass, []byte(b.Salt), int(b.KDFIterations.Value), size)
	}
	salt := sha256.Sum256([]byte(b.Salt))
	return foreign.Argon2id(ctx, pass, salt[:], uint32(b.KDFIterations.Value), uint32(b.KDFMemory.Value)<<10, uint32(b.KDFParallelism.Value), size)
}

// openEncString decrypts a text. Where the HMAC is wrong it is an ErrPassword.
func openEncString(key []byte, text string) ([]byte, error) {
	const aesCBCHMAC = "2"
	kind, rest, ok := strings.Cut(text, ".")
	parts := strings.Split(rest, "|")
	if ok && kind != aesCBCHMAC && foreign.ParseNumber(kind).Value > 0 {
		return nil, &foreign.VersionError{Version: foreign.ParseNumber(kind).Value, Err: foreign.ErrNewer}
	}
	if !ok || kind != aesCBCHMAC || len(parts) != 3 {
		return nil, foreign.ErrDamaged
	}
	var raw [3][]byte
	for i, part := range parts {
		b, err := base64.StdEncoding.DecodeString(part)
		if err != nil {
			return nil, foreign.ErrDamaged
		}
		raw[i] = b
	}
	iv, body, sum := raw[0], raw[1], raw[2]
	encKey, macKey, err := stretch(key)
	if err != nil {
		return nil, err
	}
	defer clear(encKey)
	mac := hmac.New(sha256.New, macKey)
	_, _ = mac.Write(iv) // never fails, nor does the next
	_, _ = mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), sum) {
		return nil, foreign.ErrPassword
	}
	return decryptCBC(aes.NewCipher, encKey, iv, body)
}

// stretch makes the two keys of one.
func stretch(key []byte) (enc, mac []byte, err error) {
	if enc, err = hkdf.Expand(sha256.New, key, "enc", len(key)); err != nil {
		return nil, nil, err
	}
	mac, err = hkdf.Expand(sha256.New, key, "mac", len(key))
	return enc, mac, err
}

// decryptCBC decrypts body in place and takes the padding off (RFC 5652 section
// 6.3). What does not fit is ErrDamaged: the text was authenticated before.
func decryptCBC(newCipher func([]byte) (cipher.Block, error), key, iv, body []byte) ([]byte, error) {
	block, err := newCipher(key)
	if err != nil || len(iv) != block.BlockSize() || len(body) == 0 || len(body)%block.BlockSize() != 0 {
		return nil, foreign.ErrDamaged
	}
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(body, body)
	pad := int(body[len(body)-1])
	if pad == 0 || pad > block.BlockSize() {
		return nil, foreign.ErrDamaged
	}
	return body[:len(body)-pad], nil
}

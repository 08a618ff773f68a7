// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1" // #nosec G505 -- what SQLCipher 3 uses
	"crypto/sha512"
	"encoding/binary"
	"hash"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// scheme is how a version of SQLCipher encrypts a database by default.
type scheme struct {
	pageSize int
	rounds   int
	hash     func() hash.Hash
	reserved int // of each page: IV and HMAC, rounded up to whole blocks
}

// schemes are tried in turn, those that take longest last.
var schemes = []scheme{
	{1024, 64_000, sha1.New, 48},    // version 3
	{1024, 4_000, sha1.New, 48},     // version 2
	{4096, 256_000, sha512.New, 80}, // version 4
}

// Sizes of what SQLCipher works with, in bytes.
const (
	saltSize = 16
	keySize  = 32
	saltMask = 0x3a // makes the HMAC key's salt of the salt
)

// MayBeEncrypted reports whether data may be a database that SQLCipher has encrypted:
// whole pages that look like noise.
func MayBeEncrypted(data []byte) bool {
	size := schemes[0].pageSize
	if len(data) < 2*size || len(data)%size != 0 {
		return false
	}
	var seen [256]bool
	distinct := 0
	for i, c := range data[:size] {
		if i >= 2 && i < 64 && c == data[i-1] && c == data[i-2] {
			return false // as in the headers of most formats
		}
		if !seen[c] {
			seen[c] = true
			distinct++
		}
	}
	return distinct > 200 // of noise about 251, of base64 64
}

// Decrypt returns a database that SQLCipher has encrypted with a passphrase by the defaults of
// its versions 2, 3 and 4. A page that was tampered with comes out empty. The errors are
// foreign.ErrPassword and those of ctx.
func Decrypt(ctx context.Context, data, pass []byte) ([]byte, error) {
	for _, s := range schemes {
		if len(data) < s.pageSize {
			continue
		}
		k, err := s.derive(ctx, pass, data[:saltSize])
		if err != nil {
			return nil, err
		}
		if k.opens(data[:s.pageSize], 1) {
			return k.decrypt(ctx, data)
		}
	}
	return nil, foreign.ErrPassword
}

// keys are those of one database.
type keys struct {
	scheme
	page, mac []byte
}

func (s scheme) derive(ctx context.Context, pass, salt []byte) (keys, error) {
	page, err := foreign.PBKDF2(ctx, s.hash, pass, salt, s.rounds, keySize)
	if err != nil {
		return keys{}, err
	}
	masked := make([]byte, len(salt))
	for i, c := range salt {
		masked[i] = c ^ saltMask
	}
	mac, err := foreign.PBKDF2(ctx, s.hash, page, masked, 2, keySize)
	return keys{s, page, mac}, err
}

// parts returns a page's ciphertext, its IV and its HMAC. The first page has the salt before it.
func (k keys) parts(p []byte, n uint32) (body, iv, sum []byte) {
	end := k.pageSize - k.reserved
	from := 0
	if n == 1 {
		from = saltSize
	}
	sum = p[end+aes.BlockSize:]
	return p[from:end], p[end : end+aes.BlockSize], sum[:k.hash().Size()]
}

// opens tells whether a page's HMAC is right.
func (k keys) opens(p []byte, n uint32) bool {
	body, iv, sum := k.parts(p, n)
	mac := hmac.New(k.hash, k.mac)
	mac.Write(body)
	mac.Write(iv)
	mac.Write(binary.LittleEndian.AppendUint32(nil, n))
	return hmac.Equal(mac.Sum(nil), sum)
}

func (k keys) decrypt(ctx context.Context, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(k.page)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	for n := uint32(1); len(data) >= int(n)*k.pageSize; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		from := int(n-1) * k.pageSize
		p := data[from:][:k.pageSize]
		if !k.opens(p, n) {
			continue
		}
		body, iv, _ := k.parts(p, n)
		if n == 1 {
			copy(out, magic)
			from = saltSize
		}
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(out[from:][:len(body)], body)
	}
	return out, nil
}

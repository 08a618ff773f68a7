// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package zipfile

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the format's own
	"crypto/subtle"
	"encoding/binary"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// WinZip's AES, as its authors describe it in "AES Encryption Information:
// Encryption Specification AE-1 and AE-2".
const (
	extraAES  = 0x9901
	aesRounds = 1000
	aesCheck  = 2  // bytes by which a password is checked
	aesTag    = 10 // bytes of the HMAC that are kept
)

// aesParams is the extra field of an encrypted file.
type aesParams struct {
	version uint16 // 1: with a checksum of the content; 2: without
	key     int    // length in bytes
	method  uint16 // of the compression
}

func aesFields(data []byte) (aesParams, error) {
	f := extra(data, extraAES)
	if len(f) < 7 || string(f[2:4]) != "AE" {
		return aesParams{}, foreign.ErrDamaged
	}
	p := aesParams{version: binary.LittleEndian.Uint16(f), method: binary.LittleEndian.Uint16(f[5:])}
	strength := int(f[4])
	if p.version < 1 || p.version > 2 || strength < 1 || strength > 3 {
		return aesParams{}, foreign.ErrUnknown
	}
	p.key = 8 + 8*strength // 128, 192 or 256 bits
	return p, nil
}

// open decrypts what consists of salt, check, content and tag.
func (p aesParams) open(ctx context.Context, sealed, pass []byte) ([]byte, error) {
	salt := p.key / 2
	if len(sealed) < salt+aesCheck+aesTag {
		return nil, foreign.ErrCutShort
	}
	derived, err := foreign.PBKDF2(ctx, sha1.New, pass, sealed[:salt], aesRounds, 2*p.key+aesCheck)
	if err != nil {
		return nil, err
	}
	defer clear(derived)
	body := sealed[salt:]
	if subtle.ConstantTimeCompare(body[:aesCheck], derived[2*p.key:]) != 1 {
		return nil, foreign.ErrPassword
	}
	body, tag := body[aesCheck:len(body)-aesTag], body[len(body)-aesTag:]
	h := hmac.New(sha1.New, derived[p.key:2*p.key])
	h.Write(body)
	if !hmac.Equal(h.Sum(nil)[:aesTag], tag) {
		return nil, foreign.ErrPassword
	}
	block, err := aes.NewCipher(derived[:p.key])
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	plain := make([]byte, len(body))
	countUp(block, plain, body)
	return plain, nil
}

// countUp is the counter mode of WinZip: the counter begins at 1 and its lowest
// byte stands first, other than in Go's and in NIST's.
func countUp(block cipher.Block, dst, src []byte) {
	var counter, stream [aes.BlockSize]byte
	for n := uint64(1); len(src) > 0; n++ {
		binary.LittleEndian.PutUint64(counter[:], n)
		block.Encrypt(stream[:], counter[:])
		done := subtle.XORBytes(dst, src, stream[:])
		dst, src = dst[done:], src[done:]
	}
}

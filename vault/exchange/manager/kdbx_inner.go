// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/salsa20/salsa" //nolint:staticcheck // only it can go on in the middle of a stream

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// The fields of the header that stands before the XML, and the ciphers of
// protected values.
const (
	innerEnd    = 0
	innerCipher = 1
	innerKey    = 2

	streamNone   = 0
	streamSalsa  = 2
	streamChaCha = 3
)

// innerHeader reads up to the XML. Attachments stand there too and are passed over.
func innerHeader(r io.Reader) (cipher.Stream, error) {
	kind := uint64(streamNone)
	var key []byte
	for {
		var head [5]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, tornInside(err)
		}
		size := int64(binary.LittleEndian.Uint32(head[1:]))
		switch id := head[0]; {
		case id == innerEnd:
			return newStream(kind, key)
		case (id == innerCipher || id == innerKey) && size <= 1024:
			value := make([]byte, size)
			if _, err := io.ReadFull(r, value); err != nil {
				return nil, tornInside(err)
			}
			if id == innerKey {
				key = value
				break
			}
			var ok bool
			if kind, ok = number(value); !ok {
				return nil, foreign.ErrDamaged
			}
		default:
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return nil, tornInside(err)
			}
		}
	}
}

// tornInside is for text that was authenticated: it is not cut short, but wrong.
func tornInside(err error) error {
	if errors.Is(err, foreign.ErrBomb) {
		return foreign.ErrBomb
	}
	return foreign.ErrDamaged
}

func newStream(kind uint64, key []byte) (cipher.Stream, error) {
	switch kind {
	case streamChaCha:
		sum := sha512.Sum512(key)
		return chacha20.NewUnauthenticatedCipher(sum[:chacha20.KeySize], sum[chacha20.KeySize:chacha20.KeySize+chacha20.NonceSize])
	case streamSalsa:
		s := &salsaStream{key: sha256.Sum256(key), at: salsaBlock}
		copy(s.counter[:], salsaNonce)
		return s, nil
	case streamNone:
		return nil, nil //nolint:nilnil // no cipher is what it says
	}
	return nil, foreign.ErrNewer
}

const (
	salsaBlock = 64
	salsaNonce = "\xE8\x30\x09\x4B\x97\x20\x5D\x2A"
)

// salsaStream is Salsa20 over texts that follow one another.
type salsaStream struct {
	key     [32]byte
	counter [16]byte // the nonce, then the number of the block
	block   [salsaBlock]byte
	at      int // in the block
	number  uint64
}

// XORKeyStream encrypts or decrypts. Dst may be src.
func (s *salsaStream) XORKeyStream(dst, src []byte) {
	for i, c := range src {
		if s.at == salsaBlock {
			binary.LittleEndian.PutUint64(s.counter[8:], s.number)
			clear(s.block[:])
			salsa.XORKeyStream(s.block[:], s.block[:], &s.counter, &s.key)
			s.number, s.at = s.number+1, 0
		}
		dst[i] = c ^ s.block[s.at]
		s.at++
	}
}

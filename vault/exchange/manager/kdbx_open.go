// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"io"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/twofish" //nolint:staticcheck // nobody would choose it today; files of KeePass have it

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// maxUnpacked is how much a database may unpack to, in bytes.
const maxUnpacked = 256 << 20

// kdbxKeys are what a password makes of a header.
type kdbxKeys struct{ content, mac []byte }

func (k *kdbxKeys) clear() {
	clear(k.content)
	clear(k.mac)
}

// keys derives the keys and compares the header's HMAC. A key file cannot be
// told from a wrong password.
func (k *kdbx) keys(ctx context.Context, pass []byte) (*kdbxKeys, error) {
	keys, err := k.derive(ctx, pass)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(keys.sum(headBlock, k.head), k.rest[:sha256.Size]) {
		keys.clear()
		return nil, foreign.ErrPassword
	}
	return keys, nil
}

func (k *kdbx) derive(ctx context.Context, pass []byte) (*kdbxKeys, error) {
	sum := sha256.Sum256(pass)
	sum = sha256.Sum256(sum[:]) // of all parts of a key, of which the password is the only one
	key, err := k.kdf.derive(ctx, sum[:])
	if err != nil {
		return nil, err
	}
	both := append(append([]byte(nil), k.seed...), key...)
	clear(key)
	content, mac := sha256.Sum256(both), sha512.Sum512(append(both, 1))
	clear(both)
	return &kdbxKeys{content: content[:], mac: mac[:]}, nil
}

// headBlock stands for the header where blocks are counted.
const headBlock = 1<<64 - 1

// sum returns the HMAC over a block, or over a part of it after its number.
func (k *kdbxKeys) sum(block uint64, parts ...[]byte) []byte {
	number := binary.LittleEndian.AppendUint64(nil, block)
	key := sha512.Sum512(append(number[:8:8], k.mac...))
	mac := hmac.New(sha256.New, key[:])
	if block != headBlock {
		_, _ = mac.Write(number) // never fails, nor does the next
	}
	for _, part := range parts {
		_, _ = mac.Write(part)
	}
	return mac.Sum(nil)
}

// blocks returns the content of all blocks, still encrypted.
func (k *kdbx) blocks(keys *kdbxKeys) ([]byte, error) {
	c := cutter{rest: k.rest[sha256.Size:]}
	all := make([]byte, 0, len(c.rest))
	for n := uint64(0); ; n++ {
		sum := c.bytes(sha256.Size)
		size := c.bytes(4)
		data := c.bytes(binary.LittleEndian.Uint32(size)) // all there, see whole
		switch {
		case !hmac.Equal(sum, keys.sum(n, size, data)):
			return nil, foreign.ErrDamaged
		case len(data) == 0:
			return all, nil
		}
		all = append(all, data...)
	}
}

// decrypt decrypts what blocks returned, in place.
func (k *kdbx) decrypt(keys *kdbxKeys, body []byte) ([]byte, error) {
	switch k.cipher {
	case cipherAES:
		return decryptCBC(aes.NewCipher, keys.content, k.iv, body)
	case cipherTwofish:
		return decryptCBC(func(key []byte) (cipher.Block, error) { return twofish.NewCipher(key) }, keys.content, k.iv, body)
	}
	stream, err := chacha20.NewUnauthenticatedCipher(keys.content, k.iv)
	if err != nil {
		return nil, foreign.ErrDamaged
	}
	stream.XORKeyStream(body, body)
	return body, nil
}

// open returns the XML and the cipher of its protected values.
func (k *kdbx) open(ctx context.Context, pass []byte) (io.Reader, cipher.Stream, error) {
	keys, err := k.keys(ctx, pass)
	if err != nil {
		return nil, nil, err
	}
	defer keys.clear()
	body, err := k.blocks(keys)
	if err != nil {
		return nil, nil, err
	}
	return k.unpack(keys, body)
}

// unpack is the part of open that needs no password any more.
func (k *kdbx) unpack(keys *kdbxKeys, body []byte) (io.Reader, cipher.Stream, error) {
	body, err := k.decrypt(keys, body)
	if err != nil {
		return nil, nil, err
	}
	var r io.Reader = bytes.NewReader(body)
	if k.packed {
		if r, err = gzip.NewReader(r); err != nil {
			return nil, nil, foreign.ErrDamaged
		}
	}
	r = &bounded{in: r, left: maxUnpacked}
	stream, err := innerHeader(r)
	return r, stream, err
}

// bounded is a reader that ends with ErrBomb where there is too much.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, foreign.ErrBomb
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.in.Read(p)
	b.left -= int64(n)
	return n, err
}

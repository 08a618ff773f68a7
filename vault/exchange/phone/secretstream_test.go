// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"encoding/hex"
	"errors"
	"testing"

	"golang.org/x/crypto/chacha20"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// streams were made with libsodium 1.0.18: the key is 0, 1, 2 …, of a message of
// n bytes the i-th is 7i+n. The one of 16 bytes has the tag of a message, the
// others that of the last.
var streams = []struct {
	n              int
	header, sealed string
}{
	{0, "f94a85cd8dbcb39307415ed4b549f27f6a317788a8835512", "0be2e22385505ceb40a0cdf7156f163a10"},
	{1, "443972caeb099bad08d5d7b9fa2c98cb76fbadd44fe197b2", "0ded8e2544cc6befe1758e9bba56061a0059"},
	{8, "2ae20b8b0943af3a881e968743c830ad18b0198f49ab338b", "9969737eb0bca44d0f3b0ca9bc40c2eee1ff1b78c3ba493c81"},
	{15, "5bd0809c7410aad432360789bd26c905740a5f3c16f5cd58", "151460934c7515dfdd0893bcf30f10080cc527dc65b8ea9201141258f02e8b10"},
	{16, "6a1185804a10e1169136f81aca6449ce81c4d69e55dec97c", "eb435066e48f141212710e12ee4d66a64334c75e378bdc9ae967fb5ede7a5481c8"},
	{17, "8ca1bef2edd032484c8abcfd0ae7df9af5df29d3128d41c7", "999b9ddd4391cbbf308ce0ee5d9b5308bb7ff6407135adac269ef1d1201c9524c851"},
	{
		63, "4b978dc4f2df779eb3742b4d706b61c7943b949988aa0ed8",
		"e626f7fa2881f00ec4709da21f421f58e3574829711de3f001676c1c9cbe089ee87d895c2f61a7a64d3685ac1a36f4ceac5acf5bf6436b67ba2a6b32ea98ba1d012d0d30f01fa88c3013701d0ce063ec",
	},
	{
		64, "6572ae44b7c3f6688fc8dc34e863dce3cc406eb357b75752",
		"726d4aff9ff4129375ef3f0d4dc4cabeef3f90d4518b26455c07781ea92af6d07f34eb65f0480f276f0091ce1d06810d2149975eeb5719a1f3f5f1447c9351872879aaa00ffeec27dd154b3cdb3279d6d2",
	},
	{
		100, "11de0b13beedbf4f4a22f70c49302ca30bbc789d74cf98e4",
		"efced6f4cc48fb942882dbb40f318571627c2d8d7518254d5b88d1bca6ac282d0c18840338c60eb69a2798d6a8ff87f6107081202f2a44818fec4bfc699ffd3a10cae0060c84946b92fb647db1a9e7eff0ca00e1726556ee5ec42ff901c0ec3734275a7741f472066a428837f35616042831508ddc",
	},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func streamKey() []byte {
	key := make([]byte, keySize)
	for i := range key {
		key[i] = byte(i)
	}
	return key
}

func TestOpenStream(t *testing.T) {
	for _, s := range streams {
		want := make([]byte, s.n)
		for i := range want {
			want[i] = byte(7*i + s.n)
		}
		header, sealed := unhex(t, s.header), unhex(t, s.sealed)
		got, err := openStream(streamKey(), header, sealed)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes: %x, %v", s.n, got, err)
		}
		for at := range sealed { // every byte counts
			turned := bytes.Clone(sealed)
			turned[at] ^= 0x10
			if got, err = openStream(streamKey(), header, turned); !errors.Is(err, foreign.ErrPassword) || got != nil {
				t.Errorf("%d bytes, byte %d turned: %x, %v", s.n, at, got, err)
			}
		}
		for at := range header {
			turned := bytes.Clone(header)
			turned[at] ^= 1
			if _, err = openStream(streamKey(), turned, sealed); !errors.Is(err, foreign.ErrPassword) {
				t.Errorf("%d bytes, byte %d of the header turned: %v", s.n, at, err)
			}
		}
	}
	header, sealed := unhex(t, streams[1].header), unhex(t, streams[1].sealed)
	if _, err := openStream(streamKey()[1:], header, sealed); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("short key: %v", err)
	}
	if _, err := openStream(streamKey(), header[1:], sealed); !errors.Is(err, foreign.ErrDamaged) {
		t.Errorf("short header: %v", err)
	}
	if _, err := openStream(streamKey(), header, sealed[:streamOverhead-1]); !errors.Is(err, foreign.ErrCutShort) {
		t.Errorf("short message: %v", err)
	}
}

// sealStream is the inverse of openStream.
func sealStream(t testing.TB, key, header, plain []byte) []byte {
	t.Helper()
	subkey, err := chacha20.HChaCha20(key, header[:16])
	if err != nil {
		t.Fatal(err)
	}
	c, err := chacha20.NewUnauthenticatedCipher(subkey, append([]byte{1, 0, 0, 0}, header[16:]...))
	if err != nil {
		t.Fatal(err)
	}
	first, block, body := make([]byte, streamBlock), make([]byte, streamBlock), make([]byte, len(plain))
	block[0] = 3 // the last message
	c.XORKeyStream(first, first)
	c.XORKeyStream(block, block)
	c.XORKeyStream(body, plain)
	return append(append([]byte{block[0]}, body...), streamMAC(first[:32], block, body)...)
}

func FuzzOpenStream(f *testing.F) {
	for _, s := range streams {
		f.Add(unhex(f, s.header), unhex(f, s.sealed))
	}
	f.Fuzz(func(t *testing.T, header, sealed []byte) {
		plain, err := openStream(streamKey(), header, sealed)
		if err == nil && len(plain)+streamOverhead != len(sealed) {
			t.Errorf("%d of %d bytes", len(plain), len(sealed))
		}
		if len(header) != streamHeader {
			return
		}
		if again, err := openStream(streamKey(), header, sealStream(t, streamKey(), header, sealed)); err != nil || !bytes.Equal(again, sealed) {
			t.Errorf("does not come back: %v", err)
		}
	})
}

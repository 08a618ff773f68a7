// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package split

import (
	"bytes"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"

	"github.com/kutano/authenticator/vault/secret"
)

// The bytes of a share, see docs/formats.md: version, id, need, of, index, the
// share of the key, the encrypted secret, checksum.
const (
	version     = 1
	idSize      = 4
	headSize    = 1 + idSize + 2 // what all shares of a splitting have
	keySize     = 32
	fixedSize   = headSize + 1 + keySize
	tagSize     = 16
	sumSize     = 4
	minSize     = fixedSize + tagSize + 1 + sumSize
	maxSize     = fixedSize + tagSize + MaxSecret + sumSize
	prefix      = "KUTANO-SHARE:"
	maxTextSize = 4 * maxSize // bytes of a text that is looked at, with blanks
)

var (
	letters    = base32.StdEncoding.WithPadding(base32.NoPadding)
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// Share is one person's part. It is a secret: Clear it.
type Share struct {
	// Splitting tells one splitting from another: 8 hexadecimal digits.
	Splitting string
	// Need is how many shares bring the secret back, Of how many were made.
	Need, Of int
	// Index is which one this is, from 1.
	Index int

	raw secret.Value // all of it but the checksum
}

// Clear clears the share.
func (s Share) Clear() { s.raw.Clear() }

// Text returns the share for a QR code, all of it signs of the alphanumeric mode.
func (s Share) Text() secret.Value {
	return secret.New(append([]byte(prefix), s.encoded()...))
}

// Letters returns the share to be typed: capital letters and digits from 2 to 7,
// in groups of four.
func (s Share) Letters() secret.Value {
	const group = 4
	text := s.encoded()
	defer clear(text)
	out := make([]byte, 0, len(text)+len(text)/group)
	for i, c := range text {
		if i > 0 && i%group == 0 {
			out = append(out, ' ')
		}
		out = append(out, c)
	}
	return secret.New(out)
}

func (s Share) encoded() []byte {
	b := s.raw.Bytes()
	whole := binary.BigEndian.AppendUint32(append(make([]byte, 0, len(b)+sumSize), b...), crc32.Checksum(b, castagnoli))
	defer clear(whole)
	text := make([]byte, letters.EncodedLen(len(whole)))
	letters.Encode(text, whole)
	return text
}

// Parse reads a share, as it was scanned or typed: in any case, with blanks,
// dashes and ends of lines anywhere, and 0, 1 and 8 for O, I and B. It returns
// [ErrNotShare], [ErrMistake] or [ErrNewer].
func Parse(text secret.Value) (Share, error) {
	typed, err := tidy(text.Bytes())
	defer clear(typed)
	if err != nil {
		return Share{}, fmt.Errorf("read share: %w", err)
	}
	b := make([]byte, letters.DecodedLen(len(typed)))
	n, err := letters.Decode(b, typed)
	if err != nil || n < sumSize+1 {
		clear(b)
		return Share{}, fmt.Errorf("read share: %w: it has %d letters", ErrMistake, len(typed))
	}
	body := b[:n-sumSize]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(b[n-sumSize:n]) || !canonical(b[:n], typed) {
		clear(b)
		return Share{}, fmt.Errorf("read share: %w", ErrMistake)
	}
	s, err := fromBytes(body)
	if err != nil {
		clear(b)
		return Share{}, fmt.Errorf("read share: %w", err)
	}
	return s, nil
}

// canonical tells whether the letters are the only ones for these bytes: the last
// letter has bits that mean nothing.
func canonical(b, typed []byte) bool {
	again := make([]byte, letters.EncodedLen(len(b)))
	defer clear(again)
	letters.Encode(again, b)
	return string(again) == string(typed)
}

// tidy takes out what people put between letters.
func tidy(text []byte) ([]byte, error) {
	if len(text) > maxTextSize {
		return nil, fmt.Errorf("%w: it has %d bytes", ErrNotShare, len(text))
	}
	text = bytes.TrimSpace(text)
	named := len(text) >= len(prefix) && bytes.EqualFold(text[:len(prefix)], []byte(prefix))
	if named {
		text = text[len(prefix):]
	}
	out := make([]byte, 0, len(text))
	for _, c := range text {
		switch l := letter(c); l {
		case between:
		case 0:
			clear(out)
			return nil, fmt.Errorf("%w: it has a sign that no share has", ErrNotShare)
		default:
			out = append(out, l)
		}
	}
	if len(out) == 0 || !named && len(out) < letters.EncodedLen(minSize)/2 {
		clear(out)
		return nil, fmt.Errorf("%w: it has %d letters", ErrNotShare, len(out))
	}
	return out, nil
}

// between is what people put between letters.
const between = ' '

// letter is the letter that a sign stands for, or between, or 0.
func letter(c byte) byte {
	switch c {
	case ' ', '\t', '\n', '\r', '-':
		return between
	case '0':
		return 'O'
	case '1':
		return 'I'
	case '8':
		return 'B'
	}
	if c >= 'a' && c <= 'z' {
		c -= 'a' - 'A'
	}
	if c >= 'A' && c <= 'Z' || c >= '2' && c <= '7' {
		return c
	}
	return 0
}

// fromBytes reads a share whose checksum is right. It takes b over.
func fromBytes(b []byte) (Share, error) {
	if b[0] > version {
		return Share{}, ErrNewer
	}
	if b[0] < version || len(b)+sumSize < minSize || len(b)+sumSize > maxSize {
		return Share{}, ErrNotShare
	}
	s := Share{
		Splitting: hex.EncodeToString(b[1 : 1+idSize]), Need: int(b[1+idSize]), Of: int(b[2+idSize]), Index: int(b[headSize]),
		raw: secret.New(b),
	}
	if s.Need < Least || s.Of > Most || s.Need > s.Of || s.Index < 1 || s.Index > s.Of {
		return Share{}, ErrNotShare
	}
	return s, nil
}

// head is what all shares of a splitting have in common and nobody may change.
func (s Share) head() []byte { return s.raw.Bytes()[:headSize] }

// part is the share of the key.
func (s Share) part() []byte { return s.raw.Bytes()[headSize+1 : fixedSize] }

// sealed is the encrypted secret.
func (s Share) sealed() []byte { return s.raw.Bytes()[fixedSize:] }

// fits tells whether two shares are of one splitting.
func (s Share) fits(o Share) bool {
	return string(s.head()) == string(o.head()) && string(s.sealed()) == string(o.sealed())
}

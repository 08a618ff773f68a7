// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
)

// The fields that NTS adds to a packet (RFC 8915, section 5).
const (
	fieldID            = 0x0104
	fieldCookie        = 0x0204
	fieldAuthenticator = 0x0404

	headerSize = 48 // of the packet, before the first field (RFC 5905, section 7.3)
	fieldHead  = 4  // of a field
	leastField = 16 // RFC 7822, section 3
	nonceSize  = 16
	idSize     = 32
)

// proof makes one question prove that it comes from the one who exchanged keys,
// and demands the same of the answer. It is the library's Extension.
type proof struct {
	keys   *session
	cookie []byte
	id     [idSize]byte
}

// proof takes the next cookie, of which there must be one.
func (s *session) proof() *proof {
	p := proof{keys: s, cookie: s.cookies[0]}
	s.cookies = s.cookies[1:]
	_, _ = rand.Read(p.id[:]) // never fails
	return &p
}

// ProcessQuery adds the fields of a question (section 5.7, without new cookies
// to ask for: there are enough).
func (p *proof) ProcessQuery(buf *bytes.Buffer) error {
	buf.Write(field(fieldID, p.id[:]))
	buf.Write(field(fieldCookie, p.cookie))
	nonce := make([]byte, nonceSize)
	_, _ = rand.Read(nonce) // never fails
	sealed, err := p.keys.out.Seal(nil, nil, buf.Bytes(), nonce)
	if err != nil {
		return err
	}
	body := binary.BigEndian.AppendUint16(nil, nonceSize)
	body = binary.BigEndian.AppendUint16(body, uint16(len(sealed)))
	body = append(append(body, nonce...), sealed...)
	buf.Write(field(fieldAuthenticator, body))
	return nil
}

var (
	errUnproven = errors.New("it does not prove that it is")
	// errCookie is the server's answer that it knows no such cookie (section 5.7,
	// NTS NAK). Nothing proves it.
	errCookie = errors.New("it says that it knows no such keys")
)

// ProcessResponse checks an answer. One without the id of the question or
// without a true authenticator over all that counts is an error that wraps
// [ErrForged].
func (p *proof) ProcessResponse(packet []byte) error {
	got, err := readFields(packet)
	if err == nil && (len(got.id) != idSize || subtle.ConstantTimeCompare(got.id, p.id[:]) != 1) {
		err = errUnproven
	}
	if err == nil && got.sealed == nil {
		if err = errUnproven; packet[1] == 0 && string(packet[12:16]) == "NTSN" {
			err = errCookie
		}
	}
	if err == nil {
		_, err = p.keys.in.Open(nil, got.sealed, got.bound, got.nonce)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForged, err)
	}
	return nil
}

// field is a field with its head, filled up to four bytes.
func field(kind uint16, body []byte) []byte {
	length := filled(max(fieldHead+len(body), leastField))
	b := make([]byte, fieldHead, length)
	binary.BigEndian.PutUint16(b, kind)
	binary.BigEndian.PutUint16(b[2:], uint16(length))
	return append(b, body...)[:length]
}

func filled(n int) int { return (n + 3) &^ 3 }

// fields is what counts of the fields of an answer.
type fields struct {
	id            []byte // nil for none
	bound         []byte // the packet up to the authenticator, which vouches for it
	nonce, sealed []byte // of the authenticator; nil for none
}

var errFields = errors.New("its fields are broken")

// readFields reads a packet up to its authenticator. What comes after that is
// vouched for by nobody and not looked at.
func readFields(packet []byte) (fields, error) {
	var got fields
	for at := headerSize; at < len(packet); {
		rest := packet[at:]
		if len(rest) < leastField {
			return got, errFields
		}
		kind, length := binary.BigEndian.Uint16(rest), int(binary.BigEndian.Uint16(rest[2:]))
		if length < leastField || length%4 != 0 || length > len(rest) {
			return got, errFields
		}
		body := rest[fieldHead:length]
		switch kind {
		case fieldID:
			if got.id != nil {
				return got, errFields
			}
			got.id = body
		case fieldAuthenticator:
			got.bound = packet[:at]
			return got, got.authenticator(body)
		}
		at += length
	}
	if len(packet) < headerSize {
		return got, errFields
	}
	return got, nil
}

// authenticator takes its field apart (section 5.6): two lengths, then both
// parts, each filled up to four bytes.
func (f *fields) authenticator(body []byte) error {
	nonce, sealed := int(binary.BigEndian.Uint16(body)), int(binary.BigEndian.Uint16(body[2:]))
	body = body[4:]
	if nonce == 0 || sealed == 0 || filled(nonce)+filled(sealed) > len(body) {
		return errFields
	}
	f.nonce, f.sealed = body[:nonce], body[filled(nonce):][:sealed]
	return nil
}

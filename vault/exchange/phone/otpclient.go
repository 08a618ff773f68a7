// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// OTPClient reads the database of OTPClient (src/common/db-common.h of its
// repository): versions 2 and 3, and version 1, which has no mark.
var OTPClient foreign.Reader = &otpClient{reader{
	format: foreign.Format{ID: "otpclient", App: "OTPClient"},
	detect: func(s *foreign.Source) bool {
		rest, ok := bytes.CutPrefix(s.Data, []byte(otpClientMark))
		return ok && (len(rest) == 0 || rest[0] == 0) // a text may begin so, too
	},
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		h, err := parseOTPClient(s.Data)
		if err == nil {
			err = h.check()
		}
		return foreign.Password, err
	},
	read: readOTPClient,
}}

// otpClient also knows the old files, which nothing but the password tells.
type otpClient struct{ reader }

// Detect says Maybe for a file that is nothing but ciphertext.
func (o *otpClient) Detect(s *foreign.Source) foreign.Match {
	if m := o.reader.Detect(s); m != foreign.No {
		return m
	}
	if len(s.Data) > otpClientIV+otpClientSalt+tagSize && s.Shape().Kind == foreign.NoJSON && unmarked(s.Data) {
		return foreign.Maybe
	}
	return foreign.No
}

const (
	otpClientMark    = "OTPClient"
	otpClientVersion = 3 // the newest that is known
	otpClientIV      = 16
	otpClientSalt    = 32
	otpClientRounds  = 100_000 // of version 1
	otpClientSteam   = "steam" // the issuer by which the program knows it
)

// otpClientHeader is what stands before the ciphertext, and is authenticated with it.
type otpClientHeader struct {
	version                 uint32
	raw, iv, salt           []byte
	passes, memory, threads uint32
	sealed                  []byte
}

// otpClientElement is an account.
type otpClientElement struct {
	Type    text           `json:"type"`
	Label   text           `json:"label"`
	Issuer  text           `json:"issuer"`
	Secret  text           `json:"secret"`
	Digits  foreign.Number `json:"digits"`
	Algo    text           `json:"algo"`
	Period  foreign.Number `json:"period"`
	Counter foreign.Number `json:"counter"`
	Group   text           `json:"group"`
}

// parseOTPClient takes a database apart. In version 2 the header is a C struct of
// a little-endian machine, with three zero bytes after the mark; what is read
// from there in the other order is still its version.
func parseOTPClient(data []byte) (h otpClientHeader, err error) {
	var numbers binary.ByteOrder = binary.BigEndian
	at := len(otpClientMark)
	size := at + 4 + otpClientIV + otpClientSalt + 3*4
	switch {
	case !bytes.HasPrefix(data, []byte(otpClientMark)):
		h.version, at, size = 1, 0, otpClientIV+otpClientSalt
	case len(data) < at+4:
		return h, foreign.ErrCutShort
	default:
		h.version = binary.BigEndian.Uint32(data[at:])
		at += 4
	}
	switch {
	case h.version == 2:
		numbers, at, size = binary.LittleEndian, at+3, size+3
	case h.version == 0 || h.version > otpClientVersion:
		return h, &foreign.VersionError{Version: int64(h.version), Err: foreign.ErrNewer}
	}
	if len(data) < size+tagSize {
		return h, foreign.ErrCutShort
	}
	h.raw, h.sealed = data[:size], data[size:]
	h.iv, h.salt = data[at:at+otpClientIV], data[at+otpClientIV:at+otpClientIV+otpClientSalt]
	if h.version > 1 {
		n := h.raw[size-12:]
		h.passes, h.memory, h.threads = numbers.Uint32(n), numbers.Uint32(n[4:]), numbers.Uint32(n[8:])
	}
	return h, nil
}

func (h *otpClientHeader) check() error {
	if h.version == 1 {
		return nil
	}
	return foreign.CheckArgon2id(h.passes, h.memory, h.threads)
}

func (h *otpClientHeader) open(ctx context.Context, pass []byte) ([]byte, error) {
	var key []byte
	var err error
	if h.version == 1 {
		key, err = foreign.PBKDF2(ctx, sha512.New, pass, h.salt, otpClientRounds, keySize)
	} else {
		key, err = foreign.Argon2id(ctx, pass, h.salt, h.passes, h.memory, h.threads, keySize)
	}
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return openGCM(key, h.iv, h.sealed, h.raw)
}

func readOTPClient(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	h, err := parseOTPClient(s.Data)
	if err != nil {
		return err
	}
	plain, err := h.open(ctx, pass.Bytes())
	// For long it took as many bytes of a password as that has characters.
	if short := utf8.RuneCount(pass.Bytes()); errors.Is(err, foreign.ErrPassword) && short < pass.Len() {
		plain, err = h.open(ctx, pass.Bytes()[:short])
	}
	if err != nil {
		return err
	}
	defer clear(plain)
	return foreign.Elements(ctx, bytes.TrimRight(plain, "\x00"), each(add, otpClientElement.entry))
}

func (o otpClientElement) entry() foreign.Entry {
	f := foreign.Fields{
		Type: strings.ToLower(string(o.Type)), Issuer: string(o.Issuer), Name: string(o.Label), Secret: string(o.Secret),
		Algorithm: string(o.Algo), Digits: o.Digits, Period: o.Period, Counter: o.Counter,
	}
	if f.Type == "totp" && strings.EqualFold(f.Issuer, otpClientSteam) {
		f.Type = "steam"
	}
	e := f.Entry()
	e.Tags = texts{o.Group}.strings()
	return e
}

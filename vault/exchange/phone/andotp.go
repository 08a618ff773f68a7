// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // the format's own
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// AndOTP reads backups of andOTP: plain, encrypted, and encrypted as it was
// before version 0.8, without any mark.
var AndOTP foreign.Reader = &andOTP{reader{
	format: foreign.Format{ID: "andotp", App: "andOTP"},
	detect: func(s *foreign.Source) bool { return detectAndOTP(s.Shape()) || andOTPSealed(s.Data) },
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if s.Shape().Kind == foreign.Array {
			return foreign.Open, nil
		}
		return foreign.Password, nil
	},
	read: readAndOTP,
}}

// GnomeAuthenticator reads what GNOME's Authenticator wrote before version 4:
// as andOTP, with the issuer as the first tag. What it writes today are files of
// Aegis and lists of key URIs.
var GnomeAuthenticator foreign.Reader = &reader{
	format: foreign.Format{ID: "gnome-authenticator", App: "GNOME Authenticator"},
	detect: func(s *foreign.Source) bool { return detectGnome(s.Shape()) },
	read: unlocked(func(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, andOTPEntry.gnome))
	}),
}

// andOTP also knows the old files, which nothing but the password tells.
type andOTP struct{ reader }

// Detect says Maybe for a file that is nothing but ciphertext.
func (a *andOTP) Detect(s *foreign.Source) foreign.Match {
	if m := a.reader.Detect(s); m != foreign.No {
		return m
	}
	if s.Shape().Kind == foreign.NoJSON && unmarked(s.Data) {
		return foreign.Maybe
	}
	return foreign.No
}

const (
	andOTPNonce = 12 // bytes, also of the salt
	// Between these andOTP chooses how often to repeat its hash.
	andOTPFewest = 140_000
	andOTPMost   = 160_000
)

// andOTPEntry is an account. Before version 0.6.3 the issuer stood in the label.
type andOTPEntry struct {
	Secret        text           `json:"secret"`
	Issuer        *text          `json:"issuer"`
	Label         text           `json:"label"`
	Digits        foreign.Number `json:"digits"`
	Type          text           `json:"type"`
	Algorithm     text           `json:"algorithm"`
	Thumbnail     text           `json:"thumbnail"`
	LastUsed      foreign.Number `json:"last_used"`
	UsedFrequency foreign.Number `json:"used_frequency"`
	Period        foreign.Number `json:"period,omitzero"`
	Counter       foreign.Number `json:"counter,omitzero"`
	Tags          texts          `json:"tags"`
}

const andOTPSeparator = " - " // of issuer and name in old labels

func detectAndOTP(shape foreign.Shape) bool {
	return shape.Kind == foreign.Array && shape.Has("secret", "label") && !shape.Has("pin") && !detectGnome(shape) &&
		(shape.Has("last_used") || shape.Has("thumbnail") || shape.Has("used_frequency") || shape.Has("tags"))
}

func detectGnome(shape foreign.Shape) bool {
	return shape.Kind == foreign.Array && shape.Has("secret", "label", "thumbnail", "tags") && !shape.Has("issuer") &&
		shape.At("tags").First != nil && shape.At("last_used").Scalar == "0" &&
		!strings.Contains(shape.At("label").Scalar, andOTPSeparator)
}

// andOTPSealed tells whether a file begins with a number of repetitions.
func andOTPSealed(data []byte) bool {
	if len(data) < 4+2*andOTPNonce+tagSize {
		return false
	}
	n := binary.BigEndian.Uint32(data)
	return n >= andOTPFewest && n <= andOTPMost
}

func readAndOTP(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	entry := each(add, andOTPEntry.entry)
	if s.Shape().Kind == foreign.Array {
		return foreign.Elements(ctx, s.Data, entry)
	}
	plain, err := openAndOTP(ctx, s.Data, pass.Bytes())
	if err != nil {
		return err
	}
	defer clear(plain)
	return foreign.Elements(ctx, plain, entry)
}

func openAndOTP(ctx context.Context, data, pass []byte) ([]byte, error) {
	var key []byte
	if andOTPSealed(data) {
		var err error
		salt := data[4 : 4+andOTPNonce]
		if key, err = foreign.PBKDF2(ctx, sha1.New, pass, salt, int(binary.BigEndian.Uint32(data)), keySize); err != nil {
			return nil, err
		}
		data = data[4+andOTPNonce:]
	} else {
		sum := sha256.Sum256(pass)
		key = sum[:]
	}
	defer clear(key)
	iv, sealed, ok := cut(data, andOTPNonce)
	if !ok {
		return nil, foreign.ErrCutShort
	}
	plain, err := openGCM(key, iv, sealed, nil)
	if err == nil && !bytes.HasPrefix(bytes.TrimSpace(plain), []byte("[")) {
		return nil, foreign.ErrDamaged
	}
	return plain, err
}

func (a andOTPEntry) entry() foreign.Entry {
	f := a.fields()
	if a.Issuer != nil {
		f.Issuer = string(*a.Issuer)
	} else if issuer, name, ok := strings.Cut(f.Name, andOTPSeparator); ok {
		f.Issuer, f.Name = issuer, name
	}
	e := f.Entry()
	e.Tags = a.Tags.strings()
	return e
}

func (a andOTPEntry) gnome() foreign.Entry {
	f, tags := a.fields(), a.Tags.strings()
	if len(tags) > 0 {
		f.Issuer, tags = tags[0], tags[1:]
	}
	e := f.Entry()
	e.Tags = tags
	return e
}

func (a andOTPEntry) fields() foreign.Fields {
	return foreign.Fields{
		Type: strings.ToLower(string(a.Type)), Name: string(a.Label), Secret: string(a.Secret), Algorithm: string(a.Algorithm),
		Digits: a.Digits, Period: a.Period, Counter: a.Counter,
	}
}

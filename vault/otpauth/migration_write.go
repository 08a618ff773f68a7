// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"math"
	"net/url"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kutano/authenticator/vault/secret"
)

// A QR code of an export holds at most ten accounts, as Google's do, and so
// much payload that a camera still reads it.
const (
	batchKeys  = 10
	batchBytes = 1000
)

// Migration writes keys as Google Authenticator's export, a URI for each QR code.
// What that format cannot carry is returned with the reason instead: Steam, other
// digits than 6 and 8, other periods than 30 s, and keys that are not valid. Extra
// parameters have no place in it and are dropped.
func Migration(keys []Key) (uris []secret.Value, left []Found) {
	var batches [][]byte
	var count int
	for _, k := range keys {
		k = k.Normal()
		if err := k.carried(); err != nil {
			left = append(left, Found{Name: label(k.Issuer, k.Account), Err: err})
			continue
		}
		msg := k.appendEntry(nil)
		last := len(batches) - 1
		if last < 0 || count == batchKeys || len(batches[last])+len(msg) > batchBytes {
			batches, count, last = append(batches, nil), 0, last+1
		}
		batches[last] = protowire.AppendTag(batches[last], 1, protowire.BytesType)
		batches[last] = protowire.AppendBytes(batches[last], msg)
		clear(msg)
		count++
	}
	id := batchID()
	for i, b := range batches {
		uris = append(uris, batchURI(b, len(batches), i, id))
		clear(b)
	}
	return uris, left
}

// carried returns nil when Google's format has a place for all of the key.
func (k Key) carried() error {
	switch err := k.Validate(); {
	case err != nil:
		return err
	case k.Type == Steam:
		return refuse("type", ErrType, "Google Authenticator has no Steam codes")
	case k.Digits != 6 && k.Digits != 8:
		return refuse("digits", ErrDigits, "Google Authenticator has 6 and 8 only")
	case k.Type == TOTP && k.Period != DefaultPeriod:
		return refuse("period", ErrPeriod, "Google Authenticator has 30 s only")
	case k.Counter > math.MaxInt64:
		return refuse("counter", ErrCounter, "Google Authenticator has no such large one")
	}
	return nil
}

// appendEntry writes an OtpParameters message.
func (k Key) appendEntry(b []byte) []byte {
	text := func(field protowire.Number, s string) {
		if s != "" {
			b = protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
		}
	}
	num := func(field protowire.Number, v uint64) {
		b = protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), v)
	}
	b = protowire.AppendBytes(protowire.AppendTag(b, 1, protowire.BytesType), k.Secret.Bytes())
	text(2, k.migrationName())
	text(3, k.Issuer)
	num(4, uint64(k.Algorithm)) // SHA1, SHA256 and SHA512 have our numbers
	num(5, map[int]uint64{6: 1, 8: 2}[k.Digits])
	if k.Type == HOTP {
		num(6, 1)
		num(7, k.Counter)
	} else {
		num(6, 2)
	}
	return b
}

// migrationName returns the account, which is what other apps show, with the issuer
// before it only where the account's own colon would be taken for the end of an issuer.
func (k Key) migrationName() string {
	if strings.Contains(k.Account, ":") {
		return k.Issuer + ":" + k.Account
	}
	return k.Account
}

func batchURI(b []byte, size, index int, id int32) secret.Value {
	for field, v := range []uint64{2: 1, 3: uint64(size), 4: uint64(index), 5: uint64(int64(id))} {
		if field >= 2 {
			b = protowire.AppendVarint(protowire.AppendTag(b, protowire.Number(field), protowire.VarintType), v)
		}
	}
	defer clear(b)
	return secret.FromString(schemeMigration + "://offline?data=" +
		url.QueryEscape(base64.StdEncoding.EncodeToString(b)))
}

// batchID returns what tells the QR codes of two exports apart.
func batchID() int32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return int32(binary.BigEndian.Uint32(b[:]))
}

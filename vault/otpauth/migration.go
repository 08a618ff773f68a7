// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/base64"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/kutano/authenticator/vault/secret"
)

// maxMigration bounds a migration URI. Google's hold ten accounts, below 3 KiB.
const maxMigration = 64 << 10

// maxBatches bounds how many QR codes one export may claim to have.
const maxBatches = 100_000

// Found is what a text or an export holds: a valid Key, or the reason why an entry cannot be used.
type Found struct {
	Name string // the entry's label as far as it can be told, never a secret
	Key  Key    // valid when Err is nil
	Err  error  // wraps one of this package's sentinels
}

// Batch is one QR code of a Google Authenticator export.
type Batch struct {
	ID      int32 // the same for all QR codes of one export
	Index   int   // this one, from 0
	Size    int   // how many there are, at least 1
	Entries []Found
}

// ParseMigration reads an otpauth-migration:// URI of at most 64 KiB. Each entry is reported
// on its own: one that cannot be used does not keep the others out. The error is for
// what cannot be read as a whole: ErrMigration, ErrTooLong or ErrNotKeyURI.
//
// The format is not published; its fields are those that other apps agree on.
func ParseMigration(uri string) (Batch, error) {
	data, err := migrationData(strings.TrimSpace(uri))
	if err != nil {
		return Batch{}, err
	}
	defer clear(data)
	b, err := readBatch(data)
	if err != nil {
		return Batch{}, err
	}
	if len(b.Entries) == 0 {
		return Batch{}, refuse("data", ErrMigration, "it holds no accounts")
	}
	return b, nil
}

// migrationData returns the payload. A '+' of base64 stands for itself, and
// a blank is a '+' that something on the way took for a form-encoded blank.
func migrationData(uri string) ([]byte, error) {
	scheme, rest, ok := strings.Cut(uri, "://")
	switch {
	case !ok || !equalFold(scheme, schemeMigration):
		return nil, refuse("", ErrNotKeyURI, "it does not begin with otpauth-migration://")
	case len(uri) > maxMigration:
		return nil, refuse("", ErrTooLong, "more than 64 KiB")
	}
	_, query, _ := strings.Cut(rest, "?")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(strings.TrimPrefix(part, "amp;"), "=")
		if equalFold(name, "data") {
			return decodeData(value)
		}
	}
	return nil, refuse("data", ErrMigration, "there is no data in it")
}

var dataAlphabet = strings.NewReplacer(" ", "+", "-", "+", "_", "/")

func decodeData(value string) ([]byte, error) {
	text, err := decode("data", value)
	if err != nil {
		return nil, refuse("data", ErrMigration, "it is not properly encoded")
	}
	text = strings.TrimRight(dataAlphabet.Replace(text), "=")
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, refuse("data", ErrMigration, "it is not base64, or cut off")
	}
	return data, nil
}

// fields calls each for the fields of a protobuf message: num is a varint's value, or
// text the bytes of a string, message or byte field. Other wire types are skipped.
func fields(msg []byte, each func(field protowire.Number, num uint64, text []byte)) bool {
	for len(msg) > 0 {
		field, kind, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return false
		}
		msg = msg[n:]
		switch kind {
		case protowire.VarintType:
			var v uint64
			if v, n = protowire.ConsumeVarint(msg); n >= 0 {
				each(field, v, nil)
			}
		case protowire.BytesType:
			var b []byte
			if b, n = protowire.ConsumeBytes(msg); n >= 0 {
				each(field, 0, b[:len(b):len(b)])
			}
		default:
			n = protowire.ConsumeFieldValue(field, kind, msg)
		}
		if n < 0 {
			return false
		}
		msg = msg[n:]
	}
	return true
}

// readBatch reads a MigrationPayload.
func readBatch(data []byte) (Batch, error) {
	var b Batch
	ok := fields(data, func(field protowire.Number, num uint64, text []byte) {
		switch {
		case field == 1 && text != nil:
			b.Entries = append(b.Entries, readEntry(text))
		case field == 3:
			b.Size = int(int32(num))
		case field == 4:
			b.Index = int(int32(num))
		case field == 5:
			b.ID = int32(num) // written as ten bytes when negative
		}
	})
	if !ok {
		for _, e := range b.Entries {
			e.Key.Secret.Clear()
		}
		return Batch{}, refuse("data", ErrMigration, "it is damaged or cut off")
	}
	if b.Size < 1 || b.Size > maxBatches || b.Index < 0 || b.Index >= b.Size {
		b.Size, b.Index = 1, 0 // its count makes no sense: it stands alone
	}
	return b, nil
}

// entry is an OtpParameters message.
type entry struct {
	secret                        []byte
	name, issuer                  string
	algorithm, digits, kind, next uint64
}

// readEntry reads one account of the export.
func readEntry(msg []byte) Found {
	var e entry
	ok := fields(msg, e.set)
	k, err := e.key()
	f := Found{Name: guess(k.Issuer, k.Account)}
	switch {
	case !ok:
		f.Err = refuse("data", ErrMigration, "the entry is damaged")
	case err != nil:
		f.Err = err
	default:
		f.Err = k.Validate()
	}
	if f.Err != nil {
		k.Secret.Clear()
		return f
	}
	f.Name, f.Key = label(k.Issuer, k.Account), k
	return f
}

func (e *entry) set(field protowire.Number, num uint64, text []byte) {
	switch {
	case field == 1 && text != nil:
		e.secret = text
	case field == 2 && text != nil:
		e.name = string(text)
	case field == 3 && text != nil:
		e.issuer = string(text)
	case field == 4:
		e.algorithm = num
	case field == 5:
		e.digits = num
	case field == 6:
		e.kind = num
	case field == 7:
		e.next = num
	}
}

// The enumerations of OtpParameters. Zero is unspecified and means the default.
var (
	migrationAlgorithms = []Algorithm{SHA1, SHA1, SHA256, SHA512} // 4 is MD5: refused
	migrationDigits     = []int{6, 6, 8}
	migrationTypes      = []Type{TOTP, HOTP, TOTP}
)

// key returns the entry as a key. The names are there also beside an error.
func (e *entry) key() (k Key, err error) {
	k.Issuer, k.Account = SplitLabel(e.name, e.issuer)
	switch {
	case e.kind >= uint64(len(migrationTypes)):
		return k, refuse("type", ErrType, "")
	case e.algorithm == 4:
		return k, refuse("algorithm", ErrAlgorithm, "it is MD5")
	case e.algorithm >= uint64(len(migrationAlgorithms)):
		return k, refuse("algorithm", ErrAlgorithm, "")
	case e.digits >= uint64(len(migrationDigits)):
		return k, refuse("digits", ErrDigits, "")
	case len(e.secret) == 0:
		return k, refuse("secret", ErrNoSecret, "")
	}
	k.Type = migrationTypes[e.kind]
	k.Algorithm, k.Digits = migrationAlgorithms[e.algorithm], migrationDigits[e.digits]
	if k.Type == TOTP {
		k.Period = DefaultPeriod
	} else if k.Counter = e.next; int64(e.next) < 0 {
		return k, refuse("counter", ErrCounter, "it is negative")
	}
	k.Secret = secret.New(append([]byte(nil), e.secret...))
	return k, nil
}

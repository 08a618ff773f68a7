// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

const otpClientJSON = `[
 {"type":"TOTP","label":"ann","issuer":"Shop","digits":8,"algo":"SHA256","secret":"` + key1 + `","period":60,"group":"Work"},
 {"type":"HOTP","label":"bob","issuer":"","digits":6,"algo":"SHA1","secret":"` + key1 + `","counter":7},
 {"type":"TOTP","label":"cat","issuer":"steam","digits":5,"algo":"SHA1","secret":"` + key1 + `","period":30}]`

var otpClientWant = []string{
	"totp Shop|ann " + hex1 + ` SHA256 8 60s ["Work"]`, "hotp |bob " + hex1 + " SHA1 6 #7", "steam steam|cat " + hex1 + " SHA1 5 30s",
}

// sealOTPClient makes a database of a version under a password, with Argon2's
// parameters where it has them.
func sealOTPClient(t testing.TB, version int, pass string, params [3]uint32) []byte {
	t.Helper()
	iv, salt := counted(otpClientIV), counted(otpClientSalt)
	header, plain := bytes.Join([][]byte{iv, salt}, nil), []byte(otpClientJSON+"\x00")
	var numbers binary.AppendByteOrder = binary.BigEndian
	switch version {
	case 1:
		key := derived(t)(foreign.PBKDF2(t.Context(), sha512.New, []byte(pass), salt, 100_000, keySize))
		return append(header, sealGCM(t, key, iv, plain, header)...)
	case 2:
		numbers = binary.LittleEndian
		header = append([]byte("OTPClient\x00\x00\x00\x02\x00\x00\x00"), header...)
	default:
		header = append(append([]byte("OTPClient\x00\x00\x00"), byte(version)), header...)
		plain = plain[:len(plain)-1]
	}
	for _, p := range params {
		header = numbers.AppendUint32(header, p)
	}
	key := derived(t)(foreign.Argon2id(t.Context(), []byte(pass), salt, min(params[0], 2), min(params[1], 8192), min(params[2], 4), keySize))
	return append(header, sealGCM(t, key, iv, plain, header)...)
}

func TestOTPClient(t *testing.T) {
	const ascii = "open sesame" // of another, see below, a part may be right
	for _, version := range []int{2, 3} {
		checkSealed(t, OTPClient, sealOTPClient(t, version, ascii, [3]uint32{1, 8192, 2}), ascii, otpClientWant...)
	}
}

// Characters were counted once, and as many bytes were taken.
func TestOTPClientOldPassword(t *testing.T) {
	const long = "sésame, öffne dich"
	short := long[:len(long)-2]
	for _, version := range []int{1, 3} {
		got, err := collect(t, OTPClient, sealOTPClient(t, version, short, [3]uint32{1, 8192, 2}), long)
		if err != nil {
			t.Errorf("version %d: %v", version, err)
		}
		compare(t, got, otpClientWant)
	}
}

func TestOTPClientUnmarked(t *testing.T) {
	data := sealOTPClient(t, 1, password, [3]uint32{})
	if m := OTPClient.Detect(foreign.NewSource("", data)); m != foreign.Maybe {
		t.Errorf("detected: %d", m)
	}
	got, err := collect(t, OTPClient, data, password)
	if err != nil {
		t.Error(err)
	}
	compare(t, got, otpClientWant)
	if _, err = collect(t, OTPClient, data, "another"); !errors.Is(err, foreign.ErrPassword) {
		t.Errorf("wrong password: %v", err)
	}
}

func TestOTPClientCannotBeOpened(t *testing.T) {
	ok := [3]uint32{1, 8192, 2}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"newer":       {sealOTPClient(t, 4, password, ok), foreign.ErrNewer},
		"version 0":   {sealOTPClient(t, 0, password, ok), foreign.ErrNewer},
		"memory":      {sealOTPClient(t, 3, password, [3]uint32{1, 1<<20 + 1, 2}), foreign.ErrTooCostly},
		"passes":      {sealOTPClient(t, 2, password, [3]uint32{10_000, 8192, 2}), foreign.ErrTooCostly},
		"threads":     {sealOTPClient(t, 3, password, [3]uint32{1, 8192, 1000}), foreign.ErrDamaged},
		"cut at once": {[]byte("OTPClient\x00\x00"), foreign.ErrCutShort},
		"cut, 2":      {sealOTPClient(t, 2, password, ok)[:91], foreign.ErrCutShort},
		"cut, 3":      {sealOTPClient(t, 3, password, ok)[:88], foreign.ErrCutShort},
	} {
		s := foreign.NewSource("", c.data)
		recognised(t, OTPClient, s)
		if _, err := OTPClient.Lock(s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A text about the program is none of its files.
func TestOTPClientText(t *testing.T) {
	if m := OTPClient.Detect(foreign.NewSource("", []byte("OTPClient, exported:\notpauth://totp/ann?secret="+key1))); m != foreign.No {
		t.Error(m)
	}
}

func FuzzOTPClient(f *testing.F) {
	for _, mark := range []string{"", "OTPClient\x00\x00\x00\x02\x00\x00\x00", "OTPClient\x00\x00\x00\x03"} {
		f.Add(append([]byte(mark), counted(120)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := parseOTPClient(data)
		if err == nil && (len(h.iv) != otpClientIV || len(h.salt) != otpClientSalt || len(h.raw)+len(h.sealed) != len(data)) {
			t.Errorf("%d and %d bytes of %d", len(h.raw), len(h.sealed), len(data))
		}
		m := OTPClient.Detect(foreign.NewSource("", data))
		if err != nil && m == foreign.Sure && !strings.HasPrefix(string(data), otpClientMark) {
			t.Error("sure of what has no mark")
		}
	})
}

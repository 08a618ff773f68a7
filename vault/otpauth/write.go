// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"strconv"
	"strings"

	"github.com/kutano/authenticator/vault/secret"
)

// URI writes the key as a key URI in ASCII, for a valid key at most [MaxURI] bytes.
// What has its default value is left out. It is how keys are stored, and what a QR code shows.
func (k Key) URI() secret.Value {
	k = k.Normal()
	return secret.New(k.appendURI(make([]byte, 0, k.uriLen())))
}

func (k Key) appendURI(b []byte) []byte {
	b = append(b, "otpauth://"...)
	b = append(b, k.Type.String()...)
	b = append(b, '/')
	b = k.appendLabel(b)
	b = append(b, "?secret="...)
	b = noPad.AppendEncode(b, k.Secret.Bytes())
	if k.Issuer != "" {
		b = append(b, "&issuer="...)
		b = appendEscaped(b, k.Issuer)
	}
	b = k.appendNumbers(b)
	for _, p := range k.Extra {
		b = append(b, '&')
		b = appendEscaped(b, p.Name)
		b = append(b, '=')
		b = appendEscaped(b, p.Value)
	}
	return b
}

// appendLabel writes "issuer:account". An account with a colon and no issuer
// gets an empty issuer before it, or its first part would be taken for one.
func (k Key) appendLabel(b []byte) []byte {
	if k.Issuer != "" || strings.Contains(k.Account, ":") {
		b = appendEscaped(b, k.Issuer)
		b = append(b, ':')
	}
	return appendEscaped(b, k.Account)
}

func (k Key) appendNumbers(b []byte) []byte {
	if k.Algorithm != SHA1 {
		b = append(b, "&algorithm="...)
		b = append(b, k.Algorithm.String()...)
	}
	switch {
	case k.Type == Steam:
		// The host tells Aegis and Stratum, the encoder tells KeePassXC.
		return append(b, "&encoder=steam"...)
	case k.Digits != DefaultDigits:
		b = append(b, "&digits="...)
		b = strconv.AppendInt(b, int64(k.Digits), 10)
	}
	if k.Type == HOTP {
		b = append(b, "&counter="...)
		return strconv.AppendUint(b, k.Counter, 10)
	}
	if k.Period != DefaultPeriod {
		b = append(b, "&period="...)
		b = strconv.AppendInt(b, int64(k.Period), 10)
	}
	return b
}

// uriLen returns the length of the URI without writing the secret anywhere.
func (k Key) uriLen() int {
	var buf [96]byte
	n := len("otpauth:///?secret=") + len(k.Type.String()) + noPad.EncodedLen(k.Secret.Len()) +
		len(k.appendNumbers(buf[:0])) + escapedLen(k.Account)
	if k.Issuer != "" {
		n += len(":&issuer=") + 2*escapedLen(k.Issuer)
	} else if strings.Contains(k.Account, ":") {
		n++
	}
	for _, p := range k.Extra {
		n += len("&=") + escapedLen(p.Name) + escapedLen(p.Value)
	}
	return n
}

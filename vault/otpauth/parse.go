// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"strconv"
	"strings"
)

// Parse reads one key URI: otpauth://totp/…, otpauth://hotp/…,
// otpauth://steam/… or steam://SECRET. Scheme, type and the names of parameters may
// be in any case, blanks and other characters in the label need not be encoded.
//
// The issuer parameter wins over the label's prefix. Parameters that are not
// known are kept in [Key.Extra], except that an unknown encoder is refused because it changes the codes.
// A key that Parse returns is valid (see [Key.Validate]) and normal (see [Key.Normal]).
// The error is an [*Error].
func Parse(uri string) (Key, error) {
	k, err := parse(strings.TrimSpace(uri))
	if err != nil {
		return Key{}, err
	}
	if err := k.Validate(); err != nil {
		k.Secret.Clear()
		return Key{}, err
	}
	return k, nil
}

func parse(uri string) (Key, error) {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok || len(scheme) > len(schemeMigration) {
		return Key{}, refuse("", ErrNotKeyURI, "it does not begin with otpauth://")
	}
	known := equalFold(scheme, schemeKey) || equalFold(scheme, schemeSteam)
	switch {
	case equalFold(scheme, schemeMotp):
		return Key{}, refuse("type", ErrType, "mOTP")
	case equalFold(scheme, schemeMigration):
		return Key{}, refuse("", ErrNotKeyURI, "it is a Google Authenticator export")
	case !known:
		return Key{}, refuse("", ErrNotKeyURI, "it does not begin with otpauth://")
	case len(uri) > MaxURI:
		return Key{}, refuse("", ErrTooLong, "more than 4096 bytes")
	}
	if err := checkText("", uri); err != nil {
		return Key{}, err
	}
	if equalFold(scheme, schemeSteam) {
		return parseSteam(rest)
	}
	return parseKey(rest)
}

// The schemes that stand before "://".
const (
	schemeKey       = "otpauth"
	schemeMigration = "otpauth-migration"
	schemeSteam     = "steam"
	schemeMotp      = "motp"
)

// parseSteam reads what follows steam://, which is nothing but the secret.
func parseSteam(rest string) (Key, error) {
	text, err := decode("secret", strings.TrimSuffix(rest, "/"))
	if err != nil {
		return Key{}, err
	}
	s, err := ParseSecret(text)
	if err != nil {
		return Key{}, err
	}
	return Key{
		Type: Steam, Issuer: "Steam", Secret: s,
		Algorithm: SHA1, Digits: SteamDigits, Period: DefaultPeriod,
	}, nil
}

// parseKey reads what follows otpauth://.
func parseKey(rest string) (Key, error) {
	path, query, _ := strings.Cut(rest, "?")
	kind, rawLabel, _ := strings.Cut(path, "/")
	var p params
	if err := p.read(query); err != nil {
		return Key{}, err
	}
	var k Key
	var err error
	if k.Type, err = keyType(kind, p.value[paramEncoder]); err != nil {
		return Key{}, err
	}
	if err = k.readNames(rawLabel, &p); err != nil {
		return Key{}, err
	}
	if err = k.readNumbers(&p); err != nil {
		return Key{}, err
	}
	k.Extra = p.extra
	text, err := decode("secret", strings.ReplaceAll(p.value[paramSecret], "+", " "))
	if err != nil {
		return Key{}, err
	}
	k.Secret, err = ParseSecret(text)
	return k, err
}

func keyType(kind, encoder string) (Type, error) {
	t, ok := ParseType(kind)
	switch {
	case equalFold(kind, "yaotp"):
		return 0, refuse("type", ErrType, "Yandex (yaotp)")
	case !ok:
		return 0, refuse("type", ErrType, "it is none of totp, hotp and steam")
	case encoder == "":
		return t, nil
	case !equalFold(encoder, "steam"):
		return 0, refuse("encoder", ErrType, "it is not steam")
	case t == HOTP:
		return 0, refuse("encoder", ErrType, "Steam with a counter")
	}
	return Steam, nil
}

// readNames reads issuer and account.
func (k *Key) readNames(rawLabel string, p *params) error {
	label, err := decodeCopy("label", rawLabel)
	if err != nil {
		return err
	}
	issuer, err := decodeCopy("issuer", plus(p.value[paramIssuer]))
	if err != nil {
		return err
	}
	k.Issuer, k.Account = splitLabel(label, findColon(rawLabel, label), strings.TrimSpace(issuer))
	return nil
}

// readNumbers reads what changes the codes beside the secret.
func (k *Key) readNumbers(p *params) (err error) {
	if k.Algorithm, err = ParseAlgorithm(p.value[paramAlgorithm]); err != nil {
		return err
	}
	if k.Digits, err = number("digits", p.value[paramDigits], DefaultDigits, MinDigits, MaxDigits, ErrDigits); err != nil {
		return err
	}
	if k.Type == HOTP {
		if k.Counter, err = strconv.ParseUint(p.value[paramCounter], 10, 64); err != nil {
			return refuse("counter", ErrCounter, "")
		}
		return nil
	}
	if k.Period, err = number("period", p.value[paramPeriod], DefaultPeriod, 1, MaxPeriod, ErrPeriod); err != nil {
		return err
	}
	if k.Type == Steam {
		k.Digits, k.Period = SteamDigits, DefaultPeriod
	}
	return nil
}

// ParseAlgorithm reads the spellings that occur: SHA256, SHA-256, HmacSHA256,
// HMAC-SHA-256, in any case; "" is SHA1. Any other is an ErrAlgorithm.
func ParseAlgorithm(s string) (Algorithm, error) {
	if s == "" {
		return SHA1, nil
	}
	var buf [16]byte
	norm := buf[:0]
	for i := 0; i < len(s) && len(norm) < len(buf); i++ {
		if c := s[i]; c != '-' && c != '_' && c != ' ' {
			norm = append(norm, c)
		}
	}
	name := string(norm)
	if len(name) > 4 && equalFold(name[:4], "hmac") {
		name = name[4:]
	}
	switch {
	case equalFold(name, "sha1"):
		return SHA1, nil
	case equalFold(name, "sha256"):
		return SHA256, nil
	case equalFold(name, "sha512"):
		return SHA512, nil
	}
	return 0, refuse("algorithm", ErrAlgorithm, "")
}

// number reads a decimal number between lo and hi; empty means def.
func number(field, s string, def, lo, hi int, sentinel error) (int, error) {
	if s == "" {
		return def, nil
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil || n < uint64(lo) || n > uint64(hi) {
		return 0, refuse(field, sentinel, "")
	}
	return int(n), nil
}

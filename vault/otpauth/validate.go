// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"cmp"
	"strconv"
	"strings"
)

// Validate returns nil when the key makes codes and survives being written as
// a key URI: [Parse] of [Key.URI] then gives [Key.Normal]. The error is an [*Error].
func (k Key) Validate() error {
	if err := k.validateNumbers(); err != nil {
		return err
	}
	if err := k.validateText(); err != nil {
		return err
	}
	return k.validateLength()
}

func (k Key) validateNumbers() error {
	switch {
	case k.Type < TOTP || k.Type > Steam:
		return refuse("type", ErrType, "")
	case k.Secret.Len() == 0:
		return refuse("secret", ErrNoSecret, "")
	case k.Algorithm < SHA1 || k.Algorithm > SHA512:
		return refuse("algorithm", ErrAlgorithm, "")
	case k.Digits < MinDigits || k.Digits > MaxDigits:
		return refuse("digits", ErrDigits, "")
	case k.Type == HOTP && k.Period != 0:
		return refuse("period", ErrPeriod, "there is none with a counter")
	case k.Type == HOTP:
		return nil
	}
	return k.validateTime()
}

// validateTime checks what is particular to the types that go by time.
func (k Key) validateTime() error {
	switch {
	case k.Period < 1 || k.Period > MaxPeriod:
		return refuse("period", ErrPeriod, "")
	case k.Counter != 0:
		return refuse("counter", ErrCounter, "there is none with a period")
	case k.Type != Steam:
		return nil
	case k.Algorithm != SHA1:
		return refuse("algorithm", ErrAlgorithm, "Steam uses SHA1")
	case k.Digits != SteamDigits:
		return refuse("digits", ErrDigits, "Steam uses "+strconv.Itoa(SteamDigits))
	case k.Period != DefaultPeriod:
		return refuse("period", ErrPeriod, "Steam uses "+strconv.Itoa(DefaultPeriod))
	}
	return nil
}

func (k Key) validateText() error {
	if err := checkText("issuer", k.Issuer); err != nil {
		return err
	}
	if err := checkText("account", k.Account); err != nil {
		return err
	}
	for _, x := range k.Extra {
		name := strings.TrimSpace(x.Name)
		if name == "" || paramIndex(name) >= 0 {
			return refuse("parameter", ErrParameter, "its name is empty or has a meaning of its own")
		}
		if err := cmp.Or(checkText("parameter", x.Name), checkText("parameter", x.Value)); err != nil {
			return err
		}
	}
	return nil
}

// validateLength measures only where the key could be too long.
func (k Key) validateLength() error {
	rough := 2*len(k.Issuer) + len(k.Account) + k.Secret.Len()
	for _, x := range k.Extra {
		rough += len(x.Name) + len(x.Value) + 2
	}
	if 3*rough+120 > MaxURI && k.uriLen() > MaxURI {
		return refuse("", ErrTooLong, "more than 4096 bytes")
	}
	return nil
}

// Normal returns the key as it is written: names without blanks around
// them, and what the caller left at zero filled with the default. Steam's parameters
// are always the same. A key typed in by a person goes through Normal, then
// [Key.Validate].
func (k Key) Normal() Key {
	k.Issuer, k.Account = strings.TrimSpace(k.Issuer), strings.TrimSpace(k.Account)
	k.Type = cmp.Or(k.Type, TOTP)
	k.Algorithm = cmp.Or(k.Algorithm, SHA1)
	k.Digits = cmp.Or(k.Digits, DefaultDigits)
	switch k.Type {
	case HOTP:
		k.Period = 0
	case Steam:
		k.Algorithm, k.Digits, k.Period, k.Counter = SHA1, SteamDigits, DefaultPeriod, 0
	default:
		k.Period, k.Counter = cmp.Or(k.Period, DefaultPeriod), 0
	}
	if len(k.Extra) == 0 {
		k.Extra = nil
	}
	return k
}

// Same reports whether two keys make the same codes: equal secret, type, algorithm,
// digits and period. Names, HOTP counters and extra parameters may differ.
func (k Key) Same(o Key) bool {
	return k.Type == o.Type && k.Algorithm == o.Algorithm && k.Digits == o.Digits &&
		k.Period == o.Period && k.Secret.Equal(o.Secret)
}

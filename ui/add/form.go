// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"errors"
	"strconv"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Form is what the user typed, as it stands in the fields.
type Form struct {
	Issuer, Account, Key    string
	Type                    otpauth.Type
	Algorithm               otpauth.Algorithm
	Digits, Period, Counter string // "" for the usual
}

// Field names a field of the form.
type Field uint8

// The fields that can be wrong.
const (
	FieldNames Field = iota
	FieldKey
	FieldDigits
	FieldPeriod
	FieldCounter
)

// Problem is what is wrong with a field, in a sentence for the user.
type Problem struct {
	Field    Field
	Sentence string
}

// Link reports whether the key field holds a whole link instead of a key.
func (f Form) Link() bool {
	k := strings.ToLower(strings.TrimSpace(f.Key))
	return strings.HasPrefix(k, "otpauth:") || strings.HasPrefix(k, "otpauth-migration:")
}

// Read makes a key of the form. An empty required field is not a problem yet:
// ok is false, and there is nothing to say.
func (f Form) Read() (k otpauth.Key, problems []Problem, ok bool) {
	k = otpauth.Key{
		Type: f.Type, Algorithm: f.Algorithm,
		Issuer: strings.TrimSpace(f.Issuer), Account: strings.TrimSpace(f.Account),
	}
	problems = f.parameters(&k)
	if strings.TrimSpace(f.Key) != "" {
		s, err := otpauth.ParseSecret(f.Key)
		if err != nil {
			problems = append(problems, Problem{FieldKey, keySentence(err)})
		}
		k.Secret = s
	}
	if k.Secret.Len() == 0 || k.Issuer == "" && k.Account == "" || len(problems) > 0 {
		return k, problems, false
	}
	if err := k.Validate(); err != nil {
		return k, []Problem{{FieldNames, explain.Reason(err)}}, false
	}
	return k, nil, true
}

func (f Form) parameters(k *otpauth.Key) (problems []Problem) {
	digits, okDigits := number(f.Digits, otpauth.DefaultDigits, otpauth.MinDigits, otpauth.MaxDigits)
	period, okPeriod := number(f.Period, otpauth.DefaultPeriod, 1, otpauth.MaxPeriod)
	switch f.Type {
	case otpauth.Steam:
		k.Algorithm, k.Digits, k.Period = otpauth.SHA1, otpauth.SteamDigits, otpauth.DefaultPeriod
		return nil
	case otpauth.HOTP:
		c, err := strconv.ParseUint("0"+strings.TrimSpace(f.Counter), 10, 64)
		if err != nil {
			problems = append(problems, Problem{FieldCounter, words.T("The counter is a whole number, often 0.")})
		}
		k.Counter, period, okPeriod = c, 0, true
	}
	k.Digits, k.Period = digits, period
	if !okDigits {
		problems = append(problems, Problem{FieldDigits, words.T("A code has 4 to 10 digits, most often 6.")})
	}
	if !okPeriod {
		problems = append(problems, Problem{FieldPeriod, words.T("A code lasts 1 to 86400 seconds, most often 30.")})
	}
	return problems
}

// number reads a whole number between least and most; "" is usual.
func number(s string, usual, least, most int) (int, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return usual, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= least && n <= most
}

func keySentence(err error) string {
	if errors.Is(err, otpauth.ErrBadSecret) {
		return words.T("A key has only the letters A to Z and the digits 2 to 7. Compare it once more: 0 is often O, 1 is often I, 8 is often B.")
	}
	return explain.Reason(err)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"

	"github.com/kutano/authenticator/server/refusal"
)

// Phone returns a typed telephone number in E.164 ("+41791234542"). region is the
// country of numbers without a country code, as two letters of ISO 3166, "" none:
// then a number has to begin with + or 00. What cannot be the number of a mobile
// phone is a refusal of the kind PhoneInvalid.
func Phone(typed, region string) (string, error) {
	refused := refusal.New(refusal.PhoneInvalid)
	typed = strings.TrimSpace(typed)
	if len(typed) > most || strings.ContainsFunc(typed, func(r rune) bool {
		return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("+＋.()/", r)
	}) {
		return "", refused // letters would be read as digits or as an extension
	}
	if rest, international := strings.CutPrefix(typed, "00"); international && region == "" {
		typed = "+" + rest
	}
	n, err := phonenumbers.Parse(typed, strings.ToUpper(region))
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", refused
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE: // the second where numbers do not tell, as in North America
		return phonenumbers.Format(n, phonenumbers.E164), nil
	}
	return "", refused
}

// ValidRegion tells whether region is a country that Phone knows, or "".
func ValidRegion(region string) bool {
	return region == "" || phonenumbers.GetSupportedRegions()[strings.ToUpper(region)]
}

// shown is how many digits at the end a masked number keeps.
const shown = 2

// Mask returns a number of E.164 as its owner recognises it and nobody else can
// use it: "+41 •• ••• •• 42".
func Mask(e164 string) string {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return "••••"
	}
	code, rest, _ := strings.Cut(phonenumbers.Format(n, phonenumbers.INTERNATIONAL), " ")
	digits := strings.Count(strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '0'
		}
		return -1
	}, rest), "0")
	hidden := digits - shown
	return code + " " + strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return r
		}
		if hidden--; hidden >= 0 {
			return '•'
		}
		return r
	}, rest)
}

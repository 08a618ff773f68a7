// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"errors"
	"regexp"
	"testing"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func TestNoPlace(t *testing.T) {
	for _, tc := range []struct{ field, want string }{
		{"digits", "digits: the other app has no place for it: it has six only"},
		{"", "the other app has no place for it: it has six only"},
	} {
		err := NoPlace(tc.field, "it has six only")
		var place *PlaceError
		if !errors.Is(err, ErrNoPlace) || !errors.As(err, &place) || place.Field != tc.field || err.Error() != tc.want {
			t.Errorf("%q: %v", tc.field, err)
		}
	}
}

func TestNewUUID(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	have := map[string]bool{}
	for range 100 {
		u := NewUUID()
		if !form.MatchString(u) || have[u] {
			t.Fatalf("%s", u)
		}
		have[u] = true
	}
}

func TestSecretText(t *testing.T) {
	for raw, want := range map[string]string{"foobar": "MZXW6YTBOI", "f": "MY"} { // RFC 4648, section 10
		if got := SecretText(otpauth.Key{Secret: secret.FromString(raw)}); got != want {
			t.Errorf("%q: %s, want %s", raw, got, want)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/otpauth"
)

const base32Key = "JBSWY3DPEHPK3PXP"

func TestFields(t *testing.T) {
	for name, c := range map[string]struct {
		f    Fields
		want string // of Key.URI
		err  error
	}{
		"defaults":        {Fields{Issuer: " Shop ", Name: "anna", Secret: base32Key}, "otpauth://totp/Shop:anna?secret=JBSWY3DPEHPK3PXP&issuer=Shop", nil},
		"all":             {Fields{Type: "HOTP", Issuer: "Shop", Name: "anna", Secret: base32Key, Algorithm: "HmacSHA256", Digits: Int(8), Counter: Int(7), Period: Int(99)}, "otpauth://hotp/Shop:anna?secret=JBSWY3DPEHPK3PXP&issuer=Shop&algorithm=SHA256&digits=8&counter=7", nil},
		"raw":             {Fields{Name: "anna", Raw: []byte("Hello!")}, "otpauth://totp/anna?secret=JBSWY3DPEE", nil},
		"steam":           {Fields{Type: "steam", Name: "anna", Secret: base32Key, Digits: Int(6), Period: Int(60)}, "otpauth://steam/anna?secret=JBSWY3DPEHPK3PXP", nil},
		"no digits":       {Fields{Name: "anna", Secret: base32Key, Digits: Int(0)}, "", otpauth.ErrDigits},
		"no period":       {Fields{Name: "anna", Secret: base32Key, Period: Int(0)}, "", otpauth.ErrPeriod},
		"digits a word":   {Fields{Name: "anna", Secret: base32Key, Digits: Number{Set: true, Bad: true}}, "", otpauth.ErrDigits},
		"counter below":   {Fields{Type: "hotp", Name: "anna", Secret: base32Key, Counter: Int(-1)}, "", otpauth.ErrCounter},
		"algorithm":       {Fields{Name: "anna", Secret: base32Key, Algorithm: "SHA384"}, "", otpauth.ErrAlgorithm},
		"MD5":             {Fields{Name: "anna", Secret: base32Key, Algorithm: "MD5"}, "", otpauth.ErrAlgorithm},
		"type":            {Fields{Type: "motp", Name: "anna", Secret: base32Key}, "", ErrUnsupported},
		"no secret":       {Fields{Name: "anna"}, "", otpauth.ErrNoSecret},
		"bad secret":      {Fields{Name: "anna", Secret: "not base 32!"}, "", otpauth.ErrBadSecret},
		"huge counter":    {Fields{Type: "hotp", Name: "anna", Secret: base32Key, Counter: ParseNumber("99999999999999999999")}, "", otpauth.ErrCounter},
		"control in name": {Fields{Name: "an\x00na", Secret: base32Key}, "", otpauth.ErrControl},
	} {
		e := c.f.Entry()
		if !errors.Is(e.Err, c.err) || e.Err == nil && c.err != nil {
			t.Errorf("%s: %v, want %v", name, e.Err, c.err)
			continue
		}
		if c.err != nil {
			if e.Label == "" || e.Key.Secret.Len() > 0 {
				t.Errorf("%s: refused as %q with a key of %d bytes", name, e.Label, e.Key.Secret.Len())
			}
			continue
		}
		want, err := otpauth.Parse(c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got, w := e.Key.URI().Reveal(), want.URI().Reveal(); got != w {
			t.Errorf("%s: %s, want %s", name, got, w)
		}
	}
}

func TestOddSecretIsRemarked(t *testing.T) {
	for _, e := range []Entry{
		Fields{Name: "anna", Secret: "JBSWY3DPE"}.Entry(),
		FromURI("otpauth://totp/anna?digits=6&secret=JBSWY3DPE"),
		FromURI("steam://JBSWY3DPE"),
	} {
		if e.Err != nil || !slices.Contains(e.Remarks, OddSecret) {
			t.Errorf("%v %v", e.Err, e.Remarks)
		}
	}
	if e := FromURI("otpauth://totp/anna?secret=JBSWY3DPEHPK3PXP"); e.Err != nil || len(e.Remarks) > 0 {
		t.Errorf("%v %v", e.Err, e.Remarks)
	}
}

// A secret in the place of a name is not shown.
func TestRefusedLabelHidesSecrets(t *testing.T) {
	for _, e := range []Entry{
		Fields{Issuer: "Shop", Name: strings.Repeat(base32Key, 2), Secret: "!"}.Entry(),
		FromURI("otpauth://totp/" + strings.Repeat(base32Key, 2) + "?secret=!"),
		FromURI("otpauth://totp/Shop:anna?secret=!&issuer=Shop"),
	} {
		if e.Err == nil || strings.Contains(e.Label, base32Key) {
			t.Errorf("%q: %v", e.Label, e.Err)
		}
	}
}

func TestNamed(t *testing.T) {
	e := FromURI("otpauth://totp/anna?secret=JBSWY3DPEHPK3PXP").Named("Shop", "someone")
	if e.Key.Issuer != "Shop" || e.Key.Account != "anna" || e.Err != nil {
		t.Errorf("%q %q %v", e.Key.Issuer, e.Key.Account, e.Err)
	}
	if e := FromURI("otpauth://totp/anna?secret=JBSWY3DPEHPK3PXP").Named("Sh\x00op", ""); e.Err == nil || e.Key.Secret.Len() > 0 {
		t.Errorf("%v", e.Err)
	}
	if e := (Entry{Err: ErrDamaged}).Named("Shop", "anna"); e.Label != "Shop:anna" {
		t.Errorf("%q", e.Label)
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]Number{
		"6": Int(6), "\"8\"": Int(8), "null": {}, "\"\"": {}, "30.0": Int(30), "1e2": Int(100), "-3": Int(-3),
		"1.5": {Set: true, Bad: true}, "true": {Set: true, Bad: true}, "[6]": {Set: true, Bad: true}, "\"six\"": {Set: true, Bad: true},
		"1e300": {Set: true, Bad: true},
	} {
		v := struct{ N Number }{Number{Set: true, Value: 77}}
		if err := json.Unmarshal([]byte("{\"n\": "+text+"}"), &v); err != nil || v.N != want {
			t.Errorf("%s: %+v, %v; want %+v", text, v.N, err, want)
		}
	}
	if (Number{}).Or(Int(3)) != Int(3) || Int(4).Or(Int(3)) != Int(4) {
		t.Error("Or")
	}
}

func TestTypeErrorNamesOnlyTypes(t *testing.T) {
	for typ, want := range map[string]string{"motp": "motp", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP": "", "a b": "", "": ""} {
		e := &TypeError{typ}
		if e.Name() != want || want == "" && e.Error() != ErrUnsupported.Error() || !errors.Is(e, ErrUnsupported) {
			t.Errorf("%q: %q, %v", typ, e.Name(), e)
		}
	}
}

// Kinds of code that are known by name are said by name, and whose they are.
func TestFromURIOfOtherKinds(t *testing.T) {
	for uri, want := range map[string][2]string{
		"motp://Corp:ann?secret=0123456789abcdef":            {"motp", "Corp:ann"},
		"MOTP://0123456789abcdef0123456789abcdef":            {"motp", ""},
		"otpauth://yaotp/Yandex:ann?secret=JBSWY3DPEHPK3PXP": {"yandex", "Yandex:ann"},
		"otpauth://motp/ann?secret=ABCDEFGH":                 {"motp", "ann"},
	} {
		e := FromURI(uri)
		var kind *TypeError
		if !errors.As(e.Err, &kind) || kind.Name() != want[0] || e.Label != want[1] {
			t.Errorf("%q of %q: %q, %v", want[0], want[1], e.Label, e.Err)
		}
	}
}

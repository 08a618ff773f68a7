// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otp_test

import (
	"encoding/base32"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	pquerna "github.com/pquerna/otp"
	"pgregory.net/rapid"

	"github.com/kutano/authenticator/server/otp"
	"github.com/kutano/authenticator/server/refusal"
)

// R26: normalised to E.164, refused when it cannot be a mobile number.
func TestPhone(t *testing.T) {
	for _, c := range []struct{ typed, region, want string }{
		{"+41 79 123 45 42", "", "+41791234542"},
		{"0041 79 123 45 42", "", "+41791234542"},
		{" 079/123.45.42 ", "CH", "+41791234542"},
		{"079 123 45 42", "ch", "+41791234542"},
		{"+1 (201) 555-0123", "CH", "+12015550123"}, // a number there does not tell what it is
		{"+44 7400 123456", "", "+447400123456"},
		{"+254 712 123456", "", "+254712123456"},
		{"079 123 45 42", "", ""},             // of which country?
		{"+41 44 668 18 00", "", ""},          // a fixed line
		{"+41 800 123 456", "", ""},           // free of charge
		{"+41 900 123 456", "", ""},           // premium
		{"+41 79 123 45", "", ""},             // too short
		{"+41 79 123 45 422", "", ""},         // too long
		{"+999 79 123 45 42", "", ""},         // no country
		{"+41 79 123 45 42 ext. 5", "", ""},   // an extension
		{"+41 79 123 45 42;ext=5", "", ""},    //
		{"+1 201 555 CATS", "", ""},           // letters
		{"117", "CH", ""},                     // the police
		{"", "", ""},                          //
		{strings.Repeat("+41 ", 40), "", ""},  //
		{"tel:+41791234542", "", ""},          //
		{"+41 79 123 45 42\x00", "", ""},      //
		{"+41 79 123 45 42, +41 7", "CH", ""}, //
	} {
		got, err := otp.Phone(c.typed, c.region)
		if got != c.want || (c.want == "") != refusal.Is(err, refusal.PhoneInvalid) {
			t.Errorf("%q in %q: %q, %v, want %q", c.typed, c.region, got, err, c.want)
		}
	}
	if !otp.ValidRegion("") || !otp.ValidRegion("CH") || otp.ValidRegion("XX") {
		t.Error("regions are not told from others")
	}
}

// R50: the number is shown masked.
func TestMask(t *testing.T) {
	for number, want := range map[string]string{
		"+41791234542": "+41 •• ••• •• 42", "+12015550123": "+1 •••-•••-••23", "+254712123456": "+254 ••• ••••56", "": "••••",
	} {
		if got := otp.Mask(number); got != want {
			t.Errorf("%q: %q, want %q", number, got, want)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"+41 79 123 45 42", "0041791234542", "+1 (201) 555-0123", "", "+", "00", "١٢٣", "+41\n79"} {
		f.Add(s, "CH")
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, typed, region string) {
		got, err := otp.Phone(typed, region)
		if err != nil {
			if got != "" || !refusal.Is(err, refusal.PhoneInvalid) {
				t.Fatalf("%q, %v", got, err)
			}
			return
		}
		if again, err := otp.Phone(got, ""); err != nil || again != got {
			t.Fatalf("%q is not what it becomes: %q, %v", got, again, err)
		}
		hint := otp.Mask(got)
		if !strings.HasSuffix(hint, got[len(got)-2:]) || strings.Contains(hint, got[len(got)-3:]) || !utf8.ValidString(hint) {
			t.Fatalf("%q is masked as %q", got, hint)
		}
	})
}

// R35: what apps read in the QR code, and the secret as text.
func TestKeyURI(t *testing.T) {
	got := otp.KeyURI("Kutano Practice", "ana+test@kutano.example", rfcSecret)
	want := "otpauth://totp/Kutano%20Practice:ana%2Btest%40kutano.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano%20Practice&algorithm=SHA1&digits=6&period=30"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := otp.SecretText(rfcSecret); got != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Error(got)
	}
}

// Another program's reader finds in the URI what went in, whatever the names.
func TestKeyURIIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		issuer := rapid.StringMatching(`[A-Za-zÄé&=?#/%+ ]{1,20}`).Draw(t, "issuer")
		account := rapid.StringMatching(`[a-z0-9.+&=?#%'!]{1,20}@[a-z]{1,9}\.example`).Draw(t, "account")
		secret := otp.NewSecret()
		uri := otp.KeyURI(issuer, account, secret)
		key, err := pquerna.NewKeyFromURL(uri)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key.Secret())
		if err != nil || string(raw) != string(secret) || key.Issuer() != issuer || key.AccountName() != strings.TrimSpace(account) {
			t.Fatalf("%s: issuer %q, account %q, %v", uri, key.Issuer(), key.AccountName(), err)
		}
		u, err := url.Parse(uri)
		if err != nil || strings.Contains(u.RawQuery, "+") || strings.Contains(uri, " ") {
			t.Fatalf("%s: %v", uri, err)
		}
	})
	if uri := otp.KeyURI("A:B", "c", rfcSecret); !strings.HasPrefix(uri, "otpauth://totp/AB:c?") {
		t.Error(uri)
	}
}

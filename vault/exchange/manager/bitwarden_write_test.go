// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func loginKey(change ...func(*otpauth.Key)) otpauth.Key {
	k := otpauth.Key{Issuer: "Kutano", Account: "ada@example.com", Secret: secret.FromString("Hello!\xde\xad\xbe\xef")}
	for _, c := range change {
		c(&k)
	}
	return k.Normal()
}

func TestWriteBitwarden(t *testing.T) {
	long := strings.Repeat("n", bitwardenNote)
	in := []foreign.Entry{
		{Key: loginKey(), Tags: []string{"work", "mail"}, Note: "a note", Favourite: true},
		{Key: loginKey(func(k *otpauth.Key) { k.Type, k.Issuer = otpauth.Steam, "Valve" }), Tags: []string{"work"}},
		{Key: loginKey(func(k *otpauth.Key) { k.Issuer, k.Period = "", 60 }), Note: long + "n"},
		{Key: loginKey(func(k *otpauth.Key) { k.Account = "" }), Note: long},
	}
	out, err := bitwardenWriter{}.Write(t.Context(), in, secret.Value{})
	if err != nil || len(out) != 1 {
		t.Fatal(err)
	}
	var v json.RawMessage
	if err := json.Unmarshal(out[0].Data, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	got := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`).ReplaceAllStringFunc(string(b), func(id string) string {
		if known[id] == "" {
			known[id] = string(rune('A' + len(known)))
		}
		return known[id]
	})
	const item = `,"organizationId":null,"folderId":`
	want := `{"encrypted":false,"folders":[{"id":"A","name":"work"}],"items":[` +
		`{"id":"B"` + item + `"A","type":1,"reprompt":0,"name":"Kutano","notes":"a note","favorite":true,` +
		`"login":{"uris":[],"username":"ada@example.com","password":null,` +
		`"totp":"otpauth://totp/Kutano:ada@example.com?secret=JBSWY3DPEHPK3PXP\u0026issuer=Kutano"},"collectionIds":null},` +
		`{"id":"C"` + item + `"A","type":1,"reprompt":0,"name":"Valve","notes":null,"favorite":false,` +
		`"login":{"uris":[],"username":"ada@example.com","password":null,"totp":"steam://JBSWY3DPEHPK3PXP"},"collectionIds":null},` +
		`{"id":"D"` + item + `null,"type":1,"reprompt":0,"name":"ada@example.com","notes":null,"favorite":false,` +
		`"login":{"uris":[],"username":"ada@example.com","password":null,` +
		`"totp":"otpauth://totp/ada@example.com?secret=JBSWY3DPEHPK3PXP\u0026period=60"},"collectionIds":null},` +
		`{"id":"E"` + item + `null,"type":1,"reprompt":0,"name":"Kutano","notes":"` + long + `","favorite":false,` +
		`"login":{"uris":[],"username":null,"password":null,` +
		`"totp":"otpauth://totp/Kutano:?secret=JBSWY3DPEHPK3PXP\u0026issuer=Kutano"},"collectionIds":null}]}`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestBitwardenFits(t *testing.T) {
	for _, tc := range []struct {
		field  string
		change func(*otpauth.Key)
	}{
		{"type", func(k *otpauth.Key) { k.Type = otpauth.HOTP }},
		{"issuer", func(k *otpauth.Key) { k.Type, k.Issuer = otpauth.Steam, "" }},
		{"issuer", func(k *otpauth.Key) { k.Type, k.Issuer = otpauth.Steam, strings.Repeat("x", 688) }},
		{"account", func(k *otpauth.Key) { k.Type, k.Account = otpauth.Steam, strings.Repeat("é", 344) }},
		{"account", func(k *otpauth.Key) { k.Issuer, k.Account = "", "" }},
		{"", func(k *otpauth.Key) { k.Secret = secret.FromString(strings.Repeat("x", 400)) }},
		{"", func(k *otpauth.Key) { k.Account = strings.Repeat("x", 650) }},
	} {
		var place *foreign.PlaceError
		if err := (bitwardenWriter{}).Fits(loginKey(tc.change)); !errors.As(err, &place) || place.Field != tc.field {
			t.Errorf("%q: %v", tc.field, err)
		}
	}
	for i, change := range []func(*otpauth.Key){
		func(*otpauth.Key) {},
		func(k *otpauth.Key) { k.Type = otpauth.Steam },
		func(k *otpauth.Key) { k.Type, k.Issuer = otpauth.Steam, strings.Repeat("x", 687) },
		func(k *otpauth.Key) { k.Digits, k.Period, k.Algorithm = 10, 86400, otpauth.SHA512 },
		func(k *otpauth.Key) { k.Account = strings.Repeat("x", 600) },
	} {
		if err := (bitwardenWriter{}).Fits(loginKey(change)); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// A field of 687 bytes becomes one of at most 1,000 characters when Bitwarden
// encrypts it, and one more does not.
func TestBitwardenFieldSizes(t *testing.T) {
	for n, most := range map[int]int{bitwardenField: 1000, bitwardenNote: 10000} {
		for _, tc := range []struct {
			n    int
			fits bool
		}{{n, true}, {n + 1, false}} {
			s, err := encString(make([]byte, 32), make([]byte, 32), make([]byte, tc.n))
			if err != nil || (len(s) <= most) != tc.fits {
				t.Errorf("%d bytes are %d characters, %v", tc.n, len(s), err)
			}
		}
	}
}

func TestBitwardenLocked(t *testing.T) {
	file, err := bitwardenLock(t.Context(), []byte("{}"), secret.FromString("pw"), 1)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	enc := func(blocks int) string {
		return `"2\.[A-Za-z0-9+/]{22}==\|[A-Za-z0-9+/=]{` + map[int]string{1: "24", 3: "64"}[blocks] + `}\|[A-Za-z0-9+/]{43}="`
	}
	form := regexp.MustCompile(`^\{"encrypted":true,"passwordProtected":true,"salt":"[A-Za-z0-9+/]{22}==","kdfType":0,"kdfIterations":1,` +
		`"encKeyValidation_DO_NOT_EDIT":` + enc(3) + `,"data":` + enc(1) + `\}$`)
	if !form.Match(data) {
		t.Errorf("%s", data)
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func TestLenientFields(t *testing.T) {
	type all struct {
		Text  text
		Flag  flag
		Texts texts
	}
	for in, want := range map[string]all{
		`{}`:                                     {},
		`{"Text":null,"Flag":null,"Texts":null}`: {},
		`{"Text":"a\u00e9\/","Flag":true,"Texts":["a"," ","b"]}`: {"aé/", true, texts{"a", " ", "b"}},
		`{"Text":12,"Flag":"TRUE","Texts":[1,null]}`:             {"12", true, texts{"1", ""}},
		`{"Text":true,"Flag":1,"Texts":"a"}`:                     {"true", true, nil},
		`{"Text":{"a":1},"Flag":"yes","Texts":{"a":1}}`:          {},
		`{"Text":["a"],"Flag":[true],"Texts":[["a"],"b"]}`:       {"", false, texts{"", "b"}},
	} {
		var got all
		if err := json.Unmarshal([]byte(in), &got); err != nil || got.Text != want.Text || got.Flag != want.Flag || !slices.Equal(got.Texts, want.Texts) {
			t.Errorf("%s: %+v, %v", in, got, err)
		}
	}
	if got := (texts{" a ", "", "b"}).strings(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("%q", got)
	}
}

// Bytes come back as they went, in every spelling of base64 and hexadecimal.
func TestBytesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "bytes")
		type both struct {
			A base64Bytes
			B hexBytes
		}
		text, err := json.Marshal(both{b, b})
		var back both
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || !slices.Equal(back.A, b) || !slices.Equal(back.B, b) {
			t.Fatalf("%s: %v", text, err)
		}
		for _, s := range []string{base64.RawStdEncoding.EncodeToString(b), " " + base64.StdEncoding.EncodeToString(b) + "\r\n"} {
			if got, err := unbase64(s); err != nil || !slices.Equal(got, b) {
				t.Fatalf("%q: %v", s, err)
			}
		}
		var h hexBytes
		if err := h.UnmarshalText([]byte(strings.ToUpper(hex.EncodeToString(b)))); err != nil || !slices.Equal(h, b) {
			t.Fatal(err)
		}
	})
	for _, odd := range []string{"!", "AAAAA", "A_-A"} {
		if _, err := unbase64(odd); err == nil {
			t.Errorf("%q is taken", odd)
		}
	}
}

// Names and parameters of an account come out of the file as they went in.
func TestReadWhatIsWritten(t *testing.T) {
	name := rapid.StringMatching(`[a-zA-Z0-9äß"\\<&][ -~]{0,20}[a-z0-9]`)
	rapid.Check(t, func(t *rapid.T) {
		secretText := rapid.StringMatching(`[A-Z2-7]{16}`).Draw(t, "secret")
		issuer, account := name.Draw(t, "issuer"), name.Draw(t, "account")
		digits, period := rapid.IntRange(4, 10).Draw(t, "digits"), rapid.IntRange(1, 86400).Draw(t, "period")
		e := decodeOne(t, map[string]any{"type": "totp", "issuer": issuer, "name": account, "info": map[string]any{
			"secret": secretText, "algo": "SHA512", "digits": digits, "period": period,
		}})
		k := e.Key
		if e.Err != nil || k.Issuer != issuer || k.Account != account || k.Digits != digits || k.Period != period || k.Algorithm.String() != "SHA512" {
			t.Fatalf("%+v: %v", k, e.Err)
		}
	})
}

func decodeOne(t *rapid.T, v map[string]any) (e foreign.Entry) {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	each(func(got foreign.Entry) { e = got }, func(a aegisEntry) foreign.Entry { return a.entry(nil) })(b)
	return e
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"
	"errors"
	"image/png"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
	"github.com/kutano/authenticator/vault/secret"
)

func sample(change ...func(*otpauth.Key)) otpauth.Key {
	k := otpauth.Key{Issuer: "Kutano", Account: "ada@example.com", Secret: secret.FromString("Hello!\xde\xad\xbe\xef")}
	for _, c := range change {
		c(&k)
	}
	return k.Normal()
}

func TestWriteURIs(t *testing.T) {
	all := []foreign.Entry{
		{Key: sample()},
		{Key: sample(func(k *otpauth.Key) { k.Type, k.Counter, k.Issuer = otpauth.HOTP, 7, "" })},
		{Key: sample(func(k *otpauth.Key) { k.Extra = []otpauth.Param{{Name: "image", Value: "x"}} })},
	}
	out, err := uriWriter{}.Write(t.Context(), all, secret.Value{})
	const want = "otpauth://totp/Kutano:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Kutano\n" +
		"otpauth://hotp/ada@example.com?secret=JBSWY3DPEHPK3PXP&counter=7\n" +
		"otpauth://totp/Kutano:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Kutano&image=x\n"
	if err != nil || len(out) != 1 || string(out[0].Data) != want || out[0].Suffix != "" {
		t.Errorf("%v\n%s", err, out[0].Data)
	}
	if all[0].Key.Secret.Len() == 0 {
		t.Error("the account's own key was cleared")
	}
}

func TestGoogleFits(t *testing.T) {
	for _, tc := range []struct {
		field  string
		change func(*otpauth.Key)
	}{
		{"type", func(k *otpauth.Key) { k.Type = otpauth.Steam }},
		{"digits", func(k *otpauth.Key) { k.Digits = 7 }},
		{"period", func(k *otpauth.Key) { k.Period = 60 }},
		{"counter", func(k *otpauth.Key) { k.Type, k.Counter = otpauth.HOTP, math.MaxInt64+1 }},
		{"", func(k *otpauth.Key) { k.Account = strings.Repeat("long", 500) }},
	} {
		var place *foreign.PlaceError
		if err := (googleWriter{}).Fits(sample(tc.change)); !errors.As(err, &place) || place.Field != tc.field || !errors.Is(err, foreign.ErrNoPlace) {
			t.Errorf("%q: %v", tc.field, err)
		}
	}
	for i, change := range []func(*otpauth.Key){
		func(*otpauth.Key) {},
		func(k *otpauth.Key) { k.Digits, k.Algorithm = 8, otpauth.SHA512 },
		func(k *otpauth.Key) { k.Type, k.Counter = otpauth.HOTP, math.MaxInt64 },
		func(k *otpauth.Key) { k.Issuer, k.Account = "A:B", "c:d" },
		func(k *otpauth.Key) { k.Issuer, k.Account = "", "" },
		func(k *otpauth.Key) { k.Account = strings.Repeat("long", 300) },
	} {
		if err := (googleWriter{}).Fits(sample(change)); err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// 25 accounts are three pictures, each with one QR code of at most ten accounts.
func TestWriteGoogle(t *testing.T) {
	var all []foreign.Entry
	for i := range 25 {
		all = append(all, foreign.Entry{Key: sample(func(k *otpauth.Key) { k.Account = "account " + strconv.Itoa(i) })})
	}
	out, err := googleWriter{}.Write(t.Context(), all, secret.Value{})
	if err != nil || len(out) != 3 {
		t.Fatalf("%d pictures, %v", len(out), err)
	}
	var names []string
	for i, o := range out {
		if o.Suffix != "-"+strconv.Itoa(i+1) {
			t.Errorf("suffix %q", o.Suffix)
		}
		img, err := png.Decode(bytes.NewReader(o.Data))
		if err != nil {
			t.Fatal(err)
		}
		texts, err := scan.Decode(t.Context(), img)
		if err != nil || len(texts) != 1 || !strings.HasPrefix(texts[0], "otpauth-migration://offline?data=") {
			t.Fatalf("%v, %v", texts, err)
		}
		b, err := otpauth.ParseMigration(texts[0])
		if err != nil || b.Index != i || b.Size != 3 || len(b.Entries) > 10 {
			t.Fatalf("%+v, %v", b, err)
		}
		for _, e := range b.Entries {
			names = append(names, e.Key.Account)
		}
	}
	if len(names) != 25 || !slices.Contains(names, "account 24") || names[0] != "account 0" {
		t.Errorf("%q", names)
	}
	if one, err := (googleWriter{}).Write(t.Context(), all[:1], secret.Value{}); err != nil || len(one) != 1 || one[0].Suffix != "" {
		t.Errorf("one account: %d pictures, %v", len(one), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (googleWriter{}).Write(ctx, all, secret.Value{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

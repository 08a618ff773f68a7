// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

func made(change ...func(*otpauth.Key)) otpauth.Key {
	k := otpauth.Key{Issuer: "Kutano", Account: "ada@example.com", Secret: secret.FromString("Hello!\xde\xad\xbe\xef")}
	for _, c := range change {
		c(&k)
	}
	return k.Normal()
}

// toWrite are accounts of all types, with all that is kept beside a key.
func toWrite() []foreign.Entry {
	return []foreign.Entry{
		{Key: made(), Tags: []string{"work", "mail"}, Note: "a \"note\"", Favourite: true},
		{Key: made(func(k *otpauth.Key) { k.Type, k.Counter, k.Digits, k.Issuer = otpauth.HOTP, 7, 8, "Bank" }), Tags: []string{"work"}},
		{Key: made(func(k *otpauth.Key) { k.Algorithm, k.Period, k.Issuer = otpauth.SHA512, 60, "" })},
	}
}

var (
	uuidForm = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	upUUID   = regexp.MustCompile(`[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}`)
)

// compact returns a JSON text without blanks between its parts, and with random
// ids in the order of their first appearance.
func compact(t *testing.T, data []byte, ids *regexp.Regexp) string {
	t.Helper()
	var v json.RawMessage
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	return ids.ReplaceAllStringFunc(string(b), func(id string) string {
		if known[id] == "" {
			known[id] = string(rune('A' + len(known)))
		}
		return known[id]
	})
}

func TestWrite(t *testing.T) {
	for _, tc := range []struct {
		writer foreign.Writer
		ids    *regexp.Regexp
		want   string
	}{
		{
			aegisWriter{},
			uuidForm,
			`{"version":1,"header":{"slots":null,"params":null},"db":{"version":3,"entries":[` +
				`{"type":"totp","uuid":"A","name":"ada@example.com","issuer":"Kutano","note":"a \"note\"","favorite":true,"icon":null,` +
				`"info":{"secret":"JBSWY3DPEHPK3PXP","algo":"SHA1","digits":6,"period":30},"groups":["B","C"]},` +
				`{"type":"hotp","uuid":"D","name":"ada@example.com","issuer":"Bank","note":"","favorite":false,"icon":null,` +
				`"info":{"secret":"JBSWY3DPEHPK3PXP","algo":"SHA1","digits":8,"counter":7},"groups":["B"]},` +
				`{"type":"totp","uuid":"E","name":"ada@example.com","issuer":"","note":"","favorite":false,"icon":null,` +
				`"info":{"secret":"JBSWY3DPEHPK3PXP","algo":"SHA512","digits":6,"period":60},"groups":[]}],` +
				`"groups":[{"uuid":"B","name":"work"},{"uuid":"C","name":"mail"}]}}`,
		},
		{
			twofasWriter{},
			upUUID,
			`{"services":[{"name":"Kutano","secret":"JBSWY3DPEHPK3PXP","updatedAt":0,"otp":{"label":"ada@example.com",` +
				`"account":"ada@example.com","issuer":"Kutano","digits":6,"period":30,"algorithm":"SHA1","tokenType":"TOTP","source":"Manual"},` +
				`"order":{"position":0},"groupId":"A"},` +
				`{"name":"Bank","secret":"JBSWY3DPEHPK3PXP","updatedAt":0,"otp":{"label":"ada@example.com",` +
				`"account":"ada@example.com","issuer":"Bank","digits":8,"algorithm":"SHA1","counter":7,"tokenType":"HOTP","source":"Manual"},` +
				`"order":{"position":1},"groupId":"A"},` +
				`{"name":"ada@example.com","secret":"JBSWY3DPEHPK3PXP","updatedAt":0,"otp":{"label":"ada@example.com",` +
				`"account":"ada@example.com","issuer":"","digits":6,"period":60,"algorithm":"SHA512","tokenType":"TOTP","source":"Manual"},` +
				`"order":{"position":2}}],` +
				`"groups":[{"id":"A","name":"work","isExpanded":true,"updatedAt":0}],` +
				`"updatedAt":0,"schemaVersion":4,"appVersionCode":5000009,"appVersionName":"5.1.0","appOrigin":"android"}`,
		},
		{
			freeotpPlusWriter{},
			uuidForm,
			`{"tokenOrder":["Kutano:ada@example.com","Bank:ada@example.com","ada@example.com"],"tokens":[` +
				`{"algo":"SHA1","counter":0,"digits":6,"issuerExt":"Kutano","issuerInt":"Kutano","label":"ada@example.com","period":30,` +
				`"secret":[72,101,108,108,111,33,-34,-83,-66,-17],"type":"TOTP"},` +
				`{"algo":"SHA1","counter":6,"digits":8,"issuerExt":"Bank","issuerInt":"Bank","label":"ada@example.com","period":30,` +
				`"secret":[72,101,108,108,111,33,-34,-83,-66,-17],"type":"HOTP"},` +
				`{"algo":"SHA512","counter":0,"digits":6,"issuerExt":"","issuerInt":"","label":"ada@example.com","period":60,` +
				`"secret":[72,101,108,108,111,33,-34,-83,-66,-17],"type":"TOTP"}]}`,
		},
	} {
		in := toWrite()
		out, err := tc.writer.Write(t.Context(), in, secret.Value{})
		if err != nil || len(out) != 1 {
			t.Fatal(err)
		}
		if got := compact(t, out[0].Data, tc.ids); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.writer.Target().ID, got, tc.want)
		}
		if in[0].Key.Secret.Reveal() != "Hello!\xde\xad\xbe\xef" {
			t.Errorf("%s: the account's own key was changed", tc.writer.Target().ID)
		}
	}
}

func TestFits(t *testing.T) {
	counter := func(n uint64) func(*otpauth.Key) {
		return func(k *otpauth.Key) { k.Type, k.Counter = otpauth.HOTP, n }
	}
	steam := func(k *otpauth.Key) { k.Type = otpauth.Steam }
	digits := func(n int) func(*otpauth.Key) { return func(k *otpauth.Key) { k.Digits = n } }
	period := func(n int) func(*otpauth.Key) { return func(k *otpauth.Key) { k.Period = n } }
	named := func(issuer, account string) func(*otpauth.Key) {
		return func(k *otpauth.Key) { k.Issuer, k.Account = issuer, account }
	}
	size := func(n int) func(*otpauth.Key) {
		return func(k *otpauth.Key) { k.Secret = secret.FromString(strings.Repeat("x", n)) }
	}
	const fits = "fits"
	for _, tc := range []struct {
		name                  string
		change                func(*otpauth.Key)
		aegis, twofas, freeot string // the field there is no place for
	}{
		{"usual", func(*otpauth.Key) {}, fits, fits, fits},
		{"SHA512", func(k *otpauth.Key) { k.Algorithm = otpauth.SHA512 }, fits, fits, fits},
		{"counter", counter(0), fits, fits, fits},
		{"large counter", counter(math.MaxInt32), fits, fits, fits},
		{"larger counter", counter(math.MaxInt32 + 1), fits, "counter", fits},
		{"largest counter", counter(math.MaxInt64), fits, "counter", fits},
		{"too large a counter", counter(math.MaxInt64 + 1), "counter", "counter", "counter"},
		{"Steam", steam, fits, fits, "type"},
		{"Steam's name", named("Steam", "x"), fits, fits, "issuer"},
		{"4 digits", digits(4), fits, "digits", "digits"},
		{"5 digits", digits(5), fits, "digits", fits},
		{"7 digits", digits(7), fits, fits, fits},
		{"8 digits", digits(8), fits, fits, fits},
		{"9 digits", digits(9), fits, "digits", "digits"},
		{"10 digits", digits(10), fits, "digits", "digits"},
		{"10 s", period(10), fits, "period", fits},
		{"60 s", period(60), fits, fits, fits},
		{"90 s", period(90), fits, fits, fits},
		{"a day", period(86400), fits, "period", fits},
		{"no names", named("", ""), fits, "account", fits},
		{"50 letters", named(strings.Repeat("é", 50), strings.Repeat("é", 50)), fits, fits, fits},
		{"51 letters", named("", strings.Repeat("é", 51)), fits, "account", fits},
		{"long issuer", named(strings.Repeat("é", 51), ""), fits, "issuer", fits},
		{"backslash", named(`a\b`, "x"), fits, "issuer", fits},
		{"web address", named("x", "https://example.com"), fits, "account", fits},
		{"web address without TLS", named("x", "at http://example.com"), fits, "account", fits},
		{"two bytes", size(2), fits, "secret", fits},
		{"three bytes", size(3), fits, fits, fits},
		{"320 bytes", size(320), fits, fits, fits},
		{"321 bytes", size(321), fits, "secret", fits},
	} {
		k := made(tc.change)
		for i, w := range []foreign.Writer{aegisWriter{}, twofasWriter{}, freeotpPlusWriter{}} {
			got, want := fits, []string{tc.aegis, tc.twofas, tc.freeot}[i]
			var place *foreign.PlaceError
			err := w.Fits(k)
			if errors.As(err, &place) {
				got = place.Field
			}
			if got != want || err != nil && place == nil {
				t.Errorf("%s into %s: %q, want %q: %v", tc.name, w.Target().ID, got, want, err)
			}
		}
	}
}

// What an app takes for the same has the same mark, and nothing else has.
func TestMarks(t *testing.T) {
	same := func(d foreign.Distinct, a, b otpauth.Key) bool {
		x, why := d.Mark(a)
		y, _ := d.Mark(b)
		if !errors.Is(why, foreign.ErrNoPlace) || strings.Contains(x, "Hello") {
			t.Errorf("%T: %q, %v", d, x, why)
		}
		return x == y
	}
	other := made(func(k *otpauth.Key) { k.Secret = secret.FromString("other") })
	renamed := made(func(k *otpauth.Key) { k.Issuer = "Bank" })
	colon := made(func(k *otpauth.Key) { k.Issuer, k.Account = "", "Kutano:ada@example.com" })
	for name, ok := range map[string]bool{
		"2FAS, one secret":       same(twofasWriter{}, made(), renamed),
		"2FAS, two secrets":      !same(twofasWriter{}, made(), other),
		"FreeOTP+, same names":   same(freeotpPlusWriter{}, made(), other),
		"FreeOTP+, another name": !same(freeotpPlusWriter{}, made(), renamed),
		"FreeOTP+, one ID":       same(freeotpPlusWriter{}, made(), colon),
	} {
		if !ok {
			t.Error(name)
		}
	}
}

// The form of a locked Aegis file, with a key that is derived quickly.
func TestAegisLocked(t *testing.T) {
	file, err := aegisLocked(t.Context(), []byte(`{"version":3}`), secret.FromString("pw"), 2)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^\{"version":1,"header":\{"slots":\[\{"type":1,"uuid":"[0-9a-f-]{36}","key":"[0-9a-f]{64}",` +
		`"key_params":\{"nonce":"[0-9a-f]{24}","tag":"[0-9a-f]{32}"\},"n":2,"r":8,"p":1,"salt":"[0-9a-f]{64}","repaired":true,"is_backup":false\}\],` +
		`"params":\{"nonce":"[0-9a-f]{24}","tag":"[0-9a-f]{32}"\}\},"db":"[A-Za-z0-9+/]{18}=="\}$`)
	if !form.Match(data) {
		t.Errorf("%s", data)
	}
	if aegisCost != 32768 {
		t.Error("Aegis has N = 32768")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (aegisWriter{}).Write(ctx, toWrite(), secret.FromString("pw")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTwoFASLocked(t *testing.T) {
	file := twofasContent(toWrite())
	if err := file.lock(t.Context(), secret.FromString("pw"), 1); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	sealed := `"[A-Za-z0-9+/]+=*:[A-Za-z0-9+/]{342}==:[A-Za-z0-9+/]{16}"`
	form := regexp.MustCompile(`^\{"services":\[\],"groups":.*"schemaVersion":4,.*"servicesEncrypted":` + sealed + `,"reference":` + sealed + `\}$`)
	if !form.Match(data) || strings.Contains(string(data), "JBSWY3DP") {
		t.Errorf("%s", data)
	}
	for _, pass := range []string{"pässword", "密码", "\xff"} {
		if _, err := (twofasWriter{}).Write(t.Context(), toWrite(), secret.FromString(pass)); !errors.Is(err, foreign.ErrPassphrase) {
			t.Errorf("%q: %v", pass, err)
		}
	}
}

// The text that 2FAS looks for is the one in its own files.
func TestTwoFASReference(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("../../../../shared/corpus/imports/2fas/aegis--2fas_authenticator_encrypted_v4.2fas"))
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skipf("the corpus is not beside the repository: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Reference text }
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	sealed, err := parseTwoFASSealed(f.Reference)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := sealed.open(t.Context(), []byte("test"))
	if err != nil || string(plain) != twofasReference {
		t.Errorf("%v, %d bytes", err, len(plain))
	}
}

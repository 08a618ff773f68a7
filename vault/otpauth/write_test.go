// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

func TestURI(t *testing.T) {
	tests := []struct {
		change func(*Key)
		want   string
	}{
		{nil, "otpauth://totp/?secret=JBSWY3DPEHPK3PXP"},
		{func(k *Key) { k.Issuer, k.Account = "Kutano", "ada@example.com" }, // R19
			"otpauth://totp/Kutano:ada@example.com?secret=JBSWY3DPEHPK3PXP&issuer=Kutano"},
		{func(k *Key) { k.Account = "bob" }, "otpauth://totp/bob?secret=JBSWY3DPEHPK3PXP"},
		{func(k *Key) { k.Issuer = "Ex" }, "otpauth://totp/Ex:?secret=JBSWY3DPEHPK3PXP&issuer=Ex"},
		{func(k *Key) { k.Account = "a:b" }, "otpauth://totp/:a%3Ab?secret=JBSWY3DPEHPK3PXP"},
		{
			func(k *Key) { k.Issuer, k.Account = "AT&T", "C++ #1?" },
			"otpauth://totp/AT%26T:C%2B%2B%20%231%3F?secret=JBSWY3DPEHPK3PXP&issuer=AT%26T",
		},
		{
			func(k *Key) { k.Issuer, k.Account = "Foo&secret=AAAA", "x" },
			"otpauth://totp/Foo%26secret%3DAAAA:x?secret=JBSWY3DPEHPK3PXP&issuer=Foo%26secret%3DAAAA",
		},
		{
			func(k *Key) { k.Issuer, k.Account = " é ", "b" },
			"otpauth://totp/%C3%A9:b?secret=JBSWY3DPEHPK3PXP&issuer=%C3%A9",
		},
		{func(k *Key) { k.Account, k.Algorithm, k.Digits, k.Period = "b", SHA512, 8, 60 }, // R20
			"otpauth://totp/b?secret=JBSWY3DPEHPK3PXP&algorithm=SHA512&digits=8&period=60"},
		{
			func(k *Key) { k.Account, k.Type, k.Counter = "b", HOTP, 5 },
			"otpauth://hotp/b?secret=JBSWY3DPEHPK3PXP&counter=5",
		},
		{
			func(k *Key) { k.Account, k.Type = "b", Steam },
			"otpauth://steam/b?secret=JBSWY3DPEHPK3PXP&encoder=steam",
		},
		{
			func(k *Key) { k.Account, k.Extra = "b", []Param{{"lock", "no"}, {"tags", "a b"}} },
			"otpauth://totp/b?secret=JBSWY3DPEHPK3PXP&lock=no&tags=a%20b",
		},
	}
	for _, tt := range tests {
		k := sampleKey(tt.change)
		if got := k.URI().Reveal(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
		if n := k.Normal().uriLen(); n != len(tt.want) {
			t.Errorf("%s: length %d, said to be %d", tt.want, len(tt.want), n)
		}
	}
}

// text draws names as hostile as valid names get.
var text = rapid.OneOf(
	rapid.SampledFrom([]string{
		"", ":", "a:b", ":a", "a:", "::", "C++", "AT&T", "a+b", "+", "100%", "%41", "a/b", "/", "?", "a?b=c&secret=AAAA",
		"#", "🐙", "👩‍👩‍👧", "é", "e\u0301", "שלום", "Kutano", "ada@example.com", "a@b:c", "https://x.io:80", "x.io:80",
		" a", "a ", "\u00a0a", "amp;x", "=", "&", "a&amp;b", "\"", "'", "<>", "otpauth://totp/x?secret=AAAA",
	}),
	rapid.StringOfN(rapid.RuneFrom([]rune(" :+%&=?#/@aZ0é🐙;~'\\\"")), 0, 20, -1),
	rapid.StringN(0, 30, -1).Filter(func(s string) bool { return checkText("", s) == nil }),
)

var keys = rapid.Custom(func(t *rapid.T) Key {
	k := Key{
		Type:      rapid.SampledFrom([]Type{TOTP, HOTP, Steam}).Draw(t, "type"),
		Issuer:    text.Draw(t, "issuer"),
		Account:   text.Draw(t, "account"),
		Secret:    secret.New(rapid.SliceOfN(rapid.Byte(), 1, 80).Draw(t, "secret")),
		Algorithm: rapid.SampledFrom([]Algorithm{SHA1, SHA256, SHA512}).Draw(t, "algorithm"),
		Digits:    rapid.IntRange(MinDigits, MaxDigits).Draw(t, "digits"),
		Period:    rapid.IntRange(1, MaxPeriod).Draw(t, "period"),
		Counter:   rapid.Uint64().Draw(t, "counter"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "extras") {
		p := Param{text.Draw(t, "name"), text.Draw(t, "value")}
		if name := strings.TrimSpace(p.Name); name != "" && paramIndex(name) < 0 {
			k.Extra = append(k.Extra, p)
		}
	}
	return k.Normal()
})

// Property: what is written is ASCII, short enough, and reads back the same.
func TestURIReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := keys.Draw(t, "key")
		if err := k.Validate(); err != nil {
			t.Fatal(err)
		}
		uri := k.URI().Reveal()
		if len(uri) > MaxURI || len(uri) != k.uriLen() {
			t.Fatalf("%d bytes, said to be %d", len(uri), k.uriLen())
		}
		if strings.IndexFunc(uri, func(r rune) bool { return r <= ' ' || r > '~' }) >= 0 {
			t.Fatalf("not printable ASCII: %q", uri)
		}
		got, err := Parse(uri)
		if err != nil || !equal(got, k) {
			t.Fatalf("%s\n got %+v, %v\nwant %+v", uri, got, err, k)
		}
		for _, context := range []string{"%", "my key:\n%\nkeep it", `{"uri":"%","n":1}`, "see <%>, please"} {
			found := Find(strings.Replace(context, "%", uri, 1))
			if len(found) != 1 || found[0].Err != nil || !equal(found[0].Key, k) {
				t.Fatalf("%s\nis not found in %q: %+v", uri, context, found)
			}
		}
	})
}

// peer reads a key URI as other apps do: with the platform's URL type, the label
// cut at its first colon, the parameters form-decoded.
func peer(t *rapid.T, uri string) (issuer, account string, q url.Values) {
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatalf("%s: %v", uri, err)
	}
	q, err = url.ParseQuery(u.RawQuery)
	if err != nil || u.Fragment != "" {
		t.Fatalf("%s: %v, fragment %q", uri, err, u.Fragment)
	}
	label := strings.TrimPrefix(u.EscapedPath(), "/")
	prefix, rest, ok := strings.Cut(label, ":")
	if !ok {
		prefix, rest = "", label
	}
	if account, err = url.PathUnescape(rest); err != nil {
		t.Fatal(err)
	}
	if issuer, err = url.PathUnescape(prefix); err != nil {
		t.Fatal(err)
	}
	return issuer, account, q
}

// Property: a naive reader gets the same out of what we write.
func TestPeersReadTheSame(t *testing.T) {
	or := func(s, def string) string {
		if s == "" {
			return def
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		k := keys.Draw(t, "key")
		uri := k.URI().Reveal()
		issuer, account, q := peer(t, uri)
		if issuer != k.Issuer || q.Get("issuer") != k.Issuer || account != k.Account {
			t.Fatalf("%s\nreads %q %q %q, want %q %q", uri, issuer, q.Get("issuer"), account, k.Issuer, k.Account)
		}
		if len(q["secret"]) != 1 || q.Get("secret") != noPad.EncodeToString(k.Secret.Bytes()) {
			t.Fatalf("%s: secret %v", uri, q["secret"])
		}
		if or(q.Get("algorithm"), "SHA1") != k.Algorithm.String() {
			t.Fatalf("%s: algorithm %q", uri, q.Get("algorithm"))
		}
		if k.Type != Steam && or(q.Get("digits"), "6") != strconv.Itoa(k.Digits) {
			t.Fatalf("%s: digits %q", uri, q.Get("digits"))
		}
		if k.Type == TOTP && or(q.Get("period"), "30") != strconv.Itoa(k.Period) {
			t.Fatalf("%s: period %q", uri, q.Get("period"))
		}
		if k.Type == HOTP && q.Get("counter") != strconv.FormatUint(k.Counter, 10) {
			t.Fatalf("%s: counter %q", uri, q.Get("counter"))
		}
		if (k.Type == Steam) != (q.Get("encoder") == "steam") {
			t.Fatalf("%s: encoder %q", uri, q.Get("encoder"))
		}
	})
}

func TestValidate(t *testing.T) {
	tests := []struct {
		change func(*Key)
		want   error
	}{
		{func(*Key) {}, nil},
		{func(k *Key) { k.Type = 0 }, ErrType},
		{func(k *Key) { k.Type = Steam + 1 }, ErrType},
		{func(k *Key) { k.Secret = secret.Value{} }, ErrNoSecret},
		{func(k *Key) { k.Algorithm = 0 }, ErrAlgorithm},
		{func(k *Key) { k.Algorithm = SHA512 + 1 }, ErrAlgorithm},
		{func(k *Key) { k.Digits = 3 }, ErrDigits},
		{func(k *Key) { k.Digits = 11 }, ErrDigits},
		{func(k *Key) { k.Period = 0 }, ErrPeriod},
		{func(k *Key) { k.Period = MaxPeriod + 1 }, ErrPeriod},
		{func(k *Key) { k.Period = -30 }, ErrPeriod},
		{func(k *Key) { k.Type = HOTP }, ErrPeriod},
		{func(k *Key) { k.Type, k.Period = HOTP, 0 }, nil},
		{func(k *Key) { k.Counter = 1 }, ErrCounter},
		{func(k *Key) { k.Type = Steam }, ErrDigits},
		{func(k *Key) { k.Type, k.Digits, k.Algorithm = Steam, 5, SHA256 }, ErrAlgorithm},
		{func(k *Key) { k.Type, k.Digits, k.Period = Steam, 5, 60 }, ErrPeriod},
		{func(k *Key) { k.Issuer = "a\nb" }, ErrControl},
		{func(k *Key) { k.Account = "a\u202eb" }, ErrControl},
		{func(k *Key) { k.Account = "a\xff" }, ErrEncoding},
		{func(k *Key) { k.Extra = []Param{{"", "x"}} }, ErrParameter},
		{func(k *Key) { k.Extra = []Param{{"SECRET", "x"}} }, ErrParameter},
		{func(k *Key) { k.Extra = []Param{{" digits ", "x"}} }, ErrParameter},
		{func(k *Key) { k.Extra = []Param{{"a", "\x00"}} }, ErrControl},
		{func(k *Key) { k.Account = strings.Repeat("a", MaxURI) }, ErrTooLong},
		{func(k *Key) { k.Account = strings.Repeat("a", MaxURI-len("otpauth://totp/?secret="+sample)) }, nil},
		{func(k *Key) { k.Account = strings.Repeat("a", MaxURI-len("otpauth://totp/?secret="+sample)+1) }, ErrTooLong},
		{func(k *Key) { k.Extra = []Param{{"a", strings.Repeat("é", 1000)}} }, ErrTooLong},
	}
	for i, tt := range tests {
		k := sampleKey(tt.change)
		if err := k.Validate(); !errors.Is(err, tt.want) {
			t.Errorf("%d: %v, want %v", i, err, tt.want)
		}
	}
}

func TestSame(t *testing.T) {
	k := sampleKey(nil)
	for i, change := range []func(*Key){
		func(k *Key) { k.Type = HOTP }, func(k *Key) { k.Algorithm = SHA256 }, func(k *Key) { k.Digits = 8 },
		func(k *Key) { k.Period = 60 }, func(k *Key) { k.Secret = secret.FromString("other") },
	} {
		if k.Same(sampleKey(change)) {
			t.Errorf("%d: the same, though it makes other codes", i)
		}
	}
	names := sampleKey(func(k *Key) { k.Issuer, k.Account, k.Counter, k.Extra = "a", "b", 3, []Param{{"x", "y"}} })
	if !k.Same(names) {
		t.Error("names, counter and extra parameters do not make other codes")
	}
}

// Blanks of every kind around names are dropped when a key is made normal, no others.
func TestNormalTrims(t *testing.T) {
	for _, r := range []rune{' ', '\u00a0', '\u3000', '\u2009'} {
		if !unicode.IsSpace(r) {
			t.Fatalf("%U is no blank", r)
		}
		k := sampleKey(func(k *Key) { k.Issuer, k.Account = string(r)+"a"+string(r)+"b", "c"+string(r) }).Normal()
		if k.Issuer != "a"+string(r)+"b" || k.Account != "c" {
			t.Errorf("%U: %q %q", r, k.Issuer, k.Account)
		}
	}
}

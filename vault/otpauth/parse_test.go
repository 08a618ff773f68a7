// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/secret"
)

// sample is a secret that occurs in no real account: "Hello!" and 0xDEADBEEF.
const sample = "JBSWY3DPEHPK3PXP"

func sampleKey(change func(*Key)) Key {
	b, _ := hex.DecodeString("48656c6c6f21deadbeef")
	k := Key{Type: TOTP, Secret: secret.New(b)}.Normal()
	if change != nil {
		change(&k)
	}
	return k
}

// equal compares two keys in all they hold.
func equal(a, b Key) bool {
	secrets := a.Secret.Equal(b.Secret)
	a.Secret, b.Secret = secret.Value{}, secret.Value{}
	return secrets && reflect.DeepEqual(a, b)
}

func TestParseAccepts(t *testing.T) {
	named := func(issuer, account string) Key {
		return sampleKey(func(k *Key) { k.Issuer, k.Account = issuer, account })
	}
	with := func(change func(*Key)) Key {
		return sampleKey(func(k *Key) { k.Issuer, k.Account = "Ex", "bob"; change(k) })
	}
	hotp := func(counter uint64) Key {
		return with(func(k *Key) { k.Type, k.Period, k.Counter = HOTP, 0, counter })
	}
	steam := func(issuer, account string) Key {
		return sampleKey(func(k *Key) {
			k.Type, k.Digits, k.Issuer, k.Account = Steam, SteamDigits, issuer, account
		})
	}
	extra := func(p ...Param) Key { return with(func(k *Key) { k.Extra = p }) }
	const s = "?secret=" + sample
	tests := []struct {
		uri  string
		want Key
	}{
		// R19: what Kutano's page shows, and R20: any other service's.
		{"otpauth://totp/Kutano:ada@example.com" + s + "&issuer=Kutano", named("Kutano", "ada@example.com")},
		{"otpauth://totp/Ex:bob" + s + "&issuer=Ex&algorithm=SHA1&digits=6&period=30", named("Ex", "bob")},

		// labels
		{"otpauth://totp/Ex:bob" + s, named("Ex", "bob")},
		{"otpauth://totp/Ex%3Abob" + s, named("Ex", "bob")},
		{"otpauth://totp/Ex%3A%20bob" + s + "&issuer=Ex", named("Ex", "bob")},
		{"otpauth://totp/Ex:%20%20bob%20" + s, named("Ex", "bob")},
		{"otpauth://totp/bob" + s, named("", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=Ex", named("Ex", "bob")},
		{"otpauth://totp/:bob" + s + "&issuer", named("", "bob")},
		{"otpauth://totp/%3Abob%40x.io" + s + "&issuer=%2Fe%2F", named("/e/", "bob@x.io")},
		{"otpauth://totp/Ex:" + s + "&issuer=Ex", named("Ex", "")},
		{"otpauth://totp/Ex" + s + "&issuer=Ex", named("Ex", "Ex")},
		{"otpauth://totp/" + s + "&issuer=Ex", named("Ex", "")},
		{"otpauth://totp" + s, named("", "")},
		{"otpauth://totp/My Company: Ann #1! @home" + s, named("My Company", "Ann #1! @home")},
		{"otpauth://totp/Société Générale:zoë" + s, named("Société Générale", "zoë")},
		{"otpauth://totp/Soci%C3%A9t%C3%A9:a.b+work@x.org" + s + "&issuer=Soci%C3%A9t%C3%A9", named("Société", "a.b+work@x.org")},
		{"otpauth://totp/%F0%9F%90%99%20Hub:%E2%80%8D" + s, named("🐙 Hub", "\u200d")},
		{"otpauth://totp/a/b/c" + s, named("", "a/b/c")},

		// the issuer parameter wins over the prefix
		{"otpauth://totp/Old:bob" + s + "&issuer=New", named("New", "bob")},
		{"otpauth://totp/ex:bob" + s + "&issuer=EX", named("EX", "bob")},
		{"otpauth://totp/A:B:bob" + s + "&issuer=A%3AB", named("A:B", "bob")},
		{"otpauth://totp/A%3AB:bob" + s, named("A:B", "bob")},
		{"otpauth://totp/Ex:a:b" + s + "&issuer=Ex", named("Ex", "a:b")},
		{"otpauth://totp/fe80:1:2" + s + "&issuer=Ex", named("Ex", "fe80:1:2")},
		{"otpauth://totp/bob@x.io:work" + s + "&issuer=Ex", named("Ex", "bob@x.io:work")},
		{"otpauth://totp/https://x.io" + s + "&issuer=Ex", named("Ex", "https://x.io")},
		{"otpauth://totp/db.x.io:8443" + s, named("", "db.x.io:8443")},
		{"otpauth://totp/Bank:12345" + s, named("Bank", "12345")},

		// plus signs
		{"otpauth://totp/Air%20Canada:bob" + s + "&issuer=Air+Canada", named("Air Canada", "bob")},
		{"otpauth://totp/Air+Canada:bob" + s + "&issuer=Air+Canada", named("Air Canada", "bob")},
		{"otpauth://totp/C++:bob" + s + "&issuer=C++", named("C++", "bob")},
		{"otpauth://totp/C%2B%2B:bob" + s + "&issuer=C%2B%2B", named("C++", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=C%2B%2B+Guild", named("C++ Guild", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=Canal+", named("Canal+", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=A+B%20C", named("A+B C", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=A+B C", named("A+B C", "bob")},
		{"otpauth://totp/AT%26T:bob" + s + "&issuer=AT%26T", named("AT&T", "bob")},
		{"otpauth://totp/bob" + s + "&issuer=C#", named("C#", "bob")},

		// any case, order and dressing
		{"OTPAUTH://TOTP/Ex:bob?SECRET=jbswy3dpehpk3pxp&ISSUER=Ex", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob?issuer=Ex&secret=" + sample, named("Ex", "bob")},
		{" otpauth://totp/Ex:bob?issuer=Ex&amp;secret=" + sample + "\r\n", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob?&&secret=" + sample + "&", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob?secret=jbsw-y3dp%20EHPK 3pxp", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob?secret=JBSW+Y3DP+EHPK+3PXP", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob?secret=" + sample + "%3D%3D==", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob" + s + "&issuer=Ex&issuer=Ex", named("Ex", "bob")},
		{"otpauth://totp/Ex:bob" + s + "&algorithm=&digits=&period=", named("Ex", "bob")},

		// parameters
		{"otpauth://totp/Ex:bob" + s + "&algorithm=sha256", with(func(k *Key) { k.Algorithm = SHA256 })},
		{"otpauth://totp/Ex:bob" + s + "&algorithm=SHA-256", with(func(k *Key) { k.Algorithm = SHA256 })},
		{"otpauth://totp/Ex:bob" + s + "&algorithm=HmacSHA512", with(func(k *Key) { k.Algorithm = SHA512 })},
		{"otpauth://totp/Ex:bob" + s + "&algorithm=HMAC-SHA-512", with(func(k *Key) { k.Algorithm = SHA512 })},
		{"otpauth://totp/Ex:bob" + s + "&algorithm=hmac-sha-1", with(func(k *Key) {})},
		{"otpauth://totp/Ex:bob" + s + "&digits=4", with(func(k *Key) { k.Digits = 4 })},
		{"otpauth://totp/Ex:bob" + s + "&digits=10", with(func(k *Key) { k.Digits = 10 })},
		{"otpauth://totp/Ex:bob" + s + "&Digits=08", with(func(k *Key) { k.Digits = 8 })},
		{"otpauth://totp/Ex:bob" + s + "&period=1", with(func(k *Key) { k.Period = 1 })},
		{"otpauth://totp/Ex:bob" + s + "&period=86400", with(func(k *Key) { k.Period = 86400 })},
		{"otpauth://totp/Ex:bob" + s + "&counter=7", with(func(*Key) {})},
		{"otpauth://hotp/Ex:bob" + s + "&counter=0", hotp(0)},
		{"otpauth://hotp/Ex:bob" + s + "&counter=7&period=30", hotp(7)},
		{"otpauth://hotp/Ex:bob" + s + "&counter=18446744073709551615", hotp(1<<64 - 1)},

		// Steam
		{"otpauth://steam/Valve:bob" + s, steam("Valve", "bob")},
		{"otpauth://steam/Valve:bob" + s + "&digits=6&period=60&algorithm=SHA1", steam("Valve", "bob")},
		{"otpauth://totp/Valve:bob" + s + "&encoder=steam", steam("Valve", "bob")},
		{"otpauth://totp/Valve:bob" + s + "&Encoder=STEAM&digits=5", steam("Valve", "bob")},
		{"steam://" + sample, steam("Steam", "")},
		{"STEAM://jbsw-y3dp ehpk 3pxp/", steam("Steam", "")},

		// unknown parameters, in order
		{"otpauth://totp/Ex:bob" + s + "&image=https%3A%2F%2Fx.io%2Fl.png&lock=false&issuer=Ex&tags=a&tags=b", extra(
			Param{"image", "https://x.io/l.png"}, Param{"lock", "false"}, Param{"tags", "a"}, Param{"tags", "b"})},
		{"otpauth://totp/Ex:bob" + s + "&Note=a+note&flag", extra(Param{"Note", "a note"}, Param{"flag", ""})},
		{"otpauth://totp/Ex:bob" + s + "&%C5%BFecret=x", extra(Param{"ſecret", "x"})},
	}
	for _, tt := range tests {
		k, err := Parse(tt.uri)
		if err != nil {
			t.Errorf("%s\n refused: %v", tt.uri, err)
			continue
		}
		if !equal(k, tt.want) {
			t.Errorf("%s\n got %+v\nwant %+v", tt.uri, k, tt.want)
		}
		again, err := Parse(k.URI().Reveal())
		if err != nil || !equal(again, k) {
			t.Errorf("%s\nis written as %s\nwhich reads %+v, %v", tt.uri, k.URI().Reveal(), again, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const s = "?secret=" + sample
	tests := []struct {
		uri   string
		want  error
		field string
	}{
		{"", ErrNotKeyURI, ""},
		{"hello", ErrNotKeyURI, ""},
		{"https://example.com/?secret=" + sample, ErrNotKeyURI, ""},
		{"otpauth-migration://offline?data=AAAA", ErrNotKeyURI, ""},
		{"otpauth:totp/bob" + s, ErrNotKeyURI, ""},
		{strings.Repeat("x", 1<<20), ErrNotKeyURI, ""},
		{"motp://Ex:bob?secret=0123456789abcdef", ErrType, "type"},
		{"otpauth://yaotp/bob" + s, ErrType, "type"},
		{"otpauth://motp/bob" + s, ErrType, "type"},
		{"otpauth:///bob" + s, ErrType, "type"},
		{"otpauth://totp/bob" + s + "&encoder=base62", ErrType, "encoder"},
		{"otpauth://hotp/bob" + s + "&encoder=steam&counter=1", ErrType, "encoder"},

		{"otpauth://totp/bob", ErrNoSecret, "secret"},
		{"otpauth://totp/bob?issuer=Ex", ErrNoSecret, "secret"},
		{"otpauth://totp/bob?secret=", ErrNoSecret, "secret"},
		{"otpauth://totp/bob?secret=%20%20", ErrNoSecret, "secret"},
		{"otpauth://totp/bob?secret====", ErrNoSecret, "secret"},
		{"steam://", ErrNoSecret, "secret"},
		{"otpauth://totp/bob?secret=A", ErrBadSecret, "secret"},
		{"otpauth://totp/bob?secret=JBSW1DPE", ErrBadSecret, "secret"},
		{"otpauth://totp/bob?secret=JBSW0DPE", ErrBadSecret, "secret"},
		{"otpauth://totp/bob?secret=JBSW==DPE", ErrBadSecret, "secret"},
		{"otpauth://totp/bob?secret=" + sample + "#x", ErrBadSecret, "secret"},
		{"otpauth://totp/bob?secret=%C3%84%C3%84%C3%84%C3%84", ErrBadSecret, "secret"},
		{"steam://rungameid/440", ErrBadSecret, "secret"},
		{"otpauth://totp/bob" + s + "&secret=AAAAAAAA", ErrTwoSecrets, "secret"},
		{"otpauth://totp/bob" + s + "&SECRET=" + sample, ErrTwoSecrets, "secret"},
		{"otpauth://totp/bob?secret=&secret=" + sample, ErrTwoSecrets, "secret"},
		{"otpauth://totp/bob" + s + "&s%65cret=AAAAAAAA", ErrTwoSecrets, "secret"},

		{"otpauth://totp/bob" + s + "&algorithm=MD5", ErrAlgorithm, "algorithm"},
		{"otpauth://totp/bob" + s + "&algorithm=SHA384", ErrAlgorithm, "algorithm"},
		{"otpauth://totp/bob" + s + "&algorithm=SHA3-256", ErrAlgorithm, "algorithm"},
		{"otpauth://totp/bob" + s + "&algorithm=SHA1" + strings.Repeat("-", 50) + "x", ErrAlgorithm, "algorithm"},
		{"otpauth://totp/bob" + s + "&algorithm=ſha1", ErrAlgorithm, "algorithm"},
		{"otpauth://steam/bob" + s + "&algorithm=SHA256", ErrAlgorithm, "algorithm"},
		{"otpauth://totp/bob" + s + "&digits=0", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&digits=3", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&digits=11", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&digits=18446744073709551615", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&digits=6.0", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&digits=-6", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&encoder=steam&digits=3000000", ErrDigits, "digits"},
		{"otpauth://totp/bob" + s + "&period=0", ErrPeriod, "period"},
		{"otpauth://totp/bob" + s + "&period=86401", ErrPeriod, "period"},
		{"otpauth://totp/bob" + s + "&period=30s", ErrPeriod, "period"},
		{"otpauth://hotp/bob" + s, ErrCounter, "counter"},
		{"otpauth://hotp/bob" + s + "&counter=-1", ErrCounter, "counter"},
		{"otpauth://hotp/bob" + s + "&counter=18446744073709551616", ErrCounter, "counter"},
		{"otpauth://totp/bob" + s + "&issuer=A&issuer=B", ErrDuplicate, "issuer"},
		{"otpauth://totp/bob" + s + "&digits=6&DIGITS=8", ErrDuplicate, "digits"},
		{"otpauth://totp/bob" + s + "&digits=6&digits=", ErrDuplicate, "digits"},

		{"otpauth://totp/bo\x00b" + s, ErrControl, ""},
		{"otpauth://totp/bo\nb" + s, ErrControl, ""},
		{"otpauth://totp/bo%00b" + s, ErrControl, "account"},
		{"otpauth://totp/bob" + s + "&issuer=E%0Ax", ErrControl, "issuer"},
		{"otpauth://totp/bob" + s + "&issuer=E%7Fx", ErrControl, "issuer"},
		{"otpauth://totp/bob" + s + "&issuer=E%C2%85x", ErrControl, "issuer"},
		{"otpauth://totp/bob" + s + "&issuer=%E2%80%AEknab", ErrControl, "issuer"},
		{"otpauth://totp/\u2066bob" + s, ErrControl, ""},
		{"otpauth://totp/bob" + s + "&note=a%0Ab", ErrControl, "parameter"},
		{"otpauth://totp/bo\xffb" + s, ErrEncoding, ""},
		{"otpauth://totp/bo%FFb" + s, ErrEncoding, "account"},
		{"otpauth://totp/bob" + s + "&issuer=%C3", ErrEncoding, "issuer"},
		{"otpauth://totp/bob" + s + "&x%FF=1", ErrEncoding, "parameter"},
		{"otpauth://totp/bob" + s + "&x=%ED%A0%80", ErrEncoding, "parameter"},
		{"otpauth://totp/bob" + s + "&digits=%FF", ErrDigits, "digits"},
		{"otpauth://totp/bo%b" + s, ErrEncoding, "label"},
		{"otpauth://totp/%" + s, ErrEncoding, "label"},
		{"otpauth://totp?%", ErrEncoding, "parameter"},
		{"otpauth://totp?secret=%", ErrEncoding, "secret"},
		{"otpauth://totp/bob" + s + "&issuer=100%", ErrEncoding, "issuer"},
		{"otpauth://totp/bob?secret=JBSW%4", ErrEncoding, "secret"},
		{"otpauth://totp/bob" + s + "&x=" + strings.Repeat("y", MaxURI), ErrTooLong, ""},
		{"otpauth://totp/" + strings.Repeat("é", 1500) + s, ErrTooLong, ""}, // fits as it is, not encoded
	}
	for _, tt := range tests {
		k, err := Parse(tt.uri)
		var e *Error
		if !errors.Is(err, tt.want) || !errors.As(err, &e) || e.Field != tt.field {
			t.Errorf("%.120q: got %v (%+v), want %v of field %q", tt.uri, err, e, tt.want, tt.field)
		}
		if !equal(k, Key{}) {
			t.Errorf("%.120q: a key beside the error: %+v", tt.uri, k)
		}
	}
}

// TestErrorsHoldNoSecret puts a canary into each place of a URI that is refused.
func TestErrorsHoldNoSecret(t *testing.T) {
	const canary = "CANARYCANARY2345"
	for _, uri := range []string{
		canary, canary + "://x", "otpauth://" + canary, "otpauth://totp/" + canary, "otpauth://totp/x?" + canary,
		"otpauth://totp/x?secret=" + canary + "1", "otpauth://totp/x?secret=" + canary + "&secret=" + canary,
		"otpauth://totp/x?secret=" + canary + "&digits=" + canary, "otpauth://totp/x?secret=" + canary + "&period=" + canary,
		"otpauth://totp/x?secret=" + canary + "&algorithm=" + canary, "otpauth://hotp/x?secret=" + canary + "&counter=" + canary,
		"otpauth://totp/x?secret=" + canary + "&issuer=" + canary + "%", "otpauth://totp/x?secret=" + canary + "&encoder=" + canary,
		"otpauth://totp/x?secret=" + canary + "&" + canary + "=%0a", "steam://" + canary + "1", "motp://" + canary,
		"otpauth-migration://" + canary, "otpauth-migration://offline?data=" + canary + "!", "otpauth://totp/" + canary + "?digits=3&secret=" + canary,
		"otpauth://totp/" + canary + ":" + canary + "?digits=3&issuer=" + canary,
	} {
		_, err := Parse(uri)
		_, errSecret := ParseSecret(canary + "1")
		_, errMigration := ParseMigration(uri)
		texts := []string{err.Error(), errSecret.Error(), errMigration.Error()}
		for _, f := range Find(uri) {
			texts = append(texts, f.Name)
			if f.Err != nil {
				texts = append(texts, f.Err.Error())
			}
		}
		for _, text := range texts {
			if strings.Contains(text, "CANARY") {
				t.Errorf("%s: the secret shows in %q", uri, text)
			}
			if text != "" && strings.ToLower(text[:1]) != text[:1] {
				t.Errorf("%s: %q does not begin in lower case", uri, text)
			}
		}
	}
}

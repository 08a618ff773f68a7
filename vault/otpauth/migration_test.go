// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/base64"
	"errors"
	"math"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

// msg is a protobuf message under construction.
type msg []byte

func (m msg) num(field protowire.Number, v uint64) msg {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), v)
}

func (m msg) text(field protowire.Number, s string) msg {
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), s)
}

func (m msg) uri() string {
	return "otpauth-migration://offline?data=" + url.QueryEscape(base64.StdEncoding.EncodeToString(m))
}

// hello is the entry of [sample] named bob.
func hello() msg { return msg{}.text(1, "Hello!\xde\xad\xbe\xef").text(2, "bob") }

func TestParseMigrationEntries(t *testing.T) {
	key := func(change func(*Key)) Key {
		return sampleKey(func(k *Key) { k.Account = "bob"; change(k) })
	}
	tests := []struct {
		name  string
		entry msg
		want  Key
		err   error
	}{
		{"all unspecified", hello(), key(func(*Key) {}), nil},
		{"all zero", hello().num(4, 0).num(5, 0).num(6, 0).num(7, 0), key(func(*Key) {}), nil},
		{"sha1 6 totp", hello().num(4, 1).num(5, 1).num(6, 2), key(func(*Key) {}), nil},
		{"sha256 8", hello().num(4, 2).num(5, 2), key(func(k *Key) { k.Algorithm, k.Digits = SHA256, 8 }), nil},
		{"sha512", hello().num(4, 3), key(func(k *Key) { k.Algorithm = SHA512 }), nil},
		{"hotp", hello().num(6, 1).num(7, 9), key(func(k *Key) { k.Type, k.Period, k.Counter = HOTP, 0, 9 }), nil},
		{
			"hotp, largest counter", hello().num(6, 1).num(7, math.MaxInt64),
			key(func(k *Key) { k.Type, k.Period, k.Counter = HOTP, 0, math.MaxInt64 }), nil,
		},
		{"unique id of version 2", hello().text(8, "7d579d1753176794968"), key(func(*Key) {}), nil},
		{"unknown fields", hello().num(99, 5).text(100, "x"), key(func(*Key) {}), nil},
		{"issuer", hello().text(3, "Ex"), key(func(k *Key) { k.Issuer = "Ex" }), nil},
		{"issuer in the label", hello().text(2, "Ex: bob"), key(func(k *Key) { k.Issuer = "Ex" }), nil},
		{"issuer in both", hello().text(2, "Ex:bob").text(3, "Ex"), key(func(k *Key) { k.Issuer = "Ex" }), nil},
		{"a percent sign is one", hello().text(2, "a%41"), key(func(k *Key) { k.Account = "a%41" }), nil},

		{"a percent sign and a colon", hello().text(2, "a%3A:bob").text(3, "x"), key(func(k *Key) { k.Issuer, k.Account = "x", "bob" }), nil},

		{"md5", hello().num(4, 4), Key{}, ErrAlgorithm},
		{"unknown algorithm", hello().num(4, 5), Key{}, ErrAlgorithm},
		{"unknown digits", hello().num(5, 3), Key{}, ErrDigits},
		{"unknown type", hello().num(6, 3), Key{}, ErrType},
		{"enormous type", hello().num(6, math.MaxUint64), Key{}, ErrType},
		{"negative counter", hello().num(6, 1).num(7, math.MaxUint64), Key{}, ErrCounter},
		{"no secret", msg{}.text(2, "bob"), Key{}, ErrNoSecret},
		{"empty secret", hello().text(1, ""), Key{}, ErrNoSecret},
		{"secret as a number", msg{}.num(1, 5).text(2, "bob"), Key{}, ErrNoSecret},
		{"control character", hello().text(2, "b\nob"), Key{}, ErrControl},
		{"not UTF-8", hello().text(2, "bob\xff"), Key{}, ErrEncoding},
		{"too long", hello().text(3, strings.Repeat("é", 1000)), Key{}, ErrTooLong},
		{"damaged", append(hello(), 0x0a, 0x7f), Key{}, ErrMigration},
	}
	var all msg
	for _, tt := range tests {
		all = all.text(1, string(tt.entry))
	}
	b, err := ParseMigration(all.num(2, 1).num(3, 1).uri())
	if err != nil || len(b.Entries) != len(tests) {
		t.Fatalf("%d entries, %v", len(b.Entries), err)
	}
	for i, tt := range tests {
		got := b.Entries[i]
		if !errors.Is(got.Err, tt.err) || !equal(got.Key, tt.want) {
			t.Errorf("%s: %+v, want %+v, %v", tt.name, got, tt.want, tt.err)
		}
		if tt.err != nil && tt.err != ErrTooLong && got.Name != "bob" {
			t.Errorf("%s: called %q, want bob", tt.name, got.Name)
		}
	}
}

func TestParseMigrationBatch(t *testing.T) {
	e := string(hello())
	negative := int32(-2115474809)
	tests := []struct {
		payload         msg
		id              int32
		index, size, sz int
	}{
		{msg{}.text(1, e), 0, 0, 1, 1},
		{msg{}.text(1, e).num(2, 1).num(3, 3).num(4, 2).num(5, 7), 7, 2, 3, 1},
		{msg{}.num(5, uint64(int64(negative))).text(1, e), negative, 0, 1, 1}, // ten bytes
		{msg{}.num(5, uint64(uint32(negative))).text(1, e), negative, 0, 1, 1},
		{msg{}.text(1, e).num(3, 2).num(4, 2), 0, 0, 1, 1},                      // the third of two
		{msg{}.text(1, e).num(3, math.MaxInt32).num(4, 5), 0, 0, 1, 1},          // an absurd count
		{msg{}.text(1, e).num(3, math.MaxUint64).num(4, 5), 0, 0, 1, 1},         // -1
		{msg{}.text(1, e).text(1, e).num(3, 2).num(4, 0).num(9, 1), 0, 0, 2, 2}, // equal entries are kept
	}
	for i, tt := range tests {
		b, err := ParseMigration(tt.payload.uri())
		if err != nil || b.ID != tt.id || b.Index != tt.index || b.Size != tt.size || len(b.Entries) != tt.sz {
			t.Errorf("%d: %+v, %v", i, b, err)
		}
	}
}

func TestParseMigrationText(t *testing.T) {
	// A payload whose base64 holds '+', '/' and '='.
	payload := msg{}.text(1, string(msg{}.text(1, "\x00\x00\xfb\xef\xbe\xff\xff\xff").text(2, "bob")))
	std := base64.StdEncoding.EncodeToString(payload)
	if !strings.Contains(std, "+") || !strings.Contains(std, "/") || !strings.HasSuffix(std, "=") {
		t.Fatalf("%s holds not all of +, / and =", std)
	}
	const head = "otpauth-migration://offline?data="
	for name, uri := range map[string]string{
		"escaped":          head + url.QueryEscape(std),
		"raw":              head + std,
		"plus as blank":    head + strings.ReplaceAll(std, "+", " "),
		"plus as %20":      head + strings.ReplaceAll(std, "+", "%20"),
		"no padding":       head + strings.TrimRight(std, "="),
		"URL alphabet":     head + base64.URLEncoding.EncodeToString(payload),
		"upper-case names": "OTPAUTH-MIGRATION://OFFLINE?DATA=" + url.QueryEscape(std),
		"other parameter":  "otpauth-migration://offline?x=1&data=" + url.QueryEscape(std),
		"blanks around":    "\n " + head + std + "\r\n",
	} {
		b, err := ParseMigration(uri)
		if err != nil || len(b.Entries) != 1 || b.Entries[0].Err != nil {
			t.Errorf("%s: %+v, %v", name, b, err)
			continue
		}
		if got := b.Entries[0].Key.Secret.Reveal(); got != "\x00\x00\xfb\xef\xbe\xff\xff\xff" {
			t.Errorf("%s: secret %q", name, got)
		}
	}
	for uri, want := range map[string]error{
		"":                                   ErrNotKeyURI,
		"otpauth://totp/x?secret=" + sample:  ErrNotKeyURI,
		"otpauth-migration:offline?data=AAA": ErrNotKeyURI,
		"otpauth-migration://offline":        ErrMigration,
		head:                                 ErrMigration,
		head + "A":                           ErrMigration,
		head + "!!!!":                        ErrMigration,
		head + "%zz":                         ErrMigration,
		head + "%FF":                         ErrMigration,
		msg{}.num(2, 1).uri():                ErrMigration, // no accounts
		payload[:len(payload)-1].uri():       ErrMigration, // cut off
		head + strings.Repeat("A", 64<<10):   ErrTooLong,
	} {
		if _, err := ParseMigration(uri); !errors.Is(err, want) {
			t.Errorf("%.60q: %v, want %v", uri, err, want)
		}
	}
}

func TestMigrationLeavesOut(t *testing.T) {
	bob := func(change func(*Key)) Key { return sampleKey(func(k *Key) { k.Account = "bob"; change(k) }) }
	keys := []Key{
		bob(func(*Key) {}),
		bob(func(k *Key) { k.Type, k.Digits = Steam, SteamDigits }),
		bob(func(k *Key) { k.Digits = 7 }),
		bob(func(k *Key) { k.Period = 60 }),
		bob(func(k *Key) { k.Type, k.Counter = HOTP, 1<<63 }),
		bob(func(k *Key) { k.Issuer = "a\nb" }),
	}
	uris, left := Migration(keys)
	if len(uris) != 1 || len(left) != 5 {
		t.Fatalf("%d URIs, %d left out", len(uris), len(left))
	}
	for i, want := range []error{ErrType, ErrDigits, ErrPeriod, ErrCounter, ErrControl} {
		if !errors.Is(left[i].Err, want) || !strings.HasSuffix(left[i].Name, "bob") {
			t.Errorf("%d: %+v, want %v", i, left[i], want)
		}
	}
	if uris, left := Migration(nil); uris != nil || left != nil {
		t.Errorf("of nothing: %v, %v", uris, left)
	}
}

// Property: what the format carries comes back the same, ten a QR code, in order.
func TestMigrationReadsBack(t *testing.T) {
	carried := rapid.Custom(func(t *rapid.T) Key {
		k := keys.Draw(t, "key")
		k.Type = rapid.SampledFrom([]Type{TOTP, HOTP}).Draw(t, "type of two")
		k.Digits = rapid.SampledFrom([]int{6, 8}).Draw(t, "digits of two")
		k.Period, k.Counter, k.Extra = 0, k.Counter>>1, nil
		return k.Normal()
	})
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(carried, 0, 35).Draw(t, "keys")
		uris, left := Migration(want)
		if len(left) > 0 {
			t.Fatalf("left out: %v", left)
		}
		var got []Key
		for i, u := range uris {
			b, err := ParseMigration(u.Reveal())
			if err != nil || b.Index != i || b.Size != len(uris) || len(b.Entries) > 10 {
				t.Fatalf("%d of %d: index %d of %d, %d entries, %v", i, len(uris), b.Index, b.Size, len(b.Entries), err)
			}
			for _, e := range b.Entries {
				if e.Err != nil {
					t.Fatal(e.Err)
				}
				got = append(got, e.Key)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d of %d keys", len(got), len(want))
		}
		for i := range got {
			if !equal(got[i], want[i]) {
				t.Fatalf("%d: %+v, want %+v", i, got[i], want[i])
			}
		}
	})
}

func TestIncomplete(t *testing.T) {
	part := func(id int32, index, size int) string {
		return msg{}.text(1, string(hello())).num(3, uint64(size)).num(4, uint64(index)).num(5, uint64(int64(id))).uri()
	}
	tests := []struct {
		texts []string
		want  []Missing
	}{
		{nil, nil},
		{[]string{"otpauth://totp/x?secret=" + sample, "hello", part(1, 0, 1)}, nil},
		{[]string{part(1, 2, 3), part(1, 0, 3), part(1, 1, 3)}, nil},
		{[]string{part(1, 2, 3), part(1, 0, 3), part(1, 2, 3)}, []Missing{{1, []int{0, 2}, 3}}},
		{[]string{part(9, 0, 2), part(-5, 1, 4)}, []Missing{{-5, []int{1}, 4}, {9, []int{0}, 2}}},
		{[]string{"two lines:\n" + part(9, 0, 2) + "\n" + part(9, 1, 2)}, nil},
	}
	for i, tt := range tests {
		if got := Incomplete(tt.texts); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%d: %v, want %v", i, got, tt.want)
		}
	}
}

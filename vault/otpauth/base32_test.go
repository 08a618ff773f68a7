// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"encoding/base32"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseSecret(t *testing.T) {
	tests := []struct {
		in, hex string
		odd     bool
	}{
		{"JBSWY3DPEHPK3PXP", "48656c6c6f21deadbeef", false},
		{"jbsw y3dp ehpk 3pxp", "48656c6c6f21deadbeef", false},
		{"jbsw-y3dp–ehpk_3pxp\n", "48656c6c6f21deadbeef", false},
		{"\ufeffJBSW\u00a0Y3DP\u200bEHPK\t3PXP", "48656c6c6f21deadbeef", false},
		{"MY======", "66", false}, // RFC 4648 section 10: "f"
		{"MZXQ====", "666f", false},
		{"MZXW6===", "666f6f", false},
		{"MZXW6YQ=", "666f6f62", false},
		{"MZXW6YTB", "666f6f6261", false},
		{"MZXW6YTBOI", "666f6f626172", false},
		{"MZXW6YTBOI= = ==", "666f6f626172", false},
		{"AA", "00", false},
		{"7777777777777777", strings.Repeat("ff", 10), false},
		// Lengths that base32 has not; the left-over bits are dropped.
		{"POAKSPDOASKDOS", "7b80a93c6e049437", true},
		{"OIDJAOSIJDOASIJDS", "7206903a4848dc092123", true},
		{"STEAMSECRET", "94c806488289", true},
	}
	for _, tt := range tests {
		v, err := ParseSecret(tt.in)
		if got := hex.EncodeToString(v.Bytes()); err != nil || got != tt.hex {
			t.Errorf("%q: %s, %v; want %s", tt.in, got, err, tt.hex)
		}
		if OddLength(tt.in) != tt.odd {
			t.Errorf("%q: odd length is %v", tt.in, !tt.odd)
		}
	}
	for in, want := range map[string]error{
		"": ErrNoSecret, " - = ": ErrNoSecret, "A": ErrBadSecret, "JBSW1": ErrBadSecret, "JBSW8": ErrBadSecret,
		"JB=SW": ErrBadSecret, "JBSWé": ErrBadSecret, "JBSW\xff": ErrBadSecret, "JBSW.Y3DP": ErrBadSecret,
		strings.Repeat("A", MaxURI+1): ErrTooLong,
	} {
		if v, err := ParseSecret(in); !errors.Is(err, want) || v.Len() != 0 {
			t.Errorf("%.20q: %v, want %v", in, err, want)
		}
		if OddLength(in) {
			t.Errorf("%.20q is refused, its length cannot be odd", in)
		}
	}
	_, err := ParseSecret("JBSW y3d1")
	if err == nil || !strings.Contains(err.Error(), "character 8 ") {
		t.Errorf("the error does not say where: %v", err)
	}
}

// Property: whatever the grouping, case and padding, the bytes come back.
func TestParseSecretProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "key")
		text := base32.StdEncoding.EncodeToString(key)
		if rapid.Bool().Draw(t, "unpadded") {
			text = strings.TrimRight(text, "=")
		}
		if rapid.Bool().Draw(t, "lower") {
			text = strings.ToLower(text)
		}
		group := rapid.IntRange(1, 9).Draw(t, "group")
		var b strings.Builder
		for i, r := range text {
			if i > 0 && i%group == 0 {
				b.WriteString(rapid.SampledFrom([]string{" ", "-", "  ", "\u00a0"}).Draw(t, "between"))
			}
			b.WriteRune(r)
		}
		v, err := ParseSecret(b.String())
		if err != nil || string(v.Bytes()) != string(key) {
			t.Fatalf("%q: %x, %v; want %x", b.String(), v.Bytes(), err, key)
		}
	})
}

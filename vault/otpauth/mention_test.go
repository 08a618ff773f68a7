// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	const a, b = "otpauth://totp/A:x?secret=" + sample + "&issuer=A", "otpauth://totp/B:y?secret=" + sample + "&issuer=B"
	const fa, fb = "totp/A:x?S&issuer=A", "totp/B:y?S&issuer=B"
	export := msg{}.text(1, string(hello())).text(1, string(hello())).uri()
	tests := []struct{ name, line, want, texts string }{
		{"nothing", "none here", "", ""},
		{"twice", a + " " + a, fa + " " + fa, a + " " + a},
		{"prose", "(" + a + "), " + b + ".", fa + " " + fb, a + " " + b},
		{"a mention of the scheme", "starts with otpauth:// or so", "", ""},
		{"a link to Steam", "steam://run/440", "", ""},
		{"refused", "otpauth://totp/x?secret=1", "[x: " + ErrBadSecret.Error() + "]", ""},
		{"an export with one key twice", export, "totp/bob?S totp/bob?S", export},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var found []Found
			var texts []string
			for m := range Mentions(tt.line) {
				found = append(found, m.Found...)
				if m.Text != "" {
					texts = append(texts, m.Text)
				}
				if m.Export != strings.HasPrefix(m.Text, "otpauth-migration") {
					t.Errorf("export: %v", m.Export)
				}
			}
			if got := brief(found); got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
			if got := strings.Join(texts, " "); got != tt.texts {
				t.Errorf("got %s\nwant %s", got, tt.texts)
			}
		})
	}
	for range Mentions(a + " " + b) {
		break // ends it
	}
}

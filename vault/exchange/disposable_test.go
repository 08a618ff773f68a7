// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"slices"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

func TestDisposable(t *testing.T) {
	const key = "otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for _, c := range []struct {
		id, text string
		want     bool
	}{
		{"aegis", "{}", true},
		{"otpauth-qr", "", true},
		{"bitwarden", "{}", false},
		{"keepassxc", "", false},
		{"csv", "", false},
		{"steam", "{}", false},
		{"winauth", "", false},
		{"a format of tomorrow", "", false},
		{"uri-list", "\uFEFF" + key + "\r\n\n# of the old phone\n  OTPAUTH://totp/b?secret=x", true},
		{"uri-list", key + "\nThe code of the safe is 1234.", false},
		{"uri-list", "Bank: " + key, false},
		{"google-authenticator", "otpauth-migration://offline?data=x\n", true},
		{"google-authenticator", "SQLite format 3\x00", false}, // the app's own database
	} {
		if got := Disposable(foreign.Format{ID: c.id}, []byte(c.text)); got != c.want {
			t.Errorf("%s %q: %v", c.id, c.text, got)
		}
	}
	for _, id := range exports {
		if !slices.ContainsFunc(Formats(), func(f foreign.Format) bool { return f.ID == id }) {
			t.Errorf("there is no format %s", id)
		}
	}
}

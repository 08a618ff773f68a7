// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " Ana  Moreau\t": "Ana Moreau", "a\r\nb": "a b", "a\u00a0b": "a b", "a \u200d b": "a b", "\u0646\u06cc\u0645\u200c\u062e": "\u0646\u06cc\u0645\u062e",
		"abc\u202edef": "abc\ufffddef", "a\u2066b\u2069": "a\ufffdb\ufffd", "a\x1b[2Jb": "a\ufffd[2Jb", "a\u2028b": "a\ufffdb", "a\u00adb": "a\ufffdb", "a\xffb": "a\ufffdb",
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		once := Plain(rapid.String().Draw(rt, "text"))
		if Plain(once) != once {
			rt.Errorf("%q becomes %q", once, Plain(once))
		}
		for _, r := range once {
			if r != ' ' && (unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				rt.Errorf("%q has %U", once, r)
			}
		}
	})
}

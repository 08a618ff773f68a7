// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"strings"
	"testing"
)

// SecretOf is for tests.
var SecretOf = secretOf

// What users typed stays text, and only addresses of this site become links.
func TestLinked(t *testing.T) {
	const base = "http://127.0.0.1:8080"
	for text, want := range map[string]string{
		"a <b> & c":                     "a &lt;b&gt; &amp; c",
		"see " + base + "/x?a=1&b=2 ok": `see <a href="` + base + `/x?a=1&amp;b=2">` + base + `/x?a=1&amp;b=2</a> ok`,
		base + "/\n" + base + "/y":      `<a href="` + base + `/">` + base + "/</a>\n<a href=\"" + base + `/y">` + base + "/y</a>",
		base + `/"><script>`:            `<a href="` + base + `/&#34;&gt;&lt;script&gt;">` + base + `/&#34;&gt;&lt;script&gt;</a>`,
		"http://127.0.0.1:80808/x":      "http://127.0.0.1:80808/x",
		"https://evil.example/":         "https://evil.example/",
	} {
		if got := string(linked(base, text)); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

func FuzzLinked(f *testing.F) {
	const base = "http://127.0.0.1:8080"
	f.Add("see " + base + "/x <b> \" '")
	f.Fuzz(func(t *testing.T, text string) {
		got := string(linked(base, text))
		rest := strings.NewReplacer(`<a href="`, "", `</a>`, "", `">`, "").Replace(got)
		if strings.ContainsAny(rest, `<"'`) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

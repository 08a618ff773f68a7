// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// brief writes what was found in a form that is easy to compare: the URI, or the
// name and the reason in brackets.
func brief(found []Found) string {
	var out []string
	for _, f := range found {
		if f.Err != nil {
			out = append(out, fmt.Sprintf("[%s: %v]", f.Name, errors.Unwrap(f.Err)))
		} else {
			u := f.Key.URI().Reveal()
			out = append(out, strings.TrimPrefix(strings.Replace(u, "secret="+sample, "S", 1), "otpauth://"))
		}
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	const a, b = "otpauth://totp/A:x?secret=" + sample + "&issuer=A", "otpauth://totp/B:y?secret=" + sample + "&issuer=B"
	const fa, fb = "totp/A:x?S&issuer=A", "totp/B:y?S&issuer=B"
	migration := msg{}.text(1, string(hello())).text(1, string(hello().text(2, "ann").num(4, 4)))
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"no key", "https://example.com/?secret=" + sample, ""},
		{"bare secret", sample, ""},
		{"one", a, fa},
		{"a line each", a + "\r\n\r\n" + b + "\n", fa + " " + fb},
		{"twice", a + "\n" + b + "\n" + a, fa + " " + fb},
		{"twice, written otherwise", a + "\n" + strings.Replace(a, "totp", "TOTP", 1), fa},
		{"on one line", a + " " + b + "," + a, fa + " " + fb},
		{"prose", "Your key (" + a + "), and another: " + b + ". Keep them.", fa + " " + fb},
		{"JSON", `[{"u":"` + a + `"},{"u":"` + b + `"}]`, fa + " " + fb},
		{"HTML", `<img alt='` + strings.ReplaceAll(a, "&", "&amp;") + `'><a href="` + b + `">key</a>`, fa + " " + fb},
		{"markdown", "[key](" + a + ") and `" + b + "`", fa + " " + fb},
		{"byte order mark", "\ufeff" + a, fa},
		{"comment", "# " + a, fa},
		{"before a closing tag", a + "</pre>", fa},
		{"Steam in prose", "steam://" + sample + " and a word", "steam/Steam:?S&issuer=Steam&encoder=steam"},
		{"Steam in groups", "steam://JBSW Y3DP EHPK 3PXP", "steam/Steam:?S&issuer=Steam&encoder=steam"},

		// blanks
		{"in the label of a line", "otpauth://totp/A B:x y?secret=" + sample, "totp/A%20B:x%20y?S&issuer=A%20B"},
		{"in the label in prose", "It is otpauth://totp/A B:x y?secret=" + sample + " and so on.", "totp/A%20B:x%20y?S&issuer=A%20B"},
		{"in quotes", `key="otpauth://totp/x?secret=` + sample + `&issuer=A B" end`, "totp/A%20B:x?S&issuer=A%20B"},
		{"in the issuer", "otpauth://totp/x?issuer=A B&secret=" + sample, "totp/A%20B:x?S&issuer=A%20B"},
		{"in the secret", "otpauth://totp/x?secret=JBSW Y3DP EHPK 3PXP", "totp/x?S"},
		{"words after the secret", "otpauth://totp/x?secret=" + sample + " is my key", "totp/x?S"},
		{"short words after the secret", "otpauth://totp/x?secret=JBSWY3DP see me", "[x: " + ErrBadSecret.Error() + "]"},
		{"a word after the secret", "otpauth://totp/x?secret=JBSWY3DP ok", "[x: " + ErrBadSecret.Error() + "]"},
		{"a key in groups in prose", "Key: otpauth://totp/x?secret=JBSW Y3DP EHPK 3PXP", "[x: " + ErrBadSecret.Error() + "]"},
		{"words and an ampersand", "otpauth://totp/x?secret=JBSW see R&D", "[x: " + ErrBadSecret.Error() + "]"},
		{"groups and more", "otpauth://totp/x?secret=JBSW Y3DP EHPK 3PXP&issuer=Ex", "totp/Ex:x?S&issuer=Ex"},
		{"short but followed by more", "It is otpauth://totp/x?secret=JBSWY3DP&issuer=Ex so", "totp/Ex:x?secret=JBSWY3DP&issuer=Ex"},
		{"short at the end", "It is otpauth://totp/x?secret=JBSWY3DP", "totp/x?secret=JBSWY3DP"},
		{"bad parameter after groups", "otpauth://totp/x?secret=JBSW Y3DP&digits=99", "[x: " + ErrDigits.Error() + "]"},
		{"parameter after a blank", "Key: otpauth://totp/x?secret=" + sample + "&issuer=A B&digits=8 ok", "[A:x: " + ErrEncoding.Error() + "]"},
		{"link after a key", "otpauth://totp/x?secret=" + sample + "&issuer=A or https://x.io/?a=1&b=2", "totp/A:x?S&issuer=A"},
		{"a mention with words", "otpauth:// is the scheme of keys", ""},
		{"a mention in prose", "Look for otpauth://totp/… in it", ""},

		// Steam
		{"steam", "steam://" + sample, "steam/Steam:?S&issuer=Steam&encoder=steam"},
		{"steam in a list", a + "\nsteam://" + sample + "\n", fa + " steam/Steam:?S&issuer=Steam&encoder=steam"},
		{"short steam alone", "steam://STEAMKEY", "steam/Steam:?secret=STEAMKEY&issuer=Steam&encoder=steam"},
		{"links to Steam", "steam://open and\nsteam://run/440\nsteam://openurl/https://x.io", ""},

		// migration
		{"migration", migration.uri(), "totp/bob?S [ann: " + ErrAlgorithm.Error() + "]"},
		{"migration twice", migration.uri() + "\n" + a + "\n" + migration.uri(), "totp/bob?S [ann: " + ErrAlgorithm.Error() + "] " + fa},
		{"migration in prose", "Scan " + migration.uri() + ".", "totp/bob?S [ann: " + ErrAlgorithm.Error() + "]"},

		// refused
		{"refused alone", "otpauth://totp/A:x?secret=" + sample + "&digits=3", "[A:x: " + ErrDigits.Error() + "]"},
		{"refused among others", a + "\notpauth://hotp/C:z?secret=" + sample + "\n" + b, fa + " [C:z: " + ErrCounter.Error() + "] " + fb},
		{"refused in prose", "see otpauth://totp/A:x?secret=1 for it", "[A:x: " + ErrBadSecret.Error() + "]"},
		{"no secret", "otpauth://totp/A:x", "[: " + ErrNoSecret.Error() + "]"},
		{"motp", "motp://A:x?secret=0123456789abcdef", "[: " + ErrType.Error() + "]"},
		{"yaotp", "otpauth://yaotp/x?secret=" + sample, "[x: " + ErrType.Error() + "]"},
		{"bad migration", "otpauth-migration://offline?data=AAAA", "[: " + ErrMigration.Error() + "]"},
		{"a secret for a name", "otpauth://totp/" + sample + "?digits=6", "[: " + ErrNoSecret.Error() + "]"},
		{"long", "otpauth://totp/x?secret=" + strings.Repeat("A", MaxURI), "[: " + ErrTooLong.Error() + "]"},
		{"hostile name", "otpauth://totp/b%E2%80%AEob%0A?secret=" + sample, "[bob: " + ErrControl.Error() + "]"},
	}
	for _, tt := range tests {
		if got := brief(Find(tt.text)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestFindHuge: time grows with the text, not with its square, whatever is in it.
func TestFindHuge(t *testing.T) {
	if got := Find(strings.Repeat("x", maxText+1)); len(got) != 1 || !errors.Is(got[0].Err, ErrTooLong) {
		t.Fatalf("too much text: %v", got)
	}
	for _, unit := range []string{
		"x", "://", "otpauth://", "otpauth://totp/?secret=", "otpauth://totp/x y?secret=A A ", "\n", "\"", "otpauth-migration://offline?data=CgA",
		"steam://AAAA ", "<otpauth://", "(", "%", "&amp;", "otpauth://totp/a?secret=" + sample + "&", "é",
	} {
		const size = 1 << 20
		text := strings.Repeat(unit, size/len(unit))
		start := time.Now()
		Find(text)
		Find("otpauth://totp/" + text)
		Find("otpauth-migration://offline?data=" + text)
		_, _ = Parse("otpauth://totp/" + text)
		Incomplete([]string{text})
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("1 MiB of %q took %v", unit, took)
		}
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 150)
	tests := []struct{ issuer, account, label, guess string }{
		{"Ex", "bob", "Ex:bob", "Ex:bob"},
		{"", "bob", "bob", "bob"},
		{"Ex", "", "Ex", "Ex"},
		{"", "", "", ""},
		{"Ex", sample, "Ex:" + sample, "Ex"},
		{sample, "bob", sample + ":bob", "bob"},
		{"", "jbsw y3dp ehpk 3pxp", "jbsw y3dp ehpk 3pxp", ""},
		{"", "b\x00o\u202eb\xff", "bob", "bob"},
		{"", long, strings.Repeat("é", 100) + "…", strings.Repeat("é", 100) + "…"},
	}
	for _, tt := range tests {
		if got := label(tt.issuer, tt.account); got != tt.label {
			t.Errorf("%q, %q: label %q, want %q", tt.issuer, tt.account, got, tt.label)
		}
		if got := guess(tt.issuer, tt.account); got != tt.guess {
			t.Errorf("%q, %q: guess %q, want %q", tt.issuer, tt.account, got, tt.guess)
		}
	}
}

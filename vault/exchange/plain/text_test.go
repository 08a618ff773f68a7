// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

const (
	ann = "otpauth://totp/Acme:ann?secret=JBSWY3DPEHPK3PXP&issuer=Acme"
	bob = "otpauth://hotp/Acme:bob?secret=GEZDGNBVGY3TQOJQ&issuer=Acme&counter=7"
)

// migration returns an export in one QR code.
func migration(t testing.TB, uris ...string) string {
	t.Helper()
	var keys []otpauth.Key
	for _, u := range uris {
		k, err := otpauth.Parse(u)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	all, left := otpauth.Migration(keys)
	if len(all) != 1 || len(left) > 0 {
		t.Fatalf("%d codes, %d left", len(all), len(left))
	}
	return all[0].Reveal()
}

// read returns what the room makes of a content: format, then each entry.
func read(t testing.TB, data []byte) (got string, s *foreign.Source, err error) {
	t.Helper()
	s = foreign.NewSource("", data)
	for _, r := range Readers {
		if r.Detect(s) == foreign.No {
			continue
		}
		if lock, err := r.Lock(s); lock != foreign.Open || err != nil {
			t.Fatalf("locked: %v, %v", lock, err)
		}
		out := []string{r.Format().ID}
		err = r.Read(t.Context(), s, secret.Value{}, func(e foreign.Entry) { out = append(out, brief(e)) })
		return strings.Join(out, " "), s, err
	}
	return "", s, nil
}

// brief names an entry: account, number of bytes in the key; or the reason in brackets.
func brief(e foreign.Entry) string {
	if e.Err != nil {
		return fmt.Sprintf("[%s: %v]", e.Label, errors.Unwrap(e.Err))
	}
	mark := strings.Repeat("!", len(e.Remarks))
	return fmt.Sprintf("%s/%d%s", e.Key.Account, e.Key.Secret.Len(), mark)
}

func toUTF16(text string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune("\uFEFF" + text)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func TestTexts(t *testing.T) {
	two := migration(t, ann, bob)
	slashed, err := json.Marshal(map[string]any{"n": 1, "list": []string{ann, bob + "\n" + ann}})
	if err != nil {
		t.Fatal(err)
	}
	list, exported := "uri-list ann/10 bob/10", "google-authenticator ann/10 bob/10"
	for _, tt := range []struct {
		name, text, want string
		err              error
	}{
		{"a list", ann + "\n" + bob + "\n", list, nil},
		{"with CRLF", ann + "\r\n\r\n" + bob + "\r\n", list, nil},
		{"with a byte order mark", "\uFEFF" + ann + "\n" + bob, list, nil},
		{"twice", ann + "\n" + bob + "\n" + ann, list + " ann/10", nil},
		{"an export", two, exported, nil},
		{"an export twice", two + "\n" + two, exported + " ann/10 bob/10", nil},
		{"an export among others", ann + "\n" + two, "google-authenticator ann/10 ann/10 bob/10", nil},
		{"comments", "# one\n#" + bob + "\n" + ann, "uri-list ann/10", nil},
		{"all in comments", "# " + ann + "\n  # " + bob, list, nil},
		{"only comments", "# one\n\n# two\n", "uri-list", nil},
		{"nothing", "", "uri-list", nil},
		{"only blanks", " \r\n\t\n", "uri-list", nil},
		{"no key", "a text\nabout https://example.com", "", nil},
		{"a mention", "it begins with otpauth:// and ends", "uri-list", nil},
		{"JSON", string(slashed), list + " ann/10", nil},
		{"JSON with escaped slashes", `{"items":["` + strings.ReplaceAll(ann, "/", `\/`) + `"]}`, "uri-list ann/10", nil},
		{"lines of JSON", `{"u":"` + strings.ReplaceAll(ann, "/", `\/`) + "\"}\n" + `{"u":"` + strings.ReplaceAll(bob, "&", `\u0026`) + `"}`, list, nil},
		{"JSON that is cut short", `{"items":["` + ann + `","` + bob, list, foreign.ErrCutShort},
		{"no JSON", "[keys]\n" + ann + "\n" + bob, list, nil},
		{"a page", `<p>&nbsp;<a href="` + html.EscapeString(ann) + `">x</a><img alt='` + strings.ReplaceAll(bob, "&", "&#38;") + "'>", list, nil},
		{"a page with a letter", "<b>" + strings.Replace(ann, "ann", "Zo&euml;", 1) + "</b>", "uri-list Zoë/10", nil},
		{"a note is no entity", ann + "&note=1&copy=2", "uri-list ann/10", nil},
		{"CSV", "name,key\nann,\"" + ann + "\"\nbob," + bob, list, nil},
		{"in capitals", strings.Replace(ann, "otpauth", "OTPAuth", 1), "uri-list ann/10", nil},
		{"Steam", "steam://JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP and steam://run/440", "uri-list /20", nil},
		{"a defect", "otpauth://totp/x?secret=1\n" + ann, "uri-list [x: the secret is not base32] ann/10", nil},
		{"an odd length", "otpauth://totp/x?secret=JBS", "uri-list x/1!", nil},
		{"a damaged export", "otpauth-migration://offline?data=AAAA", "google-authenticator [: " + otpauth.ErrMigration.Error() + "]", nil},
		{"no text", ann + "\n\x00", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := read(t, []byte(tt.text))
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %s, %v\nwant %s, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func TestUTF16(t *testing.T) {
	text := strings.Replace(ann, "ann", "Zoë𝄞", 1) + "\r\n" + bob
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		data := toUTF16(text, order)
		if got, _, err := read(t, bytes.Clone(data)); got != "uri-list Zoë𝄞/10 bob/10" || err != nil {
			t.Errorf("%v: %s, %v", order, got, err)
		}
		if got, _, _ := read(t, append(data, 0xD8)); got != "uri-list Zoë𝄞/10 bob/10" {
			t.Errorf("%v, one byte more: %s", order, got)
		}
	}
}

// The exports are kept for telling which QR codes of a move are missing.
func TestExportTexts(t *testing.T) {
	one := migration(t, ann)
	_, s, err := read(t, []byte("x\n"+one+"\n"+bob+"\n\""+one+"\""))
	if err != nil || len(s.Texts) != 2 || s.Texts[0] != one || s.Texts[1] != one {
		t.Errorf("%d texts, %v", len(s.Texts), err)
	}
}

func TestTextsLarge(t *testing.T) {
	const n = 10_000
	line := ann + "\n"
	text := strings.Repeat(line, n) + strings.Repeat("filler, more than Find would look through\n", 9<<20/42) + bob
	got, _, err := read(t, []byte(text))
	if want := "uri-list" + strings.Repeat(" ann/10", n) + " bob/10"; got != want || err != nil {
		t.Errorf("%d bytes, want %d; %v", len(got), len(want), err)
	}
}

func TestTextsCancelled(t *testing.T) {
	for _, text := range []string{strings.Repeat(ann+"\n", 1000), `["` + strings.Repeat(ann+`","`, 1000) + `"]`} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		err := Readers[1].Read(ctx, foreign.NewSource("", []byte(text)), secret.Value{}, func(foreign.Entry) {
			n++
			cancel()
		})
		if !errors.Is(err, context.Canceled) || n >= 1000 {
			t.Errorf("%d entries, %v", n, err)
		}
	}
}

// Whatever keys a list holds come out, in order, however it is written.
func TestAnyList(t *testing.T) {
	name := rapid.StringMatching(`[A-Za-z&/"ëß ]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		var uris []string
		var want []otpauth.Key
		for range rapid.IntRange(1, 5).Draw(t, "keys") {
			k := otpauth.Key{
				Type: otpauth.TOTP, Issuer: name.Draw(t, "issuer"), Account: name.Draw(t, "account"), Algorithm: otpauth.SHA1, Digits: 6, Period: 30,
				Secret: secret.New(rapid.SliceOfN(rapid.Byte(), 10, 20).Draw(t, "key")),
			}.Normal()
			if err := k.Validate(); err != nil {
				t.Fatalf("no key was drawn: %v", err)
			}
			want, uris = append(want, k), append(uris, k.URI().Reveal())
		}
		for name, text := range written(uris) {
			i := 0
			err := Readers[1].Read(t.Context(), foreign.NewSource("", text), secret.Value{}, func(e foreign.Entry) {
				if i < len(want) && (e.Err != nil || !e.Key.Same(want[i]) || e.Key.Account != want[i].Account || e.Key.Issuer != want[i].Issuer) {
					t.Errorf("%s: entry %d differs: %v", name, i, e.Err)
				}
				i++
			})
			if i != len(want) || err != nil {
				t.Errorf("%s: %d entries of %d, %v", name, i, len(want), err)
			}
		}
	})
}

// written returns the ways in which a list may be written.
func written(uris []string) map[string][]byte {
	lines := strings.Join(uris, "\n")
	object, err := json.MarshalIndent(map[string]any{"items": uris}, "", " ")
	if err != nil {
		panic(err)
	}
	return map[string][]byte{
		"lines": []byte(lines), "UTF-16": toUTF16(lines, binary.LittleEndian), "JSON": object,
		"HTML": []byte("<pre>" + html.EscapeString(lines) + "</pre>"),
	}
}

func FuzzTexts(f *testing.F) {
	f.Add([]byte(ann + "\n# " + bob))
	f.Add([]byte(migration(f, ann, bob)))
	f.Add([]byte(`{"items":["` + ann + `"]}`))
	f.Add([]byte(html.EscapeString(ann) + `\u0026\/&#x3a;`))
	f.Add(toUTF16(ann, binary.BigEndian))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, r := range Readers[:2] {
			s := foreign.NewSource("", data)
			r.Detect(s)
			_ = r.Read(t.Context(), s, secret.Value{}, func(e foreign.Entry) {
				if (e.Err == nil) != (e.Key.Validate() == nil) {
					t.Errorf("%v", e.Err)
				}
			})
		}
	})
}

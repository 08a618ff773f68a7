// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/secret"
)

// Version 1 is read for ever. The file was made by this test with -update.
func TestGoldenDocument(t *testing.T) {
	text := Encode(sample())
	if text.Len() != minText || !json.Valid(text.Bytes()) {
		t.Errorf("%d bytes, JSON %v", text.Len(), json.Valid(text.Bytes()))
	}
	golden(t, "document-v1.json", []byte(strings.TrimRight(text.Reveal(), "\n")+"\n"))
	b, err := os.ReadFile("testdata/document-v1.json")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Decode(secret.New(b))
	if err != nil || !same(d, sample()) {
		t.Errorf("%v, %v", plain(d), err)
	}
}

func TestDocumentClear(t *testing.T) {
	d := sample()
	d.Clear()
	for _, e := range d.Accounts {
		if e.URI.Len() != 0 {
			t.Error("a key is left")
		}
	}
	if d.Aside[0].Line.Len() != 0 {
		t.Error("a line is left")
	}
}

func TestDecodeDoesNotShare(t *testing.T) {
	text := Encode(sample())
	d, err := Decode(text)
	text.Clear()
	if err != nil || !same(d, sample()) {
		t.Errorf("cleared with the text: %v, %v", plain(d), err)
	}
}

func drawTime(t *rapid.T) time.Time { return unixTime(rapid.Int64Range(0, lastSecond).Draw(t, "time")) }

func drawDocument(t *rapid.T) Document {
	d := Document{Made: drawTime(t)}
	ids := rapid.SliceOfNDistinct(rapid.StringMatching("[a-z2-7]{12}"), 0, 6, rapid.ID[string]).Draw(t, "ids")
	for i, id := range ids {
		if i == 0 && rapid.Bool().Draw(t, "no id") {
			id = ""
		}
		d.Accounts = append(d.Accounts, Entry{
			ID: id, URI: secret.New(rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "uri")),
			Tags: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "tags"), Note: rapid.String().Draw(t, "note"), Icon: rapid.String().Draw(t, "icon"),
			Favourite: rapid.Bool().Draw(t, "favourite"), Used: drawTime(t), Verified: drawTime(t), Removed: drawTime(t),
		})
	}
	for range rapid.IntRange(0, 3).Draw(t, "aside") {
		d.Aside = append(d.Aside, Aside{
			Name: rapid.String().Draw(t, "name"), Reason: rapid.String().Draw(t, "reason"),
			Line: secret.New(rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "line")),
		})
	}
	return d
}

// Property: what is written is read as the same, and JSON as others read it too.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDocument(t)
		text := Encode(d)
		got, err := Decode(text)
		if err != nil || !same(d, got) {
			t.Fatalf("%q\nread as\n%q\n%v", plain(d), plain(got), err)
		}
		if n := text.Len(); padded(n) != n || n < minText || !json.Valid(text.Bytes()) {
			t.Fatalf("%d bytes", n)
		}
	})
}

// Property: padding adds at most an eighth, never shortens, and leaves few sizes.
func TestPadding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, maxText).Draw(t, "n")
		p := padded(n)
		if p < n || padded(p) != p || n > minText && float64(p-n) > 0.12*float64(n) || n <= minText && p != minText {
			t.Fatalf("%d becomes %d", n, p)
		}
	})
	sizes := 0
	for n := minText; n < maxText; n = padded(n + 1) {
		sizes++
	}
	if sizes > 400 {
		t.Errorf("%d sizes tell too much", sizes)
	}
	for _, blank := range []string{"", " ", "\n\n\n", "\r\n\t"} {
		text := strings.TrimRight(Encode(sample()).Reveal(), "\n")
		if d, err := Decode(secret.FromString(blank + text + blank)); err != nil || !same(d, sample()) {
			t.Errorf("padding of %q: %v", blank, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	full := strings.Repeat("0,", MaxAccounts) + "0"
	for name, tc := range map[string]struct {
		text string
		want error
	}{
		"empty":              {"", ErrNotBackup},
		"text":               {"hello", ErrNotBackup},
		"other JSON":         {"[]", ErrNotBackup},
		"a string":           {`"kutano-backup"`, ErrNotBackup},
		"no format":          {`{"version":1,"made":0,"accounts":[]}`, ErrNotBackup},
		"another format":     {`{"format":"x","version":1,"made":0,"accounts":[]}`, ErrNotBackup},
		"no version":         {`{"format":"kutano-backup","made":0,"accounts":[]}`, ErrNotBackup},
		"version 0":          {`{"format":"kutano-backup","version":0,"made":0,"accounts":[]}`, ErrNotBackup},
		"version 2":          {`{"format":"kutano-backup","version":2,"accounts":{"x":1}}`, ErrNewer},
		"made of text":       {`{"format":"kutano-backup","version":1,"made":"x","accounts":[]}`, ErrNotBackup},
		"no accounts":        {`{"format":"kutano-backup","version":1,"made":0}`, ErrNotBackup},
		"accounts an object": {`{"format":"kutano-backup","version":1,"made":0,"accounts":{}}`, ErrNotBackup},
		"twice":              {`{"format":"kutano-backup","version":1,"made":0,"accounts":[],"accounts":[]}`, ErrNotBackup},
		"cut":                {`{"format":"kutano-backup","version":1,"made":0,"accounts":[`, ErrNotBackup},
		"two documents":      {`{"format":"kutano-backup","version":1,"made":0,"accounts":[]}{}`, ErrNotBackup},
		"too many":           {`{"format":"kutano-backup","version":1,"made":0,"accounts":[` + full + `]}`, ErrTooLarge},
		"too many aside":     {`{"format":"kutano-backup","version":1,"made":0,"accounts":[],"aside":[` + full + "," + full + `]}`, ErrTooLarge},
		"too long":           {strings.Repeat(" ", maxText+1), ErrTooLarge},
		"too deep":           {strings.Repeat("[", 20000), ErrNotBackup},
	} {
		if _, err := Decode(secret.FromString(tc.text)); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

// One bad entry hides no other, and nothing of it is lost.
func TestBadEntries(t *testing.T) {
	const good = `{"id":"abcdefghij23","uri":"otpauth://totp/a?secret=AAAA"}`
	for name, tc := range map[string]struct{ entry, reason, label string }{
		"a number":      {`7`, "it does not have the form of an entry", ""},
		"null":          {`null`, "it does not have the form of an entry", ""},
		"URI a number":  {`{"id":"abcdefghij24","uri":7}`, "it does not have the form of an entry", ""},
		"bad id":        {`{"id":"ABC","uri":"otpauth://totp/Ex%20a:b?secret=AAAA"}`, "its id is not one", "Ex a:b"},
		"same id":       {`{"id":"abcdefghij23","uri":"otpauth://totp/b?secret=AAAA"}`, "its id is another account's", "b"},
		"long URI":      {`{"uri":"otpauth://totp/c?secret=` + strings.Repeat("A", maxURI) + `"}`, "its key URI is longer than any can be", "c"},
		"two URIs":      {`{"uri":"otpauth://totp/c?secret=A","uri64":"AAAA"}`, "it has two keys", "c"},
		"bad base64":    {`{"uri64":"*"}`, "it does not have the form of an entry", ""},
		"time of text":  {`{"uri":"otpauth://totp/c?secret=A","used":"x"}`, "it does not have the form of an entry", ""},
		"negative time": {`{"used":-1}`, "it does not have the form of an entry", ""},
		"far future":    {`{"removed":253402300800}`, "it does not have the form of an entry", ""},
		"tags a word":   {`{"tags":"x"}`, "it does not have the form of an entry", ""},
		"many tags":     {`{"tags":[` + strings.Repeat(`"",`, maxTags) + `""]}`, "it does not have the form of an entry", ""},
		"too long":      {`{"note":"` + strings.Repeat("x", maxEntry) + `"}`, "it is too long", ""},
	} {
		text := `{"format":"kutano-backup","version":1,"made":0,"accounts":[` + good + "," + tc.entry + `, {"note":"last"}],"later":{"a":[1]}}`
		d, err := Decode(secret.FromString(text))
		if err != nil || len(d.Accounts) != 2 || len(d.Aside) != 1 {
			t.Errorf("%s: %v, %v", name, plain(d), err)
			continue
		}
		a := d.Aside[0]
		if d.Accounts[1].Note != "last" || a.Line.Reveal() != tc.entry || strings.Contains(a.Reason+a.Name, "AAAA") {
			t.Errorf("%s: %v", name, plain(d))
		}
		if !strings.HasPrefix(a.Reason, tc.reason) || name != "two URIs" && a.Name != tc.label && name != "time of text" {
			t.Errorf("%s: aside as %q because %s", name, a.Name, a.Reason)
		}
	}
}

func TestAsideOfAside(t *testing.T) {
	d, err := Decode(secret.FromString(`{"format":"kutano-backup","version":1,"made":0,"accounts":[],"aside":[7,{"line":"x"},{"line64":"/w=="},{"line":1}]}`))
	if err != nil || len(d.Aside) != 4 || d.Aside[0].Line.Reveal() != "7" || d.Aside[1].Line.Reveal() != "x" ||
		d.Aside[2].Line.Reveal() != "\xff" || d.Aside[3].Line.Reveal() != `{"line":1}` {
		t.Errorf("%v, %v", plain(d), err)
	}
}

// What decodes, encodes to a text that decodes to the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(strings.TrimRight(Encode(sample()).Reveal(), "\n")))
	f.Add([]byte(strings.TrimRight(Encode(Document{}).Reveal(), "\n")))
	f.Add([]byte(`{"format":"kutano-backup","version":1,"made":0,"accounts":[{"id":"\u0061bcdefghij23","ID":"x","tags":[ "a" , "\ud800" ]} , [ ] , "}" ]}`))
	f.Add([]byte(`{"format":"kutano-backup","version":1e0}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := Decode(secret.New(b))
		if err != nil {
			if !errors.Is(err, ErrNotBackup) && !errors.Is(err, ErrNewer) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("unclassed: %v", err)
			}
			return
		}
		again, err := Decode(Encode(d))
		if err != nil || !same(d, again) {
			t.Errorf("%q\nread as\n%q\n%v", plain(d), plain(again), err)
		}
	})
}

// The walk over JSON finds what encoding/json finds.
func FuzzScan(f *testing.F) {
	f.Add(`{"a":1,"b":[1,"]",{"x":"\"}"}],"c":null , "d" : true}`)
	f.Add(` [ ] `)
	f.Fuzz(func(t *testing.T, s string) {
		var object map[string]json.RawMessage
		var list []json.RawMessage
		if json.Unmarshal([]byte(s), &object) == nil && object != nil {
			found := map[string]string{}
			for name, value := range members([]byte(s)) {
				found[name] = string(value)
			}
			for name, value := range object {
				if found[name] != string(value) {
					t.Errorf("%q is %q, not %q", name, value, found[name])
				}
			}
		}
		if json.Unmarshal([]byte(s), &list) == nil {
			var found []string
			for value := range elements([]byte(s)) {
				found = append(found, string(value))
			}
			if fmt.Sprintf("%s", list) != fmt.Sprint(found) {
				t.Errorf("%s, not %s", list, found)
			}
		}
	})
}

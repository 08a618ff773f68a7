// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary_test

import (
	"bytes"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/kutano/authenticator/vault/secret/canary"
)

const phrase = "river apple stone cloud green mouse table lemon"

// Whatever a secret is made into, it is found.
func TestEveryForm(t *testing.T) {
	key := canary.NewKey()
	raw, err := base32.StdEncoding.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	pass := "with space/" + canary.Word(24)
	var m canary.Marks
	m.Key("key", key)
	m.Text("pass", pass)
	m.Phrase("phrase", strings.Fields(phrase))
	m.Code("code", "1234567890")
	wide := make([]byte, 0, 80)
	for _, u := range utf16.Encode([]rune(pass)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	quoted, _ := json.Marshal(pass)
	words := strings.Fields(phrase)
	list, _ := json.Marshal(words)
	backward := slices.Clone(words)
	slices.Reverse(backward)
	for name, tc := range map[string]struct{ mark, text string }{
		"as it is":               {"key", "otpauth://totp/x?secret=" + key},
		"cut off":                {"key", key[:15]},
		"the end":                {"key", "…" + key[len(key)-15:]},
		"lower case":             {"key", strings.ToLower(key)},
		"as typed":               {"key", key[:4] + " " + key[4:8] + " " + key[8:12] + " " + key[12:16] + " " + key[16:20]},
		"the bytes":              {"key", string(raw)},
		"some of the bytes":      {"key", "x" + string(raw[3:19])},
		"hex of the bytes":       {"key", hex.EncodeToString(raw)},
		"capital hex":            {"key", strings.ToUpper(hex.EncodeToString(raw))},
		"%v of the bytes":        {"key", fmt.Sprint(raw)},
		"%x of the text":         {"key", fmt.Sprintf("% x", key)},
		"a trace's argument":     {"key", fmt.Sprintf("main.f({%#x, %#x, %#x, %#x, %#x, ...})", raw[0], raw[1], raw[2], raw[3], raw[4])},
		"base64":                 {"pass", base64.StdEncoding.EncodeToString([]byte(pass))},
		"base64, one later":      {"pass", base64.StdEncoding.EncodeToString([]byte("x" + pass + "yz"))},
		"base64url, two later":   {"pass", base64.URLEncoding.EncodeToString([]byte("xx" + pass + "y"))},
		"base32, three later":    {"pass", base32.StdEncoding.EncodeToString([]byte("xxx" + pass))},
		"base64 of the bytes":    {"key", base64.StdEncoding.EncodeToString(raw)},
		"a query":                {"pass", url.QueryEscape(pass)},
		"a path":                 {"pass", url.PathEscape(pass)},
		"all percents":           {"pass", "%" + strings.ToUpper(strings.ReplaceAll(fmt.Sprintf("% x", pass), " ", "%"))},
		"JSON":                   {"pass", string(quoted)},
		"UTF-16":                 {"pass", string(wide)},
		"reversed":               {"pass", reverse(pass)},
		"the words":              {"phrase", phrase},
		"some words":             {"phrase", strings.Join(words[2:6], " ")},
		"the words as lines":     {"phrase", strings.Join(words, "\n")},
		"the words as JSON":      {"phrase", string(list)},
		"the words from the end": {"phrase", strings.Join(backward, "\n")},
		"the words numbered":     {"phrase", " 1. river   2. apple\n 3. stone   4. cloud"},
		"the words by percents":  {"phrase", strings.ReplaceAll(phrase, " ", "%20")},
		"the words in capitals":  {"phrase", strings.ToUpper(phrase)},
		"the words in base64":    {"phrase", base64.StdEncoding.EncodeToString([]byte("xy" + phrase))},
		"the code":               {"code", "code 1234567890"},
		"the code as shown":      {"code", "123 456 789 0"},
	} {
		found := m.Find([]byte("before " + tc.text + " after"))
		if len(found) == 0 || found[0].Mark != tc.mark {
			t.Errorf("%s: found %v, want %s", name, found, tc.mark)
		}
	}
	for _, text := range []string{"", "short", "river apple stone", "1234567", strings.Repeat("A", 200), phrase[:16] + "table lemon"} {
		if found := m.Find([]byte(text)); len(found) > 0 {
			t.Errorf("%q: found %v", text, found)
		}
	}
}

func reverse(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// The bytes of an identity are found as well as its text.
func TestIdentity(t *testing.T) {
	const identity = "AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3J" // made up, not valid
	var m canary.Marks
	m.Identity("identity", identity)
	if found := m.Find([]byte("# a key\n" + identity + "\n")); len(found) == 0 {
		t.Error("the text is not found")
	}
	if found := m.Find([]byte("AGE-SECRET-KEY-1 is how an identity begins")); len(found) > 0 {
		t.Errorf("found %v in an explanation", found)
	}
	data, _ := hex.DecodeString("00443214c74254b635cf84653a56d7c675be77df")
	if found := m.Find(data); len(found) == 0 {
		t.Error("the bytes are not found")
	}
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(f string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(f, args...))
}

func TestHuntNamesAndDoesNotShow(t *testing.T) {
	dir := t.TempDir()
	key, pass := canary.NewKey(), canary.Word(24)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("leak.log", "lost: "+key)
	write("kept.txt", key+pass)
	write("clean.txt", "nothing")
	write(pass+".name", "")
	var h canary.Hunt
	h.Key("the key", key)
	h.Text("the passphrase", pass)
	h.Allow(filepath.Join(dir, "kept.txt"), "the key")
	h.Want(filepath.Join(dir, "kept.txt"), "the passphrase")
	h.Want(filepath.Join(dir, "clean.txt"), "the key")
	h.Tree(t, dir)
	r := &recorder{TB: t}
	h.Check(r)
	all := strings.Join(r.said, "\n")
	for _, want := range []string{"leak.log holds the key", "clean.txt does not hold the key", "the name of"} {
		if !strings.Contains(all, want) {
			t.Errorf("does not say %q", want)
		}
	}
	if strings.Contains(all, "kept.txt holds") {
		t.Error("what is allowed was reported")
	}
	if bytes.Contains([]byte(strings.ReplaceAll(all, pass+".name", "")), []byte(pass)) || strings.Contains(all, key) {
		t.Error("a secret was shown")
	}
}

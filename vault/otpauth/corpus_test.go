// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/secret"
)

// corpus returns the content of a file of the corpus of other apps' exports and QR codes,
// which stands beside the repository. Where it is absent the test is skipped.
func corpus(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	b, err := os.ReadFile(filepath.Join(dir, "..", "shared", "corpus", filepath.FromSlash(name)))
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skipf("the corpus is not beside the repository: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// expected is an entry of the corpus's manifest.
type expected struct {
	Type, Issuer, Name, Algorithm string
	SecretHex                     string `json:"secret_hex"`
	Digits, Period                int
	Counter                       uint64
	Codes                         map[string]string
}

// check compares a key with the entry, and its codes at the given times or counters.
func (e expected) check(t *testing.T, k Key) {
	t.Helper()
	got := expected{
		k.Type.String(), k.Issuer, k.Account, k.Algorithm.String(), hexOf(k.Secret), k.Digits, k.Period, k.Counter, nil,
	}
	want := e
	want.Codes, want.Name = nil, strings.TrimSpace(e.Name) // names are trimmed, see Normal
	if a, b := jsonOf(t, got), jsonOf(t, want); a != b {
		t.Errorf("got  %s\nwant %s", a, b)
	}
	if len(e.Codes) == 0 {
		t.Errorf("%s: no codes to compare", e.Name)
	}
	for when, code := range e.Codes {
		number, isCounter := strings.CutPrefix(when, "counter ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if isCounter {
			k.Counter = uint64(n)
		}
		if c, err := k.Code(time.Unix(n, 0)); err != nil || c.Value != code { // R19, R20
			t.Errorf("%s at %s: %s, %v; want %s", e.Name, when, c.Value, err, code)
		}
	}
}

func hexOf(v secret.Value) string {
	const digits = "0123456789abcdef"
	var b []byte
	for _, c := range v.Bytes() {
		b = append(b, digits[c>>4], digits[c&15])
	}
	return string(b)
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func checkAll(t *testing.T, found []Found, want []expected) {
	t.Helper()
	if len(found) != len(want) {
		t.Fatalf("%d entries, want %d", len(found), len(want))
	}
	for i, f := range found {
		if f.Err != nil {
			t.Errorf("%s: %v", want[i].Name, f.Err)
			continue
		}
		want[i].check(t, f.Key)
	}
}

// TestCorpusFiles reads the lists of key URIs and of migration URIs line by line.
func TestCorpusFiles(t *testing.T) {
	var manifest []struct {
		File string
		Meta struct {
			Texts []string `json:"qr_texts"`
		}
		Expected []expected
	}
	if err := json.Unmarshal(corpus(t, "imports/MANIFEST.json"), &manifest); err != nil {
		t.Fatal(err)
	}
	lists := map[string]bool{
		"uri-list/aegis--plain.txt": true, "uri-list/cotp--input_otp_uri.json": true, "aegis/proton--aegis-txt.txt": true,
		"google-authenticator/stratum--googleauthenticator.txt": true, "google-authenticator/scito--example_export.txt": true,
		"google-authenticator/scito--only_comments.txt": true, "google-authenticator/scito--empty_file.txt": true,
		"ente/proton--plain.txt": true, "ente/stratum--ente.unencrypted.txt": true,
	}
	seen := 0
	for _, f := range manifest {
		if !lists[f.File] && len(f.Meta.Texts) == 0 {
			continue
		}
		seen++
		t.Run(f.File, func(t *testing.T) {
			var found []Found
			lines := f.Meta.Texts
			if lists[f.File] {
				lines = strings.Split(string(corpus(t, "imports/"+f.File)), "\n")
			}
			for _, line := range lines {
				if !strings.HasPrefix(line, "#") {
					found = append(found, entries(line)...)
				}
			}
			checkAll(t, found, f.Expected)
		})
	}
	if seen != len(lists)+7 {
		t.Errorf("%d files of the manifest, want %d lists and 7 pictures", seen, len(lists))
	}
}

// entries is Find for one line, but keeps what stands twice in one export.
func entries(line string) []Found {
	if b, err := ParseMigration(line); err == nil {
		return b.Entries
	}
	return Find(line)
}

func TestCorpusMigration(t *testing.T) {
	var inline struct {
		Valid []struct {
			URI  string
			Meta struct {
				ID    int32 `json:"batch_id"`
				Size  int   `json:"batch_size"`
				Index int   `json:"batch_index"`
			}
			Expected []expected
		}
		Invalid []struct{ URI string }
	}
	if err := json.Unmarshal(corpus(t, "imports/google-authenticator/inline_migration_uris.json"), &inline); err != nil {
		t.Fatal(err)
	}
	if len(inline.Valid) != 8 || len(inline.Invalid) != 8 {
		t.Fatalf("%d valid and %d invalid, want 8 each", len(inline.Valid), len(inline.Invalid))
	}
	for _, v := range inline.Valid {
		b, err := ParseMigration(v.URI)
		if err != nil {
			t.Errorf("refused: %v", err)
			continue
		}
		if b.ID != v.Meta.ID || b.Index != v.Meta.Index || b.Size != max(1, v.Meta.Size) {
			t.Errorf("batch %d, %d of %d; want %+v", b.ID, b.Index, b.Size, v.Meta)
		}
		checkAll(t, b.Entries, v.Expected)
	}
	for _, v := range inline.Invalid {
		if b, err := ParseMigration(v.URI); err == nil {
			t.Errorf("not refused: %d entries", len(b.Entries))
		}
	}
}

// TestCorpusScreens reads the texts of the QR codes of the screen corpus. One of them is
// random bytes in the dress of an export, as a large code for the reader of QR codes.
func TestCorpusScreens(t *testing.T) {
	seen := map[string]bool{}
	random := 0
	for line := range bytes.Lines(corpus(t, "qr/screen.manifest.jsonl")) {
		var picture struct{ Text []string }
		if err := json.Unmarshal(line, &picture); err != nil {
			t.Fatal(err)
		}
		for _, text := range picture.Text {
			if !strings.HasPrefix(strings.ToLower(text), "otpauth") || seen[text] {
				continue
			}
			seen[text] = true
			found := Find(text)
			switch {
			case len(found) != 1:
				t.Errorf("%s: %d found", text, len(found))
			case found[0].Err != nil && strings.HasPrefix(text, schemeMigration):
				random++
			case found[0].Err != nil || found[0].Key.Issuer == "" || found[0].Key.Account == "":
				t.Errorf("%s: %+v", text, found[0])
			}
		}
	}
	if len(seen) < 9 || random > 1 {
		t.Errorf("%d texts, %d of them random", len(seen), random)
	}
}

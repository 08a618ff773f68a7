// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/kutano/authenticator/vault/secret"
)

var (
	phrase = Lock{Passphrase: secret.FromString("correct horse")}
	opened = Opener{Passphrase: phrase.Passphrase}
)

func encrypt(t testing.TB, d Document, to Lock) []byte {
	t.Helper()
	file, err := Encrypt(d, to)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func armoured(t testing.TB, file []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := armor.NewWriter(&b)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// raw is an age file of any text.
func raw(t testing.TB, text string, to ...age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncryptDecrypt(t *testing.T) {
	k, other := NewKey(), NewKey()
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		to   Lock
		with Opener
		need Need
	}{
		"passphrase":     {phrase, opened, NeedPassphrase},
		"recovery key":   {Lock{Recipients: []string{k.Recipient()}}, Opener{Key: k}, NeedKey},
		"two recipients": {Lock{Recipients: []string{other.Recipient(), " " + k.Recipient() + "\n"}}, Opener{Key: k}, NeedKey},
		"identity file":  {Lock{Recipients: []string{k.Recipient()}}, Opener{Identities: k.File(sampleTime).Reveal()}, NeedKey},
		"classic":        {Lock{Recipients: []string{classic.Recipient().String()}}, Opener{Identities: "# mine\r\n\r\nAGE-PLUGIN-X\r\n" + classic.String() + "\r\n"}, NeedKey},
		"all at once":    {Lock{Recipients: []string{k.Recipient()}}, Opener{Passphrase: phrase.Passphrase, Key: k, Identities: classic.String()}, NeedKey},
	} {
		file := encrypt(t, sample(), tc.to)
		for form, file := range map[string][]byte{"": file, " armoured": append([]byte("\r\n "), armoured(t, file)...)} {
			d, err := Decrypt(file, tc.with)
			if err != nil || !same(d, sample()) {
				t.Errorf("%s%s: %v, %v", name, form, plain(d), err)
			}
			if need, err := Needs(file); err != nil || need != tc.need {
				t.Errorf("%s%s needs %d, %v", name, form, need, err)
			}
		}
	}
}

// Files of the same order have the same size, and say nothing of what they hold.
func TestFileHides(t *testing.T) {
	to := Lock{Recipients: []string{NewKey().Recipient()}}
	a, b := encrypt(t, sample(), to), encrypt(t, Document{}, to)
	if len(a) != len(b) {
		t.Errorf("%d and %d bytes", len(a), len(b))
	}
	if bytes.Contains(a, []byte("alice")) || bytes.Equal(a, encrypt(t, sample(), to)) {
		t.Error("the file shows its content, or is always the same")
	}
}

func TestEncryptRefuses(t *testing.T) {
	k := NewKey()
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	id := k.Identity().Reveal()
	for name, to := range map[string]Lock{
		"nothing":     {},
		"both":        {Passphrase: phrase.Passphrase, Recipients: []string{k.Recipient()}},
		"not one":     {Recipients: []string{"age1pq1x"}},
		"empty":       {Recipients: []string{""}},
		"an identity": {Recipients: []string{id}},
		"mixed":       {Recipients: []string{k.Recipient(), classic.Recipient().String()}},
	} {
		_, err := Encrypt(sample(), to)
		if !errors.Is(err, ErrRecipient) || strings.Contains(err.Error(), id[20:]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Encrypt(many(MaxAccounts+1), phrase); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too many: %v", err)
	}
}

func TestDecryptRefuses(t *testing.T) {
	k := NewKey()
	locked := encrypt(t, sample(), phrase)
	file := encrypt(t, sample(), Lock{Recipients: []string{k.Recipient()}})
	key := Opener{Key: k}
	header := bytes.Index(file, []byte("\n---"))
	end := header + bytes.IndexByte(file[header+1:], '\n') + 2
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	r := classic.Recipient()
	ids := Opener{Identities: classic.String()}
	armour := armoured(t, file)
	costly := bytes.Replace(locked, []byte(" 8\n"), []byte(" 21\n"), 1)
	for name, tc := range map[string]struct {
		file []byte
		with Opener
		want error
	}{
		"nothing":               {nil, key, ErrCutShort},
		"text":                  {[]byte("hello"), key, ErrNotAge},
		"a key file":            {[]byte(k.File(sampleTime).Reveal()), key, ErrNotAge},
		"zip":                   {[]byte("PK\x03\x04"), key, ErrNotAge},
		"gzip":                  {[]byte("\x1f\x8b\x08"), key, ErrNotAge},
		"age version 2":         {[]byte("age-encryption.org/v2\nx"), key, ErrUnknownLock},
		"the first line's half": {file[:10], key, ErrCutShort},
		"the first line":        {file[:22], key, ErrCutShort},
		"half a header":         {file[:header-100], key, ErrCutShort},
		"a header":              {file[:end], key, ErrCutShort},
		"half a nonce":          {file[:end+8], key, ErrCutShort},
		"a nonce":               {file[:end+16], key, ErrCutShort},
		"half":                  {file[:end+2000], key, ErrCutShort},
		"all but a byte":        {file[:len(file)-1], key, ErrCutShort},
		"a byte more":           {append(bytes.Clone(file), 0), key, ErrDamaged},
		"twice":                 {append(bytes.Clone(file), file...), key, ErrDamaged},
		"far more":              {append(bytes.Clone(file), make([]byte, 200<<10)...), key, ErrDamaged},
		"a changed byte":        {flip(file, len(file)-100), key, ErrDamaged},
		"a changed nonce":       {flip(file, end+3), key, ErrDamaged},
		"a changed MAC":         {flip(file, end-10), key, ErrDamaged},
		"a header of rubbish":   {[]byte(intro + "rubbish\n"), key, ErrDamaged},
		"wrong passphrase":      {locked, Opener{Passphrase: secret.FromString("x")}, ErrPassphrase},
		"no passphrase":         {locked, key, ErrPassphrase},
		"wrong key":             {file, Opener{Key: NewKey()}, ErrWrongKey},
		"no key":                {file, opened, ErrWrongKey},
		"a key cleared":         {file, Opener{}, ErrWrongKey},
		"another kind of key":   {file, ids, ErrWrongKey},
		"no identity":           {file, Opener{Identities: "# none\n"}, ErrNotKey},
		"half an identity":      {file, Opener{Identities: "AGE-SECRET-KEY-PQ-1QQQ"}, ErrNotKey},
		"costly":                {costly, opened, ErrTooCostly},
		"far too costly":        {bytes.Replace(locked, []byte(" 8\n"), []byte(" 99999999999999999999\n"), 1), opened, ErrTooCostly},
		"no work":               {bytes.Replace(locked, []byte(" 8\n"), []byte(" 08\n"), 1), opened, ErrDamaged},
		"unknown locks":         {[]byte(intro + "-> ssh-ed25519 AAAA\nAAAA\n--- " + strings.Repeat("A", 43) + "\n"), key, ErrUnknownLock},
		"a passphrase beside":   {[]byte(intro + "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 8\nAAAA\n-> X25519 AAAA\nAAAA\n--- " + strings.Repeat("A", 43) + "\n"), key, ErrDamaged},
		"armour cut":            {armour[:len(armour)-50], key, ErrCutShort},
		"armour changed":        {bytes.Replace(armour, []byte("\n"), []byte("\n*"), 3), key, ErrDamaged},
		"too large":             {make([]byte, maxFile+1), key, ErrTooLarge},
		"not ours":              {raw(t, "hello", r), ids, ErrNotBackup},
		"empty":                 {raw(t, "", r), ids, ErrNotBackup},
		"compressed":            {raw(t, "\x1f\x8b\x08\x00\x00", r), ids, ErrNotBackup},
		"newer":                 {raw(t, `{"format":"kutano-backup","version":2}`, r), ids, ErrNewer},
	} {
		d, err := Decrypt(tc.file, tc.with)
		if !errors.Is(err, tc.want) || d.Accounts != nil {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
		if err != nil && (strings.Contains(err.Error(), "JBSW") || strings.Contains(err.Error(), "QQQ")) {
			t.Errorf("%s: the error shows a key: %v", name, err)
		}
	}
}

func flip(file []byte, at int) []byte {
	file = bytes.Clone(file)
	file[at] ^= 4
	return file
}

// A file that lost its end anywhere, or has a changed bit anywhere, never opens;
// a lost end is always told as that.
func TestEveryCut(t *testing.T) {
	k := NewKey()
	file := encrypt(t, many(800), Lock{Recipients: []string{k.Recipient()}}) // three chunks
	if len(file) < 2*chunkSize {
		t.Fatalf("%d bytes are too few", len(file))
	}
	for n := 0; n < len(file); n += 1 + len(file)/70 {
		if _, err := Decrypt(file[:n], Opener{Key: k}); !errors.Is(err, ErrCutShort) {
			t.Errorf("cut at %d of %d: %v", n, len(file), err)
		}
	}
	for n := 30; n < len(file); n += 1 + len(file)/70 {
		if _, err := Decrypt(flip(file, n), Opener{Key: k}); !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongKey) && !errors.Is(err, ErrUnknownLock) {
			t.Errorf("changed at %d of %d: %v", n, len(file), err)
		}
	}
}

func TestSealed(t *testing.T) {
	for n := minText; n < 1<<20; n = padded(n + 1) {
		if !possible(sealed(n)) || possible(sealed(n)-1) || possible(sealed(n)+1) {
			t.Errorf("%d bytes of text make %d, possible %v", n, sealed(n), possible(sealed(n)))
		}
	}
	file := encrypt(t, many(500), phrase)
	header, err := age.ExtractHeader(bytes.NewReader(file))
	if err != nil || !possible(len(file)-len(header)) {
		t.Errorf("%d bytes are not possible, %v", len(file), err)
	}
}

// A file of this program opens with age alone, and one of age's in this program.
// age comes from the module that this program uses.
func TestAgeTool(t *testing.T) {
	dir := t.TempDir()
	tool := filepath.Join(dir, "age-tool.exe")
	if out, err := exec.Command("go", "build", "-o", tool, "filippo.io/age/cmd/age").CombinedOutput(); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("build age: %v\n%s", err, out)
		}
		t.Skipf("age cannot be built here: %v\n%s", err, out)
	}
	k := NewKey()
	keyFile, ours, theirs, text := filepath.Join(dir, "key.txt"), filepath.Join(dir, "ours.age"), filepath.Join(dir, "theirs.age"), filepath.Join(dir, "text")
	for name, b := range map[string][]byte{
		keyFile: k.File(sampleTime).Bytes(), text: Encode(sample()).Bytes(),
		ours: encrypt(t, sample(), Lock{Recipients: []string{k.Recipient()}}),
	} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(tool, "-d", "-i", keyFile, ours).Output()
	if err != nil || !bytes.Equal(out, Encode(sample()).Bytes()) {
		t.Errorf("age -d: %v\n%s", err, out)
	}
	for _, flags := range [][]string{nil, {"-a"}} {
		args := slices.Concat(flags, []string{"-r", k.Recipient(), "-o", theirs, text})
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Fatalf("age -r: %v\n%s", err, out)
		}
		file, err := os.ReadFile(theirs)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := Decrypt(file, Opener{Key: k}); err != nil || !same(d, sample()) {
			t.Errorf("age's file %v: %v, %v", flags, plain(d), err)
		}
	}
}

// A file under a passphrase is age's own too; its tool wants a terminal to ask on.
func TestAgePassphrase(t *testing.T) {
	id, err := age.NewScryptIdentity("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(encrypt(t, sample(), phrase)), id)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil || !bytes.Equal(b.Bytes(), Encode(sample()).Bytes()) {
		t.Errorf("%v\n%s", err, b.Bytes())
	}
}

// The first backup and the first snapshot open for ever. They were made by this
// test with -update.
func TestGoldenFiles(t *testing.T) {
	for name, tc := range map[string]struct {
		to   Lock
		with Opener
	}{
		"testdata/passphrase-v1.age": {phrase, opened},
		"testdata/snapshot-v1.age":   {Lock{Recipients: []string{madeUp(0).Recipient()}}, Opener{Key: madeUp(0)}},
	} {
		if *update {
			if err := os.WriteFile(name, encrypt(t, sample(), tc.to), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d, err := Decrypt(file, tc.with); err != nil || !same(d, sample()) {
			t.Errorf("%s: %v, %v", name, plain(d), err)
		}
	}
}

// Any bytes are refused with one of the sentinels, or open as a whole. Fuzz it
// with -fuzzminimizetime 100x: else each new input is made smaller for a minute,
// during which go test tells of no progress.
func FuzzDecrypt(f *testing.F) {
	fixed := strings.ToUpper(bech32("age-secret-key-", bytes.Repeat([]byte{7}, 32))) // a crasher reads the same again
	id, err := age.ParseX25519Identity(fixed)
	if err != nil {
		f.Fatal(err)
	}
	// Without its padding the file is small: a fuzzer tries to leave out each byte.
	text := secret.New(bytes.TrimRight(Encode(small()).Bytes(), "\n"))
	var file bytes.Buffer
	w, err := age.Encrypt(&file, id.Recipient())
	if err == nil {
		_, err = w.Write(text.Bytes())
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		f.Fatal(err)
	}
	whole := file.Bytes()
	locked, _, _ := bytes.Cut(encrypt(f, small(), phrase), []byte("\n---")) // no passphrase is tried
	locked = append(locked, whole[bytes.Index(whole, []byte("\n---")):]...)
	for _, b := range [][]byte{whole, whole[:100], append(bytes.Clone(whole), 1), armoured(f, whole), locked} {
		f.Add(b)
	}
	known := []error{ErrTooLarge, ErrNotAge, ErrCutShort, ErrUnknownLock, ErrTooCostly, ErrPassphrase, ErrWrongKey, ErrDamaged, ErrNotBackup, ErrNewer}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4<<10 {
			return // what is long is for the tests above
		}
		_, needErr := Needs(b)
		d, err := Decrypt(b, Opener{Identities: id.String()})
		classed := func(err error) bool {
			return slices.ContainsFunc(known, func(k error) bool { return errors.Is(err, k) })
		}
		switch {
		case needErr != nil && (err == nil || !classed(needErr)):
			t.Errorf("header: %v; file: %v", needErr, err)
		case err != nil && !classed(err):
			t.Errorf("unclassed: %v", err)
		case err == nil && !same(d, small()):
			t.Errorf("opens as %v", plain(d))
		}
	})
}

func BenchmarkEncrypt10000(b *testing.B) {
	d, to := many(10000), Lock{Recipients: []string{NewKey().Recipient()}}
	for b.Loop() {
		encrypt(b, d, to)
	}
}

func BenchmarkDecrypt10000(b *testing.B) {
	k := NewKey()
	file := encrypt(b, many(10000), Lock{Recipients: []string{k.Recipient()}})
	for b.Loop() {
		if d, err := Decrypt(file, Opener{Key: k}); err != nil || len(d.Accounts) != 10000 {
			b.Fatal(fmt.Sprint(len(d.Accounts)), err)
		}
	}
}

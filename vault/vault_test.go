// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// The key of RFC 6238 appendix B, "12345678901234567890".
const rfcURI = "otpauth://totp/Kutano:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano&digits=8"

func TestCodeOfAddedAccount(t *testing.T) { // R19, R20
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	kutano := mustAdd(t, v, key(t, rfcURI))
	other := mustAdd(t, v, key(t, "otpauth://hotp/Bank:7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=3"))
	for _, c := range []struct {
		unix int64
		code string
	}{{59, "94287082"}, {1111111109, "07081804"}, {1234567890, "89005924"}, {20000000000, "65353130"}} {
		if got := codeOf(t, v, kutano.ID, time.Unix(c.unix, 0)); got != c.code {
			t.Errorf("code at %d: %s, want %s", c.unix, got, c.code)
		}
	}
	if !kutano.Kutano || other.Kutano {
		t.Errorf("Kutano account recognised: %v, other: %v", kutano.Kutano, other.Kutano)
	}
	// The same after a restart, and with the index lost.
	v = openMem(t, dir, m)
	wantLabels(t, v, "Kutano:ana@example.com", "Bank:7")
	removeIndex(t, dir)
	v = openMem(t, dir, m)
	wantLabels(t, v, "Kutano:ana@example.com", "Bank:7")
	if got := codeOf(t, v, kutano.ID, time.Unix(59, 0)); got != "94287082" {
		t.Errorf("code after rebuild: %s", got)
	}
	if got := codeOf(t, v, other.ID, time.Time{}); got != "969429" { // RFC 4226 appendix D, counter 3
		t.Errorf("HOTP code: %s", got)
	}
}

func TestCodeClocks(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	a := mustAdd(t, v, key(t, rfcURI))
	if _, err := v.Code(t.Context(), a.ID, time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC)); !errors.Is(err, otpauth.ErrClock) {
		t.Errorf("clock in 1969: %v", err)
	}
	for _, at := range []time.Time{time.Unix(0, 0), time.Date(2106, 2, 7, 7, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if got := codeOf(t, v, a.ID, at); len(got) != 8 {
			t.Errorf("code at %v: %q", at, got)
		}
	}
	if _, err := v.Code(t.Context(), "nosuchaccoun", testNow); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown account: %v", err)
	}
}

func TestSteps(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	a := mustAdd(t, v, key(t, rfcURI))
	counter := mustAdd(t, v, key(t, "otpauth://hotp/Bank:7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=3"))
	for _, tt := range []struct {
		id    ID
		code  string
		at    int64
		reach time.Duration
		want  []int64
		err   error
	}{
		{a.ID, "0708 1804", 1111111109, 0, []int64{37037036}, nil},
		{a.ID, "0708 1804", 1111111109 + 3600, time.Hour, []int64{37037036}, nil},
		{a.ID, "0708 1804", 1111111109 - 3600, time.Hour, []int64{37037036}, nil},
		{a.ID, "0708 1804", 1111111109 + 3631, time.Hour, nil, nil},
		{a.ID, "94287082", 0, time.Hour, []int64{1}, nil}, // 1970
		{a.ID, "94287082", -1800, time.Hour, []int64{1}, nil},
		{a.ID, "94287082", -3601, time.Hour, nil, nil}, // no step before 1970
		{a.ID, "9428708", 59, time.Hour, nil, otpauth.ErrCode},
		{a.ID, "94287082", 59, 200 * time.Hour, nil, otpauth.ErrSpan},
		{counter.ID, "969429", 59, time.Hour, nil, otpauth.ErrNotTime},
		{"nosuchaccoun", "94287082", 59, time.Hour, nil, ErrUnknown},
	} {
		got, err := v.Steps(t.Context(), tt.id, tt.code, time.Unix(tt.at, 0), tt.reach)
		if !errors.Is(err, tt.err) || !slices.Equal(got, tt.want) {
			t.Errorf("%s at %d ± %v: %v, %v; want %v, %v", tt.code, tt.at, tt.reach, got, err, tt.want, tt.err)
		}
	}
	if got := codeOf(t, v, a.ID, time.Unix(59, 0)); got != "94287082" { // the vault's own key is not cleared
		t.Errorf("the code afterwards: %s", got)
	}
}

func TestHOTPAdvance(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := mustAdd(t, v, key(t, "otpauth://hotp/Bank:7?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0"))
	for i, want := range []string{"755224", "287082", "359152", "969429", "338314"} { // RFC 4226 appendix D
		if i == 2 {
			v = openMem(t, dir, m)
		}
		if peek := codeOf(t, v, a.ID, time.Time{}); peek != want {
			t.Errorf("peek %d: %s, want %s", i, peek, want)
		}
		c, err := v.Advance(t.Context(), a.ID)
		if err != nil || c.Value != want {
			t.Errorf("advance %d: %s, %v, want %s", i, c.Value, err, want)
		}
	}
	if b, _ := v.Account(a.ID); b.Counter != 5 {
		t.Errorf("counter %d, want 5", b.Counter)
	}
	m.fail = m.puts + 1
	if c, err := v.Advance(t.Context(), a.ID); err == nil || c.Value != "" {
		t.Errorf("a code %q was given though its counter was not stored (%v)", c.Value, err)
	}
	totp := mustAdd(t, v, key(t, rfcURI))
	if _, err := v.Advance(t.Context(), totp.ID); !errors.Is(err, ErrNotHOTP) {
		t.Errorf("advance of a time-based account: %v", err)
	}
}

func TestAddExisting(t *testing.T) { // R55
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := mustAdd(t, v, key(t, rfcURI))
	var exists *ExistsError
	_, err := v.Add(t.Context(), key(t, strings.ReplaceAll(rfcURI, "Kutano", "kutano")))
	if !errors.As(err, &exists) || !errors.Is(err, ErrExists) || !exists.Same || exists.Account.ID != a.ID {
		t.Errorf("same account again: %v", err)
	}
	fresh := key(t, "otpauth://totp/Kutano:ana@example.com?secret=MFRGGZDFMZTWQ2LK&issuer=Kutano")
	if _, err = v.Add(t.Context(), fresh); !errors.As(err, &exists) || exists.Same {
		t.Errorf("same names, new key: %v", err)
	}
	if s, b, err := v.Compare(t.Context(), fresh); s != Differs || b.ID != a.ID || err != nil {
		t.Errorf("compare: %v %v %v", s, b.ID, err)
	}
	before := codeOf(t, v, a.ID, testNow)
	if _, err := v.Update(t.Context(), a.ID, Details{Issuer: "Kutano", Name: "ana@example.com", Note: "desk"}); err != nil {
		t.Fatal(err)
	}
	b, err := v.Replace(t.Context(), a.ID, fresh)
	if err != nil || b.ID != a.ID || b.Digits != 6 || b.Note != "desk" {
		t.Fatalf("replace: %+v, %v", b, err)
	}
	wantLabels(t, v, "Kutano:ana@example.com")
	if s, _, _ := v.Compare(t.Context(), fresh); s != Same {
		t.Errorf("after replacing: %v", s)
	}
	// The old key can come back; the new one then is among the removed.
	old := v.Removed()
	if len(old) != 1 {
		t.Fatalf("removed: %v", labels(old))
	}
	if err := v.Restore(t.Context(), old[0].ID); err != nil {
		t.Fatal(err)
	}
	v = openMem(t, dir, m)
	wantLabels(t, v, "Kutano:ana@example.com")
	if got := codeOf(t, v, v.Accounts()[0].ID, testNow); got != before {
		t.Errorf("code of the restored key %s, want %s", got, before)
	}
	if r := v.Removed(); len(r) != 1 || r[0].ID != a.ID {
		t.Errorf("removed after restoring: %v", labels(r))
	}
}

func TestRemoveRestoreErase(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	now := testNow
	o := memOptions(dir, m)
	o.Now = func() time.Time { return now }
	v, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }()
	var ids []ID
	for i := range 3 {
		ids = append(ids, mustAdd(t, v, numbered(t, i)).ID)
	}
	code := codeOf(t, v, ids[1], testNow)
	if err := v.Remove(t.Context(), ids[1]); err != nil {
		t.Fatal(err)
	}
	wantLabels(t, v, "Service000:ana@example.com", "Service002:ana@example.com")
	if err := v.Remove(t.Context(), ids[1]); !errors.Is(err, ErrUnknown) {
		t.Errorf("removed twice: %v", err)
	}
	removeIndex(t, dir) // being removed survives the loss of the index
	v2 := openMem(t, dir, m)
	if r := v2.Removed(); len(r) != 1 || r[0].ID != ids[1] {
		t.Fatalf("removed: %v", labels(r))
	}
	if err := v2.Restore(t.Context(), ids[1]); err != nil {
		t.Fatal(err)
	}
	wantLabels(t, v2, "Service000:ana@example.com", "Service001:ana@example.com", "Service002:ana@example.com")
	if got := codeOf(t, v2, ids[1], testNow); got != code {
		t.Errorf("code after restoring %s, want %s", got, code)
	}
	if err := v2.Erase(t.Context(), ids[1]); !errors.Is(err, ErrUnknown) {
		t.Errorf("erased a live account: %v", err)
	}
	for _, id := range ids[1:] {
		if err := v.Remove(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Erase(t.Context(), ids[1]); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.text(), "Service001") || !strings.Contains(m.text(), "Service002") {
		t.Error("the erased key is still in the store, or another is gone")
	}
	// After thirty days the next change to its page drops what was removed.
	now = now.Add(keepRemoved + time.Hour)
	if len(v.Removed()) != 0 {
		t.Error("still offered after thirty days")
	}
	mustAdd(t, v, numbered(t, 9))
	if strings.Contains(m.text(), "Service002") {
		t.Error("still in the store after thirty days")
	}
	wantLabels(t, v, "Service000:ana@example.com", "Service009:ana@example.com")
}

func TestUpdateAndReorder(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	var ids []ID
	for i := range 4 {
		ids = append(ids, mustAdd(t, v, numbered(t, i)).ID)
	}
	d := Details{Issuer: "C++ & Söhne: 100%", Name: "ünï@x.de", Tags: []string{"work"}, Note: "n", Favourite: true}
	if _, err := v.Update(t.Context(), ids[2], d); err != nil {
		t.Fatal(err)
	}
	if err := v.Reorder(t.Context(), []ID{ids[2], "unknownid222", ids[3]}); err != nil {
		t.Fatal(err)
	}
	want := []string{"C++ & Söhne: 100%:ünï@x.de", "Service003:ana@example.com", "Service000:ana@example.com", "Service001:ana@example.com"}
	wantLabels(t, v, want...)
	v = openMem(t, dir, m)
	wantLabels(t, v, want...)
	if a, _ := v.Account(ids[2]); fmt.Sprint(a.Details()) != fmt.Sprint(d) {
		t.Errorf("details %+v, want %+v", a.Details(), d)
	}
	var exists *ExistsError
	if _, err := v.Update(t.Context(), ids[0], Details{Issuer: "service001", Name: "ANA@example.com"}); !errors.As(err, &exists) {
		t.Errorf("rename onto another account: %v", err)
	}
	if _, err := v.Update(t.Context(), ids[0], Details{Issuer: "a\x00b", Name: "x"}); err == nil {
		t.Error("a control character was taken into a name")
	}
	wantLabels(t, v, want...)
}

func TestMarks(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	a := mustAdd(t, v, key(t, rfcURI))
	if err := errors.Join(v.MarkUsed(t.Context(), a.ID, testNow), v.MarkVerified(t.Context(), a.ID, testNow)); err != nil {
		t.Fatal(err)
	}
	b, _ := openMem(t, dir, m).Account(a.ID)
	if !b.LastUsed.Equal(testNow) || !b.Verified.Equal(testNow) {
		t.Errorf("used %v, verified %v", b.LastUsed, b.Verified)
	}
}

func TestNoSecretInFiles(t *testing.T) {
	dir, m := t.TempDir(), newMemStore()
	v := openMem(t, dir, m)
	mustAdd(t, v, key(t, rfcURI))
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		fi, _ := f.Info()
		if fi.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", f.Name(), fi.Mode())
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToUpper(string(b)), "GEZDGNBV") {
			t.Errorf("%s holds the key", f.Name())
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	m := newMemStore()
	dir := t.TempDir()
	openMem(t, dir, m)
	o := memOptions(dir, m)
	o.Store = keystore.File
	if _, err := Open(t.Context(), o); !errors.Is(err, ErrOther) {
		t.Errorf("another store than at first use: %v", err)
	}
	newer := t.TempDir()
	if err := os.WriteFile(filepath.Join(newer, indexName), []byte(`{"version":2,"store":"keyring","accounts":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), memOptions(newer, m)); !errors.Is(err, ErrNewer) {
		t.Errorf("index of a newer version: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), memOptions(file, m)); err == nil {
		t.Error("a file was taken for the data folder")
	}
	o = Options{Dir: t.TempDir(), Store: keystore.File, Now: time.Now}
	if _, err := Open(t.Context(), o); !errors.Is(err, keystore.ErrNoPassphrase) {
		t.Errorf("sealed file without a passphrase: %v", err)
	}
}

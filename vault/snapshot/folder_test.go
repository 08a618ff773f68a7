// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// quick is a recipient that is fast to encrypt to.
var quick = func() string {
	id, err := age.ParseX25519Identity(strings.ToUpper(bech32("age-secret-key-", bytes.Repeat([]byte{7}, 32))))
	if err != nil {
		panic(err)
	}
	return id.Recipient().String()
}()

func write(t testing.TB, f *Folder, m Meta, now time.Time) Info {
	t.Helper()
	info, err := f.Write(sample(), quick, m, now)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func names(t testing.TB, f *Folder) (out []string) {
	t.Helper()
	infos, err := f.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range infos {
		out = append(out, i.Name)
	}
	return out
}

func TestNothingBeforeWrite(t *testing.T) {
	dir := t.TempDir()
	f := OpenFolder(dir)
	infos, err := f.List()
	checked, verr := f.Verify()
	_, rerr := f.Read("latest")
	if err != nil || verr != nil || len(infos)+len(checked) != 0 || !errors.Is(rerr, ErrNoSnapshot) || !errors.Is(rerr, fs.ErrNotExist) {
		t.Errorf("%v %v, %v %v, %v", infos, err, checked, verr, rerr)
	}
	if err := f.CopyIfDue(sampleTime); err != nil || f.Copies() != (Copies{Every: EveryNever}) {
		t.Errorf("copies %+v, %v", f.Copies(), err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("made %v, %v", entries, err)
	}
}

func TestWriteAndRead(t *testing.T) {
	dir := t.TempDir()
	f, k := OpenFolder(dir), NewKey()
	m := Meta{Generation: 42, Accounts: 3, Lost: 1}
	info, err := f.Write(sample(), k.Recipient(), m, sampleTime.Add(time.Second/2))
	if err != nil {
		t.Fatal(err)
	}
	want := Info{
		Name: "kutano-20251125T143210Z-000042.age", Made: sampleTime, Size: info.Size, Digest: info.Digest,
		Generation: 42, Accounts: 3, Lost: 1, Key: Fingerprint(k.Recipient()), Era: 1,
	}
	infos, err := f.List()
	if err != nil || info != want || len(infos) != 1 || infos[0] != want {
		t.Errorf("%+v, list %+v, %v", info, infos, err)
	}
	for _, name := range []string{latest, info.Name} {
		file, err := f.Read(name)
		if err != nil || int64(len(file)) != info.Size {
			t.Fatalf("%d bytes, %v", len(file), err)
		}
		if d, err := Decrypt(file, Opener{Key: k}); err != nil || !same(d, sample()) {
			t.Errorf("%v, %v", plain(d), err)
		}
	}
	if checked, err := f.Verify(); err != nil || len(checked) != 1 || checked[0].Err != nil || checked[0].Info != want {
		t.Errorf("%+v, %v", checked, err)
	}
	if runtime.GOOS == "windows" {
		return // the folder's rights count there
	}
	for path, mode := range map[string]fs.FileMode{"": 0o700, info.Name: 0o600, indexName: 0o600} {
		if fi, err := os.Stat(filepath.Join(dir, folderName, path)); err != nil || fi.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, fi.Mode(), err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	dir := t.TempDir()
	f := OpenFolder(dir)
	write(t, f, Meta{}, sampleTime)
	if err := os.WriteFile(filepath.Join(dir, "kutano-20251125T143210Z-000001.age"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "../kutano-20251125T143210Z-000001.age", indexName, "kutano-20251125T143210Z-000002.age", "."} {
		if _, err := f.Read(name); !errors.Is(err, ErrNoSnapshot) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := f.Write(sample(), "age1x", Meta{}, sampleTime); !errors.Is(err, ErrRecipient) {
		t.Errorf("no recipient: %v", err)
	}
}

// The order is that of writing, whatever the clock and the numbers say.
func TestOrder(t *testing.T) {
	f := OpenFolder(t.TempDir())
	a := write(t, f, Meta{Generation: 1}, sampleTime)
	b := write(t, f, Meta{Generation: 1}, sampleTime)                    // the same second
	c := write(t, f, Meta{Generation: 2}, sampleTime.Add(-24*time.Hour)) // the clock went back
	d := write(t, f, Meta{Generation: 3}, time.Unix(-5, 0))
	if got, want := fmt.Sprint(names(t, f)), fmt.Sprint([]string{d.Name, c.Name, b.Name, a.Name}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if a.Name == b.Name || b.Made.Sub(a.Made) != time.Second {
		t.Errorf("%s and %s", a.Name, b.Name)
	}
}

func TestRetention(t *testing.T) {
	day := time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC)
	var got []Info
	for i := range 600 { // a snapshot a day
		made := day.AddDate(0, 0, i)
		got = append([]Info{{Name: made.Format(nameTime), Made: made, Era: 1}}, got...)
		gone := surplus(got)
		got = slices.DeleteFunc(got, func(i Info) bool { return slices.Contains(gone, i) })
	}
	if len(got) != keepNewest+keepMonths-1 {
		t.Fatalf("%d are left: %v", len(got), got)
	}
	last := day.AddDate(0, 0, 599) // 2026-08-23
	for i, info := range got {
		want := last.AddDate(0, 0, -i)
		if i >= keepNewest {
			want = time.Date(2026, time.Month(8-(i-keepNewest)), 0, 12, 0, 0, 0, time.UTC) // the last day of the month before
		}
		if !info.Made.Equal(want) {
			t.Errorf("%d is %s, want %s", i, info.Made, want)
		}
	}
}

// What was made before a loss stays, however much is written after it.
func TestEras(t *testing.T) {
	f := OpenFolder(t.TempDir())
	n := 0
	era := func(count int, m Meta) (first Info) {
		for range count {
			n++
			if info := write(t, f, m, sampleTime.Add(time.Duration(n)*time.Minute)); first.Name == "" {
				first = info
			}
			m.Generation++
		}
		return first
	}
	for i, tc := range []struct {
		meta Meta
		era  int
	}{
		{Meta{Generation: 10, Accounts: 5}, 1},
		{Meta{Generation: 30, Accounts: 2}, 1}, // removed on purpose: the same era
		{Meta{Generation: 50, Accounts: 2, Lost: 2}, 2},
		{Meta{Generation: 70, Accounts: 4, Lost: 0}, 2}, // found again
		{Meta{Generation: 3, Accounts: 4}, 3},           // an older copy of the vault
		{Meta{Generation: 20, Accounts: 4, Lost: 1}, 4},
	} {
		if first := era(11, tc.meta); first.Era != tc.era {
			t.Errorf("step %d: era %d, want %d", i, first.Era, tc.era)
		}
	}
	infos, err := f.List()
	if err != nil {
		t.Fatal(err)
	}
	count := map[int]int{}
	for _, i := range infos {
		count[i.Era]++
	}
	for e := 1; e <= 4; e++ {
		if count[e] != keepNewest {
			t.Errorf("era %d has %d", e, count[e])
		}
	}
}

func TestForeignFilesStay(t *testing.T) {
	dir := t.TempDir()
	f := OpenFolder(dir)
	write(t, f, Meta{Generation: 1}, sampleTime)
	foreign := []string{
		"notes.txt", "kutano-2020.age", "kutano-20200101T000000Z-000001.age.bak", "xkutano-20200101T000000Z-000001.age",
		".kutano-20200101T000000Z-000001.age.tmp", "kutano-20209999T000000Z-000001.age",
	}
	for _, name := range foreign {
		if err := os.WriteFile(f.path(name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(f.path("kutano-20200101T000000Z-000001.age"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		write(t, f, Meta{Generation: uint64(i + 2)}, sampleTime.Add(time.Duration(i)*time.Minute))
	}
	for _, name := range append(foreign, "kutano-20200101T000000Z-000001.age") {
		if _, err := os.Stat(f.path(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(names(t, f)); n != keepNewest {
		t.Errorf("%d are listed", n)
	}
}

// A list that is lost, damaged or hostile loses no snapshot, now or later.
func TestLostList(t *testing.T) {
	for name, list := range map[string]string{
		"none": "", "text": "hello", "array": "[]", "other": `{"version":1,"snapshots":7}`, "null": `{"version":1,"snapshots":[null,{}]}`,
		"paths": `{"version":1,"snapshots":[{"name":"../../x","era":1},{"name":"kutano-20251125T143210Z-000001.age","key":"../../..","era":1}]}`,
		"large": strings.Repeat(" ", maxIndex+1),
	} {
		f := OpenFolder(t.TempDir())
		var old []string
		for i := range 12 {
			old = append([]string{write(t, f, Meta{Generation: uint64(i + 1), Lost: i}, sampleTime.Add(time.Duration(i)*time.Minute)).Name}, old...)
		}
		var err error
		if list == "" {
			err = os.Remove(f.path(indexName))
		} else {
			err = os.WriteFile(f.path(indexName), []byte(list), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		infos, err := f.List()
		if err != nil || len(infos) != len(old) {
			t.Errorf("%s: %d, %v", name, len(infos), err)
			continue
		}
		for i, info := range infos {
			if info.Name != old[i] || info.Size == 0 || info.Made.IsZero() || info.Generation != uint64(12-i) || info.Era != 0 || info.Digest+info.Key != "" {
				t.Errorf("%s: %+v", name, info)
			}
		}
		if checked, err := f.Verify(); err != nil || len(checked) != 12 || checked[0].Err != nil {
			t.Errorf("%s: %v, %v", name, checked, err)
		}
		for i := range 12 {
			write(t, f, Meta{Generation: uint64(i + 100)}, sampleTime.Add(time.Duration(i+100)*time.Minute))
		}
		if n := len(names(t, f)); n != keepNewest+12 {
			t.Errorf("%s: %d after more", name, n)
		}
	}
}

// A list of a later version is left as it is, and then nothing is pruned.
func TestNewerList(t *testing.T) {
	f := OpenFolder(t.TempDir())
	write(t, f, Meta{}, sampleTime)
	const list = `{"version":2,"x":1}`
	if err := os.WriteFile(f.path(indexName), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range 15 {
		write(t, f, Meta{Generation: uint64(i)}, sampleTime.Add(time.Duration(i+1)*time.Minute))
	}
	if b, err := os.ReadFile(f.path(indexName)); err != nil || string(b) != list || len(names(t, f)) != 16 {
		t.Errorf("%s, %v, %d", b, err, len(names(t, f)))
	}
}

func TestVerify(t *testing.T) {
	f := OpenFolder(t.TempDir())
	var all []Info
	for i := range 5 {
		all = append(all, write(t, f, Meta{Generation: uint64(i)}, sampleTime.Add(time.Duration(i)*time.Minute)))
	}
	whole, err := f.Read(all[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	unknown := "kutano-20300101T000000Z-000009.age"
	for name, b := range map[string][]byte{
		all[0].Name: whole[:3000], all[1].Name: flip(whole, 2000), all[2].Name: []byte("hello"), all[3].Name: nil, unknown: whole[:2000],
	} {
		if err := os.WriteFile(f.path(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	checked, err := f.Verify()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]error{all[0].Name: ErrCutShort, all[1].Name: ErrDamaged, all[2].Name: ErrNotAge, all[3].Name: ErrCutShort, all[4].Name: nil, unknown: ErrCutShort}
	for _, c := range checked {
		if w := want[c.Name]; !errors.Is(c.Err, w) {
			t.Errorf("%s: %v, want %v", c.Name, c.Err, w)
		}
		delete(want, c.Name)
	}
	if len(want) != 0 {
		t.Errorf("not checked: %v", want)
	}
}

// A snapshot that does not read back is none, and the others stay.
func TestReadBack(t *testing.T) {
	f := OpenFolder(t.TempDir())
	old := write(t, f, Meta{Generation: 1}, sampleTime)
	for name, back := range map[string]func(string) ([]byte, error){
		"changed": func(p string) ([]byte, error) { b, err := os.ReadFile(p); return flip(b, 500), err },
		"cut":     func(p string) ([]byte, error) { b, err := os.ReadFile(p); return b[:100], err },
		"gone":    func(string) ([]byte, error) { return nil, fs.ErrNotExist },
	} {
		readBack = back
		_, err := f.Write(sample(), quick, Meta{Generation: 2}, sampleTime.Add(time.Hour))
		readBack = os.ReadFile
		if !errors.Is(err, ErrReadBack) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
		if got := names(t, f); len(got) != 1 || got[0] != old.Name {
			t.Errorf("%s: left %v", name, got)
		}
	}
}

// Listing and reading go on while another writes.
func TestReadersWhileWriting(t *testing.T) {
	dir := t.TempDir()
	write(t, OpenFolder(dir), Meta{}, sampleTime)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 12 {
			_, _ = OpenFolder(dir).Write(sample(), quick, Meta{Generation: uint64(i)}, sampleTime.Add(time.Duration(i)*time.Minute))
		}
	}()
	for {
		f := OpenFolder(dir)
		checked, err := f.Verify()
		if err != nil || len(checked) == 0 {
			t.Errorf("%d, %v", len(checked), err)
		}
		for _, c := range checked {
			if c.Err != nil {
				t.Errorf("%s: %v", c.Name, c.Err)
			}
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

// Version 1 of the list is read for ever.
func TestGoldenList(t *testing.T) {
	infos := []Info{
		{
			Name: "kutano-20251125T143210Z-000042.age", Made: sampleTime, Size: 4500, Digest: strings.Repeat("0a", 32),
			Generation: 42, Accounts: 3, Lost: 1, Key: "0123456789abcdef", Era: 2,
		},
		{Name: "kutano-20251125T143209Z-000041.age", Made: sampleTime.Add(-time.Second), Size: 4500, Generation: 41},
	}
	b, err := encodeIndex(index{infos: infos, id: "89ef4567"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "snapshots-v1.json", b)
	if x := decodeIndex(b); fmt.Sprint(x.infos) != fmt.Sprint(infos) || x.id != "89ef4567" {
		t.Errorf("%+v", x)
	}
	for _, id := range []string{"", `"id": 7,`, `"id": "../..", `, `"id": "89EF4567",`} {
		list := strings.Replace(string(b), `"id": "89ef4567",`, id, 1)
		if x := decodeIndex([]byte(list)); fmt.Sprint(x.infos) != fmt.Sprint(infos) || x.id != "" {
			t.Errorf("%s: %+v", id, x)
		}
	}
}

// Any list is read without a panic, as names of ours with values that can be true.
func FuzzList(f *testing.F) {
	b, err := os.ReadFile("testdata/snapshots-v1.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"version":1,"snapshots":[{"name":"kutano-20251125T143210Z-000042.age","made":-1},{"name":"kutano-20251125T143210Z-99999999999999999999.age"}]}`))
	f.Add([]byte(`{"version":1,"dir":"/x","every":"day","last":9e9,"err":"x"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		x := decodeIndex(b)
		for _, i := range x.infos {
			if _, ours := named(i.Name); !ours || i.Size < 0 || i.Era < 0 {
				t.Errorf("%+v", i)
			}
			if name, end := copyName(i, x.id); end != "" && !copyPattern().MatchString(name) || strings.ContainsAny(name, `/\`) {
				t.Errorf("%+v is copied to %q", i, name)
			}
		}
		again, err := encodeIndex(x)
		if y := decodeIndex(again); err != nil || !x.newer && (fmt.Sprint(y.infos) != fmt.Sprint(x.infos) || y.id != x.id) {
			t.Errorf("%+v, %v", x.infos, err)
		}
		if nextEra(x.infos, Meta{}) < 1 || len(surplus(x.infos)) > len(x.infos) {
			t.Error("a wrong era")
		}
		if c := decodeCopies(b); c.Every != EveryNever && !filepath.IsAbs(c.Dir) {
			t.Errorf("%+v", c)
		}
	})
}

func BenchmarkWrite1000(b *testing.B) {
	f, d, k := OpenFolder(b.TempDir()), many(1000), NewKey().Recipient()
	n := 0
	for b.Loop() {
		n++
		if _, err := f.Write(d, k, Meta{Generation: uint64(n)}, sampleTime.Add(time.Duration(n)*time.Second)); err != nil {
			b.Fatal(err)
		}
	}
}

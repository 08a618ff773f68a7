// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func copied(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name, temporary := copyNamed(e.Name()); name != "" && !temporary {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestSetCopies(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	f := OpenFolder(data)
	write(t, f, Meta{}, sampleTime)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		c    Copies
		want error
	}{
		"no folder":     {Copies{Every: EveryDay}, ErrCopies},
		"relative":      {Copies{Dir: "x", Every: EveryDay}, ErrCopies},
		"unknown":       {Copies{Dir: dir, Every: "hour"}, ErrCopies},
		"a file":        {Copies{Dir: file, Every: EveryDay}, ErrCopies},
		"not there":     {Copies{Dir: filepath.Join(dir, "x"), Every: EveryDay}, fs.ErrNotExist},
		"the data":      {Copies{Dir: data, Every: EveryDay}, ErrCopies},
		"the snapshots": {Copies{Dir: filepath.Join(data, folderName), Every: EveryDay}, ErrCopies},
	} {
		if err := f.SetCopies(tc.c); !errors.Is(err, tc.want) || f.Copies().Every != EveryNever {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	c := Copies{Dir: dir, Every: EveryWeek, Last: sampleTime, Err: "a disk"}
	if err := f.SetCopies(c); err != nil || OpenFolder(data).Copies() != c {
		t.Errorf("%+v, %v", f.Copies(), err)
	}
	if err := f.SetCopies(Copies{Dir: dir}); err != nil || f.Copies() != (Copies{Dir: dir, Every: EveryNever}) {
		t.Errorf("%+v, %v", f.Copies(), err)
	}
	for _, b := range []string{"", "x", `{"version":2}`, `{"version":1,"dir":"x","every":"day"}`, `{"version":1,"dir":"/","every":"x"}`} {
		if err := os.WriteFile(f.path(copiesName), []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := f.Copies(); got != (Copies{Every: EveryNever}) {
			t.Errorf("%s: %+v", b, got)
		}
	}
}

func TestCopyIfDue(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	at := func(h int) time.Time { return sampleTime.Add(time.Duration(h) * time.Hour) }
	step := func(h int, every Every, change bool, want int) {
		t.Helper()
		c := f.Copies()
		if c.Dir, c.Every = dir, every; c != f.Copies() {
			if err := f.SetCopies(c); err != nil {
				t.Fatal(err)
			}
		}
		if change {
			write(t, f, Meta{Generation: uint64(h)}, at(h))
		}
		if err := f.CopyIfDue(at(h)); err != nil {
			t.Fatal(err)
		}
		if got := copied(t, dir); len(got) != want {
			t.Errorf("after %d hours: %v, want %d", h, got, want)
		}
	}
	step(0, EveryChange, false, 0) // there is nothing yet
	step(1, EveryNever, true, 0)
	step(2, EveryChange, false, 1)
	step(3, EveryChange, false, 1) // the same snapshot
	step(4, EveryChange, true, 2)
	step(5, EveryDay, true, 2) // too soon
	step(29, EveryDay, false, 3)
	step(60, EveryDay, false, 3) // the same snapshot
	step(61, EveryWeek, true, 3)
	step(29+7*24, EveryWeek, false, 4)
	step(10, EveryWeek, true, 5) // the clock went back: better one more
	if c := f.Copies(); !c.Last.Equal(at(10)) || c.Err != "" {
		t.Errorf("%+v", c)
	}
}

func TestCopiesArePruned(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	first := write(t, f, Meta{}, sampleTime)
	id := folderID(t, f)
	ours := "kutano-backup-20200101T000000Z-000001-" + first.Key[:8] + "-" + id + "-1.age"
	foreign := []string{
		"kutano-20200101T000000Z-000001.age", "photo.jpg", "." + ours, ours + ".bak", ours + ".1.tmp",
		strings.Replace(ours, first.Key[:8], "ffffffff", 1), strings.Replace(ours, id, "ffffffff", 1), strings.Replace(ours, "-1.age", "-2.age", 1),
		"kutano-backup-20200101T000000Z-000001-" + first.Key[:8] + ".age", // of an earlier version
	}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := len(copied(t, dir))
	if err := f.SetCopies(Copies{Dir: dir, Every: EveryChange}); err != nil {
		t.Fatal(err)
	}
	last := copyChanges(t, f, 25, Meta{})
	got := copied(t, dir)
	name, _ := copyName(last, id)
	if len(got) != keepCopies+before || got[len(got)-1] != name {
		t.Errorf("%v", got)
	}
	want, err := f.Read(last.Name)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(b, want) {
		t.Errorf("the copy is another: %v", err)
	}
	for _, name := range foreign {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(b) != "mine" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func folderID(t *testing.T, f *Folder) string {
	t.Helper()
	x, err := f.load()
	if err != nil || len(x.id) != idDigits {
		t.Fatalf("id %q, %v", x.id, err)
	}
	return x.id
}

// copyChanges writes n snapshots and has each copied.
func copyChanges(t *testing.T, f *Folder, n int, m Meta) (last Info) {
	t.Helper()
	for i := range n {
		m.Generation++
		last = write(t, f, m, sampleTime.Add(time.Duration(m.Generation)*time.Minute))
		if err := f.CopyIfDue(last.Made); err != nil {
			t.Fatalf("copy %d: %v", i, err)
		}
	}
	return last
}

// Two devices with the same recovery key share a folder, and one of them loses
// accounts: nobody's copies go for another's, nor those from before a loss.
func TestCopiesAreKeptApart(t *testing.T) {
	here, there, dir := OpenFolder(t.TempDir()), OpenFolder(t.TempDir()), t.TempDir()
	for _, f := range []*Folder{here, there} {
		write(t, f, Meta{}, sampleTime)
		if err := f.SetCopies(Copies{Dir: dir, Every: EveryChange}); err != nil {
			t.Fatal(err)
		}
	}
	copyChanges(t, here, 12, Meta{})
	copyChanges(t, there, 3, Meta{Generation: 5})
	copyChanges(t, here, 12, Meta{Generation: 20, Lost: 1})
	count := map[string]int{}
	for _, name := range copied(t, dir) {
		count[name[len(name)-len("ffffffff-1.age"):]]++
	}
	a, b := folderID(t, here), folderID(t, there)
	if a == b || count[a+"-1.age"] != keepCopies || count[a+"-2.age"] != keepCopies || count[b+"-1.age"] != 3 {
		t.Errorf("%v", count)
	}
}

// Where the list is lost nobody knows what a copy may follow: nothing is removed
// for it.
func TestCopyWithoutList(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	write(t, f, Meta{}, sampleTime)
	if err := f.SetCopies(Copies{Dir: dir, Every: EveryChange}); err != nil {
		t.Fatal(err)
	}
	copyChanges(t, f, 10, Meta{})
	id := folderID(t, f)
	if err := errors.Join(os.Remove(f.path(indexName)), f.CopyIfDue(sampleTime)); err != nil {
		t.Fatal(err)
	}
	copyChanges(t, f, 11, Meta{Generation: 30})
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 21 || folderID(t, f) == id {
		t.Errorf("%v, %v", entries, err)
	}
}

// A failure is noted, does not count as a copy and is tried again.
func TestCopyFails(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), filepath.Join(t.TempDir(), "stick")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCopies(Copies{Dir: dir, Every: EveryWeek}); err != nil {
		t.Fatal(err)
	}
	write(t, f, Meta{}, sampleTime)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.CopyIfDue(sampleTime); !errors.Is(err, fs.ErrNotExist) || f.Copies().Err == "" || !f.Copies().Last.IsZero() {
			t.Errorf("%v, %+v", err, f.Copies())
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.CopyIfDue(sampleTime); err != nil || f.Copies().Err != "" || len(copied(t, dir)) != 1 {
		t.Errorf("%v, %+v", err, f.Copies())
	}
}

// A damaged snapshot is not copied over.
func TestNoCopyOfDamage(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	info := write(t, f, Meta{}, sampleTime)
	file, err := f.Read(info.Name)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(f.SetCopies(Copies{Dir: dir, Every: EveryDay}), os.WriteFile(f.path(info.Name), flip(file, 900), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.CopyIfDue(sampleTime); !errors.Is(err, ErrDamaged) || len(copied(t, dir)) != 0 {
		t.Errorf("%v, %v", err, copied(t, dir))
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package snapshot

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// slow holds each copy to dir up, before it is read back, until it is let go.
func slow(t *testing.T, dir string) (reached <-chan struct{}, letGo chan<- struct{}) {
	t.Helper()
	at, wait := make(chan struct{}), make(chan struct{})
	readBack = func(path string) ([]byte, error) {
		if filepath.Dir(path) == dir {
			at <- struct{}{}
			<-wait
		}
		return os.ReadFile(path)
	}
	t.Cleanup(func() { readBack = os.ReadFile })
	return at, wait
}

// What is set while a copy is under way stays.
func TestSetWhileCopying(t *testing.T) {
	for name, set := range map[string]Copies{
		"never":         {Every: EveryNever},
		"less often":    {Every: EveryWeek},
		"another drive": {Dir: t.TempDir(), Every: EveryChange},
	} {
		f, dir := OpenFolder(t.TempDir()), t.TempDir()
		write(t, f, Meta{}, sampleTime)
		if err := f.SetCopies(Copies{Dir: dir, Every: EveryChange}); err != nil {
			t.Fatal(err)
		}
		reached, letGo := slow(t, dir)
		done := make(chan error)
		go func() { done <- f.CopyIfDue(sampleTime) }()
		<-reached
		if set.Dir == "" {
			set.Dir = dir
		}
		if err := f.SetCopies(set); err != nil {
			t.Fatal(err)
		}
		letGo <- struct{}{}
		if err := <-done; err != nil || f.Copies() != set {
			t.Errorf("%s: %+v, %v", name, f.Copies(), err)
		}
		readBack = os.ReadFile
	}
}

// A copy that hangs holds up no other call and no other folder. When it goes on
// it copies what is newest by then.
func TestCopyHangs(t *testing.T) {
	f, dir, other := OpenFolder(t.TempDir()), t.TempDir(), t.TempDir()
	f.CopyHangs() // nothing is set
	write(t, f, Meta{Generation: 1}, sampleTime)
	c := Copies{Dir: dir, Every: EveryChange}
	if err := f.SetCopies(c); err != nil {
		t.Fatal(err)
	}
	f.CopyHangs() // none is under way
	if f.Copies() != c {
		t.Errorf("%+v", f.Copies())
	}
	reached, letGo := slow(t, dir)
	done := make(chan error)
	go func() { done <- f.CopyIfDue(sampleTime) }()
	<-reached
	last := write(t, f, Meta{Generation: 2}, sampleTime.Add(time.Minute))
	for range 2 {
		if err := f.CopyIfDue(last.Made); err != nil {
			t.Fatal(err)
		}
	}
	f.CopyHangs()
	if got := f.Copies(); got.Err == "" || !got.Last.IsZero() {
		t.Errorf("%+v", got)
	}
	if err := errors.Join(f.SetCopies(Copies{Dir: other, Every: EveryChange}), f.CopyIfDue(last.Made)); err != nil || len(copied(t, other)) != 1 {
		t.Errorf("%v, %v", copied(t, other), err)
	}
	if err := f.SetCopies(c); err != nil {
		t.Fatal(err)
	}
	letGo <- struct{}{}
	<-reached // the newer one
	letGo <- struct{}{}
	if err := <-done; err != nil || len(copied(t, dir)) != 2 {
		t.Errorf("%v, %v", copied(t, dir), err)
	}
	if got := f.Copies(); got.Err != "" || !got.Last.Equal(last.Made) {
		t.Errorf("%+v", got)
	}
}

// What a copy that was cut short has left goes, but not what may be under way.
func TestCopySweeps(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	first := write(t, f, Meta{}, sampleTime)
	if err := f.SetCopies(Copies{Dir: dir, Every: EveryChange}); err != nil {
		t.Fatal(err)
	}
	if err := f.CopyIfDue(sampleTime); err != nil {
		t.Fatal(err)
	}
	ours := copied(t, dir)[0]
	foreign := strings.Replace(ours, first.Key[:8], "ffffffff", 1)
	for name, age := range map[string]time.Duration{
		"." + ours + ".1.tmp": 25 * time.Hour, "." + ours + ".2.tmp": time.Hour, "." + foreign + ".3.tmp": 25 * time.Hour, "." + ours + ".tmp": 25 * time.Hour,
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, time.Time{}, sampleTime.Add(-age))); err != nil {
			t.Fatal(err)
		}
	}
	write(t, f, Meta{Generation: 1}, sampleTime.Add(time.Second))
	if err := f.CopyIfDue(sampleTime); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 5 {
		t.Errorf("%v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "."+ours+".1.tmp")); !os.IsNotExist(err) {
		t.Error("the old one is left")
	}
}

// A copy whose last attempt failed is made again though its file is there.
func TestCopyAgainAfterFailure(t *testing.T) {
	f, dir := OpenFolder(t.TempDir()), t.TempDir()
	info := write(t, f, Meta{}, sampleTime)
	if err := errors.Join(f.SetCopies(Copies{Dir: dir, Every: EveryWeek}), f.CopyIfDue(sampleTime)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, copied(t, dir)[0])
	c := f.Copies()
	c.Err = "x"
	if err := errors.Join(os.WriteFile(path, nil, 0o600), f.SetCopies(c), f.CopyIfDue(sampleTime)); err != nil {
		t.Fatal(err)
	}
	if fi, err := os.Stat(path); err != nil || fi.Size() != info.Size || f.Copies().Err != "" {
		t.Errorf("%v, %v, %+v", fi, err, f.Copies())
	}
}

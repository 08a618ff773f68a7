// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package statefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

type sample struct {
	Count int    `json:"count"`
	Name  string `json:"name,omitempty"`
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangeAndLoad(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	f := New[sample](dir, "s.json", 1)
	if got, damaged, err := f.Load(); got != (sample{}) || damaged || err != nil {
		t.Fatalf("without a file: %+v, %v, %v", got, damaged, err)
	}
	if got, err := f.Change(context.Background(), func(s *sample) error { s.Count++; return nil }); err != nil || got.Count != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	text, err := os.ReadFile(f.Path())
	if want := "{\n  \"version\": 1,\n  \"document\": {\n    \"count\": 1\n  }\n}\n"; err != nil || string(text) != want {
		t.Errorf("%v: %s", err, text)
	}
	no := errors.New("no")
	if _, err := f.Change(context.Background(), func(s *sample) error { s.Count = 9; return no }); !errors.Is(err, no) {
		t.Errorf("refused: %v", err)
	}
	if got, _, err := New[sample](dir, "s.json", 1).Load(); err != nil || got.Count != 1 {
		t.Errorf("read again: %+v, %v", got, err)
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		damaged bool
		newer   bool
	}{
		"not JSON":      {"{", true, false},
		"no version":    {`{"document":{"count":1}}`, true, false},
		"another thing": {`[1]`, true, false},
		"wrong kinds":   {`{"version":1,"document":{"count":"x"}}`, true, false},
		"newer":         {`{"version":2,"document":{"count":"x"}}`, false, true},
	} {
		f := New[sample](t.TempDir(), "s.json", 1)
		write(t, f.Path(), c.text)
		_, damaged, err := f.Load()
		if damaged != c.damaged || errors.Is(err, ErrNewer) != c.newer {
			t.Errorf("%s: damaged %v, %v", name, damaged, err)
		}
		_, err = f.Change(context.Background(), func(s *sample) error { s.Count = 5; return nil })
		if errors.Is(err, ErrNewer) != c.newer {
			t.Errorf("%s: change: %v", name, err)
		}
		at := f.Path()
		if c.damaged {
			at += ".damaged"
		}
		if kept, err := os.ReadFile(at); err != nil || string(kept) != c.text {
			t.Errorf("%s: what was there is now %q, %v", name, kept, err)
		}
	}
	f := New[sample](t.TempDir(), "s.json", 1)
	for i, name := range []string{".damaged", ".damaged-2"} { // the second does not cost the first
		text := "{" + strings.Repeat(" ", i)
		write(t, f.Path(), text)
		if _, damaged, err := f.Load(); !damaged || err != nil {
			t.Errorf("%q: damaged %v, %v", text, damaged, err)
		}
		if kept, err := os.ReadFile(f.Path() + name); err != nil || string(kept) != text {
			t.Errorf("%s is %q, %v", name, kept, err)
		}
	}
	f = New[sample](t.TempDir(), "s.json", 1)
	if err := os.Mkdir(f.Path(), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, damaged, err := f.Load(); !damaged || err != nil {
		t.Errorf("a folder: damaged %v, %v", damaged, err)
	}
}

// Two programs that change it at once both do.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 2 {
		f := New[sample](dir, "s.json", 1)
		all.Go(func() {
			for range 20 {
				if _, err := f.Change(context.Background(), func(s *sample) error { s.Count++; return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got, _, err := New[sample](dir, "s.json", 1).Load(); err != nil || got.Count != 40 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBusy(t *testing.T) {
	f := New[sample](t.TempDir(), "s.json", 1)
	lock := flock.New(f.Path() + ".lock")
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }()
	if _, err := f.Change(context.Background(), func(*sample) error { return nil }); !errors.Is(err, ErrBusy) {
		t.Errorf("while another writes: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Change(ctx, func(*sample) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// What makes no sense is left where it is while another program writes: it may be
// a good one by the time it would be put aside.
func TestDamagedWhileAnotherWrites(t *testing.T) {
	f := New[sample](t.TempDir(), "s.json", 1)
	write(t, f.Path(), "{")
	lock := flock.New(f.Path() + ".lock")
	if err := lock.Lock(); err != nil {
		t.Fatal(err)
	}
	if _, damaged, err := f.Load(); !damaged || err != nil {
		t.Errorf("damaged %v, %v", damaged, err)
	}
	if _, err := os.Stat(f.Path()); err != nil {
		t.Errorf("it was put aside: %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	if _, damaged, err := f.Load(); !damaged || err != nil {
		t.Errorf("later: damaged %v, %v", damaged, err)
	}
	if _, err := os.Stat(f.Path() + ".damaged"); err != nil {
		t.Errorf("it was not put aside: %v", err)
	}
}

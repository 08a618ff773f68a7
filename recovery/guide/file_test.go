// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/statefile"
)

func save(t *testing.T, r *Run, dir string) {
	t.Helper()
	if err := r.Save(dir); err != nil {
		t.Fatal(err)
	}
}

func saved(t *testing.T, dir string) *Run {
	t.Helper()
	r, ok, err := load(t).Saved(dir, Facts{})
	if err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	return r
}

func TestSaved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if r, ok, err := load(t).Saved(dir, nil); r != nil || ok || err != nil {
		t.Fatalf("of nothing: %v %v %v", r, ok, err)
	}
	if err := load(t).Forget(dir); err != nil {
		t.Fatal(err)
	}
	r := begin(t, Disable, Facts{})
	if err := r.Choose(Choice{To: "off-open"}); err != nil {
		t.Fatal(err)
	}
	save(t, r, dir)
	if got := saved(t, dir); got.Step().ID != "off-open" || !got.CanBack() || got.Entry().Name != Disable {
		t.Errorf("%+v", got.state)
	}
	if info, err := os.Stat(filepath.Join(dir, "setup.json")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info, err)
	}
	if err := load(t).Forget(dir); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := load(t).Saved(dir, nil); ok {
		t.Error("it was not forgotten")
	}
}

// What one process noted of an enrolment, another's older run does not wipe.
func TestPendingIsNotLost(t *testing.T) {
	dir := t.TempDir()
	one := begin(t, Setup, Facts{})
	save(t, one, dir)
	other := saved(t, dir)
	other.SetPending(&Pending{ID: "e1", Method: "app"})
	save(t, other, dir)
	save(t, one, dir)
	if p := saved(t, dir).Pending(); p == nil || p.ID != "e1" || one.Pending() == nil {
		t.Fatalf("lost: %+v", p)
	}
	if err := load(t).Forget(dir); err != nil || saved(t, dir).Pending() == nil {
		t.Errorf("forgotten with an enrolment under way: %v", err)
	}
	one.SetPending(nil)
	// The app keeps a copy of the run, in the background.
	copied, err := load(t).Restore(one.State(), Facts{})
	if err != nil {
		t.Fatal(err)
	}
	save(t, copied, dir)
	if p := saved(t, dir).Pending(); p != nil {
		t.Errorf("still there: %+v", p)
	}
}

func TestOddStateFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "setup.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range []string{"", "no JSON", strings.Repeat(" ", 1<<20+1)} {
		write(text)
		if _, ok, err := load(t).Saved(dir, nil); ok || err != nil {
			t.Errorf("%v %v", ok, err)
		}
		if _, err := os.Stat(path + ".damaged"); err != nil {
			t.Error(err)
		}
	}
	write(`{"version":9,"document":{"entry":"setup"}}`)
	if _, _, err := load(t).Saved(dir, nil); !errors.Is(err, statefile.ErrNewer) {
		t.Errorf("got %v", err)
	}
	if err := begin(t, Setup, nil).Save(dir); !errors.Is(err, statefile.ErrNewer) {
		t.Errorf("a newer state was overwritten: %v", err)
	}
	if err := load(t).Forget(dir); !errors.Is(err, statefile.ErrNewer) {
		t.Errorf("got %v", err)
	}
	write(`{"version":1,"document":{"entry":"gone"}}`)
	if _, ok, err := load(t).Saved(dir, nil); ok || err != nil {
		t.Errorf("%v %v", ok, err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, Setup, nil).Save(filepath.Join(file, "data")); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("got %v", err)
	}
}

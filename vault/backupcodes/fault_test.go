// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/atomicfile/faults"
)

// all is what a safe holds, to be compared: sets, and the codes with their uses.
func all(t testing.TB, s *Safe) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, set := range append(s.Sets(), s.Removed()...) {
		line := set.Title + " " + set.Where + " " + string(set.Place)
		if !set.Removed.IsZero() {
			line += " removed"
		}
		if set.Place == Elsewhere {
			line += strings.Repeat(".", set.Left)
		}
		for _, r := range s.open.sets {
			if r.ID != set.ID {
				continue
			}
			for _, c := range r.Codes {
				line += " " + c.Text.Reveal()
				if c.Used > 0 {
					line += "!"
				}
			}
		}
		out[string(set.ID)] = line
	}
	return out
}

// Whatever step to the disk fails, is cut short or is the last before the process
// dies: the safe is as before or as after the change, a set that was replaced
// stands there at least once, and a change that was confirmed is there.
func TestEveryStepFails(t *testing.T) {
	type world struct {
		s           *Safe
		here, there Set
	}
	first, _ := made(t)
	here, there := keep(t, first, "here", ten("a")...), note(t, first, "there", 8)
	begin := func(t *testing.T) world {
		return world{again(t, copied(t, first), "one"), here, there}
	}
	for name, do := range map[string]func(w world) error{
		"keep":   func(w world) error { _, err := w.s.Keep(t.Context(), New{Title: "n", Codes: codes("n")}); return err },
		"note":   func(w world) error { _, err := w.s.Note(t.Context(), New{Title: "n"}); return err },
		"use":    func(w world) error { _, err := w.s.Use(t.Context(), w.here.ID, 3); return err },
		"count":  func(w world) error { _, err := w.s.UseNoted(t.Context(), w.there.ID); return err },
		"remove": func(w world) error { return w.s.Remove(t.Context(), w.here.ID) },
		"by a note": func(w world) error {
			_, err := w.s.Replace(t.Context(), w.here.ID, New{Title: "n", Count: 4})
			return err
		},
		"by codes": func(w world) error {
			_, err := w.s.Replace(t.Context(), w.there.ID, New{Title: "n", Codes: codes("n")})
			return err
		},
		"passphrase": func(w world) error { return w.s.ChangePassphrase(t.Context(), pass("one"), pass("two")) },
		"start anew": func(w world) error { _, err := w.s.StartAnew(t.Context(), pass("two")); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := begin(t)
			before := all(t, w.s)
			calls := faults.Record(t, func() { check(t, do(w)) })
			after := all(t, w.s)
			if len(calls) < 5 || maps.Equal(before, after) != (name == "passphrase") {
				t.Fatalf("%d steps", len(calls))
			}
			for n := range calls {
				for kind, fault := range map[string]error{"fails": syscall.EIO, "fails late": faults.After(syscall.EIO), "is cut": faults.Short(7, syscall.ENOSPC)} {
					for _, dies := range []bool{false, true} {
						w := begin(t)
						before := all(t, w.s)
						inject(t, n, fault, dies)
						err := do(w)
						faults.Stop()
						what := []any{name, n, calls[n].Step, filepath.Base(calls[n].Path), kind, dies}
						judge(t, w.s, before, err, what)
					}
				}
			}
		})
	}
}

// copied is a safe with copies of another's files, which are not flushed.
func copied(t *testing.T, s *Safe) *Safe {
	t.Helper()
	dir := inMemory(t)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, name := range []string{sealedName, registerName} {
		b, err := os.ReadFile(s.path(name))
		check(t, err)
		check(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	return open(t, dir, s.now)
}

// inMemory makes a folder where flushing costs nothing, if the system has such a
// place: thousands of changes are tried.
func inMemory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "kutano-test-")
	if err != nil {
		dir, err = os.MkdirTemp(t.TempDir(), "")
	}
	check(t, err)
	return dir
}

// inject makes step n fail, and all after it where the process dies with it.
func inject(t *testing.T, n int, fault error, dies bool) {
	done := 0
	faults.Inject(t, func(faults.Step, string) error {
		done++
		switch {
		case done-1 == n:
			return fault
		case done-1 > n && dies:
			return syscall.EIO
		}
		return nil
	})
}

// judge looks at what another process finds.
func judge(t *testing.T, s *Safe, before map[string]string, err error, what []any) {
	t.Helper()
	o := open(t, s.dir, s.now)
	if uerr := o.Unlock(t.Context(), pass("one")); uerr != nil {
		if uerr = o.Unlock(t.Context(), pass("two")); uerr != nil {
			t.Fatalf("%v: nothing opens it: %v", what, uerr)
		}
	}
	found := all(t, o)
	if what[0] == "start anew" && len(found) < len(before) {
		if aside, _ := filepath.Glob(filepath.Join(s.dir, "backup-codes-2*.age")); len(aside) == 0 {
			t.Errorf("%v: the old file is gone", what)
		}
		return
	}
	for id, line := range before {
		if got, ok := found[id]; !ok || strings.Count(got, " a-") != strings.Count(line, " a-") {
			t.Errorf("%v: %q is %q", what, line, got)
		}
	}
	live := 0
	for _, line := range found {
		if !strings.Contains(line, " removed") {
			live++
		}
	}
	if live < len(before) && what[0] != "remove" {
		t.Errorf("%v: %d sets are left: %v", what, live, found)
	}
	if err == nil && what[0] != "passphrase" && maps.Equal(found, before) {
		t.Errorf("%v: a confirmed change is not there", what)
	}
	// And all of it can be changed again.
	if _, err := o.Keep(t.Context(), New{Title: "again", Codes: codes("again")}); err != nil {
		t.Errorf("%v: %v", what, err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, ".*.tmp")); len(left) > 0 && slices.ContainsFunc(left, func(p string) bool { return !strings.Contains(p, "backup-codes-2") }) {
		t.Errorf("%v: %v is left", what, left)
	}
}

// Two safes in one folder are as one: a model says what has to be in it.
func TestModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := &watch{start}
		dir := inMemory(t)
		defer func() { _ = os.RemoveAll(dir) }()
		safes := []*Safe{open(t, dir, w.now), open(t, dir, w.now)}
		check(t, safes[0].Create(t.Context(), pass("one")))
		check(t, safes[1].Unlock(t.Context(), pass("one")))
		type state struct {
			place         Place
			used          [5]bool
			left, removed int
		}
		model := map[ID]*state{}
		pick := func(r *rapid.T, ok func(*state) bool) (ID, *state) {
			var ids []ID
			for id, s := range model {
				if ok(s) {
					ids = append(ids, id)
				}
			}
			if len(ids) == 0 {
				r.Skip("none")
			}
			slices.Sort(ids)
			id := rapid.SampledFrom(ids).Draw(r, "set")
			return id, model[id]
		}
		live := func(p Place) func(*state) bool {
			return func(s *state) bool { return s.place == p && s.removed == 0 }
		}
		any1 := func(r *rapid.T) *Safe { return safes[rapid.IntRange(0, 1).Draw(r, "safe")] }
		r.Repeat(map[string]func(*rapid.T){
			"keep": func(r *rapid.T) {
				set, err := any1(r).Keep(t.Context(), New{Title: "x", Codes: ten("a")[:5]})
				check(t, err)
				model[set.ID] = &state{place: Here}
			},
			"note": func(r *rapid.T) {
				set, err := any1(r).Note(t.Context(), New{Title: "x", Count: 5})
				check(t, err)
				model[set.ID] = &state{place: Elsewhere, left: 5}
			},
			"use": func(r *rapid.T) {
				id, s := pick(r, live(Here))
				i := rapid.IntRange(0, 4).Draw(r, "code")
				_, err := any1(r).Use(t.Context(), id, i)
				if s.used[i] != errors.Is(err, ErrUsed) || err != nil && !s.used[i] {
					r.Fatal(err)
				}
				s.used[i] = true
			},
			"unuse": func(r *rapid.T) {
				id, s := pick(r, live(Here))
				i := rapid.IntRange(0, 4).Draw(r, "code")
				_, err := any1(r).Unuse(t.Context(), id, i)
				if s.used[i] != (err == nil) {
					r.Fatal(err)
				}
				s.used[i] = false
			},
			"count": func(r *rapid.T) {
				id, s := pick(r, live(Elsewhere))
				_, err := any1(r).UseNoted(t.Context(), id)
				if (s.left > 0) != (err == nil) {
					r.Fatal(err)
				}
				s.left = max(0, s.left-1)
			},
			"remove": func(r *rapid.T) {
				id, s := pick(r, func(s *state) bool { return s.removed == 0 })
				check(t, any1(r).Remove(t.Context(), id))
				s.removed = 1
			},
			"restore": func(r *rapid.T) {
				id, s := pick(r, func(s *state) bool { return s.removed == 1 })
				_, err := any1(r).Restore(t.Context(), id)
				check(t, err)
				s.removed = 0
			},
			"replace": func(r *rapid.T) {
				id, s := pick(r, func(s *state) bool { return s.removed == 0 })
				n, next := New{Count: 5}, &state{place: Elsewhere, left: 5}
				if rapid.Bool().Draw(r, "codes") {
					n, next = New{Codes: ten("b")[:5]}, &state{place: Here}
				}
				set, err := any1(r).Replace(t.Context(), id, n)
				check(t, err)
				s.removed, model[set.ID] = 1, next
			},
			"lock": func(r *rapid.T) {
				s := any1(r)
				s.Lock()
				check(t, s.Unlock(t.Context(), pass("one")))
			},
			"lose the register": func(r *rapid.T) {
				for _, s := range model {
					if s.place == Elsewhere {
						r.Skip("there are notes in it")
					}
				}
				check(t, os.Remove(filepath.Join(dir, registerName)))
				check(t, any1(r).Unlock(t.Context(), pass("one")))
			},
			"": func(r *rapid.T) {
				for _, s := range append(slices.Clone(safes), open(t, dir, w.now)) {
					check(t, s.Reload(t.Context()))
					if got := len(s.Sets()) + len(s.Removed()); got != len(model) {
						r.Fatalf("%d sets, want %d", got, len(model))
					}
					for _, set := range append(s.Sets(), s.Removed()...) {
						m := model[set.ID]
						left := m.left
						if m.place == Here {
							for _, u := range m.used {
								if !u {
									left++
								}
							}
						}
						if set.Left != left || set.Place != m.place || set.Removed.IsZero() != (m.removed == 0) {
							r.Fatalf("%+v, want %+v", set, m)
						}
					}
				}
			},
		})
	})
}

// While a damaged register is made anew, and the codes cannot be written, it goes on
// saying that sets may be missing in it.
func TestDamagedRegisterStaysMarked(t *testing.T) {
	for _, dies := range []bool{false, true} {
		s, _ := made(t)
		here := keep(t, s, "here", ten("a")...)
		check(t, os.WriteFile(s.path(registerName), []byte("{"), 0o600))
		failed := false
		faults.Inject(t, func(_ faults.Step, path string) error {
			if failed = failed && dies || strings.Contains(path, sealedName); failed {
				return syscall.EIO
			}
			return nil
		})
		_, err := s.Replace(t.Context(), here.ID, New{Count: 10})
		faults.Stop()
		wants(t, err, syscall.EIO)
		o := again(t, s, "")
		if !errors.Is(o.Problem(), ErrRegister) {
			t.Errorf("dies %v: the codes here are in no list, and it is not told: %v, %v", dies, o.Problem(), o.Sets())
		}
		check(t, o.Unlock(t.Context(), pass("one")))
		get(t, o, here.ID)
	}
}

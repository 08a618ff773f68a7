// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/kutano/authenticator/vault/atomicfile"
	"github.com/kutano/authenticator/vault/secret"
)

func TestCreate(t *testing.T) {
	s, w := made(t)
	wants(t, s.Create(t.Context(), pass("x")), ErrExists)
	if s.Locked() || !s.Exists() || s.Problem() != nil {
		t.Errorf("locked %v, exists %v, %v", s.Locked(), s.Exists(), s.Problem())
	}
	fresh := open(t, t.TempDir(), w.now)
	wants(t, fresh.Create(t.Context(), secret.Value{}), ErrNoPassphrase)
	wants(t, fresh.Unlock(t.Context(), pass("x")), ErrNoSafe)
	_, err := fresh.Keep(t.Context(), New{Title: "x", Codes: codes("x")})
	wants(t, err, ErrLocked)
	if fresh.Exists() || !fresh.Locked() {
		t.Error("there is a safe without a passphrase")
	}
	for _, name := range []string{sealedName, registerName} {
		info, err := os.Stat(s.path(name))
		if check(t, err); info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Errorf("%s is open to others: %v", name, info.Mode())
		}
	}
}

func TestChangePassphrase(t *testing.T) {
	s, _ := made(t)
	set := keep(t, s, "a", ten("a")...)
	wants(t, s.ChangePassphrase(t.Context(), pass("wrong"), pass("two")), ErrPassphrase)
	wants(t, s.ChangePassphrase(t.Context(), pass("one"), secret.Value{}), ErrNoPassphrase)
	check(t, s.ChangePassphrase(t.Context(), pass("one"), pass("two")))
	wants(t, again(t, s, "").Unlock(t.Context(), pass("one")), ErrPassphrase)
	_, err := s.Use(t.Context(), set.ID, 0)
	check(t, err)
	s.Lock()
	check(t, s.ChangePassphrase(t.Context(), pass("two"), pass("three")))
	if got := get(t, again(t, s, "three"), set.ID); got.Left != 9 || s.Locked() {
		t.Errorf("%+v", got)
	}
}

// A forgotten passphrase: the old file is put aside as it was, notes stay, and
// where the passphrase comes to mind the codes come back.
func TestStartAnew(t *testing.T) {
	s, w := made(t)
	here, there := keep(t, s, "here", ten("a")...), note(t, s, "there", 8)
	file, err := os.ReadFile(s.path(sealedName))
	check(t, err)
	s.Lock()
	_, err = s.StartAnew(t.Context(), secret.Value{})
	wants(t, err, ErrNoPassphrase)
	aside, err := s.StartAnew(t.Context(), pass("new"))
	check(t, err)
	if b, err := os.ReadFile(s.path(aside)); err != nil || !bytes.Equal(b, file) || aside != "backup-codes-20261125T143210Z.age" {
		t.Errorf("%s: %v", aside, err)
	}
	if sets := s.Sets(); len(sets) != 1 || sets[0] != there || s.Locked() {
		t.Errorf("%v", sets)
	}
	second, err := s.StartAnew(t.Context(), pass("newer"))
	if check(t, err); second == aside {
		t.Errorf("%s twice", second)
	}
	in, err := s.Import(t.Context(), file, pass("one"))
	if check(t, err); len(in.Added) != 1 || in.Added[0] != here {
		t.Errorf("%+v", in)
	}
	// What is no file of ours is put aside too.
	for name, put := range map[string]func(string) error{
		"too large": func(p string) error { return os.WriteFile(p, make([]byte, maxSealed+1), 0o600) },
		"a folder":  func(p string) error { return os.Mkdir(p, 0o700) },
		"rubbish":   func(p string) error { return os.WriteFile(p, []byte("hello"), 0o600) },
		"nothing":   func(string) error { return nil },
	} {
		o := open(t, t.TempDir(), w.now)
		check(t, put(o.path(sealedName)))
		aside, err := o.StartAnew(t.Context(), pass("new"))
		if check(t, err); o.Locked() || aside == "" != (name == "nothing") {
			t.Errorf("%s: put aside as %q", name, aside)
		}
	}
}

func flip(file []byte, at int) []byte {
	file = bytes.Clone(file)
	file[at] ^= 4
	return file
}

// raw is a text of the test's as an age file.
func raw(t testing.TB, text string, r age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	check(t, err)
	_, err = w.Write([]byte(text))
	check(t, errors.Join(err, w.Close()))
	return b.Bytes()
}

func underPass(t testing.TB, text string) []byte {
	t.Helper()
	r, err := age.NewScryptRecipient("one")
	check(t, err)
	r.SetWorkFactor(1)
	return raw(t, text, r)
}

// Each thing that can be wrong with a file is told apart.
func TestUnlockRefuses(t *testing.T) {
	s, _ := made(t)
	keep(t, s, "a", ten("a")...)
	file, err := os.ReadFile(s.path(sealedName))
	check(t, err)
	header := bytes.Index(file, []byte("\n---"))
	key, err := age.GenerateX25519Identity()
	check(t, err)
	exported, err := s.Export(t.Context(), pass("one"))
	check(t, err)
	n := note(t, s, "n", 1)
	withNote, err := s.Export(t.Context(), pass("one"), n.ID)
	check(t, err)
	for name, tc := range map[string]struct {
		file []byte
		pass string
		want error
	}{
		"right":             {file, "one", nil},
		"exported":          {exported, "one", nil},
		"exported notes":    {withNote, "one", ErrNotSafe},
		"wrong":             {file, "two", ErrPassphrase},
		"empty":             {file, "", ErrPassphrase},
		"nothing":           {nil, "one", ErrDamaged},
		"a first line":      {file[:10], "one", ErrDamaged},
		"half a header":     {file[:header-20], "one", ErrDamaged},
		"a header":          {file[:header+50], "one", ErrDamaged},
		"cut":               {file[:len(file)-1], "one", ErrDamaged},
		"longer":            {append(bytes.Clone(file), 1), "one", ErrDamaged},
		"changed":           {flip(file, len(file)-30), "one", ErrDamaged},
		"a changed MAC":     {flip(file, header+20), "one", ErrDamaged},
		"text":              {[]byte("hello"), "one", ErrNotSafe},
		"age 2":             {[]byte("age-encryption.org/v2\nx"), "one", ErrNotSafe},
		"another lock":      {raw(t, "{}", key.Recipient()), "one", ErrNotSafe},
		"costly":            {bytes.Replace(file, []byte(" 1\n"), []byte(" 21\n"), 1), "one", ErrTooCostly},
		"far too costly":    {bytes.Replace(file, []byte(" 1\n"), []byte(" 99999999999999999999\n"), 1), "one", ErrTooCostly},
		"no work":           {bytes.Replace(file, []byte(" 1\n"), []byte(" 01\n"), 1), "one", ErrDamaged},
		"too large":         {make([]byte, maxSealed+1), "one", ErrTooLarge},
		"not ours":          {underPass(t, "hello"), "one", ErrNotSafe},
		"another's":         {underPass(t, `{"format":"kutano-backup","version":1}`), "one", ErrNotSafe},
		"newer":             {underPass(t, `{"format":"kutano-backup-codes","version":2,"sets":{}}`), "one", ErrNewer},
		"no sets":           {underPass(t, `{"format":"kutano-backup-codes","version":1,"sets":[{}]}`), "one", ErrNotSafe},
		"sets of one title": {underPass(t, `{"format":"kutano-backup-codes","version":1,"sets":[{"id":"0123456789abcdef","title":"x","place":"here"}]}`), "one", ErrNotSafe},
	} {
		o := open(t, t.TempDir(), s.now)
		check(t, os.WriteFile(o.path(sealedName), tc.file, 0o600))
		if err := o.Unlock(t.Context(), pass(tc.pass)); !errors.Is(err, tc.want) || o.Locked() != (tc.want != nil) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		} else if err != nil && strings.Contains(err.Error(), "a-1000") {
			t.Errorf("%s: the error shows a code", name)
		}
		if b, err := os.ReadFile(o.path(sealedName)); err != nil || !bytes.Equal(b, tc.file) {
			t.Errorf("%s: the file was changed: %v", name, err)
		}
	}
}

// A file of another version is never written over, whatever is asked for.
func TestNewerRegister(t *testing.T) {
	s, w := made(t)
	newer := []byte(`{"version":2,"sets":"?"}`)
	check(t, os.WriteFile(s.path(registerName), newer, 0o600))
	_, err := Open(s.dir, w.now)
	wants(t, err, ErrNewer)
	_, err = s.Note(t.Context(), New{Title: "x"})
	wants(t, err, ErrNewer)
	_, err = s.Keep(t.Context(), New{Title: "x", Codes: codes("x")})
	wants(t, err, ErrNewer)
	wants(t, s.Reload(t.Context()), ErrNewer)
	if b, err := os.ReadFile(s.path(registerName)); err != nil || !bytes.Equal(b, newer) {
		t.Errorf("%s, %v", b, err)
	}
}

// A register that is lost or damaged is told of, is made anew from the codes, and
// what was in it is put aside.
func TestLostRegister(t *testing.T) {
	for name, b := range map[string][]byte{"gone": nil, "damaged": []byte("{"), "of nothing": []byte("{}"), "large": make([]byte, maxRegister+1)} {
		s, _ := made(t)
		here := keep(t, s, "here", ten("a")...)
		check(t, os.Remove(s.path(registerName)))
		if b != nil {
			check(t, os.WriteFile(s.path(registerName), b, 0o600))
		}
		o := again(t, s, "")
		if len(o.Sets()) != 0 || !errors.Is(o.Problem(), ErrRegister) {
			t.Errorf("%s: %v, %v", name, o.Sets(), o.Problem())
		}
		n := note(t, o, "note", 3)
		if b != nil {
			if aside, err := os.ReadFile(o.path(registerName + atomicfile.Aside)); err != nil || !bytes.Equal(aside, b) {
				t.Errorf("%s: %d bytes put aside, %v", name, len(aside), err)
			}
		}
		for _, o := range []*Safe{o, again(t, s, "")} {
			if !errors.Is(o.Problem(), ErrRegister) {
				t.Errorf("%s: after a note: %v", name, o.Problem())
			}
		}
		check(t, o.Unlock(t.Context(), pass("one")))
		for _, o := range []*Safe{o, again(t, s, "")} {
			if get(t, o, here.ID) != here || get(t, o, n.ID) != n || o.Problem() != nil {
				t.Errorf("%s: %v, %v", name, o.Sets(), o.Problem())
			}
		}
		// And while it is unlocked it is mended by any change.
		check(t, os.WriteFile(s.path(registerName), []byte("{ again"), 0o600))
		n = note(t, o, "another", 3)
		second := registerName + atomicfile.Aside
		if b != nil {
			second += "-2" // the first stays
		}
		if aside, err := os.ReadFile(o.path(second)); err != nil || string(aside) != "{ again" {
			t.Errorf("%s: put aside as %s is %q, %v", name, second, aside, err)
		}
		if o := again(t, s, ""); o.Problem() != nil || get(t, o, here.ID) != here || get(t, o, n.ID) != n {
			t.Errorf("%s: %v, %v", name, o.Sets(), o.Problem())
		}
	}
}

func TestMissingFile(t *testing.T) {
	s, w := made(t)
	keep(t, s, "here", ten("a")...)
	check(t, os.Remove(s.path(sealedName)))
	o := again(t, s, "")
	wants(t, o.Problem(), ErrMissing)
	wants(t, o.Create(t.Context(), pass("x")), ErrMissing)
	_, err := s.Keep(t.Context(), New{Title: "x", Codes: codes("x")})
	if wants(t, err, ErrNoSafe); !s.Locked() {
		t.Error("unlocked without a file")
	}
	aside, err := o.StartAnew(t.Context(), pass("x"))
	if check(t, err); aside != "" || len(o.Sets()) != 0 || o.Problem() != nil {
		t.Errorf("%q, %v", aside, o.Sets())
	}
	_, err = Open(filepath.Join(s.dir, registerName, "x"), w.now)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder within a file: %v", err)
	}
}

// An ended context leaves everything as it was.
func TestCancelled(t *testing.T) {
	s, _ := made(t)
	set := keep(t, s, "a", ten("a")...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before, err := os.ReadFile(s.path(sealedName))
	check(t, err)
	for name, do := range map[string]func() error{
		"use":    func() error { _, err := s.Use(ctx, set.ID, 0); return err },
		"unlock": func() error { return s.Unlock(ctx, pass("one")) },
		"change": func() error { return s.ChangePassphrase(ctx, pass("one"), pass("two")) },
		"anew":   func() error { _, err := s.StartAnew(ctx, pass("two")); return err },
		"reload": func() error { return s.Reload(ctx) },
		"import": func() error { _, err := s.Import(ctx, before, pass("one")); return err },
	} {
		if err := do(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.work <- struct{}{} // somebody changes the files
	wants(t, s.Unlock(ctx, pass("one")), context.Canceled)
	<-s.work
	// What comes of work nobody waits for is thrown away.
	held, discarded := make(chan struct{}), make(chan int)
	go func() { close(held) }()
	_, err = await(ctx, func() (int, error) { <-held; return 7, nil }, func(n int) { discarded <- n })
	if n := <-discarded; n != 7 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
}

// Locking while the safe is being unlocked keeps it locked.
func TestLockMeanwhile(t *testing.T) {
	s, _ := made(t)
	s.Lock()
	c, err := s.read(t.Context(), pass("one"))
	check(t, err)
	locks := s.lockCount()
	s.Lock()
	wants(t, s.adopt(c, locks), ErrLocked)
	if !s.Locked() || c.passphrase.Len() != 0 {
		t.Error("unlocked after all")
	}
}

// The plain age tool opens the safe and an exported file.
func TestAgeOpensIt(t *testing.T) {
	s, _ := made(t)
	keep(t, s, "a", codes("<1234 & 5678>")...)
	sealed, err := os.ReadFile(s.path(sealedName))
	check(t, err)
	exported, err := s.Export(t.Context(), pass("one"))
	check(t, err)
	for name, file := range map[string][]byte{"safe": sealed, "export": exported} {
		id, err := age.NewScryptIdentity("one")
		check(t, err)
		r, err := age.Decrypt(bytes.NewReader(file), id)
		check(t, err)
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil || b.Len()%padding != 0 || !strings.Contains(b.String(), "1234 ") {
			t.Errorf("%s: %d bytes, %v", name, b.Len(), err)
		}
	}
	few := len(sealed)
	keep(t, s, "b", ten("b")...)
	if again, err := os.ReadFile(s.path(sealedName)); err != nil || len(again) != few || bytes.Equal(again, sealed) {
		t.Errorf("the size tells how many codes there are: %d and %d bytes, %v", few, len(again), err)
	}
}

// Processes that change one safe at once lose nothing of each other's.
func TestProcesses(t *testing.T) {
	s, _ := made(t)
	set := keep(t, s, "a", ten("a")...)
	n := note(t, s, "n", 10)
	exe, err := os.Executable()
	check(t, err)
	var all []*exec.Cmd
	for i := range 5 {
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), childDir+"="+s.dir, childSet+"="+string(set.ID), childNote+"="+string(n.ID), fmt.Sprintf("%s=%d", childCode, i))
		cmd.Stderr = os.Stderr
		check(t, cmd.Start())
		all = append(all, cmd)
	}
	for i := 5; i < 10; i++ {
		_, err := s.Use(t.Context(), set.ID, i)
		check(t, err)
	}
	for _, cmd := range all {
		check(t, cmd.Wait())
	}
	check(t, s.Reload(t.Context()))
	for _, o := range []*Safe{s, again(t, s, "one"), again(t, s, "")} {
		if got := get(t, o, set.ID); got.Left != 0 {
			t.Errorf("%d codes are left", got.Left)
		}
		if got := get(t, o, n.ID); got.Left != 5 {
			t.Errorf("%d codes of the note are left", got.Left)
		}
	}
	if sets := s.Sets(); len(sets) != 7 || !slices.ContainsFunc(sets, func(s Set) bool { return s.Title == "child 3" }) {
		t.Errorf("%v", sets)
	}
}

const (
	childDir  = "KUTANO_TEST_SAFE"
	childSet  = "KUTANO_TEST_SET"
	childNote = "KUTANO_TEST_NOTE"
	childCode = "KUTANO_TEST_CODE"
)

// child is the other process.
func child(dir string) int {
	ctx := context.Background()
	w := &watch{start}
	s, err := Open(dir, w.now)
	if err == nil {
		err = s.Unlock(ctx, pass("one"))
	}
	var i int
	if err == nil {
		_, err = fmt.Sscan(os.Getenv(childCode), &i)
	}
	if err == nil {
		_, err = s.Use(ctx, ID(os.Getenv(childSet)), i)
	}
	if err == nil {
		_, err = s.UseNoted(ctx, ID(os.Getenv(childNote)))
	}
	if err == nil {
		_, err = s.Keep(ctx, New{Title: fmt.Sprintf("child %d", i), Codes: codes("x")})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// kept is a content that is known, and so kept where it is met in a folder.
const kept = "age-encryption.org/v1\n-> X25519 abc\n"

// tree writes files; a name that ends with a slash is a folder.
func tree(t *testing.T, files ...string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "export")
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(root, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func loaded(t *testing.T, paths ...string) string {
	t.Helper()
	sources, failed, err := Load(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, s := range sources {
		said = append(said, fmt.Sprintf("%s:%d:%v", s.Name, len(s.Data), s.Met))
	}
	for _, f := range failed {
		said = append(said, fmt.Sprintf("%s:%v:%v", f.Name, f.Met, reasonOf(f.Err)))
	}
	return strings.Join(said, " ")
}

// reasonOf shortens an error to its sentinel.
func reasonOf(err error) error {
	for _, known := range []error{foreign.ErrUnknown, foreign.ErrNoPassword, foreign.ErrTooLarge, foreign.ErrTooMany, foreign.ErrEntities, fs.ErrNotExist} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

func TestLoad(t *testing.T) {
	dir := tree(t, "b/two.txt", kept, "a.txt", kept, ".hidden", kept, ".git/config", kept, "b/.git/x", kept, "c.bin", "nothing known\x00")
	want := ".hidden:36:true a.txt:36:true b/two.txt:36:true c.bin:true:of no format that is known here"
	if got := loaded(t, dir); got != want {
		t.Errorf("a folder: %s", got)
	}
	named := filepath.Join(dir, "c.bin") // whatever it is: somebody named it
	want = "c.bin:14:false gone:false:file does not exist"
	if got := loaded(t, named, filepath.Join(dir, "gone")); got != want {
		t.Errorf("files: %s", got)
	}
	sources, _, err := Load(t.Context(), []string{dir, named})
	if err != nil || sources[2].Path != filepath.Join(dir, "b", "two.txt") || sources[3].Path != named {
		t.Errorf("paths: %v, %s", err, sources[2].Path)
	}
	if got := loaded(t); got != "" {
		t.Errorf("nothing: %s", got)
	}
}

func TestLoadIsNotLedOut(t *testing.T) {
	secrets := tree(t, "outside.txt", kept)
	dir := tree(t, "in.txt", kept, "sub/x.txt", kept)
	for name, to := range map[string]string{
		"out": secrets, "away.txt": filepath.Join(secrets, "outside.txt"), "dotted": "../../" + filepath.Base(filepath.Dir(secrets)),
		"same.txt": "in.txt", "subagain": "sub", "round": ".",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	want := "in.txt:36:true sub/x.txt:36:true"
	for _, name := range []string{"away.txt", "dotted", "out"} {
		want += " " + name + ":true:it refers to things outside itself"
	}
	if got := loaded(t, dir); got != want {
		t.Errorf("links: %s", got)
	}
	link := filepath.Join(t.TempDir(), "link") // one that was named is followed
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if got := loaded(t, link); got != want {
		t.Errorf("through a link: %s", got)
	}
}

func TestLoadHasItsLimits(t *testing.T) {
	deep := strings.Repeat("d/", MaxDepth)
	dir := tree(t, deep+"in.txt", kept, deep+"d/out.txt", kept)
	if got, want := loaded(t, dir), deep+"in.txt:36:true "+deep+"d:true:there is more in it than is looked at"; got != want {
		t.Errorf("deep folders: %s", got)
	}

	large := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, foreign.MaxSource+1); err != nil { // no bytes on the disk
		t.Fatal(err)
	}
	if got := loaded(t, large); got != "large.json:false:it is larger than 64 MiB" {
		t.Errorf("a large file: %s", got)
	}

	many := t.TempDir()
	for i := range MaxFiles + 2 {
		if err := os.WriteFile(filepath.Join(many, fmt.Sprintf("%05d", i)), []byte{0}, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, failed, err := Load(t.Context(), []string{many})
	if err != nil || len(failed) != MaxFiles+1 || !errors.Is(failed[MaxFiles].Err, foreign.ErrTooMany) || failed[MaxFiles].Name != filepath.Base(many) {
		t.Errorf("many files: %d failed, %v", len(failed), err)
	}
}

func TestLoadHoldsNoMoreThanItMay(t *testing.T) {
	l := loader{held: maxHeld - 1}
	l.take(File{Name: "two"}, []byte("xx"))
	l.take(File{Name: "one"}, []byte("x"))
	if len(l.sources) != 1 || l.sources[0].Name != "one" || len(l.failed) != 1 || !errors.Is(l.failed[0].Err, foreign.ErrTooMany) {
		t.Errorf("%d sources, %v", len(l.sources), l.failed)
	}
}

func TestWhatIsMetInAFolder(t *testing.T) {
	s := foreign.NewSource("x", []byte("lines"))
	unmarked := &either{}
	for r, want := range map[foreign.Reader]error{nil: foreign.ErrUnknown, unmarked: foreign.ErrNoPassword} {
		if err := met(r, s, false); !errors.Is(err, want) {
			t.Errorf("%T: %v, want %v", r, err, want)
		}
	}
}

func TestLoadIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, p := range []string{tree(t, "a.txt", kept), filepath.Join(t.TempDir(), "gone")} {
		if s, f, err := Load(ctx, []string{p}); !errors.Is(err, context.Canceled) || s != nil || f != nil {
			t.Errorf("%d sources, %d failed, %v", len(s), len(f), err)
		}
	}
}

// A message in a folder is not what gpg is to be run on, unless that is a password store.
func TestLoadMessages(t *testing.T) {
	const message = "-----BEGIN PGP MESSAGE-----\n\nwV4D\n-----END PGP MESSAGE-----\n"
	for name, c := range map[string]struct {
		files []string
		in    string
		want  string
	}{
		"mail":            {[]string{"secret.asc", message}, "", "secret.asc:true:" + foreign.ErrNoPassword.Error()},
		"a store":         {[]string{".gpg-id", "me\n", "shop/anna.gpg", message}, "", "shop/anna.gpg:60:true .gpg-id:true:" + foreign.ErrUnknown.Error()},
		"part of a store": {[]string{".gpg-id", "me\n", "shop/anna.gpg", message}, "shop", "anna.gpg:60:true"},
		"a message named": {[]string{"secret.asc", message}, "secret.asc", "secret.asc:60:false"},
	} {
		if got := loaded(t, filepath.Join(tree(t, c.files...), c.in)); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

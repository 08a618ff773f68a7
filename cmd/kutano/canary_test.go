// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && !race

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/keystore/keyringtest"
	"github.com/kutano/authenticator/vault/secret/canary"
)

// The canary walks through every command with secrets that are made up for the
// run, and searches whatever is left behind for them: what was printed, every
// file, the arguments and the environment of every process, the messages on
// the bus. The secrets may be in the sealed file, in the keyring, in the file
// that the recovery key was written to, and in what show-qr prints; in clear
// nowhere else. Nothing of it may depend on where the keys are kept.

func TestCanaryInKeyring(t *testing.T) {
	keyring := keyringtest.Start(t)
	w := newWalk(t, "DBUS_SESSION_BUS_ADDRESS="+keyring.Address)
	heard := w.Monitor(t, keyring.Address)
	w.everything()
	if seen, secret := heard(); secret == 0 {
		t.Errorf("of %d messages on the bus none is the keyring's", seen)
	}
	w.search()
}

func TestCanaryInSealedFile(t *testing.T) {
	w := newWalk(t, "DBUS_SESSION_BUS_ADDRESS=disabled:")
	w.store, w.guarded = "file", true
	w.everything()
	w.search()
}

// walk is a walk through all commands.
type walk struct {
	canary.Hunt
	t       *testing.T
	dir     string
	env     []string
	program string

	store   string // as --store names it; empty is the keyring
	guarded bool   // a passphrase is needed
	pass    string // it

	first, second, later, backup    string // passphrases
	plain, json, picture, bad, lost string // keys
	words                           string // the recovery key

	code, paper, stray, safe, safe2 string // backup codes, and passphrases of their safe
}

func newWalk(t *testing.T, env ...string) *walk {
	t.Helper()
	w := &walk{
		t: t, dir: t.TempDir(),
		first: canary.Word(24), second: canary.Word(24), later: canary.Word(24), backup: canary.Word(24),
		code: canary.Word(24), paper: canary.Word(24), stray: canary.Word(24), safe: canary.Word(24), safe2: canary.Word(24),
		plain: canary.NewKey(), json: canary.NewKey(), picture: canary.NewKey(), bad: canary.NewKey(), lost: canary.NewKey(),
	}
	w.pass = w.first
	var err error
	if w.program, err = quick(); err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]string{
		"a key that was added": w.plain, "a key added with --json": w.json, "a key in a picture": w.picture,
		"a key that is refused": w.bad, "a key in a wrong place": w.lost,
	} {
		w.Key(name, key)
	}
	for name, pass := range map[string]string{
		"the first passphrase": w.first, "the second passphrase": w.second, "the passphrase after it was forgotten": w.later,
		"the backup's passphrase": w.backup,
	} {
		w.Text(name, pass)
	}
	for _, dir := range []string{"home", "tmp", "run", "cache", "config", "given", "out", "work"} {
		if err := os.Mkdir(w.path(dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.env = append(env, "HOME="+w.path("home"), "TMPDIR="+w.path("tmp"), "XDG_RUNTIME_DIR="+w.path("run"), "XDG_CACHE_HOME="+w.path("cache"),
		"XDG_CONFIG_HOME="+w.path("config"), "PATH="+os.Getenv("PATH"), "LC_ALL=C.UTF-8", "GOTRACEBACK=crash")
	w.Watch(t, w.path("tmp"), w.path("run"))
	return w
}

func (w *walk) path(name string) string { return filepath.Join(w.dir, name) }

// data is where the accounts are.
func (w *walk) data() string {
	return filepath.Join(w.path("home"), ".local/share/kutano-authenticator")
}

// step is one run of the program.
type step struct {
	args string   // split at spaces
	more []string // further arguments
	in   string   // standard input
	fds  []string // what comes on descriptors 4, 5 and so on
	pass string   // the passphrase, if not the right one
	exit int
	out  io.Writer // where standard output goes, if not to be read
	skip bool      // show-qr's exception: what it prints is not searched
}

// do runs the program, and keeps what it prints for the search.
func (w *walk) do(r step) string {
	w.t.Helper()
	args := strings.Fields(r.args)
	where := "kutano " + strings.Join(args, " ")
	cmd := w.command(r, append(args, r.more...))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if r.out != nil {
		cmd.Stdout = r.out
	}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("%s: %v", where, err)
	}
	if !r.skip {
		w.Saw(where+" printed", out.Bytes())
	}
	w.Saw(where+" said", errs.Bytes())
	if got := cmd.ProcessState.ExitCode(); got != r.exit {
		hidden := out.String() + errs.String()
		if len(w.Find([]byte(hidden))) > 0 {
			hidden = "(it holds a secret)"
		}
		w.t.Errorf("%s: exit code %d, want %d: %s", where, got, r.exit, hidden)
	}
	return out.String()
}

// command prepares a run. Every secret comes on a descriptor.
func (w *walk) command(r step, args []string) *exec.Cmd {
	w.t.Helper()
	cmd := exec.Command(w.program)
	cmd.Dir, cmd.Env, cmd.Stdin = w.path("work"), w.env, strings.NewReader(r.in)
	if w.store != "" {
		cmd.Args = append(cmd.Args, "--store", w.store)
	}
	pass := r.pass
	if pass == "" {
		pass = w.pass
	}
	cmd.ExtraFiles = []*os.File{w.pipe(pass)}
	if w.guarded {
		cmd.Args = append(cmd.Args, "--passphrase-fd", "3")
	}
	for _, text := range r.fds {
		cmd.ExtraFiles = append(cmd.ExtraFiles, w.pipe(text))
	}
	cmd.Args = append(cmd.Args, args...)
	return cmd
}

func (w *walk) pipe(text string) *os.File {
	w.t.Helper()
	in, out, err := os.Pipe()
	if err == nil {
		_, err = out.WriteString(text + "\n")
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = in.Close() })
	return in
}

// search searches everything at the end.
func (w *walk) search() {
	w.t.Helper()
	w.Tree(w.t, w.dir)
	w.Allow(w.path("given")) // what the test itself wrote
	w.Want(w.path("out/key.txt"), "the recovery key's words", "the recovery key's identity")
	w.Want(w.path("out/code.txt"), "a backup code")
	w.Allow(w.path("out/code.txt"), "a backup code")
	w.Allow(w.path("out/codes.pdf"), "a backup code for paper")
	w.Allow(w.path("out/other.pdf"), "a backup code")
	w.Allow(w.path("out/key.txt"), "the recovery key's words", "the recovery key's identity")
	w.Allow(w.path("out/sheet.pdf"), "the recovery key's words", "the recovery key's identity")
	w.Allow(w.path("out/qr.json"), "a key that was added") // the shown code
	w.Want(w.path("out/plain.txt"), "a key that was added")
	w.Allow(w.path("out/plain.txt"), "a key that was added", "a key added with --json", "a key in a picture")
	w.Want(w.path("out/qr.json"), "a key that was added")
	// Who gives a key as an argument has shown it already; it is not repeated.
	w.Allow("the cmdline of kutano", "a key in a wrong place", "a backup code in a wrong place")
	w.Check(w.t)
	for _, name := range []string{"accounts.json", "snapshots.json", "recovery.json", "backup-codes.json", "backup-codes.age"} {
		if _, err := os.Stat(filepath.Join(w.data(), name)); errors.Is(err, os.ErrNotExist) {
			if _, err := os.Stat(filepath.Join(w.data(), "snapshots", name)); err != nil {
				w.t.Errorf("there is no %s: it was not searched", name)
			}
		}
	}
}

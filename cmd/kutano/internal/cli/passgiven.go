// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/secret"
)

// passphrase gets the passphrase of the keys: from --passphrase-fd, else from a
// person at a terminal.
func (a *App) passphrase(ctx context.Context, create bool) (secret.Value, error) {
	pass, err := a.askPassphrase(ctx, create)
	if err == nil && a.retain {
		a.typed.Clear()
		a.typed, a.made = pass.Clone(), create
	}
	return pass, err
}

func (a *App) askPassphrase(ctx context.Context, create bool) (secret.Value, error) {
	switch {
	case a.fd >= 0:
		if err := a.readGiven(ctx); err != nil {
			return secret.Value{}, err
		}
		return a.given.Clone(), nil
	case create:
		return a.newPassphrase(ctx, newPassphrase{
			fd:      -1,
			intro:   words.T("Your keys go into a sealed file under a passphrase of yours. Without it nobody can open them, and nobody can tell it to you."),
			missing: words.T("The keys go into a sealed file here, which needs a new passphrase."),
			flag:    "--passphrase-fd",
		})
	case !a.interactive():
		return secret.Value{}, tell(explain.Passphrase,
			words.T("The keys are under a passphrase, which is needed here."),
			words.T("Your keys are safe under it."),
			words.T("Run this in a terminal, or give the passphrase with --passphrase-fd."))
	}
	return a.askHidden(ctx, words.T("Passphrase: "))
}

// readGiven reads what --passphrase-fd gives, once. A command that reads more
// from standard input calls it first: there the passphrase is the first line.
func (a *App) readGiven(ctx context.Context) error {
	if a.fd < 0 || a.given.Len() > 0 {
		return nil
	}
	pass, err := a.lineFrom(ctx, a.fd, "--passphrase-fd")
	a.given = pass
	return err
}

// remember has the passphrase that the vault is opened with kept until the end
// of the run: a person who changes it types it once.
func (a *App) remember() { a.retain = true }

// newPassphrase says where a passphrase comes from that does not exist yet.
type newPassphrase struct {
	fd      int    // a descriptor, or -1
	flag    string // which names it
	intro   string // what a person is told first
	missing string // what is said where there is no person
}

func (a *App) newPassphrase(ctx context.Context, n newPassphrase) (secret.Value, error) {
	if n.fd >= 0 {
		return a.lineFrom(ctx, n.fd, n.flag)
	}
	if !a.interactive() {
		return secret.Value{}, usage(n.missing,
			words.T("Run this in a terminal, or give the passphrase with {flag}.", "flag", n.flag))
	}
	a.say(n.intro)
	first, err := a.askHidden(ctx, words.T("New passphrase: "))
	if err != nil {
		return secret.Value{}, err
	}
	second, err := a.askHidden(ctx, words.T("The same again: "))
	if err != nil {
		first.Clear()
		return secret.Value{}, err
	}
	defer second.Clear()
	if !first.Equal(second) {
		first.Clear()
		return secret.Value{}, usage(words.T("The two are not the same."), words.T("Try again."))
	}
	if first.Len() == 0 {
		return secret.Value{}, usage(words.T("A passphrase cannot be empty."), words.T("Try again."))
	}
	return first, nil
}

// maxLine is far above any passphrase or key that someone types.
const maxLine = 4096 // bytes

// lineFrom reads the next line from a descriptor. Several flags may name the
// same one: then each gets a line.
func (a *App) lineFrom(ctx context.Context, fd int, flag string) (secret.Value, error) {
	in, err := a.descriptor(fd, flag)
	if err != nil {
		return secret.Value{}, err
	}
	line, err := inBackground(ctx, nil, func() (secret.Value, error) { return readLine(in) })
	switch {
	case errors.Is(err, errNoLine):
		return line, badFD(flag)
	case err == nil && line.Len() == 0:
		return line, usage(words.T("Nothing came on the file descriptor of {flag}.", "flag", flag),
			words.T("Write it there, followed by a line end."))
	}
	return line, err
}

func (a *App) descriptor(fd int, flag string) (io.Reader, error) {
	if fd == 0 {
		return a.In, nil
	}
	if in := a.fds[fd]; in != nil {
		return in, nil
	}
	f := os.NewFile(uintptr(fd), flag)
	if f == nil {
		return nil, badFD(flag)
	}
	if a.fds == nil {
		a.fds = map[int]io.Reader{}
	}
	a.fds[fd] = f
	return f, nil
}

var errNoLine = errors.New("the descriptor cannot be read")

// readLine reads a line byte by byte: the rest of the stream may be standard
// input that the command reads next.
func readLine(in io.Reader) (secret.Value, error) {
	line := make([]byte, 0, maxLine) // never grown: no copies stay behind
	var one [1]byte
	for len(line) < maxLine {
		n, err := in.Read(one[:])
		if n == 1 && one[0] == '\n' || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			clear(line)
			return secret.Value{}, errNoLine
		}
		line = append(line, one[:n]...)
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return secret.New(line), nil
}

func badFD(flag string) error {
	return usage(words.T("The file descriptor of {flag} cannot be read.", "flag", flag),
		words.T("For example: kutano list --passphrase-fd 3 3< passphrase-file"))
}

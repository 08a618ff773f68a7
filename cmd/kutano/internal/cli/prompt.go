// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault/secret"
)

// interactive tells whether a person can be asked: standard input is a terminal.
func (a *App) interactive() bool { return isTerminal(a.In) }

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// declined is the end of a command that the person said no to.
func declined() error {
	return tell(explain.Cancelled, words.T("Cancelled."), words.T("Nothing was changed."), "")
}

// confirm asks a yes-or-no question. Without a person to ask it is an error
// that names the flag which answers it.
func (a *App) confirm(ctx context.Context, question, flag string, usual bool) (bool, error) {
	if !a.interactive() {
		return false, usage(words.T("This needs a yes, and there is no terminal to ask at."),
			words.T("Add {flag} if you mean it.", "flag", flag))
	}
	choices := words.T("[y/N]")
	if usual {
		choices = words.T("[Y/n]")
	}
	for {
		answer, err := a.ask(ctx, question+" "+choices+" ")
		if err != nil {
			return false, err
		}
		if yes, ok := yesOrNo(answer, usual); ok {
			return yes, nil
		}
	}
}

// yesOrNo understands the answer in English and in the language in use.
func yesOrNo(answer string, usual bool) (yes, ok bool) {
	answer = strings.ToLower(strings.TrimSpace(answer))
	switch answer {
	case "":
		return usual, true
	case "y", "yes", words.T("y"), words.T("yes"):
		return true, true
	case "n", "no", words.T("n"), words.T("no"):
		return false, true
	}
	return false, false
}

// ask prints a question on standard error and reads a line of the answer.
func (a *App) ask(ctx context.Context, question string) (string, error) {
	fmt.Fprint(a.Err, question)
	line, err := inBackground(ctx, nil, func() (string, error) {
		if a.lines == nil {
			a.lines = bufio.NewReader(a.In)
		}
		return a.lines.ReadString('\n')
	})
	if err != nil && (!errors.Is(err, io.EOF) || line == "") {
		fmt.Fprintln(a.Err)
		return "", ended(err)
	}
	return strings.TrimSpace(line), nil
}

// askHidden reads a line from the terminal without showing it.
func (a *App) askHidden(ctx context.Context, question string) (secret.Value, error) {
	tty, err := openTerminal()
	if err != nil {
		f, ok := a.In.(*os.File)
		if !ok {
			return secret.Value{}, err
		}
		tty = f
	} else {
		defer tty.Close()
	}
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return secret.Value{}, fmt.Errorf("read from the terminal: %w", err)
	}
	fmt.Fprint(a.Err, question)
	typed, err := inBackground(ctx, func() { _ = term.Restore(fd, before) }, func() ([]byte, error) {
		return term.ReadPassword(fd)
	})
	fmt.Fprintln(a.Err)
	if err != nil {
		clear(typed)
		return secret.Value{}, ended(err)
	}
	return secret.New(typed), nil
}

// ended makes the end of the terminal's input a no.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return declined()
	}
	return err
}

// inBackground lets a read from the terminal be cancelled. The read itself goes
// on; the process ends soon after.
func inBackground[T any](ctx context.Context, undo func(), read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		if undo != nil {
			undo()
		}
		var none T
		return none, ctx.Err()
	}
}

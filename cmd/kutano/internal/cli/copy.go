// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/otpauth"
)

const (
	// clearAfter is how long a code stays in the clipboard.
	clearAfter = 30 * time.Second
	// serveName is the hidden command that keeps it there meanwhile.
	serveName = "clipboard-serve"
	// settle is how long a clipboard that cannot be used takes to say so.
	settle = 200 * time.Millisecond
)

// copyCode makes one account's code and leaves it with a process of its own,
// which holds the clipboard for a while: most systems ask the owner for the
// content at each paste. The code goes there through a pipe.
func (a *App) copyCode(ctx context.Context, v *vault.Vault, as []vault.Account, at time.Time, f codeFlags) error {
	if f.watch || len(as) != 1 {
		return usage(words.T("One code at a time can be copied."), words.T("Name one account and leave --all and --watch out."))
	}
	if err := clipboard.Lacking(); err != nil {
		return err // the process apart may take longer to say so than it is waited for
	}
	m := a.make(ctx, v, as[0], at, true, true)
	if m.err != nil {
		return m.err
	}
	value := m.code.Value
	if f.next && m.next != "" {
		value = m.next
	}
	if err := serveApart(ctx, value); err != nil {
		return err
	}
	if as[0].Type == otpauth.HOTP && !f.peek {
		if err := a.moveOn(ctx, v, &m, at); err != nil {
			return err
		}
	}
	// A note of the use is no reason to fail.
	_ = v.MarkUsed(ctx, as[0].ID, a.Clock.Now())
	if a.json {
		a.doc = &document{Accounts: showCodes([]made{m})}
		return nil
	}
	a.say(words.T("Copied · clears in {n} s", "n", int(clearAfter.Seconds())))
	return nil
}

// moveOn moves the counter of an account whose code is in the clipboard: not
// before, for without a clipboard nobody would have got that code. If another
// process took the same code meanwhile, the one after it is copied.
func (a *App) moveOn(ctx context.Context, v *vault.Vault, m *made, at time.Time) error {
	copied := m.code.Counter
	if *m = a.make(ctx, v, m.account, at, false, false); m.err != nil {
		return m.err
	}
	if m.code.Counter == copied {
		return nil
	}
	return serveApart(ctx, m.code.Value)
}

// serveApart starts the process that serves the clipboard and returns when it
// has had time to fail.
func serveApart(ctx context.Context, text string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	in, err := holding(text + "\n")
	if err != nil {
		return fmt.Errorf("start the clipboard's keeper: %w", err)
	}
	defer in.Close()
	cmd := &exec.Cmd{Path: self, Args: []string{os.Args[0], serveName}, Stdin: in, SysProcAttr: apart()}
	failed, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("start the clipboard's keeper: %w", err)
	}
	said := make(chan bool, 1)
	go func() {
		// The keeper writes a line when it fails, and closes when it ends.
		line, _ := bufio.NewReader(failed).ReadString('\n')
		said <- line != ""
	}()
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case bad := <-said:
		if bad {
			return clipboard.ErrNoClipboard
		}
		return nil
	case <-timer.C:
		return nil
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		return ctx.Err()
	}
}

// holding returns the reading end of a pipe that holds a short text: it is in
// there before this process ends.
func holding(text string) (*os.File, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	_, err = w.WriteString(text)
	if e := w.Close(); err == nil {
		err = e
	}
	if err != nil {
		_ = r.Close()
		return nil, err
	}
	return r, nil
}

// maxCopied is far above any code.
const maxCopied = 64 // bytes

func (a *App) clipboardCommand() *cobra.Command {
	return &cobra.Command{
		Use:    serveName,
		Short:  words.T("Hold a code from standard input in the clipboard for 30 seconds"),
		Hidden: true,
		Args:   noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			line, err := bufio.NewReader(io.LimitReader(a.In, maxCopied)).ReadBytes('\n')
			if err != nil && !errors.Is(err, io.EOF) {
				return fmt.Errorf("read code: %w", err)
			}
			text := bytes.TrimSpace(line)
			if len(text) == 0 {
				return usage(words.T("There is no code on standard input."), "")
			}
			err = clipboard.Serve(cmd.Context(), string(text), clearAfter)
			if err != nil {
				fmt.Fprintln(a.Out, "failed") // for serveApart, which reads it
			}
			return err
		},
	}
}

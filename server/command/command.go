// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package command is the command line of kutano-2fa.
//
// Exit codes: 0 done; 1 failed; 2 wrong use, or a configuration that is wrong;
// 3 a check found something (doctor, audit verify); 4 refused, because another
// way is the right one.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/refusal"
)

// The exit codes.
const (
	Done = iota
	Failed
	Usage
	Found
	Refused
)

// World is what a command sees of the machine.
type World struct {
	Version  string
	Args     []string
	In       io.Reader
	Out, Err io.Writer
	Clock    moment.Clock
}

// Main runs the program and returns its exit code.
func Main(version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // who asks twice does not want to wait
	return Run(ctx, World{Version: version, Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Clock: moment.Now})
}

// Run runs one command until it is done or ctx ends.
func Run(ctx context.Context, w World) int {
	root := w.root()
	root.SetArgs(w.Args)
	root.SetIn(w.In)
	root.SetOut(w.Out)
	root.SetErr(w.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return Done
	}
	var code *exit
	if !errors.As(err, &code) {
		code = &exit{code: codeOf(err), err: err}
	}
	if code.err != nil {
		fmt.Fprintf(w.Err, "kutano-2fa: %v\n", code.err)
	}
	return code.code
}

// exit is an error with an exit code; without an error inside, all was said.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

func usage(err error) error { return &exit{code: Usage, err: err} }

func refused(format string, args ...any) error {
	return &exit{code: Refused, err: fmt.Errorf(format, args...)}
}

func codeOf(err error) int {
	if refusal.Of(err) != nil {
		return Refused
	}
	return Failed
}

func (w World) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "kutano-2fa",
		Short: "The two-factor service: sign-in, second factors, backup codes, and a helpdesk that is kept honest",
		Long: `The two-factor service: sign-in, second factors, backup codes, and a helpdesk that is kept honest.

  kutano-2fa practice                         everything on this machine, with sample users; nothing to set up
  kutano-2fa key new FILE                     a key; then write a configuration (docs/kutano-2fa.toml)
  kutano-2fa doctor --config FILE             what is not right yet
  kutano-2fa admin owner EMAIL --config FILE  the first owner
  kutano-2fa serve --config FILE              serve

Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 a check found something, 4 refused.`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := c.Help(); err != nil {
				return err
			}
			return &exit{code: Usage}
		},
	}
	root.AddCommand(w.serve(), w.practice(), w.doctor(), w.admin(), w.audit(), w.key(), w.migrate(), w.version())
	wrongUse(root)
	return root
}

// wrongUse gives what is wrong with flags and arguments its exit code.
func wrongUse(c *cobra.Command) {
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usage(err)
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		wrongUse(sub)
	}
}

// group is a command that only has commands of its own.
func group(use, short string, sub ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := c.Help(); err != nil {
				return err
			}
			return &exit{code: Usage}
		},
	}
	c.AddCommand(sub...)
	return c
}

func (w World) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell the version", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), w.Version)
			return err
		},
	}
}

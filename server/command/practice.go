// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/practice"
)

func (w World) practice() *cobra.Command {
	c := &cobra.Command{
		Use: "practice", Short: "Everything on this machine, with sample users; nothing to set up", Args: cobra.NoArgs,
		Long: `Practice starts the service on this machine alone, with sample users of every role, stand-ins for
Google and Apple, and pages that show every mail and text message, and whose phone shows which code.
Nothing is sent to anyone. What was made goes when it ends, unless --keep names a folder.`,
	}
	addr := c.Flags().String("addr", practice.DefaultAddr, "where to listen, on loopback; port 0 is any that is free")
	keep := c.Flags().String("keep", "", "a `FOLDER` where the database stays")
	verbose := c.Flags().BoolP("verbose", "v", false, "log each request")
	c.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		log := slog.New(slog.DiscardHandler)
		if *verbose {
			if log, err = logger(cmd.ErrOrStderr(), "text"); err != nil {
				return err
			}
		}
		p, err := practice.Open(cmd.Context(), practice.Options{Addr: *addr, Keep: *keep, Version: w.Version, Clock: w.clock(), Log: log})
		if errors.Is(err, practice.ErrNotLoopback) {
			return &exit{code: Refused, err: err}
		}
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, p.Close()) }()
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "Practise at  %s\nCtrl+C ends it.\n", p.URL); err != nil {
			return err
		}
		return p.Serve(cmd.Context())
	}
	return c
}

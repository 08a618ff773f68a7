// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/practice"
)

func (w World) practice() *cobra.Command {
	c := &cobra.Command{
		Use: "practice", Short: "Everything on this machine, with sample users; nothing to set up", Args: cobra.NoArgs,
		Long: `Practice starts the service on this machine alone, with sample users of every role, stand-ins for
Google and Apple, and pages that show every mail and text message, and whose phone shows which code.
Nothing is sent to anyone. What was made goes when it ends, unless --keep names a folder.

With --scenario someone calls who cannot get in, and you are the helpdesk: how you answered is scored when it ends.
Scenarios: ` + strings.Join(practice.Scenarios(), ", ") + `, or all; several with commas between.`,
	}
	addr := c.Flags().String("addr", practice.DefaultAddr, "where to listen, on loopback; port 0 is any that is free")
	keep := c.Flags().String("keep", "", "a `FOLDER` where the database stays")
	scenario := c.Flags().StringSlice("scenario", nil, "`NAMES` of calls to learn the helpdesk on, or all")
	asJSON := c.Flags().Bool("score-json", false, "tell the score as JSON")
	tied := c.Flags().Bool("until-input-ends", false, "end when standard input does, as with whoever started it")
	verbose := c.Flags().BoolP("verbose", "v", false, "log each request")
	c.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		log := slog.New(slog.DiscardHandler)
		if *verbose {
			if log, err = logger(cmd.ErrOrStderr(), "text"); err != nil {
				return err
			}
		}
		calls := *scenario
		if slices.Contains(calls, "all") {
			calls = practice.Scenarios()
		}
		p, err := practice.Open(cmd.Context(), practice.Options{Addr: *addr, Keep: *keep, Scenarios: calls, Version: w.Version, Clock: w.clock(), Log: log})
		switch {
		case errors.Is(err, practice.ErrNotLoopback):
			return &exit{code: Refused, err: err}
		case errors.Is(err, practice.ErrNoScenario):
			return usage(fmt.Errorf("%w; there are %s", err, strings.Join(practice.Scenarios(), ", ")))
		case err != nil:
			return err
		}
		defer func() { err = errors.Join(err, p.Close()) }()
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "Practise at  %s\nCtrl+C ends it.\n", p.URL); err != nil {
			return err
		}
		ctx, cancel := context.WithCancel(cmd.Context())
		defer cancel()
		if *tied {
			go func() {
				_, _ = io.Copy(io.Discard, cmd.InOrStdin()) // however it ends
				cancel()
			}()
		}
		err = p.Serve(ctx)
		answered, cerr := p.Calls(context.WithoutCancel(cmd.Context()))
		if cerr != nil || len(calls) == 0 && len(answered) == 0 {
			return errors.Join(err, cerr)
		}
		return errors.Join(err, tellScore(cmd.OutOrStdout(), practice.Sum(answered), *asJSON))
	}
	return c
}

// tellScore says how calls were answered, in one line or as JSON.
func tellScore(w io.Writer, s practice.Summary, asJSON bool) error {
	var line strings.Builder
	switch {
	case asJSON:
		if err := json.NewEncoder(&line).Encode(s); err != nil {
			return fmt.Errorf("tell the score: %w", err)
		}
	case len(s.Calls) == 0:
		line.WriteString("No call was answered to its end.\n")
	default:
		fmt.Fprintf(&line, "Score: %d of 100 (", s.Points)
		for i, c := range s.Calls {
			if i > 0 {
				line.WriteString(", ")
			}
			fmt.Fprintf(&line, "%s %d", c.Scenario, c.Points)
		}
		line.WriteString(")\n")
	}
	_, err := io.WriteString(w, line.String())
	return err
}

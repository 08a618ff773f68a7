// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/doctor"
)

func (w World) doctor() *cobra.Command {
	c := &cobra.Command{
		Use: "doctor", Short: "Check what the service needs, and say what to do", Args: cobra.NoArgs,
		Long: `Doctor checks settings, clock, keys, database, mail, text messages, Google, Apple and the address.
It changes nothing and sends nothing, unless --send-test-to says where a test mail goes.

Exit code 3 when something will not work (✗); with warnings alone (!) it is 0.`,
	}
	s := addSettings(c, true)
	asJSON := c.Flags().Bool("json", false, "for programs")
	to := c.Flags().String("send-test-to", "", "send a test mail to this `ADDRESS`")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		conf, err := s.load()
		if err != nil {
			return err
		}
		e := doctor.Examination{Config: conf, Clock: w.clock(), SendTestTo: *to}
		found := e.Run(cmd.Context())
		print := doctor.Print
		if *asJSON {
			print = doctor.PrintJSON
		}
		if err := print(cmd.OutOrStdout(), found); err != nil {
			return err
		}
		if doctor.Worst(found) == doctor.Bad {
			return &exit{code: Found}
		}
		return nil
	}
	return c
}

func (w World) migrate() *cobra.Command {
	c := &cobra.Command{
		Use: "migrate", Short: "Bring the tables up to date, forward only; serve does it too", Args: cobra.NoArgs,
	}
	s := addSettings(c, false)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		conf, err := s.checked()
		if err != nil {
			return err
		}
		svc, err := w.open(conf, nil)
		if err != nil {
			return err
		}
		defer func() { _ = svc.Close() }() // whatever mattered was committed
		before, newest, err := svc.DB.Version(cmd.Context())
		if err != nil {
			return err
		}
		if err := svc.Prepare(cmd.Context()); err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "The tables are at version %d; they were at %d.\n", newest, before)
		return err
	}
	return c
}

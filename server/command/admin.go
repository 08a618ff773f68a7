// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/service"
	"github.com/kutano/authenticator/server/store"
)

func (w World) admin() *cobra.Command {
	return group("admin", "Owners and administrators, from the machine itself", w.adminList(), w.adminOwner(), w.adminReset(), w.adminSignOut())
}

// withService gives a command the configuration's flag, and runs f with an
// instance whose tables are up to date.
func (w World) withService(c *cobra.Command, f func(ctx context.Context, svc *service.Service, args []string) error) *cobra.Command {
	s := addSettings(c, false)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		conf, err := s.checked()
		if err != nil {
			return err
		}
		svc, err := w.open(conf, nil)
		if err != nil {
			return err
		}
		defer func() { _ = svc.Close() }() // whatever mattered was committed
		if err := current(cmd.Context(), svc.DB); err != nil {
			return err
		}
		return said(f(cmd.Context(), svc, args))
	}
	return c
}

// current refuses tables of another version: only migrate and serve change them.
func current(ctx context.Context, db *store.DB) error {
	now, newest, err := db.Version(ctx)
	if err != nil {
		return err
	}
	if now != newest {
		return refused("the tables are at version %d, this program needs %d: run  kutano-2fa migrate", now, newest)
	}
	return nil
}

// said is a refusal in the words that say more.
func said(err error) error {
	e := refusal.Of(err)
	if e == nil {
		return err
	}
	text := e.Error()
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return &exit{code: Refused, err: errors.New(text)}
}

func (w World) adminList() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List owners, administrators, helpdesk and auditors", Args: cobra.NoArgs}
	return w.withService(c, func(ctx context.Context, svc *service.Service, _ []string) error {
		out := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(out, "ROLE\tADDRESS\tSECOND FACTOR\tNOTE")
		err := svc.DB.Rows(ctx, "SELECT u.role, u.email, COALESCE(f.method, 'off'), u.suspended_at, u.enrol_by FROM users u LEFT JOIN factors f ON f.user_id = u.id"+
			" WHERE u.role <> 'user' ORDER BY u.role DESC, u.email", nil, func(read func(...any) error) error {
			var role, email, method, remark string
			var suspended, enrolBy int64
			if err := read(&role, &email, &method, &suspended, &enrolBy); err != nil {
				return err
			}
			switch {
			case suspended != 0:
				remark = "suspended"
			case enrolBy != 0:
				remark = "has to set up again by " + store.Time(enrolBy).Format(time.RFC3339)
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", role, email, method, remark)
			return nil
		})
		if err != nil {
			return err
		}
		return out.Flush()
	})
}

// glass are the flags of what only an emergency allows.
type glass struct {
	broken *bool
	reason *string
}

func addGlass(c *cobra.Command) glass {
	return glass{
		c.Flags().Bool("break-glass", false, "do what the desk should do, because nobody there can"),
		c.Flags().String("reason", "", "why, 10 to 500 characters, nothing personal: it is written down"),
	}
}

// why is the reason of a broken glass, "" of a whole one.
func (g glass) why() (string, error) {
	if *g.broken == (*g.reason == "") {
		return "", usage(errors.New("--break-glass and --reason belong together"))
	}
	return *g.reason, nil
}

func (w World) adminOwner() *cobra.Command {
	c := &cobra.Command{
		Use: "owner EMAIL", Short: "Make the first owner", Args: cobra.ExactArgs(1),
		Long: `Owner makes the user with this address an owner, and adds the user if there is none.

Without more it is done only while there is no owner: owners make each other at the desk.
With --break-glass and --reason it is done all the same, and stands in the audit log as that.`,
	}
	name := c.Flags().String("name", "", "the name of a user who is added")
	g := addGlass(c)
	return w.withService(c, func(ctx context.Context, svc *service.Service, args []string) error {
		reason, err := g.why()
		if err != nil {
			return err
		}
		if *name == "" {
			*name = "Owner"
		}
		if _, err := svc.Desk.MakeOwner(ctx, args[0], *name, reason); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "Done. Sign in at %s and set up two-factor authentication: the desk opens with it alone.\n", svc.SignIn.BaseURL)
		return err
	})
}

func (w World) adminReset() *cobra.Command {
	c := &cobra.Command{
		Use: "reset EMAIL", Short: "Reset the last administrator's second factor", Args: cobra.ExactArgs(1),
		Long: `Reset takes the second factor off an owner or administrator for whom nobody at the desk can:
a reset there takes two other administrators. It needs --break-glass and --reason.
Sessions end, the user is told on every channel, and has 72 hours to set up again.`,
	}
	g := addGlass(c)
	return w.withService(c, func(ctx context.Context, svc *service.Service, args []string) error {
		reason, err := g.why()
		if err != nil {
			return err
		}
		if reason == "" {
			return refused("a reset from the machine needs --break-glass and --reason")
		}
		done, err := svc.Desk.ResetByMachine(ctx, args[0], reason)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "Done, audit id %d. It has to be set up again by %s. The mails go out once the service runs.\n",
			done.AuditID, done.Expires.Format(time.RFC3339))
		return err
	})
}

func (w World) adminSignOut() *cobra.Command {
	c := &cobra.Command{
		Use: "sign-out", Short: "Sign everybody out", Args: cobra.NoArgs,
		Long: `Sign-out ends the sessions and linked apps of all users, for when it is not known whose were
stolen. Everybody signs in again with both steps; nothing else of theirs changes. It needs --everybody.`,
	}
	sure := c.Flags().Bool("everybody", false, "yes, all users")
	return w.withService(c, func(ctx context.Context, svc *service.Service, _ []string) error {
		if !*sure {
			return refused("this signs all users out: say so with --everybody")
		}
		users, err := svc.Desk.SignOutEverybody(ctx)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "Done: %d users were signed out.\n", users)
		return err
	})
}

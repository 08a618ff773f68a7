// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/service"
)

func (w World) audit() *cobra.Command {
	return group("audit", "The audit log, which only grows", w.auditVerify(), w.auditHead())
}

func (w World) auditHead() *cobra.Command {
	c := &cobra.Command{
		Use: "head", Short: "Print where the log ends, to note elsewhere", Args: cobra.NoArgs,
		Long: `Head prints the last place of the log and a hash over all of it, as SEQ:HASH. Keep it where who can
change the database cannot change it, a line a day. "audit verify --head" checks the log against it.`,
	}
	return w.withService(c, func(ctx context.Context, svc *service.Service, _ []string) error {
		if _, err := audit.Close(ctx, svc.DB, svc.Keys); err != nil {
			return err
		}
		head, err := audit.Latest(ctx, svc.DB)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), head)
		return err
	})
}

func (w World) auditVerify() *cobra.Command {
	c := &cobra.Command{
		Use: "verify", Short: "Check that nothing in the log was changed, removed or put in between", Args: cobra.NoArgs,
		Long: `Verify reads the whole log and checks each row and the chain over them. Exit code 3 when something is wrong.

Who has both the database and its keys can forge all of it: note "audit head" elsewhere, and give it with --head.`,
	}
	texts := c.Flags().StringArray("head", nil, "a `SEQ:HASH` that \"audit head\" printed before; may be repeated")
	return w.withService(c, func(ctx context.Context, svc *service.Service, _ []string) error {
		var noted []audit.Head
		for _, text := range *texts {
			head, err := audit.ParseHead(text)
			if err != nil {
				return usage(err)
			}
			noted = append(noted, head)
		}
		r, err := audit.Verify(ctx, svc.DB, svc.Keys, noted...)
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		if r.Bad != nil {
			if _, err := fmt.Fprintf(out, "✗ %s. Before it, %d rows are genuine.\n", r.Bad, r.Rows); err != nil {
				return err
			}
			return &exit{code: Found}
		}
		if r.Open > 0 && svc.Clock().Sub(r.OpenSince) > audit.LongOpen {
			fmt.Fprintf(out, "! %d rows wait to be closed since %s: does the service run?\n", r.Open, r.OpenSince.Format(time.RFC3339))
		}
		_, err = fmt.Fprintf(out, "✓ %d rows are genuine, %d newer ones are not closed yet. The log ends at\n%s\n", r.Rows, r.Open, r.Head)
		return err
	})
}

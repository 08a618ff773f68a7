// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
)

// helpdeskCommand is for whoever answers the calls of people who cannot get in.
func (a *App) helpdeskCommand() *cobra.Command {
	parts := []*cobra.Command{a.helpdeskPhraseCommand(), a.helpdeskCallCommand(), a.helpdeskLinkCommand(), a.helpdeskFindCommand(), a.helpdeskShowCommand(), a.helpdeskRunbookCommand()}
	for _, act := range helpdesk.Acts()[1:] {
		parts = append(parts, a.helpdeskActCommand(act))
	}
	return group(&cobra.Command{
		Use:   "helpdesk",
		Short: words.T("For a helpdesk: find out why a caller cannot get in, and help"),
		Long: words.T(`For people who answer calls from users who cannot get in. The six words that a
caller reads out say how their app stands: kutano helpdesk phrase tells you what
is wrong, what to do next, and what to say. kutano helpdesk call takes you through
a whole call, including the checks of who is calling.

The other commands need permission from a service: kutano helpdesk link. Nothing
that leads past the second step is done without two proofs of different kinds.
Never ask for a code, a backup code, or a look at the authenticator’s screen.`),
		Example: words.T(`  kutano helpdesk phrase 038 096 066 216 160 097
  kutano helpdesk call
  kutano helpdesk find ana
  kutano helpdesk unlock ana@example.com --check called-back --confirm-calm \
    --phrase "038 096 066 216 160 097" --done step --skip backup-code \
    --reason "Typed the old code five times; the backup codes are at home."`),
	}, parts...)
}

// oneUser wants the words that name one user.
func oneUser(_ *cobra.Command, args []string) error {
	if len(args) == 1 && len(args[0]) >= 2 {
		return nil
	}
	return usage(words.T("Name one user."), words.T("Give the e-mail address, the id, or part of the name. Put quotes around several words."))
}

// find finds the one user that is meant: by address or id, else by a part of the name.
func (d deskAt) one(ctx context.Context, query string) (link.Subject, error) {
	found, err := d.Find(ctx, query)
	if err != nil {
		return link.Subject{}, err
	}
	id := ""
	switch {
	case len(found) == 1:
		id = found[0].Who.ID
	case len(found) == 0:
		return link.Subject{}, noSuchUser()
	}
	for _, s := range found {
		if names(query, s) {
			id = s.Who.ID
		}
	}
	if id == "" {
		return link.Subject{}, severalUsers(len(found))
	}
	return d.Look(ctx, id)
}

// names tells whether a query is somebody's whole address or id, and no part of a name.
func names(query string, s link.Subject) bool {
	return strings.EqualFold(s.Who.Email, query) || s.Who.ID == query
}

func severalUsers(n int) error {
	return tell(explain.Ambiguous, words.N(n, "One user matches.", "{n} users match."), words.T("Nothing was done."),
		words.T("Give the whole e-mail address. kutano helpdesk find shows who matches."))
}

func noSuchUser() error {
	return tell(explain.NotFound, words.T("No user matches."), words.T("Nothing was done."), words.T("Try part of the name or of the e-mail address."))
}

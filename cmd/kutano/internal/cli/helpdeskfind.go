// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
)

func (a *App) helpdeskFindCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "find QUERY",
		Short: words.T("Find users by part of the name or address"),
		Long: words.T(`Finds up to 20 users of the linked service by part of the name or the e-mail
address. The service notes that you looked.`),
		Example: words.T("  kutano helpdesk find ana"),
		Args:    oneUser,
		RunE:    a.withDesk(a.deskFind),
	}
}

func (a *App) deskFind(ctx context.Context, d deskAt, args []string) error {
	found, err := d.Find(ctx, args[0])
	if err != nil {
		return err
	}
	if a.json {
		users := []shownUser{}
		for _, s := range found {
			users = append(users, showUser(s))
		}
		a.doc = &document{Users: users}
		return nil
	}
	if len(found) == 0 {
		return noSuchUser()
	}
	var rows [][]string
	for _, s := range found {
		rows = append(rows, []string{clean(s.Who.Email), dash(clean(s.Who.Name)), string(s.Role)})
	}
	return a.printLines(strings.TrimSuffix(table(rows), "\n"))
}

func (a *App) helpdeskShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show USER",
		Short: words.T("Show how a user’s two-factor authentication stands"),
		Long: words.T(`Shows how a user’s two-factor authentication stands, what you may do for them, and
what the helpdesk did before. The service notes that you looked.`),
		Example: words.T("  kutano helpdesk show ana@example.com"),
		Args:    oneUser,
		RunE: a.withDesk(func(ctx context.Context, d deskAt, args []string) error {
			s, err := d.one(ctx, args[0])
			if err != nil {
				return err
			}
			if a.json {
				a.doc = &document{Users: []shownSubject{showSubject(s)}}
				return nil
			}
			return a.printLines(subjectLines(s)...)
		}),
	}
}

// subjectLines say how a user stands.
func subjectLines(s link.Subject) []string {
	lines := []string{words.T("{name}, {email}: {role}", "name", dash(s.Who.Name), "email", s.Who.Email, "role", helpdesk.RoleName(s.Role))}
	lines = append(lines, helpdesk.Warnings(s, time.Local)...)
	lines = append(lines, helpdesk.Stands(s, time.Local)...)
	lines = append(lines, helpdesk.Number(s))
	var may []string
	for _, act := range helpdesk.Acts()[1:] {
		if slices.Contains(s.May, act) {
			may = append(may, helpdesk.ActName(act))
		}
	}
	lines = append(lines, words.T("You may: {acts}", "acts", dash(strings.Join(may, " · "))))
	for _, c := range s.Cases {
		lines = append(lines, helpdesk.CaseLine(c, time.Local))
	}
	for i, line := range lines {
		lines[i] = clean(line)
	}
	return lines
}

// shownUser is a user that was found.
type shownUser struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
	Role  string `json:"role"` // user, auditor, helpdesk, admin or owner
}

// shownSubject is a user with how things stand. Times are Unix seconds, 0 for none.
type shownSubject struct {
	shownUser
	Status     shownStatus `json:"status"`
	Sessions   int         `json:"sessions"`
	CallBack   string      `json:"call_back"`    // the number on record, but for its last digits hidden
	CallBackOK bool        `json:"call_back_ok"` // a call to it counts as a check
	Suspended  bool        `json:"suspended"`
	Reported   int64       `json:"reported_at"` // when the user said "this wasn't me"
	May        []string    `json:"may"`
	Cases      []shownCase `json:"cases"`
}

// shownCase is something that was done at the desk.
type shownCase struct {
	ID    string `json:"id"`
	Act   string `json:"act"`
	By    string `json:"by"`
	State string `json:"state"` // waiting, done, refused or expired
	Made  int64  `json:"made_at"`
	Audit int64  `json:"audit"`
}

func showUser(s link.Subject) shownUser {
	return shownUser{s.Who.ID, s.Who.Email, s.Who.Name, string(s.Role)}
}

func showSubject(s link.Subject) shownSubject {
	v := shownSubject{
		shownUser: showUser(s), Status: showStatus(s.Status), Sessions: s.Sessions, CallBack: s.CallBack, CallBackOK: s.CallBackOK,
		Suspended: s.Suspended, Reported: unix(s.Reported), May: []string{}, Cases: []shownCase{},
	}
	for _, act := range s.May {
		v.May = append(v.May, string(act))
	}
	for _, c := range s.Cases {
		v.Cases = append(v.Cases, shownCase{c.ID, string(c.Act), c.By, c.State, unix(c.Made), c.Audit})
	}
	return v
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/remote"
)

// shownLink is what is linked. Every field is always there, but for status.
type shownLink struct {
	Linked  bool         `json:"linked"`
	Address string       `json:"address"`
	Email   string       `json:"email"`
	Name    string       `json:"name"`
	Since   int64        `json:"since"`  // Unix seconds; 0 for not linked
	Scopes  []string     `json:"scopes"` // status, enrol
	Ended   bool         `json:"ended"`  // the service takes the permission no more
	SeenAt  int64        `json:"seen_at"`
	Events  []string     `json:"events"` // what happened elsewhere that the user has not been told yet
	Status  *shownStatus `json:"status,omitempty"`
}

// shownStatus is the state of two-factor authentication. Times are Unix seconds, 0 for none.
type shownStatus struct {
	Enabled   bool   `json:"enabled"`
	Method    string `json:"method"` // totp, sms or ""
	Phone     string `json:"phone"`  // its last digits
	Since     int64  `json:"since"`
	LastUsed  int64  `json:"last_used_at"`
	CodesLeft int    `json:"backup_codes_left"`
	CodesAll  int    `json:"backup_codes_all"`
	Advised   bool   `json:"new_codes_advised"`
	Failures  int    `json:"failures"`
	Blocked   bool   `json:"blocked"`
	EnrolBy   int64  `json:"enrol_by"`
}

// linkStatus asks how the account stands, and shows it.
func (a *App) linkStatus(ctx context.Context, h *remote.Home) error {
	if _, _, err := h.Refresh(ctx); err != nil {
		return err
	}
	l, _, err := h.Linked()
	if err != nil {
		return err
	}
	return a.showLink(ctx, h, l)
}

// linkSeen shows what was seen last, without opening anything.
func (a *App) linkSeen(ctx context.Context) error {
	dir, err := a.folder()
	if err != nil {
		return err
	}
	h := &remote.Home{Dir: dir}
	l, ok, err := h.Linked()
	switch {
	case err != nil:
		return err
	case !ok:
		return link.ErrNotLinked
	case l.Ended:
		return link.ErrEnded
	}
	return a.showLink(ctx, h, l)
}

// showLink shows what is linked and what happened there. Whoever reads it was told;
// a program that reads JSON was not.
func (a *App) showLink(ctx context.Context, h *remote.Home, l link.Linked) error {
	if !a.json {
		err := a.printLink(l)
		if err == nil && len(l.Untold) > 0 {
			_ = h.Told(ctx, l.Untold) // else it is told again, which does no harm
		}
		return err
	}
	s := &shownLink{
		Linked: true, Address: l.Address, Email: l.Who.Email, Name: l.Who.Name, Since: unix(l.Since), Ended: l.Ended, SeenAt: unix(l.SeenAt),
		Scopes: []string{}, Events: []string{},
	}
	for _, one := range l.Scopes {
		s.Scopes = append(s.Scopes, string(one))
	}
	for _, one := range l.Untold {
		s.Events = append(s.Events, string(one))
	}
	if !l.SeenAt.IsZero() {
		status := showStatus(l.Seen)
		s.Status = &status
	}
	a.doc = &document{Link: s}
	return nil
}

func showStatus(s link.Status) shownStatus {
	return shownStatus{
		Enabled: s.Enabled, Method: string(s.Method), Phone: s.PhoneHint, Since: unix(s.Since), LastUsed: unix(s.LastUsed),
		CodesLeft: s.Codes.Left, CodesAll: s.Codes.All, Advised: s.Codes.Advised,
		Failures: s.Failures, Blocked: s.Blocked, EnrolBy: unix(s.EnrolBy),
	}
}

func (a *App) printLink(l link.Linked) error {
	lines := []string{words.T("Linked with {service} as {email}.", "service", l.Host(), "email", clean(l.Who.Email))}
	if !l.SeenAt.IsZero() {
		lines = append(lines, statusLines(l.Seen)...)
	}
	for _, e := range l.Untold {
		lines = append(lines, link.Say(e))
	}
	return a.printLines(lines...)
}

// statusLines say how two-factor authentication stands.
func statusLines(s link.Status) []string {
	lines := []string{link.SayMethod(s)}
	if s.Enabled {
		lines = append(lines, link.SaySince(s, time.Local), link.SayCodes(s.Codes))
	}
	if s.Blocked {
		lines = append(lines, link.Say(link.AccountShut))
	}
	if !s.EnrolBy.IsZero() {
		lines = append(lines, words.T("Set it up again by {date}.", "date", s.EnrolBy.Local().Format("2006-01-02 15:04")))
	}
	return lines
}

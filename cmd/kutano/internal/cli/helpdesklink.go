// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
)

// deskAt is the desk of a service, and who acts there.
type deskAt struct {
	link.Desk
	agent helpdesk.Agent
	again func(context.Context) (link.Desk, error) // asks for the permission anew
}

// errNoDesk is returned where nobody was allowed to work at a desk.
var errNoDesk = errors.New("no desk to work at")

// openDesk opens the desk that was allowed; done ends that.
func (a *App) openDesk(ctx context.Context) (d deskAt, done func(error) error, err error) {
	if a.desk != nil {
		var who link.Who
		d.Desk, who, err = a.desk(ctx)
		d.agent.ID = who.ID
		d.again = func(ctx context.Context) (link.Desk, error) {
			again, now, err := a.desk(ctx)
			if err == nil && now.ID != who.ID {
				err = link.ErrOtherUser
			}
			return again, err
		}
		return d, func(err error) error { return err }, err
	}
	dir, err := a.folder()
	if err != nil {
		return d, nil, err
	}
	at, err := atDesk(&remote.Home{Dir: dir})
	if err != nil {
		return d, nil, err
	}
	v, err := a.open(ctx)
	if err != nil {
		return d, nil, err
	}
	h := a.linkHome(v)
	if d.Desk, err = h.Desk(ctx); err != nil {
		return d, nil, a.closeVault(v, err)
	}
	d.agent = helpdesk.Agent{ID: at.Who.ID}
	d.again = func(ctx context.Context) (link.Desk, error) { return a.allowDeskTo(ctx, h, at) }
	return d, func(err error) error { return a.closeVault(v, err) }, nil
}

// atDesk tells who works at which desk; errNoDesk for nobody.
func atDesk(h *remote.Home) (link.AtDesk, error) {
	at, ok, err := h.AtDesk()
	if err == nil && !ok {
		err = errNoDesk
	}
	return at, err
}

// withDesk opens the desk around a command's work.
func (a *App) withDesk(work func(context.Context, deskAt, []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		d, done, err := a.openDesk(cmd.Context())
		if err != nil {
			return err
		}
		return done(work(cmd.Context(), d, args))
	}
}

// allowDesk asks for the permission to work at a service's desk, and keeps it.
// A code that is typed could be somebody else's, so there is only the browser here.
func (a *App) allowDesk(ctx context.Context, h *remote.Home, address string) (link.Desk, error) {
	s, err := a.linkClient().Discover(ctx, address)
	if err != nil {
		return nil, err
	}
	p, err := a.linkByBrowser(ctx, s, []link.Scope{link.DeskWork})
	if errors.Is(err, link.ErrNoBrowser) {
		err = tell(explain.Unsupported, words.T("No browser could be opened."), words.T("Nothing was changed."),
			words.T("Do this on a computer with a browser: permission to help callers is given only there."))
	}
	if err != nil {
		return nil, err
	}
	if _, err := h.TakeDesk(ctx, p); err != nil {
		return nil, err
	}
	return h.Desk(ctx)
}

// allowDeskTo asks for the permission anew. Another agent's is given back: what the
// first one did, and may have done, would not be known as theirs.
func (a *App) allowDeskTo(ctx context.Context, h *remote.Home, at link.AtDesk) (link.Desk, error) {
	d, err := a.allowDesk(ctx, h, at.Address)
	if err != nil {
		return nil, err
	}
	now, err := atDesk(h)
	if err == nil && now.Who.ID != at.Who.ID {
		err = errors.Join(link.ErrOtherUser, h.GiveBackDesk(ctx))
	}
	return d, err
}

func (a *App) helpdeskLinkCommand() *cobra.Command {
	end := false
	cmd := &cobra.Command{
		Use:   "link [ADDRESS]",
		Short: words.T("Get permission, in your browser, to help a service’s callers"),
		Long: words.T(`Asks the two-factor service at ADDRESS, in your browser, to let you help its
callers from here. You need a helpdesk role there, and have to sign in again. You
can then make changes for ten minutes, and look users up for an hour. After that,
link again.

The permission is kept where your keys are, and --end gives it back. Without
ADDRESS, the linked service is asked, or the one in your workspace’s profile.`),
		Example: words.T(`  kutano helpdesk link https://app.example.com
  kutano helpdesk link --end`),
		Args: atMostOneAddress,
	}
	cmd.Flags().BoolVar(&end, "end", false, words.T("give the permission back"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if end {
			return a.deskEnd(cmd, args)
		}
		address, err := a.deskAddress(args)
		if err != nil {
			return err
		}
		return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
			h := a.linkHome(v)
			if _, err := a.allowDesk(ctx, h, address); err != nil {
				return err
			}
			return a.showDesk(h)
		})(cmd, args)
	}
	return cmd
}

// deskAddress is the address that was given, else that of the desk of before, else
// that of the link or the profile.
func (a *App) deskAddress(args []string) (string, error) {
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	if at, err := atDesk(&remote.Home{Dir: dir}); err == nil && len(args) == 0 {
		return at.Address, nil
	}
	return a.linkAddress(args)
}

// shownDesk is who works at which desk. Times are Unix seconds.
type shownDesk struct {
	Address string `json:"address"`
	Email   string `json:"email"`
	Name    string `json:"name"`
	Acts    int64  `json:"acts_until"`
	Ends    int64  `json:"ends_at"`
}

func (a *App) showDesk(h *remote.Home) error {
	at, err := atDesk(h)
	if err != nil {
		return err
	}
	if a.json {
		a.doc = &document{AtDesk: &shownDesk{at.Address, at.Who.Email, at.Who.Name, unix(at.Acts), unix(at.Ends)}}
		return nil
	}
	const form = "15:04"
	return a.printLines(words.T("You are helping callers of {service} as {email}. You can make changes until {acts}, and look users up until {ends}.",
		"service", link.HostOf(at.Address), "email", clean(at.Who.Email), "acts", at.Acts.In(time.Local).Format(form), "ends", at.Ends.In(time.Local).Format(form)))
}

// deskEnd gives the permission back; where there is none that is no error.
func (a *App) deskEnd(cmd *cobra.Command, args []string) error {
	dir, err := a.folder()
	if err != nil {
		return err
	}
	gone := func() error {
		if a.json {
			a.doc = &document{AtDesk: &shownDesk{}}
			return nil
		}
		return a.printLines(words.T("This app is no longer allowed to help callers."))
	}
	switch _, err := atDesk(&remote.Home{Dir: dir}); {
	case errors.Is(err, errNoDesk):
		return gone()
	case err != nil:
		return err
	}
	return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
		if err := a.linkHome(v).GiveBackDesk(ctx); err != nil {
			return err
		}
		return gone()
	})(cmd, args)
}

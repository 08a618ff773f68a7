// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"
	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/remote"
	"github.com/kutano/authenticator/vault"
)

func (a *App) linkCommand() *cobra.Command {
	device := false
	cmd := &cobra.Command{
		Use:   "link [ADDRESS]",
		Short: words.T("Link a two-factor service, to see how your account stands"),
		Long: words.T(`Link asks the two-factor service at ADDRESS, in your browser, whether this app
may see how two-factor authentication of your account stands: the method, since
when, how many backup codes are left. It sees no codes, and changes nothing.

From then on the app notices what is changed elsewhere. Everything works without
a link, too. What is allowed is kept where your keys are, and can be ended here or
in the settings of the service. Without ADDRESS it is the one that is linked, or
the one that your workspace's profile names.

Where there is no browser, --device shows a code to be typed in a browser on any
other device.`),
		Example: words.T(`  kutano link https://app.example.com            in your browser
  kutano link --device https://app.example.com   where there is none
  kutano link status                             ask how your account stands
  kutano link end                                end the link`),
		Args: atMostOneAddress,
		RunE: func(cmd *cobra.Command, args []string) error { return a.link(cmd, args, device) },
	}
	cmd.Flags().BoolVar(&device, "device", false, words.T("show a code to be typed in a browser on any device"))
	cmd.AddCommand(a.linkStatusCommand(), a.linkEndCommand())
	return cmd
}

func (a *App) linkStatusCommand() *cobra.Command {
	offline := false
	cmd := &cobra.Command{
		Use:   "status",
		Short: words.T("Show how two-factor authentication of your account stands"),
		Long: words.T(`Status asks the linked service how two-factor authentication of your account
stands, and says what has changed since it was last asked. With --offline nobody
is asked: what was seen last is shown.`),
		Example: words.T(`  kutano link status             ask how your account stands
  kutano link status --offline   what was seen last`),
		Args: noArgs,
	}
	cmd.Flags().BoolVar(&offline, "offline", false, words.T("ask nobody: show what was seen last"))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if offline {
			return a.linkSeen(cmd.Context())
		}
		return a.whereLinked(a.linkStatus)(cmd, args)
	}
	return cmd
}

func (a *App) linkEndCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "end",
		Short: words.T("End the link with the service"),
		Long: words.T(`End gives the permission back and forgets the link. Your accounts and codes stay
as they are.`),
		Example: words.T(`  kutano link end   end the link, here and at the service`),
		Args:    noArgs,
		RunE:    a.whereLinked(a.linkEnd),
	}
}

// atMostOneAddress does not repeat what it refuses: it may be a key.
func atMostOneAddress(_ *cobra.Command, args []string) error {
	if len(args) <= 1 {
		return nil
	}
	return usage(words.T("Give one address."), words.T("For example: kutano link https://app.example.com"))
}

// whereLinked opens the vault around a command's work, but where nothing is linked:
// opening would found one.
func (a *App) whereLinked(work func(context.Context, *remote.Home) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		dir, err := a.folder()
		if err != nil {
			return err
		}
		if _, ok, err := (&remote.Home{Dir: dir}).Linked(); err == nil && !ok {
			return link.ErrNotLinked
		}
		return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error { return work(ctx, a.linkHome(v)) })(cmd, args)
	}
}

// linkHome is where the link of the data folder is kept.
func (a *App) linkHome(v *vault.Vault) *remote.Home {
	return &remote.Home{Client: a.linkClient(), Dir: v.Dir(), Secrets: v}
}

func (a *App) linkClient() *remote.Client { return &remote.Client{Clock: a.Clock, Wait: a.waits} }

// link links, or links again. The service is found before anything is opened.
func (a *App) link(cmd *cobra.Command, args []string, device bool) error {
	address, err := a.linkAddress(args)
	if err != nil {
		return err
	}
	s, err := a.linkClient().Discover(cmd.Context(), address)
	if err != nil {
		return err
	}
	return a.withVault(func(ctx context.Context, v *vault.Vault, _ []string) error {
		return a.linkWith(ctx, a.linkHome(v), s, device)
	})(cmd, args)
}

func (a *App) linkWith(ctx context.Context, h *remote.Home, s link.Service, device bool) error {
	p, err := a.allowed(ctx, s, device)
	if err != nil {
		return err
	}
	if _, err = h.Take(ctx, p); err != nil {
		return err
	}
	return a.linkStatus(ctx, h)
}

// allowed asks for a permission, in a browser here or by a code that is typed in one.
func (a *App) allowed(ctx context.Context, s link.Service, device bool) (link.Permission, error) {
	if device {
		return a.linkByCode(ctx, s)
	}
	p, err := a.linkByBrowser(ctx, s, nil)
	return p, noBrowserHint(err)
}

// linkAddress is the address that was given, else that of the link, else the profile's.
func (a *App) linkAddress(args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	dir, err := a.folder()
	if err != nil {
		return "", err
	}
	l, ok, err := (&remote.Home{Dir: dir}).Linked()
	if err != nil || ok {
		return l.Address, err
	}
	if p, _, err := profile.In(dir).Current(); err == nil && p.Service != "" {
		return p.Service, nil
	}
	return "", usage(words.T("Give the address of the service."), words.T("For example: kutano link https://app.example.com"))
}

// linkByBrowser opens the browser, and prints the address for one that does not open.
func (a *App) linkByBrowser(ctx context.Context, s link.Service, scopes []link.Scope) (link.Permission, error) {
	open := a.browse
	if open == nil {
		open = browse
	}
	return s.Browser(ctx, scopes, func(url string) error {
		if err := open(ctx, url); err != nil {
			return err
		}
		a.say(words.T("Your browser opens {service}. Allow it there; Ctrl+C gives up.", "service", s.Host()))
		a.say(words.T("If it does not open, open this address:"))
		a.say(url)
		return nil
	})
}

// linkByCode shows a code, and a QR code of where to type it.
func (a *App) linkByCode(ctx context.Context, s link.Service) (link.Permission, error) {
	d, err := s.Device(ctx, nil)
	if err != nil {
		return link.Permission{}, err
	}
	if q, err := qrcode.New(d.Complete, qrcode.Medium); err == nil && a.interactive() {
		_, _ = io.WriteString(a.Err, q.ToSmallString(false))
	}
	a.say(words.T("Open {address} in a browser on any device, and type this code there:", "address", d.Address))
	a.say("")
	a.say("    " + d.UserCode)
	a.say("")
	a.say(words.T("It is good for {n} minutes. Only type it at that address; Ctrl+C gives up.", "n", int(d.Expires.Sub(a.Clock.Now()).Round(time.Minute)/time.Minute)))
	return d.Wait(ctx)
}

// errNoDisplay is returned where there is nothing to show a browser on.
var errNoDisplay = errors.New("no display")

// browse shows an address in the system's browser, and does not wait for that.
func browse(_ context.Context, url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errNoDisplay
		}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open the browser: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}

func noBrowserHint(err error) error {
	if !errors.Is(err, link.ErrNoBrowser) {
		return err
	}
	return tell(explain.Unsupported, words.T("No browser could be opened."), words.T("Nothing was changed."),
		words.T("Add --device, and type the code in a browser on any device."))
}

// linkEnd ends the link. Where the service could not be told, the link is gone here all the same.
func (a *App) linkEnd(ctx context.Context, h *remote.Home) error {
	l, _, err := h.Linked()
	if err != nil {
		return err
	}
	if err = h.Unlink(ctx); err != nil {
		if _, still, lerr := h.Linked(); still || lerr != nil {
			return err
		}
		a.warn(explain.Message{
			Kind: explain.NoNetwork, What: words.T("{service} could not be told.", "service", l.Host()),
			Next: words.T("End the link there, too: in its settings, at “Linked apps”."),
		})
	}
	if a.json {
		a.doc = &document{Link: &shownLink{Scopes: []string{}, Events: []string{}}}
		return nil
	}
	return a.printLines(words.T("The link with {service} is ended. Your accounts are as they were.", "service", l.Host()))
}

func (a *App) printLines(lines ...string) error {
	_, err := io.WriteString(a.Out, strings.Join(lines, "\n")+"\n")
	return err
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// clockFlags are what kutano clock is asked for.
type clockFlags struct {
	offline, yes, apply, off, on, flip bool

	allow, service, code string
	servers              []string
}

func (a *App) clockCommand() *cobra.Command {
	var f clockFlags
	cmd := &cobra.Command{
		Use:   "clock",
		Short: words.T("Check this device's clock"),
		Long: words.T(`Codes go by the clock, and a wrong clock makes codes that are refused. This
measures how far the clock is off, says it in plain words, and says how to set
it right. Only codes are ever corrected, never the clock itself.

Time servers on the internet, and web servers where those do not settle it, are
asked only if you allow it: they see the address of this computer and nothing
else. You are asked once; --allow changes it, and --yes allows it for one run.
--offline asks nobody; with --server nobody else is asked.

Without a network, --code takes the codes that another device shows for the same
account. That device is believed then.

Where most servers agree and it is no more than five minutes, codes are
corrected from then on, until the clock is set or the computer is started anew.
Otherwise kutano clock --apply does it. Whoever could make you believe a time in
the future would see codes of the future.

The exit code is 0 where the clock is right or codes are corrected, and 1 where
codes may be refused, or nothing is known. With --apply, --on, --off and
--allow never it tells whether that was done.`),
		Example: words.T(`  kutano clock                       measure and explain
  kutano clock --offline             what is known without asking anybody
  kutano clock --code kutano         compare with another device's codes
  kutano clock --code kutano --flip  more exactly: press Enter when they change
  kutano clock --allow daily         measure each day, too
  kutano clock --off                 stop correcting codes; --on starts again`),
		Args: noArgs,
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.offline, "offline", false, words.T("ask nobody: show what is known"))
	flags.BoolVar(&f.yes, "yes", false, words.T("allow asking on the network for this run"))
	flags.StringVar(&f.allow, "allow", "", words.T("when time servers may be asked: `never|demand|daily`"))
	flags.StringArrayVar(&f.servers, "server", nil, words.T("ask this time server, `HOST[:PORT]`; may be given several times, kept with --allow"))
	flags.StringVar(&f.service, "service", "", words.T("ask the two-factor service at this `URL`, too"))
	flags.StringVar(&f.code, "code", "", words.T("compare with the codes that another device shows for this `ACCOUNT`"))
	flags.BoolVar(&f.flip, "flip", false, words.T("with --code: press Enter when the other device's code changes"))
	flags.BoolVar(&f.apply, "apply", false, words.T("correct codes by what was measured last"))
	flags.BoolVar(&f.off, "off", false, words.T("stop correcting codes"))
	flags.BoolVar(&f.on, "on", false, words.T("correct codes again"))
	_ = cmd.RegisterFlagCompletionFunc("code", a.completeQuery) // the flag is there
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := f.given(flags.Changed); err != nil {
			return err
		}
		return a.clock(cmd.Context(), f)
	}
	return cmd
}

// given refuses flags with nothing in them, as a script gives where a variable is
// empty: taken for none, the network would be asked in place of another device.
func (f clockFlags) given(changed func(name string) bool) error {
	for name, values := range map[string][]string{"allow": {f.allow}, "service": {f.service}, "code": {f.code}, "server": f.servers} {
		blank := func(s string) bool { return strings.TrimSpace(s) == "" }
		if changed(name) && slices.ContainsFunc(values, blank) {
			return usage(words.T("{flag} needs a value.", "flag", "--"+name), words.T("Add --help to see what this command takes."))
		}
	}
	return nil
}

// checkServers puts the names of servers into small letters and refuses what can
// be none.
func (f clockFlags) checkServers() error {
	for i, name := range f.servers {
		f.servers[i] = strings.ToLower(strings.TrimSpace(name))
		if !clock.IsServer(f.servers[i]) {
			return usage(words.T("That is not a value for {flag}.", "flag", "--server"), words.T("Add --help to see what this command takes."))
		}
	}
	return nil
}

// check refuses flags that do not go together.
func (f clockFlags) check() error {
	deeds := 0
	for _, given := range []bool{f.offline, f.apply, f.off, f.on, f.code != "", f.allow == string(clock.Never)} {
		if given {
			deeds++
		}
	}
	later := f.allow == string(clock.OnDemand) || f.allow == string(clock.Daily)
	asks := f.yes || len(f.servers) > 0 || f.service != "" || later
	switch {
	case deeds > 1:
		return usage(words.T("These flags do not go together."), words.T("Give one of --offline, --code, --apply, --on, --off and --allow never."))
	case deeds == 1 && asks:
		return usage(words.T("These flags do not go together."), words.T("--yes, --server, --service and --allow demand|daily are for asking on the network."))
	case f.flip && f.code == "":
		return usage(words.T("--flip goes with --code."), words.T("Name the account: kutano clock --code ACCOUNT --flip"))
	}
	switch clock.Network(f.allow) {
	case clock.Unasked, clock.Never, clock.OnDemand, clock.Daily:
		return f.checkServers()
	}
	return usage(words.T("That is not a value for {flag}.", "flag", "--allow"), words.T("Give --allow never, --allow demand or --allow daily."))
}

func (a *App) clock(ctx context.Context, f clockFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	t, err := a.trueClock()
	if err != nil {
		return err
	}
	_, err = t.Look()
	a.warnUnkept(err)
	done, err := a.clockDeed(ctx, t, f)
	if err != nil {
		return err
	}
	return a.showClock(ctx, t, done)
}

// clockDeed does what the flags ask for. It tells whether that was something
// else than finding out about the clock.
func (a *App) clockDeed(ctx context.Context, t *clock.True, f clockFlags) (done bool, err error) {
	switch {
	case f.offline:
		return false, nil
	case f.off:
		return true, t.TurnOff()
	case f.on:
		return true, t.TurnOn()
	case f.apply:
		return true, t.Apply()
	case f.allow == string(clock.Never):
		return true, t.Allow(clock.Never, t.Status().Servers)
	case f.code != "":
		return false, a.compareCodes(ctx, t, f)
	}
	return false, a.measure(ctx, t, f)
}

// showClock prints the verdict. The error is nil where codes work.
func (a *App) showClock(ctx context.Context, t *clock.True, done bool) error {
	s, hint := t.Status(), system.Look(ctx)
	v := verdict.Of(s, hint, a.Clock.Now())
	if a.json {
		a.doc = &document{Clock: showVerdict(s, v)}
	} else if err := a.printClock(s, v); err != nil {
		return err
	}
	if s.Dropped != nil {
		a.warnUnkept(t.Dismiss()) // it was shown
	}
	if done || v.Tone == verdict.Right {
		return nil
	}
	message := ""
	if a.json {
		message = v.Headline
	}
	return tell(explain.Clock, message, "", clockHint(s))
}

// clockHint names the command that helps.
func clockHint(s clock.Status) string {
	switch {
	case s.Ask, s.Dropped != nil && s.Dropped.Why == clock.Restarted:
		return words.T("To correct codes by this all the same: kutano clock --apply")
	case s.Off && s.Measured != nil && s.Stale == "":
		return words.T("To correct codes again: kutano clock --on")
	case s.Measured != nil && s.Stale == "":
		return ""
	case s.Network == clock.Never:
		return words.T("To measure it: kutano clock --allow demand, or with another device kutano clock --code ACCOUNT")
	}
	return words.T("To measure it: kutano clock")
}

// warnUnkept tells that what was found out could not be noted.
func (a *App) warnUnkept(err error) {
	if err == nil {
		return
	}
	m := explain.Error(err)
	m.What = words.T("What was found out about the clock could not be noted:") + " " + m.What
	a.warn(m)
}

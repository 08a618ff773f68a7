// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/measure"
	"github.com/kutano/authenticator/sync/clock/webtime"
	"github.com/kutano/authenticator/sync/link/remote"
)

// measure asks for the time on the network, where the user allows it. Someone
// who says no at the terminal is shown what is known without.
func (a *App) measure(ctx context.Context, t *clock.True, f clockFlags) error {
	allowed, err := a.mayAsk(ctx, t, f)
	if err != nil || !allowed {
		return err
	}
	if a.interactive() && !a.json {
		a.say(words.T("Asking for the time…"))
	}
	o := measure.Options{Service: f.service, Read: a.times}
	if len(f.servers) == 0 && len(t.Status().Servers) == 0 {
		o.Service = cmp.Or(f.service, a.linkedService())
	} else {
		o.Web = []string{} // who names servers wants nobody else to be asked
	}
	if f.yes || len(f.servers) > 0 {
		r, err := a.measureOnce(ctx, t, o, f.servers)
		a.warnUnanswered(r, f)
		return unmeasured(err)
	}
	r, err := measure.Into(ctx, t, o)
	a.warnUnanswered(r, f)
	if err = unmeasured(err); errors.As(err, new(*told)) || ctx.Err() != nil || len(r.With) == 0 {
		return err
	}
	a.warnUnkept(err) // it was measured
	return nil
}

// linkedService is the address of the service that is linked, which tells the time
// that its codes go by; "" for none.
func (a *App) linkedService() string {
	dir, err := a.folder()
	if err != nil {
		return ""
	}
	l, _, err := (&remote.Home{Dir: dir}).Linked()
	if err != nil || l.Ended {
		return ""
	}
	return l.Address
}

// measureOnce measures with what is allowed, or whom to ask, for one run.
func (a *App) measureOnce(ctx context.Context, t *clock.True, o measure.Options, servers []string) (measure.Result, error) {
	s := t.Status()
	o.Own, o.Refused = s.Servers, s.Refused
	if len(servers) > 0 {
		o.Own = servers
	}
	r, err := measure.Network(ctx, o)
	if len(r.Refused) > 0 {
		a.warnUnkept(t.Refuse(r.Refused...))
	}
	switch {
	case err != nil:
	case len(servers) > 0: // who names them for one run wants to know what they say
		a.warnUnkept(t.Take(r.Measurement))
	default:
		a.warnUnkept(measure.Keep(t, r))
	}
	return r, err
}

// warnUnanswered names the servers that the user named and that gave no time.
func (a *App) warnUnanswered(r measure.Result, f clockFlags) {
	for _, answer := range r.Answers {
		if answer.Err == nil || answer.Kind == clock.Web || answer.Kind != clock.Service && len(f.servers) == 0 {
			continue
		}
		m := explain.Message{Kind: explain.NoNetwork, What: words.T("{name} gave no time.", "name", clean(answer.Name))}
		if errors.Is(answer.Err, webtime.ErrAddress) {
			m = explain.Message{Kind: explain.Usage, What: words.T("That is not the address of a service."), Next: words.T("It begins with https://.")}
		}
		a.warn(m)
	}
}

// mayAsk tells whether the network may be asked, and asks the user once.
func (a *App) mayAsk(ctx context.Context, t *clock.True, f clockFlags) (bool, error) {
	s := t.Status()
	if n := clock.Network(f.allow); n != clock.Unasked {
		servers := s.Servers
		if len(f.servers) > 0 {
			servers = f.servers
		}
		a.warnUnkept(t.Allow(n, servers))
		return true, nil
	}
	switch {
	case f.yes, s.Network == clock.OnDemand, s.Network == clock.Daily:
		return true, nil
	case !a.interactive():
		return false, usage(words.T("Nobody has allowed to ask for the time on the network."),
			words.T("Add --yes to allow it for this run, --allow demand for good, or --offline to ask nobody."))
	case s.Network == clock.Never:
		a.say(words.T("You do not want the network to be asked. To change that: kutano clock --allow demand"))
		return false, nil
	}
	yes, err := a.confirm(ctx, words.T("May Kutano Authenticator ask time servers on the internet, and web servers where those do not settle it? They see this computer's address and nothing else."), "--yes", false)
	if err != nil {
		return false, err
	}
	n := clock.Never
	if yes {
		n = clock.OnDemand
	}
	a.warnUnkept(t.Allow(n, s.Servers))
	return yes, nil
}

// unmeasured says why the network told no time. The rooms that ask it are not
// known to package explain, which serves the screens, too, and they stay offline.
func unmeasured(err error) error {
	offline := words.T("Without a network, another device helps: kutano clock --code ACCOUNT")
	same := words.T("Your codes are as they were.")
	switch {
	case errors.Is(err, context.Canceled): // whoever answered by then
		return err
	case errors.Is(err, measure.ErrNoAnswer):
		return tell(explain.NoNetwork, words.T("No time server answered."), same, offline)
	case errors.Is(err, measure.ErrCertificateTime):
		return tell(explain.Clock, words.T("The date of this device is so wrong that no secure connection can be made."), same,
			words.T("Set the date by hand first, then run this again."))
	case errors.Is(err, measure.ErrStepped):
		return tell(explain.Busy, words.T("The clock was set while it was measured."), same, words.T("Run this again."))
	}
	return err
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/timeserver"
)

// timeServers asks time servers, as [timeserver.Asker] does.
type timeServers interface {
	Ask(context.Context, timeserver.Server) (clock.Estimate, error)
	AskProven(context.Context, timeserver.Server) (clock.Estimate, error)
}

// webServers asks web servers, as [webtime.Asker] does. Both methods return soon
// after ctx ends, with what they know by then.
type webServers interface {
	Date(ctx context.Context, host string) (clock.Estimate, error)
	Service(ctx context.Context, base string) (clock.Estimate, error)
}

// question is a source and how to ask it.
type question struct {
	name     string
	kind     clock.Kind // unless the estimate says another
	operator string
	ask      func(context.Context) (clock.Estimate, error)
}

// first are the sources that are always asked.
func first(o Options, servers timeServers, web webServers) []question {
	var qs []question
	for _, s := range o.servers() {
		qs = append(qs, question{s.Name(), clock.NTP, s.Operator, func(ctx context.Context) (clock.Estimate, error) {
			return both(ctx, servers, s)
		}})
	}
	if o.Service != "" {
		name := hostOf(o.Service)
		qs = append(qs, question{name, clock.Service, operator(name), func(ctx context.Context) (clock.Estimate, error) {
			return web.Service(ctx, o.Service)
		}})
	}
	return qs
}

// second are the sources that are asked where the first gave no majority, or one
// that would correct codes and that none of them proved.
func second(o Options, web webServers) []question {
	hosts := o.Web
	if hosts == nil {
		hosts = DefaultWeb()
	}
	var qs []question
	for _, h := range hosts {
		name := hostOf(h)
		qs = append(qs, question{name, clock.Web, operator(name), func(ctx context.Context) (clock.Estimate, error) {
			return web.Date(ctx, h)
		}})
	}
	return qs
}

// servers are the time servers to ask.
func (o *Options) servers() []timeserver.Server {
	all := o.Servers
	switch {
	case len(o.Own) > 0:
		all = own(o.Own)
	case all == nil:
		all = Defaults()
	}
	return slices.DeleteFunc(slices.Clone(all), func(s timeserver.Server) bool { return slices.Contains(o.Refused, s.Name()) })
}

// ask asks all at once and waits until all have answered or the time is over.
func (r *Result) ask(ctx context.Context, o Options, within time.Duration, qs []question) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answers := make(chan Answer, len(qs))
	for _, q := range qs {
		go func() {
			a := Answer{Name: q.name, Kind: q.kind}
			var e clock.Estimate
			if e, a.Err = q.ask(ctx); a.Err == nil {
				e.Operator = q.operator
				a.Estimate, a.Kind = &e, e.Kind
			}
			answers <- a
		}()
	}
	for range qs {
		a := <-answers
		r.Answers = append(r.Answers, a)
		if errors.Is(a.Err, timeserver.ErrRefused) {
			r.Refused = append(r.Refused, a.Name)
		}
		if o.Progress != nil {
			o.Progress(a)
		}
	}
}

// both asks a server by NTS and by NTP at once. What it proved counts, and what
// it did not only where it proved nothing. That it wants never to be asked again
// has to be proven: else anyone on the way could end its use for good.
func both(ctx context.Context, servers timeServers, s timeserver.Server) (clock.Estimate, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	plain := start(ctx, servers.Ask, s)
	if s.KeyExchange == "" {
		return plain(ctx)
	}
	e, err := start(ctx, servers.AskProven, s)(ctx)
	if err == nil {
		return e, nil
	}
	e, other := plain(ctx)
	switch {
	case other == nil:
		return e, nil
	case errors.Is(other, timeserver.ErrRefused):
		return e, fmt.Errorf("%w; and not by NTS: %v", err, other) //nolint:errorlint // it is not proven
	}
	return e, fmt.Errorf("%w; and by NTS: %w", other, err)
}

// start starts to ask and returns what waits for the answer, but not longer than
// ctx lasts.
func start(ctx context.Context, ask func(context.Context, timeserver.Server) (clock.Estimate, error), s timeserver.Server,
) func(context.Context) (clock.Estimate, error) {
	var e clock.Estimate
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		e, err = ask(ctx, s)
	}()
	return func(ctx context.Context) (clock.Estimate, error) {
		select {
		case <-done:
			return e, err
		default:
		}
		select {
		case <-done:
			return e, err
		case <-ctx.Done():
			return clock.Estimate{}, fmt.Errorf("ask %s: %w: %w", s.Name(), timeserver.ErrNoAnswer, ctx.Err())
		}
	}
}

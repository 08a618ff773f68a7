// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package measure asks several sources for the time at once and finds out what
// they agree on: time servers, web servers where those give no majority or prove
// nothing, and a linked two-factor service.
//
// Nothing here may be called before the user allowed to ask on the network.
// [Into] makes sure of that; whoever calls [Network] must.
//
// A server that offers NTS is asked by NTS and by plain NTP, and what it proved
// counts where it answered both ways. Whoever controls the network can block NTS
// and make up plain answers. A liar or two among the servers are outvoted, but he
// can speak for all of them: this is why proven answers that contradict the
// others prevail, and why a large correction is only made when the user wants it,
// see [clock.True.Take].
package measure

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/timeserver"
	"github.com/kutano/authenticator/sync/clock/webtime"
)

// Why nothing was measured. What the functions return wraps one of these.
var (
	// ErrNoAnswer is returned where nobody gave a time: there may be no network.
	ErrNoAnswer = errors.New("nobody answered")
	// ErrStepped is returned where the device's clock was set while it was
	// measured, twice in a row.
	ErrStepped = errors.New("the device's clock was set meanwhile")
	// ErrCertificateTime is returned where nobody could be believed because no
	// certificate is valid on the device's date: its year may be wrong.
	ErrCertificateTime = errors.New("no certificate is valid on this device's date")
	// ErrNotAllowed is returned where the user did not allow to ask.
	ErrNotAllowed = errors.New("asking on the network is not allowed")
)

const (
	usualWithin = 1500 * time.Millisecond
	webWithin   = 8 * time.Second
	// steady is how far the device's clock may be turned meanwhile. It is added
	// to the uncertainty.
	steady = 100 * time.Millisecond
)

// Options are whom to ask, and how. The zero value asks the usual servers.
type Options struct {
	Servers []timeserver.Server // nil for Defaults
	// Own are the user's own time servers, "host" or "host:port". Where there
	// are some they are asked in place of Servers.
	Own     []string
	Refused []string // names of time servers never to be asked again
	Web     []string // web servers, see [webtime.Asker.Date]; nil for DefaultWeb
	Service string   // the address of a linked service's interface; "" for none

	// Asker asks the time servers; nil for a new one with Roots and Read. It
	// remembers who asked to be left alone for a while: keep it where the program
	// measures again.
	Asker  *timeserver.Asker
	Roots  *x509.CertPool     // whom to believe; nil for the system's
	Read   func() clock.Times // the device's clocks, from any goroutine; nil for [clock.Now]
	Within time.Duration      // how long to wait for the time servers; 0 for 1.5 s
	// Progress is called with each answer as it comes, from one goroutine at a
	// time; of a source again where all is measured once more. It may be nil.
	Progress func(Answer)
}

// Answer is what a source answered: an estimate, or why there is none.
type Answer struct {
	Name     string
	Kind     clock.Kind
	Estimate *clock.Estimate
	Err      error
}

// Result is what was measured, with the answers in the order in which they came.
type Result struct {
	clock.Measurement
	Answers []Answer
	Refused []string // time servers that now asked not to be asked again, for [clock.True.Refuse]
}

// Network measures the device's clock. It takes up to Within, and where the time
// servers do not decide it up to 8 seconds longer. A result without a majority is
// no error, and one that was cancelled is, whoever has answered by then. With an
// error the result has the answers all the same.
func Network(ctx context.Context, o Options) (Result, error) {
	if o.Read == nil {
		o.Read = clock.Now
	}
	if o.Within <= 0 {
		o.Within = usualWithin
	}
	if o.Asker == nil {
		o.Asker = &timeserver.Asker{Read: o.Read, Roots: o.Roots}
	}
	return measure(ctx, o, o.Asker, &webtime.Asker{Read: o.Read, Roots: o.Roots})
}

// measure measures once more where the clock was set meanwhile.
func measure(ctx context.Context, o Options, servers timeServers, web webServers) (Result, error) {
	var r Result
	var err error
	for range 2 {
		if r, err = once(ctx, o, servers, web); !errors.Is(err, ErrStepped) || ctx.Err() != nil {
			break
		}
	}
	return r, err
}

func once(ctx context.Context, o Options, servers timeServers, web webServers) (Result, error) {
	var r Result
	from := o.Read()
	r.ask(ctx, o, o.Within, first(o, servers, web))
	a, certain := agree(r.estimates())
	if !certain && ctx.Err() == nil {
		r.ask(ctx, o, webWithin, second(o, web))
		a, _ = agree(r.estimates())
	}
	r.Measurement = clock.Measurement{Agreement: a, At: o.Read()}
	shift, ok := from.Shift(r.At)
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // whoever gives up wants no half of it
		return r, fmt.Errorf("measure the clock: %w", r.nobody(ctx))
	case ok && shift.Abs() > steady:
		return r, fmt.Errorf("measure the clock: %w", ErrStepped)
	case len(a.With) == 0:
		return r, fmt.Errorf("measure the clock: %w", r.nobody(ctx))
	case ok:
		r.Uncertainty += shift.Abs()
	}
	return r, nil
}

func (r *Result) estimates() []clock.Estimate {
	var all []clock.Estimate
	for _, a := range r.Answers {
		if a.Estimate != nil {
			all = append(all, *a.Estimate)
		}
	}
	return all
}

// nobody says why there is no estimate.
func (r *Result) nobody(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	for _, a := range r.Answers {
		if errors.Is(a.Err, timeserver.ErrCertificateTime) || errors.Is(a.Err, webtime.ErrCertificateTime) {
			return ErrCertificateTime
		}
	}
	return ErrNoAnswer
}

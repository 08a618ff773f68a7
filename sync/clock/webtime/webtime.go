// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package webtime asks web servers for the time, over secure connections only.
//
// [Asker.Date] takes it from the Date header that every reply of a web server
// has. That tells whole seconds, so a few requests are timed to find out when the
// server's second ticks. [Asker.Service] asks a two-factor service, which tells
// milliseconds.
//
// The server's certificate vouches for the reply; it is checked by the device's
// own date, so a device that is years off finds no server that it can believe:
// [ErrCertificateTime]. What such a certificate says of the date was not proven
// by anybody and is not used.
//
// A request tells the server nothing of the user: no cookie, no referrer, and the
// same few headers from everybody. Nothing here may be called before the user
// allowed to ask on the network.
package webtime

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// Why a server gave no time. What the methods return wraps one of these.
var (
	// ErrAddress is returned for what is no address of a server, or of one
	// without a secure connection.
	ErrAddress = errors.New("not a secure web address")
	// ErrNoAnswer is returned where the server was not found, or did not answer
	// or not in time.
	ErrNoAnswer = errors.New("no answer")
	// ErrPortal is returned where something else answered in the server's place,
	// as the sign-in page of a hotel's network does, or where it sent elsewhere.
	ErrPortal = errors.New("another answered in the server's place")
	// ErrCached is returned for an answer that was kept on the way: its time is
	// that of another day.
	ErrCached = errors.New("the answer was kept on the way")
	// ErrInconsistent is returned where no clock could have said what the server
	// said, as its clock or the device's was set meanwhile.
	ErrInconsistent = errors.New("the answers contradict each other")
	// ErrCertificateTime is returned where the server's certificate would be good
	// on another date than the device's.
	ErrCertificateTime = errors.New("the certificate is not valid on this device's date")
	// ErrNotTime is returned for a reply without a time in it.
	ErrNotTime = errors.New("the reply has no time")
)

// The defaults.
const (
	requests = 6               // of Date
	services = 4               // requests of Service
	patience = 5 * time.Second // for one request
)

// Asker asks web servers. Its zero value asks with the device's clocks and the
// system's certificate authorities. Its methods may be called from any goroutine.
type Asker struct {
	Read  func() clock.Times // the device's clocks, from any goroutine; nil for [clock.Now]
	Roots *x509.CertPool     // whom to believe; nil for those of the system
	// Requests is how often Date asks, 0 for 6. It is at least 2: one reply cannot
	// be told from one that was kept. After a reply it waits for up to a second.
	Requests int
}

func (a *Asker) read() clock.Times {
	if a.Read == nil {
		return clock.Now()
	}
	return a.Read()
}

// Date asks the server of a host for the Date header (RFC 9110, section 6.6.1)
// of its pages: "host", "host:port", or an https URL. With six requests the
// offset is right to about 15 ms and what the way there and back differ; the
// uncertainty also has the half second by which some servers are late with it.
//
// Where ctx ends after some replies, what they say is returned. The estimate has
// no operator: that is the caller's to say.
func (a *Asker) Date(ctx context.Context, host string) (clock.Estimate, error) {
	u, err := address(host)
	if err != nil {
		return clock.Estimate{}, err
	}
	s := a.open(u)
	defer s.close()
	n := a.Requests
	if n == 0 {
		n = requests
	}
	b, err := bisect(ctx, max(n, 2), a.read, wait, s.date)
	if err != nil {
		return clock.Estimate{}, err
	}
	return clock.Estimate{
		Offset: b.offset(), Uncertainty: b.uncertainty() + late, Kind: clock.Web, Name: u.Host, Proven: true,
	}, nil
}

// Service asks a two-factor service by the address of its interface, such as
// "https://2fa.example.com": GET /v1/time under it. The uncertainty is half of
// the best round trip and a millisecond. The connection must be secure unless the
// service runs on this device. The estimate has no operator.
func (a *Asker) Service(ctx context.Context, base string) (clock.Estimate, error) {
	u, err := serviceAddress(base)
	if err != nil {
		return clock.Estimate{}, err
	}
	s := a.open(u)
	defer s.close()
	b, err := best(ctx, services, wait, s.unix)
	if err != nil {
		return clock.Estimate{}, err
	}
	return clock.Estimate{
		Offset: b.offset(), Uncertainty: b.uncertainty() + time.Millisecond/2, Kind: clock.Service, Name: u.Host, Proven: u.Scheme == "https",
	}, nil
}

// wait waits for d or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrNoAnswer, ctx.Err())
	}
}

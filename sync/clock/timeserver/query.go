// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/beevik/ntp"

	"github.com/kutano/authenticator/sync/clock"
)

// lookUp returns the addresses of a server, with their port, in the order in
// which to try them: the system's, but with IPv4 and IPv6 by turns, so that a
// second question goes another way.
func lookUp(ctx context.Context, server string) ([]string, error) {
	host, port := split(server, ntpPort)
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err == nil && len(ips) == 0 {
		err = errors.New("no address")
	}
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w: %w", host, ErrNoAnswer, err)
	}
	var first, second []string
	for _, ip := range ips {
		address := net.JoinHostPort(ip.Unmap().String(), port)
		if ip.Unmap().Is4() == ips[0].Unmap().Is4() {
			first = append(first, address)
		} else {
			second = append(second, address)
		}
	}
	var all []string
	for i := range max(len(first), len(second)) {
		all = append(all, first[min(i, len(first)):min(i+1, len(first))]...)
		all = append(all, second[min(i, len(second)):min(i+1, len(second))]...)
	}
	return all, nil
}

func turned(addresses []string, by int) []string {
	by %= len(addresses)
	return slices.Concat(addresses[by:], addresses[:by])
}

// query asks once and reads the device's clocks just before and just after.
func (a *Asker) query(ctx context.Context, addresses []string, proof []ntp.Extension) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, a.timeout())
	defer cancel()
	var reads []clock.Times
	r, err := ntp.QueryWithOptions(addresses[0], ntp.QueryOptions{
		Timeout:    a.timeout(),
		Extensions: proof,
		GetSystemTime: func() time.Time {
			reads = append(reads, a.read())
			return reads[len(reads)-1].Wall
		},
		Dialer: func(string, string) (net.Conn, error) { return dial(ctx, addresses) },
	})
	if err != nil {
		return answer{}, meaning(err)
	}
	return judge(r, reads[0], reads[len(reads)-1])
}

// meaning wraps what a query ended with by what it means.
func meaning(err error) error {
	for _, wrong := range []error{
		ntp.ErrServerResponseMismatch, ntp.ErrInvalidMode, ntp.ErrInvalidTransmitTime, ntp.ErrServerTickedBackwards, ntp.ErrInvalidTime,
	} {
		if errors.Is(err, wrong) {
			return fmt.Errorf("%w: %w", ErrForged, err)
		}
	}
	if errors.Is(err, ErrForged) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNoAnswer, err)
}

// dial returns a connection to the first address that the device has a way to.
// It ends with ctx.
func dial(ctx context.Context, addresses []string) (net.Conn, error) {
	var d net.Dialer
	var errs []error
	for _, address := range addresses {
		conn, err := d.DialContext(ctx, "udp", address)
		if err == nil {
			return bounded{conn, context.AfterFunc(ctx, func() { conn.Close() })}, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// bounded is a connection that a context ends.
type bounded struct {
	net.Conn
	forget func() bool
}

func (b bounded) Close() error {
	b.forget()
	return b.Conn.Close()
}

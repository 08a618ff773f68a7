// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package drift compares the service's clock with time servers (NTP, RFC 5905).
// Codes depend on the time: a service whose clock is off refuses right codes.
package drift

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/beevik/ntp"

	"github.com/kutano/authenticator/server/moment"
)

// Most is how far the clock may be off before it is worth a warning.
const Most = 3 * time.Second

// within is how long a server may take to answer.
const within = 3 * time.Second

// ErrNoAnswer means that no time server gave an answer that can be used.
var ErrNoAnswer = errors.New("no time server answered")

// Measure asks all servers ("host" or "host:port") at once and returns how far
// the clock is ahead of them: the median of those that answered, so that one
// that is wrong does not decide. ErrNoAnswer if none did.
func Measure(ctx context.Context, clock moment.Clock, servers []string) (time.Duration, error) {
	var lock sync.Mutex
	var ahead []time.Duration
	var all sync.WaitGroup
	for _, server := range servers {
		all.Go(func() {
			offset, err := ask(ctx, clock, server)
			if err == nil {
				lock.Lock()
				defer lock.Unlock()
				ahead = append(ahead, offset)
			}
		})
	}
	all.Wait()
	if len(ahead) == 0 {
		return 0, ErrNoAnswer
	}
	slices.Sort(ahead)
	return ahead[(len(ahead)-1)/2], nil
}

func ask(ctx context.Context, clock moment.Clock, server string) (time.Duration, error) {
	timeout := within
	if deadline, ok := ctx.Deadline(); ok {
		timeout = min(timeout, deadline.Sub(moment.Now()))
	}
	if timeout <= 0 {
		return 0, context.DeadlineExceeded
	}
	r, err := ntp.QueryWithOptions(server, ntp.QueryOptions{Timeout: timeout, GetSystemTime: clock})
	if err != nil {
		return 0, err
	}
	if err := r.Validate(); err != nil {
		return 0, err
	}
	return -r.ClockOffset, nil
}

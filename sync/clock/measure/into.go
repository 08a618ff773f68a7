// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"fmt"

	"github.com/kutano/authenticator/sync/clock"
)

// Into measures the device's clock for t, if the user allowed it: from the
// servers that t names, which take the place of those of o, web servers included:
// who names servers wants no others to be asked. It returns
// [ErrNotAllowed], and asks nobody, where the user did not.
//
// A result without a majority does not take the place of one with a majority
// that still holds; t then stays as it is.
func Into(ctx context.Context, t *clock.True, o Options) (Result, error) {
	return into(t, o, func(o Options) (Result, error) { return Network(ctx, o) })
}

func into(t *clock.True, o Options, network func(Options) (Result, error)) (Result, error) {
	s := t.Status()
	if s.Network != clock.OnDemand && s.Network != clock.Daily {
		return Result{}, fmt.Errorf("measure the clock: %w", ErrNotAllowed)
	}
	o.Own, o.Refused = s.Servers, s.Refused
	if len(o.Own) > 0 {
		o.Web = []string{}
	}
	r, err := network(o)
	var kept error
	if len(r.Refused) > 0 {
		kept = t.Refuse(r.Refused...)
	}
	if err != nil {
		if !errors.Is(err, context.Canceled) { // the user's wish is no failure
			t.Failed()
		}
		return r, err
	}
	return r, errors.Join(kept, Keep(t, r))
}

// Keep gives a result to t, as [Into] does: one without a majority does not take
// the place of one with a majority that still holds.
func Keep(t *clock.True, r Result) error {
	s := t.Status()
	if !r.Majority && s.Measured != nil && s.Measured.Majority && s.Stale == "" && !s.Old() {
		return t.Asked()
	}
	return t.Take(r.Measurement)
}

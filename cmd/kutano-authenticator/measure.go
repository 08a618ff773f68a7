// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/measure"
	"github.com/kutano/authenticator/sync/clock/timeserver"
	"github.com/kutano/authenticator/sync/link/remote"
	clockpage "github.com/kutano/authenticator/ui/clock"
)

// measuring returns what asks on the network for the time and gives the answer
// to t. The window, which imports nothing of the network, is handed it. service is
// the address of a linked service, "" for none: it is asked with the others.
func measuring(t *clock.True, service func() string) clockpage.Measure {
	asker := &timeserver.Asker{Read: clock.Now} // remembers who wants to be left alone
	return func(ctx context.Context, progress func(name string, ok bool)) error {
		o := measure.Options{Asker: asker}
		if len(t.Status().Servers) == 0 { // who names servers wants nobody else to be asked
			o.Service = service()
		}
		if progress != nil {
			o.Progress = func(a measure.Answer) { progress(a.Name, a.Err == nil) }
		}
		r, err := measure.Into(ctx, t, o)
		if err = said(r, err); err != nil {
			return err
		}
		if m := t.Status().Measured; m != nil && m.Majority && !r.Majority {
			return clockpage.ErrFew // what was measured before is kept
		}
		return nil
	}
}

// linkedService tells which service is linked in a data folder, without asking anybody.
func linkedService(dir string) func() string {
	home := &remote.Home{Dir: dir}
	return func() string {
		l, _, err := home.Linked()
		if err != nil || l.Ended {
			return ""
		}
		return l.Address
	}
}

// said tells the window what kept the clock from being measured. What was
// measured and could not be written down holds until the app ends.
func said(r measure.Result, err error) error {
	switch {
	case errors.Is(err, measure.ErrStepped):
		return clockpage.ErrStepped
	case errors.Is(err, measure.ErrCertificateTime):
		return clockpage.ErrDate
	case errors.Is(err, measure.ErrNoAnswer):
		return clockpage.ErrNoAnswer
	case len(r.With) > 0:
		return nil
	}
	return err
}

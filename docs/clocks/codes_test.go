// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clocks

import (
	"context"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
)

const period = 30 * time.Second

// moment is a true time in the middle of things; what a person does with codes
// is reckoned from it, as nobody waits here.
var moment = time.Now().Truncate(period)

// at returns a device's clocks some time after the moment.
func at(ahead, after time.Duration) clock.Times {
	t := clock.Now()
	t.Boot = time.Hour + after
	t.Wall = moment.Add(after + ahead)
	return t
}

// again measures as if it had been done right now.
func again(e clock.Estimate, ahead time.Duration) clock.Measurement {
	return clock.Single(e, turned(ahead)())
}

// codes compares with a device that is right, at so long after the moment.
func (w *world) codes(ahead time.Duration, flip bool, after ...time.Duration) (clock.Measurement, error) {
	k := sample(w.t)
	find := func(_ context.Context, code string, near time.Time, reach time.Duration) ([]int64, error) {
		return k.Steps(code, near.Add(-reach).Unix()/30, near.Add(reach).Unix()/30)
	}
	var readings []fromcodes.Reading
	for _, d := range after {
		readings = append(readings, fromcodes.Reading{Code: oathtool(w.t, moment.Add(d)), At: at(ahead, d), Flip: flip})
	}
	e, err := fromcodes.Compare(context.Background(), find, period, readings)
	return again(e, ahead), err
}

// tries sends a device's codes to a service, ten of them at odd moments.
func (w *world) tries(ahead time.Duration) (clock.Measurement, error) {
	var tries []fromcodes.Try
	for i := range 10 {
		when := at(ahead, time.Duration(i)*47*time.Second)
		step := when.Wall.Unix() / 30
		apart := when.Wall.Add(-ahead).Unix()/30 - step
		tries = append(tries, fromcodes.Try{Step: step, At: when, Taken: -1 <= apart && apart <= 1})
	}
	e, err := fromcodes.FromTries(period, 1, tries)
	return again(e, ahead), err
}

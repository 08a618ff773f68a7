// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package drift_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/drift"
	"github.com/kutano/authenticator/server/drift/ntptest"
	"github.com/kutano/authenticator/server/moment"
)

func ahead(d time.Duration) func() time.Time {
	return func() time.Time { return moment.Now().Add(d) }
}

func TestMeasure(t *testing.T) {
	server := func(d time.Duration) string { return ntptest.Serve(t, 2, ahead(d)) }
	for name, tt := range map[string]struct {
		clock   time.Duration // of the service
		servers []string
		want    time.Duration
	}{
		"right":                        {0, []string{server(0)}, 0},
		"ahead":                        {47 * time.Second, []string{server(0)}, 47 * time.Second},
		"behind":                       {-5 * time.Second, []string{server(0)}, -5 * time.Second},
		"one server of three is wrong": {0, []string{server(0), server(time.Hour), server(0)}, 0},
		"one server says go away":      {0, []string{ntptest.Serve(t, 0, ahead(time.Hour)), server(2 * time.Second)}, -2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := drift.Measure(context.Background(), ahead(tt.clock), tt.servers)
			if err != nil {
				t.Fatal(err)
			}
			if off := got - tt.want; off.Abs() > time.Second {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	ended, stop := context.WithCancel(context.Background())
	stop()
	for name, servers := range map[string][]string{
		"none": nil, "away with you": {ntptest.Serve(t, 0, moment.Now)}, "not there": {"127.0.0.1:1"},
	} {
		if _, err := drift.Measure(ended, moment.Now, servers); !errors.Is(err, drift.ErrNoAnswer) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux && screenshots

package main

import (
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// off is a data folder whose device was found to be off, with what do then does.
func (s *shots) off(by time.Duration, majority bool, do func(*clock.True) error) func(data string) {
	return func(data string) {
		right := clock.Open(data, nil)
		s.must(right.Allow(clock.OnDemand, nil))
		m := clock.Measurement{Agreement: clock.Agreement{Offset: by, Uncertainty: 12 * time.Millisecond, Majority: majority}, At: clock.Now()}
		for i, name := range []string{"ntp1.example.org", "time.example.net", "nts.example.com"} {
			m.With = append(m.With, clock.Estimate{
				Offset: by + time.Duration(i)*3*time.Millisecond, Uncertainty: 12 * time.Millisecond,
				Kind: clock.NTP, Name: name, Operator: name[len(name)-11:], Proven: i == 2,
			})
		}
		m.Against = []clock.Estimate{{Offset: by - 5*time.Second, Uncertainty: 40 * time.Millisecond, Kind: clock.NTP, Name: "late.example.org"}}
		s.must(right.Take(m))
		if do != nil {
			s.must(do(right))
		}
	}
}

// clock is the page about the clock, and what of it is seen elsewhere.
func (s *shots) clock() {
	defer func() { s.prepare = nil }()
	s.prepare = nil
	s.start(sample())
	s.keys("ctrl+t")
	s.take("clock-unknown-" + s.theme)
	s.keys("Tab", "Tab", "Tab", "Return")
	s.take("clock-permission-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("clock-permission-phone-" + s.theme)
	s.stop()

	s.prepare = s.off(47*time.Second, true, nil)
	s.start(sample())
	s.keys("Down")
	s.atSecond(11)
	s.take("clock-mark-" + s.theme)
	s.keys("Return", "ctrl+t")
	s.take("clock-corrected-" + s.theme)
	s.keys("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Return", "Tab", "Tab", "Tab", "Tab") // It changes now
	s.take("clock-compare-" + s.theme)
	s.keys("Tab", "Return", "Tab", "Tab")
	s.take("clock-taken-" + s.theme)
	s.keys("Tab", "Return", "Tab", "Tab", "Tab")
	s.take("clock-sources-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("clock-sources-phone-" + s.theme)
	s.keys("Escape", "ctrl+t")
	s.take("clock-corrected-phone-" + s.theme)
	s.keys("Escape")
	s.take("clock-mark-phone-" + s.theme)
	s.stop()

	s.prepare = s.off(47*time.Second, true, (*clock.True).TurnOff)
	s.start(sample())
	s.take("clock-banner-" + s.theme)
	s.keys("ctrl+t")
	s.take("clock-wrong-" + s.theme)
	s.stop()

	s.prepare = s.off(10*time.Minute, true, nil)
	s.start(sample())
	s.keys("ctrl+t")
	s.take("clock-ask-" + s.theme)
	s.size(phoneW, phoneH)
	s.take("clock-ask-phone-" + s.theme)
	s.keys("Escape", "ctrl+comma")
	s.size(wideW, wideH)
	for range 20 { // to the section about the clock
		s.keys("Tab")
	}
	s.take("clock-settings-" + s.theme)
	s.stop()
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package runbook

import (
	"slices"

	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/standing"
)

// fine is a standing with nothing wrong in it.
var fine = standing.Standing{
	Clock: standing.ClockRight, Source: standing.NTP, Enrolment: standing.Active, Link: standing.LinkOK,
	Codes: standing.ManyLeft, Automatic: standing.AutomaticOn, Last: standing.Accepted,
}

// standings are fine but for one thing each, and, since some things count only while
// no code was accepted, the same with a refused code.
func standings() []standing.Standing {
	all := []standing.Standing{fine}
	for _, last := range []standing.Last{standing.Accepted, standing.NoneTried, standing.RefusedOld, standing.RefusedWrong} {
		with := fine
		with.Last = last
		all = append(all, with)
		for c := standing.ClockUnchecked; c <= standing.WrongYear; c++ {
			s := with
			s.Clock = c
			all = append(all, s)
		}
		for k := standing.StoreOK; k <= standing.SealedFile; k++ {
			s := with
			s.Store = k
			all = append(all, s)
		}
		for e := standing.NoAccount; e <= standing.InBin; e++ {
			s := with
			s.Enrolment = e
			all = append(all, s)
		}
		for l := standing.NoLink; l <= standing.AppTooOld; l++ {
			s := with
			s.Link = l
			all = append(all, s)
		}
	}
	for c := standing.CodesUnknown; c <= standing.NeverSaved; c++ { // without them, more is left to the helpdesk
		s := fine
		s.Enrolment, s.Codes = standing.Shut, c
		all = append(all, s)
	}
	return all
}

// advices are what can be advised, each finding once, in the order in which causes are
// looked for.
func advices() []helpdesk.Advice {
	var all []helpdesk.Advice
	for _, s := range standings() {
		a := helpdesk.Advise(s)
		if !slices.ContainsFunc(all, func(b helpdesk.Advice) bool { return a.Finding == b.Finding && a.Next == b.Next }) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b helpdesk.Advice) int { return int(a.Cause) - int(b.Cause) })
	return all
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import "github.com/kutano/authenticator/assets/words"

// Title is what a call is about, as a list of scenarios says it: nothing that gives it away.
func Title(scenario string) string {
	switch scenario {
	case "slow-clock":
		return words.T("Codes are refused")
	case "lost-with-codes":
		return words.T("A new phone")
	case "lost-without-codes":
		return words.T("A phone is gone")
	case "sms-blocked":
		return words.T("No text message arrives")
	case "social-engineering":
		return words.T("A call from the airport")
	case All:
		return words.T("All calls, one after another")
	}
	return scenario
}

// Advice is one sentence of what to do better; "" where no rule was broken.
func (c Call) Advice() string {
	for _, rule := range c.Broken { // in the order of the score
		switch rule {
		case "no-code-asked":
			return words.T("Never ask for a code or for a shared screen: the caller types codes on Kutano’s own page.")
		case "called-back":
			return words.T("Before a code for one sign-in or a reset, hang up and call the number on record, never a number that the caller gives.")
		case "two-proofs":
			return words.T("Tick only the checks that you made in this call, for who called, and make two of different kinds beside the call back before a code for one sign-in or a reset.")
		case "least-first":
			return words.T("Try the smallest thing first: clock, next code, backup code, and only then the desk.")
		case "urgency-refused":
			return words.T("Let nobody rush you past a check, and change no address in the same call.")
		case "nothing-needless":
			return words.T("Do nothing at the desk that the call does not need.")
		case "ended-well":
			return words.T("Put every caller to the checks. If they pass, help until they are in. If not, give them nothing.")
		case "in-time":
			return words.T("First look at what the caller’s app says: it saves you most of the questions.")
		}
	}
	return ""
}

// Line says in one sentence how calls were answered.
func (s Score) Line() string {
	if len(s.Calls) == 0 {
		return words.T("No call was finished.")
	}
	return words.N(len(s.Calls), "You answered one call and scored {points} of 100 points.", "You answered {n} calls and scored {points} of 100 points on average. Each kind of call counts as it went last.", "points", s.Points)
}

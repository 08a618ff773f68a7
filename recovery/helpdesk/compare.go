// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
)

// Change is what a second phrase tells beside the first.
type Change struct {
	// Fixed tells that what was found first is no longer so.
	Fixed bool
	// Other tells that the phrases are of different systems, and so of different devices.
	Other bool
	// Headline says it in a sentence; Lines say what is otherwise now, a sentence each.
	Headline string
	Lines    []string
}

// Compare says what changed from one phrase to the next of the same call. The same
// state has the same phrase, so that a fix can be heard.
func Compare(before, after standing.Standing) Change {
	was := CauseOf(before)
	c := Change{Other: before.Platform != after.Platform}
	c.Fixed = !c.Other && was != CauseNone && !still(was, after)
	old := Facts(before)
	for i, line := range Facts(after) {
		if line != old[i] {
			c.Lines = append(c.Lines, line)
		}
	}
	c.Headline = headline(c, was, before, after)
	return c
}

// alike are causes of one kind: one that takes the other's place is no fix.
var alike = [][]Cause{
	{CauseLocked, CauseNoKeyring, CauseDenied},
	{CauseBin, CauseNoAccount, CauseKeyMissing, CauseKeyDamaged, CauseOldKey},
	{CauseClock, CauseNearly, CauseUnchecked},
	{CauseLate, CauseRefused},
}

// still tells whether a cause, or one of its kind, holds.
func still(c Cause, s standing.Standing) bool {
	for _, kind := range alike {
		if slices.Contains(kind, c) {
			return slices.ContainsFunc(kind, func(c Cause) bool { return reasons[c](s) })
		}
	}
	return reasons[c](s)
}

func headline(c Change, was Cause, before, after standing.Standing) string {
	switch {
	case c.Other:
		return words.T("These words are from a different device: {before} before, {after} now. Ask which of the two shows the codes.",
			"before", PlatformIs(before.Platform), "after", PlatformIs(after.Platform))
	case len(c.Lines) == 0:
		return words.T("Nothing has changed. Ask whether the step was taken, and whether the words were read from the app again.")
	case c.Fixed && (was == CauseClock || was == CauseNearly || was == CauseUnchecked):
		return words.T("{clock} What was wrong has been put right.", "clock", ClockIs(after.Clock))
	case c.Fixed:
		return words.T("What was wrong has been put right.")
	case was == CauseNone:
		return words.T("Something has changed.")
	}
	return words.T("Something has changed, but not what keeps the caller out.")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"time"

	"github.com/kutano/authenticator/assets/words"
)

// marks is how a mark, which has little room, is told.
var marks = []scale{
	{time.Minute, 0, time.Second},
	{time.Hour, time.Minute, time.Second},
	{day, time.Hour, time.Minute},
	{10 * day, day, time.Hour},
	{0, 0, day},
}

// Mark returns the sign beside codes that are corrected by an offset, such as
// "+47 s" or "−1 min 5 s", and the sentence that says the same. Both are "" for
// no offset.
func Mark(offset time.Duration) (mark, spoken string) {
	if offset == 0 {
		return "", ""
	}
	if offset > 0 {
		return "+" + short(offset), words.T("Codes are corrected: this clock is {size} slow.", "size", Size(offset))
	}
	return "−" + short(offset), words.T("Codes are corrected: this clock is {size} fast.", "size", Size(offset))
}

// short is a duration in few characters, without its sign.
func short(d time.Duration) string {
	large, small, in := split(d, marks)
	if large == 0 {
		return abbreviated(small, in.small)
	}
	if small == 0 {
		return abbreviated(large, in.large)
	}
	return abbreviated(large, in.large) + " " + abbreviated(small, in.small)
}

func abbreviated(n int, unit time.Duration) string {
	switch unit {
	case time.Second:
		return words.T("{n} s", "n", n)
	case time.Minute:
		return words.T("{n} min", "n", n)
	case time.Hour:
		return words.T("{n} h", "n", n)
	}
	return words.T("{n} d", "n", n)
}

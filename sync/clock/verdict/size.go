// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
)

const (
	day  = 24 * time.Hour
	year = 365*day + 5*time.Hour + 49*time.Minute + 12*time.Second // of the calendar, on average
)

// scale is how durations below a limit are told: rounded to the smaller of two
// units, which is left out where it is none. The last has no limit.
type scale struct {
	below        time.Duration
	large, small time.Duration // large is 0 for one unit alone
}

var scales = []scale{
	{2 * time.Minute, 0, time.Second},
	{10 * time.Minute, time.Minute, time.Second},
	{time.Hour, 0, time.Minute},
	{day, time.Hour, time.Minute},
	{10 * day, day, time.Hour},
	{2 * year, 0, day},
	{0, 0, year},
}

// split returns how many of which units tell a duration, whose sign is of no
// matter. The numbers are rounded, and small never makes up a whole large.
func split(d time.Duration, scales []scale) (large, small int, in scale) {
	d = d.Abs()
	for i := range scales {
		in = scales[i]
		n := math.Round(float64(d) / float64(in.small))
		if i+1 < len(scales) && n*float64(in.small) >= float64(in.below) {
			continue
		}
		if in.large == 0 {
			return 0, int(n), in
		}
		per := int(in.large / in.small)
		return int(n) / per, int(n) % per, in
	}
	return 0, 0, in // not reached: the last scale takes all
}

// Size says how long something is, in the units that a person would use: "47
// seconds", "2 minutes 5 seconds", "1 day 3 hours", "10 years". A sign is left
// out.
func Size(d time.Duration) string {
	large, small, in := split(d, scales)
	if large == 0 {
		return count(small, in.small)
	}
	if small == 0 {
		return count(large, in.large)
	}
	return count(large, in.large) + " " + count(small, in.small)
}

func count(n int, unit time.Duration) string {
	switch unit {
	case time.Second:
		return words.N(n, "1 second", "{n} seconds")
	case time.Minute:
		return words.N(n, "1 minute", "{n} minutes")
	case time.Hour:
		return words.N(n, "1 hour", "{n} hours")
	case day:
		return words.N(n, "1 day", "{n} days")
	}
	return words.N(n, "1 year", "{n} years")
}

// Within says how exact something is: up to ten seconds with up to two digits,
// rounded up, for that is what it is a bound of.
func Within(d time.Duration) string {
	d = d.Abs()
	if d >= 10*time.Second {
		return Size(d)
	}
	places := 0
	s := d.Seconds()
	switch {
	case s <= 0.095:
		places = 2
	case s <= 0.95:
		places = 1
	}
	pow := math.Pow10(places)
	s = max(math.Ceil(s*pow-1e-6), 1) / pow
	if places == 0 {
		return count(int(s), time.Second)
	}
	return words.T("{n} seconds", "n", decimal(s, places))
}

// decimal writes a number as it is written in the language in use.
func decimal(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	switch words.Current() {
	case "de", "fr", "es", "pt_BR":
		return strings.Replace(s, ".", ",", 1)
	}
	return s
}

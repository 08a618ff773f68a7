// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"math"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
)

// SourceLine is what one source said, for a person.
type SourceLine struct {
	Name   string // of the server or the device
	Trust  string // what it is, and who has to be trusted for it to be right
	Offset string // "+47.02 s ± 0.01 s"
	Agrees bool   // it was believed
}

// Sources returns a line for each source of a measurement, those that were
// believed first. There are none for nil.
func Sources(m *clock.Measurement) []SourceLine {
	if m == nil {
		return nil
	}
	lines := make([]SourceLine, 0, len(m.With)+len(m.Against))
	for _, e := range m.With {
		lines = append(lines, line(e, true))
	}
	for _, e := range m.Against {
		lines = append(lines, line(e, false))
	}
	return lines
}

func line(e clock.Estimate, agrees bool) SourceLine {
	name, who := e.Name, e.Operator
	if who == "" {
		who = name
	}
	if name == "" {
		name = nameless(e.Kind)
	}
	if who == "" {
		who = words.T("whoever runs it")
	}
	return SourceLine{Name: name, Trust: trust(e, who), Offset: Figure(e.Offset, e.Uncertainty), Agrees: agrees}
}

func nameless(k clock.Kind) string {
	switch k {
	case clock.NTP, clock.NTS:
		return words.T("A time server")
	case clock.Web:
		return words.T("A web server")
	case clock.Service:
		return words.T("A service")
	case clock.System:
		return words.T("This device")
	case clock.Codes:
		return words.T("Another device")
	case clock.Tries:
		return words.T("Codes you tried")
	}
	return words.T("Another source")
}

// trust says what a source is and whom to trust.
func trust(e clock.Estimate, who string) string {
	switch e.Kind {
	case clock.NTP, clock.NTS:
		if e.Proven {
			return words.T("a time server, proven: trusts {who}", "who", who)
		}
		return words.T("a time server: trusts {who} and the network on the way", "who", who)
	case clock.Web:
		if e.Proven {
			return words.T("a web server, proven: trusts {who}", "who", who)
		}
		return words.T("a web server: trusts {who} and the network on the way", "who", who)
	case clock.Service:
		if e.Proven {
			return words.T("the clock of a service, proven: trusts {who}", "who", who)
		}
		return words.T("the clock of a service: trusts {who} and the network on the way", "who", who)
	case clock.System:
		return words.T("what the system says of itself")
	case clock.Codes:
		return words.T("its codes: as right as that device")
	case clock.Tries:
		return words.T("which were taken and which refused: as right as the service")
	}
	return words.T("of a sort that this version does not know")
}

// Figure writes an offset and its uncertainty in seconds, as exactly as they are
// known: "+47.02 s ± 0.01 s". From an hour on it says the offset as a mark does.
func Figure(offset, uncertainty time.Duration) string {
	sign := "+"
	if offset < 0 {
		sign = "−"
	}
	places := 3
	switch u := uncertainty.Abs(); {
	case u >= time.Second:
		places = 1
	case u >= 10*time.Millisecond:
		places = 2
	}
	size := words.T("{n} s", "n", decimal(offset.Abs().Seconds(), places))
	if offset.Abs() >= time.Hour {
		size = short(offset)
	}
	pow := math.Pow10(places)
	u := max(math.Ceil(uncertainty.Abs().Seconds()*pow-1e-6), 1) / pow
	return sign + size + " ± " + words.T("{n} s", "n", decimal(u, places))
}

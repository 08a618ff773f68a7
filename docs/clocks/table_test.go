// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clocks

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/sync/clock/measure"
	"github.com/kutano/authenticator/sync/clock/webtime"
)

var update = flag.Bool("update", false, "write docs/clock.md anew")

const page = "../clock.md"

// refusals are what a source may say instead of a time, by what the page calls it.
var refusals = []struct {
	err  error
	name string
}{
	{measure.ErrCertificateTime, "certificates fail"},
	{webtime.ErrCertificateTime, "certificate fails"},
	{fromcodes.ErrNoMatch, "fits no time"},
	{fromcodes.ErrTooLittle, "none was taken"},
}

// found is a cell of the table.
type found struct {
	err, stated time.Duration
	unproven    bool // a time server that could have proven who it is did not
	refused     string
}

// TestTable measures each clock with each source: the truth is within what the
// source states, the words are right, and the corrected code is oathtool's. // R53
func TestTable(t *testing.T) {
	if raceEnabled {
		t.Skip("it runs without the race detector, as the step clocks of .ci/test: it is about milliseconds")
	}
	need(t, "oathtool")
	w := newWorld(t)
	cells := make([][]found, len(devices))
	said := make([]outcome, len(devices))
	var all sync.WaitGroup
	slots := make(chan struct{}, 6) // most of the time is waiting
	for i, d := range devices {
		cells[i] = make([]found, len(sources))
		for j, s := range sources {
			all.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				m, err := s.ask(w, d.ahead)
				if err != nil {
					cells[i][j] = found{refused: w.refusal(err, d.name, s.name)}
					return
				}
				off := (m.Offset + d.ahead).Abs()
				cells[i][j] = found{err: off, stated: m.Uncertainty, unproven: s.proven && !allProven(m.With)}
				if off > m.Uncertainty {
					t.Errorf("%s, %s: %v off, and it stated ± %v", d.name, s.name, off, m.Uncertainty)
				}
				o := correct(t, d.ahead, m, s.apart)
				if j == 0 {
					said[i] = o
				}
			})
		}
	}
	all.Wait()
	for j, s := range sources {
		if half := median(cells, j); half > s.limit {
			t.Errorf("%s: half of the devices are more than %v off the truth", s.name, half)
		}
	}
	if !t.Failed() {
		compare(t, render(cells, said))
	}
}

func allProven(es []clock.Estimate) bool {
	return !slices.ContainsFunc(es, func(e clock.Estimate) bool { return !e.Proven })
}

// median returns the middle one of a source's errors.
func median(cells [][]found, source int) time.Duration {
	var errs []time.Duration
	for _, row := range cells {
		if row[source].refused == "" {
			errs = append(errs, row[source].err)
		}
	}
	slices.Sort(errs)
	return errs[len(errs)/2]
}

func (w *world) refusal(err error, device, source string) string {
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return r.name
		}
	}
	w.t.Errorf("%s, %s: %v", device, source, err)
	return ""
}

// figures are what is another in each run.
var figures = regexp.MustCompile(`[0-9.]+ (µs|ms|s) ± [0-9.]+ (µs|ms|s)`)

// compare checks that the page says what was found, but for the figures.
func compare(t *testing.T, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	plain := func(s string) string { return figures.ReplaceAllString(s, "#") }
	if plain(string(have)) != plain(text) {
		t.Errorf("docs/clock.md says other than was found; go test ./docs/clocks -update writes\n%s", text)
	}
}

func (f found) String() string {
	if f.refused != "" {
		return f.refused
	}
	text := figure(f.err) + " ± " + figure(f.stated)
	if f.unproven {
		text += ", unproven"
	}
	return text
}

// figure rounds a time up to two digits.
func figure(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		switch n := float64(d) / float64(u.unit); {
		case n >= 10:
			return fmt.Sprintf("%.0f %s", n, u.name)
		case n >= 1 || u.name == "µs":
			return fmt.Sprintf("%.1f %s", n, u.name)
		}
	}
	return ""
}

func render(cells [][]found, said []outcome) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("\n| device | what its user is told | with corrected codes |\n|---|---|---|\n")
	for i, d := range devices {
		after := said[i].after
		if after == said[i].before {
			after = "the same: nothing to correct"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", d.name, said[i].before, after)
	}
	b.WriteString(middle)
	b.WriteString("\n| device |")
	for _, s := range sources {
		fmt.Fprintf(&b, " %s |", s.name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(sources)) + "\n")
	for i, d := range devices {
		fmt.Fprintf(&b, "| %s |", d.name)
		for j := range sources {
			fmt.Fprintf(&b, " %s |", cells[i][j])
		}
		b.WriteString("\n")
	}
	b.WriteString(foot)
	return b.String()
}

const head = `# The clock

A code is made from the time, so a device whose clock is wrong makes codes that are refused. The programs measure how far
it is off, say so, and make codes for the true time. This page is written by the tests in docs/clocks, with

    go test -count=1 ./docs/clocks -update

and they fail where it would say something else, but for the figures, which are of one run on two cores. Each clock was
measured with each source; the time servers are real ones (chrony), five of them right and two an hour ahead. What is
turned is the device's clock as the programs read it: libfaketime, which turns the servers' clocks, does not reach
programs in Go.

## What a person reads

By five time servers, before codes are corrected and after. Up to five minutes they are corrected without asking.
`

const middle = `
## How far each source was off

"3 ms ± 20 ms" was 3 ms off the truth and stated that it is off by at most 20 ms. In every case the truth was within
what was stated. The codes that were then shown were those that oathtool makes for the true time; those by another
device's codes, which tell the time to half a minute, or their neighbours, which a service takes as well (RFC 6238, section
5.2); those by codes that were taken, up to two codes away: that source is a hint.
`

const foot = `
| word | |
|---|---|
| certificate fails, certificates fail | with a date that is years off no secure connection can be made, and that is what is said. Time servers answer without one |
| unproven | likewise: proving who one is needs a secure connection. The servers were then asked without |
| fits no time | codes of another device are looked for within two days of this one's clock |
| none was taken | a service that takes no code does not tell the time |

## Whom it trusts

- **Time servers** (NTP): no single one. At least three of at least two operators have to agree, and be more than half of
  those that answered. Their answers can be made up on the way, but for those that prove who they are (NTS): where more of
  these are against the others than with them, these decide.
- **Web servers** (the Date of a reply over HTTPS): the server and its certificate. Asked where time servers do not
  answer or do not agree, and where codes would be corrected and no time server proved who it is. They count like these.
- **A service** (/v1/time): likewise. It is the clock that your codes are compared with.
- **Another device's code**: that device's clock. No network is needed.
- **Codes that were taken**: the service's clock. No network is needed.
- **The system** says whether something keeps its clock right. It is shown, and nothing is corrected by it.

Nothing is asked on the network before you allowed it. Where you allowed it once a day, the clock is also measured
when the window begins checks of "Get back in" that look at it; where you allowed it on demand, one press measures it
there. Only codes are corrected, never the device's clock. Less than two seconds are left alone. More than five
minutes, or what a single source says, are corrected only if you say so: who makes up a time in the future would have
you show codes of that time. When the clock is set, the correction is dropped at once and you are told; it outlives
the program, and after a start of the device you are asked.
`

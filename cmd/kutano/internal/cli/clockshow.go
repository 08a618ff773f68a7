// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// printClock prints the verdict for people: what is said, the time line, how to
// set the clock right, and the sources.
func (a *App) printClock(s clock.Status, v verdict.Verdict) error {
	var b strings.Builder
	fmt.Fprintln(&b, v.Headline)
	for _, n := range v.Notes {
		fmt.Fprintln(&b, n)
	}
	if v.Picture != nil {
		b.WriteString("\n" + timeLine(v.Picture))
	}
	if wrong(s, v) {
		if steps := system.Steps(runtime.GOOS); len(steps) > 0 {
			b.WriteString("\n" + words.T("To set the clock right:") + "\n")
			for i, step := range steps {
				fmt.Fprintf(&b, "  %d. %s\n", i+1, step)
			}
		}
	}
	if s.Stale == "" {
		b.WriteString(sourceTable(s.Measured))
	}
	if _, err := io.WriteString(a.Out, b.String()); err != nil {
		return fmt.Errorf("print the verdict: %w", err)
	}
	return nil
}

// wrong tells whether there is something to set right, be it that codes are
// corrected meanwhile.
func wrong(s clock.Status, v verdict.Verdict) bool {
	return v.Cause != verdict.NoCause || s.Applied != 0 || s.Stale == "" && v.Tone >= verdict.Look
}

// sourceTable lists who said what.
func sourceTable(m *clock.Measurement) string {
	lines := verdict.Sources(m)
	if len(lines) == 0 {
		return ""
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		trust := l.Trust
		if !l.Agrees {
			trust = words.T("not believed; {what}", "what", trust)
		}
		rows[i] = []string{"  " + clean(l.Name), l.Offset, clean(trust)}
	}
	return "\n" + words.T("What the sources say:") + "\n" + table(rows)
}

// stepWidth is how many characters a step takes in the time line.
const stepWidth = 10

// timeLine draws the steps of codes around the service's now, with characters
// that every terminal has:
//
//	             this device
//	             v
//	|----------|==========|==========|==========|----------|
//	                             ^
//	                             the service
func timeLine(p *verdict.Picture) string {
	var line strings.Builder
	for _, taken := range p.Accepted {
		line.WriteString("|" + strings.Repeat(map[bool]string{true: "=", false: "-"}[taken], stepWidth))
	}
	line.WriteString("|")
	n := len(p.Accepted)
	device := pointer(words.T("this device"), "v", p.Device, n)
	rows := []string{device[1], device[0], line.String()}
	service := pointer(words.T("the service"), "^", p.Service, n)
	rows = append(rows, service[0], service[1])
	if p.Codes != p.Device {
		codes := pointer(words.T("your codes, corrected"), "^", p.Codes, n)
		rows = append(rows, codes[0], codes[1])
	}
	var b strings.Builder
	for _, row := range rows {
		b.WriteString("  " + strings.TrimRight(row, " ") + "\n")
	}
	b.WriteString("  " + words.T("A service takes the codes of the steps marked =; a step is {n} seconds.", "n", int(p.Period.Seconds())) + "\n")
	return b.String()
}

// pointer returns two rows: the sign at a place among n steps, and what it
// points out. A place outside of the line is shown at its end.
func pointer(label, sign string, at float64, n int) [2]string {
	width := n*(stepWidth+1) + 1
	column := 0
	switch {
	case at < 0:
		sign, label = "<", words.T("{what}, further back", "what", label)
	case at >= float64(n):
		sign, label = ">", words.T("{what}, further on", "what", label)
		column = width - 1
	default:
		step := math.Floor(at)
		column = int(step)*(stepWidth+1) + 1 + int((at-step)*stepWidth+1e-6)
	}
	start := max(0, min(column, width-len([]rune(label))))
	return [2]string{strings.Repeat(" ", column) + sign, strings.Repeat(" ", start) + label}
}

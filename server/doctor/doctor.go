// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package doctor checks what the service needs before it serves, and while it
// does: clock, keys, database, mail, text messages, Google and Apple, and whether
// users reach it. It changes nothing, and sends nothing unless it is told to.
package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/kutano/authenticator/server/config"
	"github.com/kutano/authenticator/server/moment"
)

// Level is how a check ended.
type Level string

// The levels.
const (
	Fine Level = "ok"
	Warn Level = "warning" // it works, but not as it should, or it could not be checked
	Bad  Level = "failed"  // it will not work
)

// Finding is what a check found.
type Finding struct {
	Check string `json:"check"`
	Level Level  `json:"level"`
	Text  string `json:"text"`         // what is so
	Do    string `json:"do,omitempty"` // what to do about it
}

// Examination is what is to be checked.
type Examination struct {
	Config config.Config
	Clock  moment.Clock // nil: the system's
	// SendTestTo is an address that a mail goes to; "" sends none.
	SendTestTo string
	// HTTP asks other services; nil is a client with a time limit.
	HTTP *http.Client
}

// within is how long one check may take.
const within = 10 * time.Second

// Run does all checks at once and returns their findings in a fixed order.
func (e *Examination) Run(ctx context.Context) []Finding {
	if e.Clock == nil {
		e.Clock = moment.Now
	}
	if e.HTTP == nil {
		e.HTTP = &http.Client{Timeout: within}
	}
	first := e.configuration()
	checks := []func(context.Context) []Finding{
		e.clock, e.keys, e.database, e.mail, e.text, e.providers, e.certificate, e.address,
	}
	found := make([][]Finding, len(checks))
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() {
			ctx, stop := context.WithTimeout(ctx, within)
			defer stop()
			found[i] = check(ctx)
		})
	}
	all.Wait()
	result := []Finding{first}
	for _, f := range found {
		result = append(result, f...)
	}
	return result
}

// Worst is the worst level among findings.
func Worst(found []Finding) Level {
	worst := Fine
	for _, f := range found {
		if f.Level == Bad || f.Level == Warn && worst == Fine {
			worst = f.Level
		}
	}
	return worst
}

var marks = map[Level]string{Fine: "✓", Warn: "!", Bad: "✗"}

// Print writes findings for people: one line each, and below it what to do.
func Print(w io.Writer, found []Finding) error {
	var b strings.Builder
	for _, f := range found {
		fmt.Fprintf(&b, "%s %-12s %s\n", marks[f.Level], f.Check, f.Text)
		if f.Do != "" {
			fmt.Fprintf(&b, "  %-12s → %s\n", "", f.Do)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// PrintJSON writes findings for programs.
func PrintJSON(w io.Writer, found []Finding) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Level    Level     `json:"level"`
		Findings []Finding `json:"findings"`
	}{Worst(found), found})
}

// one is a list of one finding.
func one(check string, level Level, text, do string) []Finding {
	return []Finding{{Check: check, Level: level, Text: text, Do: do}}
}

func (e *Examination) configuration() Finding {
	if err := e.Config.Check(); err != nil {
		return Finding{"settings", Bad, strings.ReplaceAll(err.Error(), "\n", "; "), "correct the configuration; docs/kutano-2fa.toml shows all of it"}
	}
	return Finding{"settings", Fine, "complete and safe", ""}
}

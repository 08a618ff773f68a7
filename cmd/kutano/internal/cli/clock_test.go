// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/measure"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// Whatever else is asked for: without permission no server hears of it.
func TestNothingIsAskedBeforeItIsAllowed(t *testing.T) {
	server := lietest.Start(t)
	dir := t.TempDir()
	runClock := func(args ...string) int {
		var out, errs bytes.Buffer
		a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
		return a.Run(t.Context(), append([]string{"--data", dir, "clock"}, args...))
	}
	for _, n := range []clock.Network{clock.Unasked, clock.Never} {
		if n == clock.Never {
			runClock("--allow", "never")
			// Those that are kept must not be asked either.
			if err := clock.Open(dir, nil).Allow(clock.Never, []string{server.Addr}); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{
			{}, {"--json"}, {"--server", server.Addr}, {"--service", "http://" + server.Addr}, {"--offline"}, {"--apply"}, {"--on"}, {"--off"},
		} {
			if exit := runClock(args...); exit == 0 && len(args) > 0 && args[0] != "--on" && args[0] != "--off" {
				t.Errorf("%q where %q is allowed: exit 0", args, n)
			}
		}
		if server.Asked() != 0 {
			t.Fatalf("where %q is allowed, a server was asked", n)
		}
	}
	runClock("--yes", "--server", server.Addr)
	if server.Asked() == 0 {
		t.Error("with --yes no server was asked")
	}
}

// A code that is typed when the next one has begun is not the one that began at
// the flip.
func TestFlipped(t *testing.T) {
	for after, flip := range map[time.Duration]bool{0: true, 29 * time.Second: true, 30 * time.Second: false, time.Hour: false} {
		at := clock.Times{Wall: time.Unix(0, 0), Boot: time.Hour}
		now := clock.Times{Wall: at.Wall.Add(after), Boot: at.Boot + after}
		want := fromcodes.Reading{Code: "1", At: now}
		if flip {
			want = fromcodes.Reading{Code: "1", At: at, Flip: true}
		}
		if got := flipped("1", at, now, 30*time.Second); got != want {
			t.Errorf("%v later: %+v", after, got)
		}
	}
}

// A flag with nothing in it is not taken for none.
func TestEmptyFlags(t *testing.T) {
	for _, name := range []string{"--allow", "--service", "--code", "--server"} {
		dir := t.TempDir()
		var out, errs bytes.Buffer
		a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
		if exit := a.Run(t.Context(), []string{"--data", dir, "clock", name, " "}); exit != 2 || !strings.Contains(errs.String(), name+" needs a value.") {
			t.Errorf("%s: exit %d, %s%s", name, exit, out.String(), errs.String())
		}
	}
}

// Where only one server answers, what several agreed on is not lost.
func TestAllowedOnceKeepsTheMajority(t *testing.T) {
	server := lietest.Start(t)
	dir := t.TempDir()
	c := clock.Open(dir, nil)
	if err := c.Allow(clock.Never, []string{server.Addr}); err != nil {
		t.Fatal(err)
	}
	const off = 47 * time.Second
	if err := c.Take(clock.Measurement{Agreement: clock.Agreement{Offset: off, Uncertainty: time.Second, Majority: true}, At: clock.Now()}); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
	if exit := a.Run(t.Context(), []string{"--data", dir, "clock", "--yes"}); exit != 0 || server.Asked() == 0 {
		t.Errorf("exit %d, asked %d times: %s%s", exit, server.Asked(), out.String(), errs.String())
	}
	if s := clock.Open(dir, nil).Status(); s.Applied != off || !s.Measured.Majority {
		t.Errorf("corrected by %v after that", s.Applied)
	}
}

// What is noted of backup codes has the corrected time, so that a device whose clock
// is years fast forgets nothing too early.
func TestBackupCodesGoByTheCorrectedTime(t *testing.T) {
	dir := t.TempDir()
	c := clock.Open(dir, nil)
	const off = -3 * 365 * 24 * time.Hour
	if err := c.Take(clock.Measurement{Agreement: clock.Agreement{Offset: off, Uncertainty: time.Second, Majority: true}, At: clock.Now()}); err != nil {
		t.Fatal(err)
	}
	want := c.Now()
	var out, errs bytes.Buffer
	a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
	if exit := a.Run(t.Context(), []string{"--data", dir, "safe", "note", "Kutano", "--where", "at home"}); exit != 0 {
		t.Fatal(errs.String())
	}
	s, err := backupcodes.Open(dir, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	if sets := s.Sets(); len(sets) != 1 || sets[0].Made.Before(want.Truncate(time.Second)) || sets[0].Made.Sub(want) > time.Hour {
		t.Errorf("%+v, want about %v", sets, want)
	}
}

// A service's clock is a source, and one that gives no time is named.
func TestServices(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/2fa/v1/time" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, `{"unix_ms":%d}`, time.Now().UnixMilli())
	}))
	defer service.Close()
	server := lietest.Start(t)
	for url, want := range map[string]string{
		service.URL + "/2fa":   "",
		service.URL + "/other": "gave no time.",
		"http://example.com":   "That is not the address of a service.",
		"\x00":                 "That is not the address of a service.",
	} {
		var out, errs bytes.Buffer
		a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}}
		exit := a.Run(t.Context(), []string{"--data", t.TempDir(), "clock", "--json", "--yes", "--server", server.Addr, "--service", url})
		var doc struct {
			Clock    shownClock
			Warnings []failure
		}
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil || exit != 0 || doc.Clock.State != "right" {
			t.Errorf("%q: exit %d, %v: %s", url, exit, err, out.String())
			continue
		}
		asked := slices.ContainsFunc(doc.Clock.Sources, func(s shownSource) bool { return s.Kind == clock.Service })
		if asked != (want == "") || len(doc.Warnings) > 1 || (len(doc.Warnings) == 0) != (want == "") || want != "" && !strings.HasSuffix(doc.Warnings[0].Message, want) {
			t.Errorf("%q: sources %+v, warnings %+v", url, doc.Clock.Sources, doc.Warnings)
		}
	}
}

func TestTimeLine(t *testing.T) {
	at := func(service, device, codes float64) *verdict.Picture {
		return &verdict.Picture{Period: 30 * time.Second, Accepted: []bool{false, true, true, true, false}, Service: service, Device: device, Codes: codes}
	}
	const line = "  |----------|==========|==========|==========|----------|\n"
	const legend = "  A service takes the codes of the steps marked =; a step is 30 seconds.\n"
	// The third step begins at column 25.
	to := func(column int) string { return strings.Repeat(" ", column) }
	for name, tc := range map[string]struct {
		p    *verdict.Picture
		want string
	}{
		"right":           {at(2.5, 2.5, 2.5), to(30) + "this device\n" + to(30) + "v\n" + line + to(30) + "^\n" + to(30) + "the service\n"},
		"slow, corrected": {at(2.8, 1.2, 2.8), to(16) + "this device\n" + to(16) + "v\n" + line + to(33) + "^\n" + to(33) + "the service\n" + to(33) + "^\n" + to(33) + "your codes, corrected\n"},
		"at the end":      {at(2, 4.99, 4.99), to(47) + "this device\n" + to(56) + "v\n" + line + to(25) + "^\n" + to(25) + "the service\n"},
		"far back":        {at(2, -100, -100), "  this device, further back\n  <\n" + line + to(25) + "^\n" + to(25) + "the service\n"},
		"far on":          {at(2, 5, 5), to(35) + "this device, further on\n" + to(57) + ">\n" + line + to(25) + "^\n" + to(25) + "the service\n"},
	} {
		if got := timeLine(tc.p); got != tc.want+legend {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, tc.want)
		}
	}
	for _, far := range []float64{math.Inf(1), 1e300, 5, -1e-9} {
		for row := range strings.Lines(timeLine(at(2.5, far, far))) {
			if n := len([]rune(strings.TrimSuffix(row, "\n"))); n > 80 {
				t.Errorf("at %v a row has %d characters", far, n)
			}
		}
	}
}

// What the network's errors are told as.
func TestUnmeasured(t *testing.T) {
	for err, kind := range map[error]explain.Kind{
		measure.ErrNoAnswer: explain.NoNetwork, measure.ErrCertificateTime: explain.Clock, measure.ErrStepped: explain.Busy,
	} {
		m := explain.Error(unmeasured(errors.Join(errors.New("measure the clock"), err)))
		if m.Kind != kind || m.Exit != 1 || m.What == "" || m.Safe == "" || m.Next == "" {
			t.Errorf("%v: %+v", err, m)
		}
	}
	cancelled := fmt.Errorf("measure the clock: %w: %w", measure.ErrNoAnswer, context.Canceled)
	if m := explain.Error(unmeasured(cancelled)); m.Exit != 7 {
		t.Errorf("Ctrl-C ends with %d: %+v", m.Exit, m)
	}
	if unmeasured(nil) != nil {
		t.Error("nothing went wrong, and that is told")
	}
}

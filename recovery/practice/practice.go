// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package practice runs the training of the helpdesk: the program kutano-2fa, which
// plays callers who cannot get in on pages in a browser, and tells at the end how they
// were answered.
//
// It is a program of its own, on this machine alone. [Find] looks for it, [Start]
// starts it, and [Practice.End] ends it and reads the score. It ends with whoever
// started it, however that ends: its standard input is held open as long.
package practice

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Scenarios are the calls that there are, in the order to learn them; All is each of them.
var Scenarios = []string{"slow-clock", "lost-with-codes", "lost-without-codes", "sms-blocked", "social-engineering"}

// All names every scenario.
const All = "all"

// Known tells whether there is a scenario of a name.
func Known(name string) bool { return name == All || slices.Contains(Scenarios, name) }

// What can go wrong.
var (
	// ErrNoProgram is returned where kutano-2fa is neither beside this program nor on the PATH.
	ErrNoProgram = errors.New("kutano-2fa is not installed")
	// ErrNoScenario is returned for a name that is no scenario's.
	ErrNoScenario = errors.New("there is no such scenario")
	// ErrNotStarted is returned where the program does not do what it should: it is
	// another one, or one that is too old.
	ErrNotStarted = errors.New("the practice did not start")
	// ErrNoScore is returned where it ended without telling how the calls were answered.
	ErrNoScore = errors.New("the practice told no score")
)

// program is its name, without what Windows adds.
const program = "kutano-2fa"

// Find returns the path of kutano-2fa: beside this program, else on the PATH; ErrNoProgram.
func Find() (string, error) {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err == nil {
		beside := filepath.Join(filepath.Dir(self), program)
		if runtime.GOOS == "windows" {
			beside += ".exe"
		}
		if path, err := exec.LookPath(beside); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath(program)
	if err != nil { // also one that is found in the current folder alone
		return "", ErrNoProgram
	}
	return path, nil
}

// Practice is a practice that runs.
type Practice struct {
	// Address is where the calls are answered, in a browser on this machine.
	Address string

	process *exec.Cmd
	input   io.Closer // while it is open, the program goes on
	ended   chan struct{}
	once    sync.Once
	told    []byte // what it said after its address, once it has ended
}

var addressForm = regexp.MustCompile(`http://(?:127\.0\.0\.1|\[::1\]):\d{1,5}/practice/call`)

// Bounds of what the program says and how long it takes.
const (
	mostTold   = 1 << 20
	startsIn   = 30 * time.Second
	endsWithin = 15 * time.Second
)

// Start starts a program that Find found, with some scenarios, on a free port of this
// machine; it returns once it answers there. ErrNoScenario, ErrNotStarted, or ctx's
// error where that ends before.
func Start(ctx context.Context, path string, scenarios ...string) (*Practice, error) {
	for _, s := range scenarios {
		if !Known(s) {
			return nil, ErrNoScenario
		}
	}
	if len(scenarios) == 0 {
		scenarios = []string{All}
	}
	p := &Practice{
		process: exec.Command(path, "practice", "--addr", "127.0.0.1:0", "--until-input-ends", "--score-json", "--scenario", strings.Join(scenarios, ",")),
		ended:   make(chan struct{}),
	}
	in, err := p.process.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotStarted, err)
	}
	p.input = in
	out, err := p.process.StdoutPipe()
	if err == nil {
		err = p.process.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotStarted, err)
	}
	first := make(chan string, 1)
	go p.listen(out, first)
	limited, cancel := context.WithTimeout(ctx, startsIn)
	defer cancel()
	select {
	case line := <-first:
		if p.Address = addressForm.FindString(line); p.Address != "" {
			return p, nil
		}
	case <-limited.Done():
	}
	p.stop()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("start the practice: %w", ctx.Err())
	}
	return nil, ErrNotStarted
}

// listen reads what the program says, until it ends.
func (p *Practice) listen(out io.Reader, first chan<- string) {
	defer close(p.ended)
	r := bufio.NewReader(io.LimitReader(out, mostTold))
	line, _ := r.ReadString('\n') // what came is looked at
	first <- line
	rest, err := io.ReadAll(r)
	_, _ = io.Copy(io.Discard, out) // what is too much
	if werr := p.process.Wait(); err == nil && werr == nil {
		p.told = rest
	}
}

// Ended is closed when the program has ended, also by itself.
func (p *Practice) Ended() <-chan struct{} { return p.ended }

// stop ends the program, by force if it takes too long.
func (p *Practice) stop() {
	p.once.Do(func() {
		_ = p.input.Close()
		t := time.AfterFunc(endsWithin, func() { _ = p.process.Process.Kill() })
		defer t.Stop()
		<-p.ended
	})
}

// Score is how calls were answered.
type Score struct {
	Points int    // the mean of all calls, out of 100
	Calls  []Call // those that were answered to their end
}

// Call is how one call was answered.
type Call struct {
	Scenario string
	Points   int
	Ending   string // "in", "refused" or "hung-up"
	Took     time.Duration
	Broken   []string // names of the rules that were broken
}

// End ends the practice, if it goes on, and returns how the calls were answered;
// ErrNoScore where that cannot be told.
func (p *Practice) End() (Score, error) {
	p.stop()
	return read(p.told)
}

type scoreJSON struct {
	Points *int `json:"score"`
	Calls  []struct {
		Scenario string `json:"scenario"`
		Points   int    `json:"score"`
		Ending   string `json:"ending"`
		Seconds  int    `json:"seconds"`
		Rules    []struct {
			Name string `json:"rule"`
			Kept bool   `json:"kept"`
		} `json:"rules"`
	} `json:"calls"`
}

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// read takes the score out of what the program said last: it is the last line.
func read(told []byte) (Score, error) {
	lines := strings.Split(strings.TrimSpace(string(told)), "\n")
	var v scoreJSON
	if json.Unmarshal([]byte(lines[len(lines)-1]), &v) != nil || v.Points == nil || !percent(*v.Points) || len(v.Calls) > 1000 {
		return Score{}, ErrNoScore
	}
	s := Score{Points: *v.Points}
	for _, c := range v.Calls {
		if !nameForm.MatchString(c.Scenario) || !nameForm.MatchString(c.Ending) || !percent(c.Points) || c.Seconds < 0 || c.Seconds > 1<<20 {
			return Score{}, ErrNoScore
		}
		one := Call{Scenario: c.Scenario, Points: c.Points, Ending: c.Ending, Took: time.Duration(c.Seconds) * time.Second}
		for _, r := range c.Rules {
			if !nameForm.MatchString(r.Name) {
				return Score{}, ErrNoScore
			}
			if !r.Kept {
				one.Broken = append(one.Broken, r.Name)
			}
		}
		s.Calls = append(s.Calls, one)
	}
	return s, nil
}

func percent(n int) bool { return n >= 0 && n <= 100 }

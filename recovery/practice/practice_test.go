// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/link/practicetest"
)

// TestMain lets the test binary be another program under the name kutano-2fa.
func TestMain(m *testing.M) {
	switch strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") {
	case program: // one that is something else
		_, _ = os.Stdout.WriteString("hello\n")
		return
	case "quiet": // one that says nothing until its input ends
		_, _ = os.Stdin.Read(make([]byte, 1))
		return
	}
	os.Exit(practicetest.Main(m))
}

// as is this test under another name.
func as(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if err := os.Link(self, path); err != nil {
		b, rerr := os.ReadFile(self)
		if rerr != nil {
			t.Fatal(err, rerr)
		}
		if err := os.WriteFile(path, b, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// R59: a training runs, and ends with its score; each scenario is one that the program has.
func TestPractice(t *testing.T) {
	path := practicetest.Program(t)
	p, err := Start(t.Context(), path, "slow-clock", "social-engineering")
	if err != nil {
		t.Fatal(err)
	}
	practicetest.Train(t, p.Address, "slow-clock", "ask-phrase", "set-clock", "next-code")
	practicetest.Train(t, p.Address, "social-engineering", "call-given", "refuse")
	s, err := p.End()
	if err != nil || s.Points != 95 || len(s.Calls) != 2 {
		t.Fatalf("%+v, %v", s, err)
	}
	if c := s.Calls[0]; c.Scenario != "slow-clock" || c.Points != 100 || c.Ending != "in" || len(c.Broken) != 0 || c.Advice() != "" {
		t.Errorf("%+v", c)
	}
	if c := s.Calls[1]; c.Points != 90 || c.Ending != "refused" || !slices.Equal(c.Broken, []string{"called-back"}) || !strings.Contains(c.Advice(), "number on record") {
		t.Errorf("%+v", c)
	}
	if again, err := p.End(); err != nil || again.Points != 95 {
		t.Errorf("ended twice: %+v, %v", again, err)
	}
	select {
	case <-p.Ended():
	default:
		t.Error("it has not ended")
	}
}

// What the program has, and what each rule says, is known here.
func TestScenariosAreThoseOfTheProgram(t *testing.T) {
	help, err := exec.Command(practicetest.Program(t), "practice", "--help").Output()
	if err != nil || !strings.Contains(string(help), "Scenarios: "+strings.Join(Scenarios, ", ")+", or all") {
		t.Errorf("%s, %v", help, err)
	}
	for _, s := range append(slices.Clone(Scenarios), All) {
		if Title(s) == s || !Known(s) {
			t.Errorf("%s has no title", s)
		}
	}
	source, err := os.ReadFile(filepath.Join("..", "..", "server", "practice", "score.go"))
	if err != nil {
		t.Fatal(err)
	}
	rules := regexp.MustCompile(`"([a-z]+-[a-z-]+)", "[A-Z]`).FindAllStringSubmatch(string(source), -1)
	if len(rules) != 8 {
		t.Errorf("%d rules were found", len(rules))
	}
	for _, r := range rules {
		if (Call{Broken: []string{r[1]}}).Advice() == "" {
			t.Errorf("no advice for %s", r[1])
		}
	}
}

func TestNobodyAnswered(t *testing.T) {
	p, err := Start(t.Context(), practicetest.Program(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.End()
	if err != nil || len(s.Calls) != 0 || s.Line() != "No call was finished." {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestNotStarted(t *testing.T) {
	if _, err := Start(t.Context(), practicetest.Program(t), "nothing"); !errors.Is(err, ErrNoScenario) {
		t.Errorf("an unknown scenario: %v", err)
	}
	for name, path := range map[string]string{"no program": filepath.Join(t.TempDir(), "nothing"), "another program": as(t, program)} {
		if _, err := Start(t.Context(), path, All); !errors.Is(err, ErrNotStarted) {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, as(t, "quiet"), All); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// The program is found beside this one first, else on the PATH, and never in the current folder.
func TestFind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Chdir(filepath.Dir(as(t, program)))
	if path, err := Find(); !errors.Is(err, ErrNoProgram) {
		t.Errorf("found %q, %v", path, err)
	}
	on := as(t, program)
	t.Setenv("PATH", filepath.Dir(on))
	if path, err := Find(); err != nil || path != on {
		t.Errorf("found %q, %v, want %q", path, err, on)
	}
}

func FuzzScore(f *testing.F) {
	f.Add([]byte(`{"score":95,"calls":[{"scenario":"slow-clock","score":100,"ending":"in","seconds":80,"rules":[{"rule":"in-time","kept":true}]}]}`))
	f.Add([]byte("Ctrl+C ends it.\n{\"score\":0,\"calls\":[]}\n"))
	f.Add([]byte(`{"score":101}`))
	f.Fuzz(func(t *testing.T, told []byte) {
		s, err := read(told)
		if err != nil {
			if !errors.Is(err, ErrNoScore) {
				t.Fatal(err)
			}
			return
		}
		if !percent(s.Points) || s.Line() == "" {
			t.Errorf("%+v", s)
		}
		for _, c := range s.Calls {
			if !percent(c.Points) || c.Took < 0 || !nameForm.MatchString(c.Scenario) {
				t.Errorf("%+v", c)
			}
		}
	})
}

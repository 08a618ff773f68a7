// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clocks

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
)

// TestProgram: the command line as it is released asks four servers whose time is
// not this device's, says by how much the clock is off, and then makes
// the codes of the servers' time. // R53
func TestProgram(t *testing.T) {
	need(t, "oathtool")
	kutano := filepath.Join(t.TempDir(), "kutano")
	build := exec.Command("go", "build", "-o", kutano, "../../cmd/kutano")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	for _, tc := range []struct {
		slow    time.Duration
		says    string
		applied bool // without asking
	}{
		{0, "Your clock is right.", false},
		{20 * time.Second, "Your clock is 20 seconds slow. Your codes are corrected, so they work.", true},
		{-47 * time.Second, "Your clock is 47 seconds fast. Your codes are corrected, so they work.", true},
		{2 * time.Minute, "Your clock is 2 minutes slow. Your codes are corrected, so they work.", true},
		{time.Hour, "Your clock is 1 hour slow: codes will be refused.", false},
		{-day, "Your clock is 1 day fast: codes will be refused.", false},
		{10 * year, "Your clock is 10 years slow: codes will be refused.", false},
	} {
		t.Run(tc.says, func(t *testing.T) {
			t.Parallel()
			p := &program{t: t, path: kutano, dir: t.TempDir()}
			p.must("otpauth://totp/Kutano:ada@example.com?issuer=Kutano&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "add")
			args := []string{"clock", "--json"}
			server := chronytest.Server{Offset: tc.slow}
			for i, s := range chronytest.StartAll(t, server, server, server, server) {
				addr := s.Addr
				if i%2 == 1 { // another operator, as far as names tell
					addr = strings.Replace(addr, "127.0.0.1", "localhost", 1)
				}
				args = append(args, "--server", addr)
			}
			if out, _, code := p.run("", args...); code != 2 || !strings.Contains(out, "allowed") {
				t.Errorf("it did not ask whether it may ask: exit code %d, %s", code, out)
			}
			out, _, code := p.run("", append(args, "--yes")...)
			v := verdictOf(t, out)
			if v.Verdict != tc.says || (time.Duration(v.Offset)*time.Millisecond-tc.slow).Abs() > time.Second/2 || (v.Applied != 0) != tc.applied {
				t.Errorf("it says %+v", v)
			}
			works := tc.applied || tc.slow.Abs() < clock.Worth
			if (code == 0) != works {
				t.Errorf("exit code %d", code)
			}
			if !works {
				p.must("", "clock", "--apply")
			}
			awayFromEdges(tc.slow)
			want := oathtool(t, time.Now().Add(tc.slow))
			got, said, _ := p.run("", "code", "kutano")
			if strings.TrimSpace(got) != want {
				t.Error("the code is not that of the servers' time")
			}
			if corrected := strings.Contains(said, "corrected"); corrected != (tc.slow != 0) {
				t.Errorf("beside the code it says %q", said)
			}
		})
	}
}

// program is the command line with a data folder of its own.
type program struct {
	t         *testing.T
	path, dir string
}

// run runs it with something on standard input.
func (p *program) run(in string, args ...string) (stdout, stderr string, code int) {
	p.t.Helper()
	phrase, w, err := os.Pipe()
	if err == nil {
		_, err = w.WriteString("only for tests\n")
	}
	if err != nil {
		p.t.Fatal(err)
	}
	_ = w.Close()
	defer func() { _ = phrase.Close() }()
	cmd := exec.Command(p.path, append([]string{"--data", p.dir, "--store", "file", "--passphrase-fd", "3"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "LANGUAGE=", "XDG_STATE_HOME="+filepath.Join(p.dir, "state"))
	cmd.ExtraFiles = []*os.File{phrase}
	cmd.Stdin = strings.NewReader(in)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		p.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func (p *program) must(in string, args ...string) {
	p.t.Helper()
	if out, errs, code := p.run(in, args...); code != 0 {
		p.t.Fatalf("kutano %s: exit code %d: %s%s", args[0], code, out, errs)
	}
}

// saidClock is what kutano clock --json prints, as far as is looked at.
type saidClock struct {
	Verdict string  `json:"verdict"`
	Offset  float64 `json:"offset_ms"`
	Applied float64 `json:"applied_ms"`
}

func verdictOf(t *testing.T, out string) saidClock {
	t.Helper()
	var doc struct {
		Clock *saidClock `json:"clock"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Clock == nil {
		t.Fatalf("%v in %s", err, out)
	}
	return *doc.Clock
}

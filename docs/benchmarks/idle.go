// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

const (
	idleAccounts = 10_000
	settle       = 5 * time.Second // after the start and after hiding
	ticksASecond = 100             // of /proc/PID/stat, on every Linux that Go knows
)

// benchIdle measures what the app costs while nobody touches it, shown and
// hidden, beside a Fyne window with nothing in it and one in which only a text
// changes each second.
func benchIdle(s *session, set settings) ([]table, error) {
	t := table{
		title: "Idle, share of one core",
		head:  []string{"program", "shown", "hidden", "memory, MiB"},
		note:  fmt.Sprintf("Processor time over %d seconds. Hidden: minimised.", set.idle),
	}
	if runtime.GOOS != "linux" {
		t.add("measured on Linux only", "", "", "")
		return []table{t}, nil
	}
	if err := s.atLeast(idleAccounts); err != nil {
		return nil, err
	}
	empty, full, err := s.windows(set, idleAccounts)
	if errors.Is(err, exec.ErrNotFound) {
		t.add("not measured", err.Error(), "", "")
		return []table{t}, nil
	}
	if err != nil {
		return nil, err
	}
	ticking := empty
	ticking.args = []string{"ticking"}
	for _, m := range []struct {
		name, event string
		what        command
	}{
		{"an empty Fyne window", "first_paint", empty},
		{"a Fyne window with a text that changes each second", "first_paint", ticking},
		{fmt.Sprintf("**kutano-authenticator**, %d accounts", idleAccounts), "first_code", full},
	} {
		_, p, err := s.open(m.what, m.event)
		if err != nil {
			return nil, err
		}
		row, err := s.idle(p, time.Duration(set.idle)*time.Second)
		p.stop()
		if err != nil {
			return nil, err
		}
		t.add(append([]string{m.name}, row...)...)
	}
	return []table{t}, nil
}

// idle returns the cells of one process: shown, hidden, memory.
func (s *session) idle(p *process, span time.Duration) ([]string, error) {
	pid := p.cmd.Process.Pid
	shown, err := share(pid, span)
	if err != nil {
		return nil, err
	}
	hidden := "not measured"
	if err := s.minimise(pid); err != nil {
		log.Printf("minimise: %v", err)
	} else {
		h, err := share(pid, span)
		if err != nil {
			return nil, err
		}
		hidden = percent(h)
	}
	return []string{percent(shown), hidden, memory(pid)}, nil
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// share returns the part of a core that a process takes over a span.
func share(pid int, span time.Duration) (float64, error) {
	time.Sleep(settle)
	before, err := ticks(pid)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	time.Sleep(span)
	after, err := ticks(pid)
	if err != nil {
		return 0, err
	}
	return float64(after-before) / ticksASecond / time.Since(start).Seconds(), nil
}

// ticks returns the processor time that a process has used.
func ticks(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// The name, in parentheses, may hold blanks; utime and stime are fields 14 and 15.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[12])
	return user + system, err
}

// memory returns the resident size in MiB.
func memory(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if size, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, _ := strconv.Atoi(strings.Fields(size)[0])
			return strconv.Itoa(kib / 1024)
		}
	}
	return "unknown"
}

// minimise hides the windows of a process.
func (s *session) minimise(pid int) error {
	path, err := s.find("xdotool")
	if err != nil {
		return err
	}
	_, env, err := s.home("display")
	if err != nil {
		return err
	}
	// By process, and only those on the screen: Fyne has helper windows too.
	return all(command{
		path: path, env: with(env, "DISPLAY="+s.display),
		args: []string{"search", "--all", "--onlyvisible", "--pid", strconv.Itoa(pid), "--name", ".*", "windowminimize", "%@"},
	})
}

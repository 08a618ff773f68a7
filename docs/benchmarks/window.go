// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const (
	screen      = "1280x800x24"
	windowRuns  = 11
	startsIn    = 60 * time.Second // the most that a window may take to come up
	traceEnv    = "KUTANO_TRACE_START"
	app         = "kutano-authenticator"
	emptyWindow = "emptywindow"
)

// benchWindow measures from the start of a process to its first code on the
// screen, and to the first picture of a Fyne window with nothing in it.
func benchWindow(s *session, set settings) ([]table, error) {
	t := table{
		title: "From start to the screen",
		head:  []string{"program", "median", "p90"},
		note:  fmt.Sprintf("Medians of %d runs in turn, OpenGL in software.", windowRuns),
	}
	empty, full, err := s.windows(set, len(s.accounts))
	if errors.Is(err, exec.ErrNotFound) {
		t.add("not measured", err.Error(), "")
		return []table{t}, nil
	}
	if err != nil {
		return nil, err
	}
	var bare, codes times
	for range windowRuns {
		for _, m := range []struct {
			what  command
			event string
			into  *times
		}{{empty, "first_paint", &bare}, {full, "first_code", &codes}} {
			took, p, err := s.open(m.what, m.event)
			if err != nil {
				return nil, err
			}
			p.stop()
			*m.into = append(*m.into, took)
		}
	}
	t.add("an empty Fyne window, painted", bare.median(), bare.slow())
	t.add(fmt.Sprintf("**kutano-authenticator**, %d accounts, first code painted", len(s.accounts)), codes.median(), codes.slow())
	t.add("times the empty window", fmt.Sprintf("%.2f", float64(codes.at(0.5))/float64(bare.at(0.5))), "")
	return []table{t}, nil
}

// windows returns the commands of the empty window and of the app with so many
// accounts in its keyring, on a display that it starts the first time.
func (s *session) windows(set settings, accounts int) (empty, full command, err error) {
	if s.display == "" {
		if s.display, err = s.startDisplay(); err != nil {
			return empty, full, err
		}
	}
	add, err := s.kutano(set, "keyring", fmt.Sprintf("app-%d", accounts), "add")
	if err != nil {
		return empty, full, err
	}
	if !exists(add.args[1]) {
		add.stdin = uris(s.accounts[:accounts])
		if _, _, err := add.once(); err != nil {
			return empty, full, err
		}
	}
	env := with(add.env, "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1", "FYNE_SCALE=1")
	empty = command{path: filepath.Join(set.bin, emptyWindow), env: env}
	full = command{path: filepath.Join(set.bin, app), env: with(env, "KUTANO_DATA="+add.args[1])}
	for _, c := range []command{empty, full} {
		if !exists(c.path) {
			return empty, full, fmt.Errorf("%s: %w", c.path, exec.ErrNotFound)
		}
	}
	return empty, full, nil
}

// startDisplay starts a display in memory with a window manager.
func (s *session) startDisplay() (string, error) {
	xvfb, err := s.find("Xvfb")
	if err != nil {
		return "", err
	}
	manager, err := s.find("openbox")
	if err != nil {
		return "", err
	}
	_, env, err := s.home("display")
	if err != nil {
		return "", err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return "", err
	}
	x := exec.Command(xvfb, "-displayfd", "3", "-screen", "0", screen, "-nolisten", "tcp")
	x.Env, x.ExtraFiles = env, []*os.File{w}
	if err := x.Start(); err != nil {
		return "", err
	}
	s.onClose((&process{cmd: x}).stop)
	_ = w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("read the display of Xvfb: %w", err)
	}
	display := ":" + strings.TrimSpace(line)
	wm := exec.Command(manager)
	wm.Env = with(env, "DISPLAY="+display)
	if err := wm.Start(); err != nil {
		return "", err
	}
	s.onClose((&process{cmd: wm}).stop)
	return display, nil
}

// process is a program that runs until it is stopped.
type process struct{ cmd *exec.Cmd }

func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// open starts a program and waits for an event in its trace: a line of JSON
// with the event's name and the time in milliseconds since 1970.
func (s *session) open(c command, event string) (time.Duration, *process, error) {
	trace, err := os.CreateTemp(s.dir, "trace")
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = trace.Close() }()
	cmd := exec.Command(c.path, c.args...)
	cmd.Env = with(c.env, traceEnv+"="+trace.Name())
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	p := &process{cmd: cmd}
	for time.Since(start) < startsIn {
		time.Sleep(5 * time.Millisecond)
		if at, ok := traced(trace.Name(), event); ok {
			return at.Sub(start), p, nil
		}
	}
	p.stop()
	return 0, nil, fmt.Errorf("%s did not trace %q within %v", filepath.Base(c.path), event, startsIn)
}

func traced(file, event string) (time.Time, bool) {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		var e struct {
			Event  string  `json:"event"`
			UnixMS float64 `json:"unix_ms"`
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Event == event {
			return time.UnixMicro(int64(e.UnixMS * 1000)), true
		}
	}
	return time.Time{}, false
}

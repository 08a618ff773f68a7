// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// warmUp is how many runs of each program go before those that count.
const warmUp = 5

// command is a program to start, with what it reads and where it works.
type command struct {
	path  string
	args  []string
	env   []string
	stdin string
	third string // a file to hand over as file descriptor 3
}

// once runs the command and returns its output and the time from the start of
// the process to its end. Files stand for its pipes: an agent that it leaves
// running would hold a pipe open, and nobody has to copy meanwhile.
func (c command) once() (string, time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.path, c.args...)
	cmd.Env = c.env
	files, err := c.files()
	defer files.close()
	if err != nil {
		return "", 0, err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], files[1], files[2]
	cmd.ExtraFiles = files[3:]
	start := time.Now()
	err = cmd.Run()
	took := time.Since(start)
	out, _ := os.ReadFile(files[1].Name())
	if err != nil {
		errs, _ := os.ReadFile(files[2].Name())
		err = fmt.Errorf("%s %s: %w: %s", c.path, strings.Join(c.args, " "), err, bytes.TrimSpace(errs))
	}
	return string(out), took, err
}

// files opens what the command reads and writes, in the order of the descriptors.
func (c command) files() (fileList, error) {
	var list fileList
	for range 3 {
		f, err := os.CreateTemp("", "kb")
		if err != nil {
			return list, err
		}
		list = append(list, f)
	}
	if _, err := list[0].WriteString(c.stdin); err != nil {
		return list, err
	}
	if _, err := list[0].Seek(0, 0); err != nil || c.third == "" {
		return list, err
	}
	third, err := os.Open(c.third)
	if err == nil {
		list = append(list, third)
	}
	return list, err
}

// fileList is open files of which the first three are temporary.
type fileList []*os.File

func (l fileList) close() {
	for i, f := range l {
		_ = f.Close()
		if i < 3 {
			_ = os.Remove(f.Name())
		}
	}
}

// times are the durations of a program's runs.
type times []time.Duration

func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[int(share*float64(len(sorted)-1))]
}

func (t times) median() string { return ms(t.at(0.5)) }

func (t times) slow() string { return ms(t.at(0.9)) }

// ms prints a duration in milliseconds with about three digits.
func ms(d time.Duration) string {
	v := float64(d) / float64(time.Millisecond)
	switch {
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// contest runs all the commands in turn, so that what else the machine does
// meets all of them alike, and checks what each run printed.
func contest(runs int, commands map[string]command, check func(out string) error) (map[string]times, map[string]error) {
	taken, failed := map[string]times{}, map[string]error{}
	order := make([]string, 0, len(commands))
	for name := range commands {
		order = append(order, name)
	}
	slices.Sort(order)
	for round := range runs + warmUp {
		for _, name := range order {
			if failed[name] != nil {
				continue
			}
			out, took, err := commands[name].once()
			if err == nil {
				err = check(out)
			}
			if err != nil {
				log.Printf("%s: %v", name, err)
				failed[name] = err
				continue
			}
			if round >= warmUp {
				taken[name] = append(taken[name], took)
			}
		}
	}
	return taken, failed
}

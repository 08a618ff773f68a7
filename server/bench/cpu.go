// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// spent begins to measure processor time, and returns how to read what instances
// and the database have spent since. Unlike requests a second it says the same on a
// machine that is busy with other things, or nearly so.
func (s *seeder) spent(instances []*instance) func() (service, engine time.Duration) {
	before := processes()
	return func() (service, engine time.Duration) {
		after := processes()
		postmaster := s.cluster.pid()
		for pid, now := range after {
			used := now.used - before[pid].used // a process that is new has 0 before
			switch {
			case isInstance(instances, pid):
				service += used
			case postmaster != 0 && (pid == postmaster || now.parent == postmaster):
				engine += used
			}
		}
		return service, engine
	}
}

func isInstance(all []*instance, pid int) bool {
	for _, i := range all {
		if i.Process.Pid == pid {
			return true
		}
	}
	return false
}

// pid is the process that all of PostgreSQL's others are children of; 0 for SQLite.
func (c *cluster) pid() int {
	if c == nil {
		return 0
	}
	text, err := os.ReadFile(filepath.Join(c.folder, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return pid
}

type process struct {
	parent int
	used   time.Duration
}

// tick is the unit of times in /proc (proc(5), sysconf(_SC_CLK_TCK)): 100 a second on all that Go runs on.
const tick = 10 * time.Millisecond

// processes reads /proc; nothing where there is none.
func processes() map[int]process {
	all := map[int]process{}
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended
		}
		var pid int
		if _, err := fmt.Sscan(string(text), &pid); err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')'):]), " ")
		fields := strings.Fields(rest) // from the third on: state, ppid, …, utime (14), stime (15)
		if len(fields) < 13 {
			continue
		}
		parent, _ := strconv.Atoi(fields[1])
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		all[pid] = process{parent, time.Duration(user+system) * tick}
	}
	return all
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package canary

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// every is how often processes and temporary files are looked at. A process
// that lives shorter may be missed.
const every = 50 * time.Millisecond

// Watch looks at the arguments and the environment of every process that begins
// from now on and that this user may look at, and at the files of folders in
// which files come and go, until the test ends or the returned function is called.
func (h *Hunt) Watch(t testing.TB, passing ...string) (stop func()) {
	old := map[string]bool{}
	before, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range before {
		old[dir] = true
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			h.processes(old)
			for _, dir := range passing {
				h.passing(dir)
			}
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	}()
	ended := false
	stop = func() {
		if !ended {
			ended = true
			close(quit)
			<-done
		}
	}
	t.Cleanup(stop)
	return stop
}

func (h *Hunt) processes(old map[string]bool) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		if old[dir] {
			continue
		}
		name, err := os.ReadFile(filepath.Join(dir, "comm"))
		if err != nil {
			continue // it has ended
		}
		for _, what := range []string{"cmdline", "environ"} {
			if b, err := os.ReadFile(filepath.Join(dir, what)); err == nil && len(b) > 0 {
				h.Saw("the "+what+" of "+strings.TrimSpace(string(name)), b)
			}
		}
	}
}

// passing keeps what is in temporary files.
func (h *Hunt) passing(dir string) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil //nolint:nilerr // it went away meanwhile
		}
		if b, err := os.ReadFile(path); err == nil { //nolint:gosec // the test's own folder
			h.Saw("the temporary file "+path, b)
		}
		return nil
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kutano/authenticator/sync/link/practicetest"
)

var rings = regexp.MustCompile(`http://127\.0\.0\.1:\d+/practice/call`)

// train is the scripts' command: it runs kutano practice with the service's program on
// the PATH, answers the call of a scenario with some moves, and ends it by Ctrl+C.
func train(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		program := practicetest.Program(t)
		cmd, done := kutano(ts, []string{"practice", "--no-browser", "--scenario", args[0]})
		defer done()
		for i, v := range cmd.Env {
			if path, ok := strings.CutPrefix(v, "PATH="); ok {
				cmd.Env[i] = "PATH=" + filepath.Dir(program) + string(filepath.ListSeparator) + path
			}
		}
		var out bytes.Buffer
		cmd.Stdout = &out
		pipe, err := cmd.StderrPipe()
		ts.Check(err)
		ts.Check(cmd.Start())
		errs := bufio.NewReader(pipe)
		line, err := errs.ReadString('\n')
		address := rings.FindString(line)
		if err != nil || address == "" {
			_ = cmd.Process.Kill()
			ts.Fatalf("it says %q, %v", line, err)
		}
		practicetest.Train(t, address, args[0], args[1:]...)
		ts.Check(cmd.Process.Signal(os.Interrupt))
		rest, err := io.ReadAll(errs)
		ts.Check(err)
		ts.Check(cmd.Wait())
		_, _ = ts.Stdout().Write(out.Bytes())
		_, _ = ts.Stderr().Write(append([]byte(line), rest...))
	}
}

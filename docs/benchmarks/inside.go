// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"time"
)

// insidePackages have Go benchmarks. Other screens are left to their own tests.
var insidePackages = []string{"./vault/...", "./sync/...", "./recovery/...", "./ui/codes", "./ui/setup"}

// benchInside runs the packages' own benchmarks and lists what they print.
func benchInside(s *session, _ settings) ([]table, error) {
	args := append([]string{"test", "-run", "^$", "-bench", ".", "-benchmem", "-timeout", "20m"}, insidePackages...)
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), s.keyring.Env()...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go test -bench: %w: %s", err, out)
	}
	t := table{
		title: "Inside, Go benchmarks",
		head:  []string{"benchmark", "time", "bytes", "allocations"},
	}
	pkg := ""
	for line := range strings.Lines(string(out)) {
		if name, ok := strings.CutPrefix(line, "pkg: "); ok {
			pkg = path.Base(strings.TrimSpace(name))
			continue
		}
		if row := benchmark(pkg, line); row != nil {
			t.add(row...)
		}
	}
	return []table{t}, nil
}

// benchmark reads a line such as
//
//	BenchmarkCode-2   1000000   1050 ns/op   24 B/op   1 allocs/op
//
// and returns its cells, or nil for any other line.
func benchmark(pkg, line string) []string {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return nil
	}
	if _, err := strconv.Atoi(fields[1]); err != nil { // the number of rounds
		return nil
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if i := strings.LastIndex(name, "-"); i > 0 {
		name = name[:i]
	}
	row := []string{pkg + " " + name, "", "", ""}
	for i := 2; i+1 < len(fields); i += 2 {
		switch fields[i+1] {
		case "ns/op":
			ns, _ := strconv.ParseFloat(fields[i], 64)
			row[1] = span(ns)
		case "B/op":
			row[2] = fields[i]
		case "allocs/op":
			row[3] = fields[i]
		}
	}
	return row
}

// span prints nanoseconds in the unit that suits them.
func span(ns float64) string {
	switch d := time.Duration(ns); {
	case d < time.Microsecond:
		return fmt.Sprintf("%.0f ns", ns)
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f µs", ns/1e3)
	default:
		return fmt.Sprintf("%.1f ms", ns/1e6)
	}
}

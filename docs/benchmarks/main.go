// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Command benchmarks measures the programs of this repository as a person
// meets them, beside others that do the same, in one run on one machine, and
// prints Markdown tables.
//
// It works in a temporary folder, on a keyring, a display and with keys of its
// own, all of which end with it. Programs that are not installed are listed as
// such. How it measures stands in docs/benchmarks.md; `make bench` builds what
// it needs and runs it.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// settings are what the flags say.
type settings struct {
	bin, peers string
	accounts   int
	runs       int
	idle       int // seconds
}

// sections are the parts of a run, in their order.
var sections = []struct {
	name, about string
	run         func(*session, settings) ([]table, error)
}{
	{"code", "one code on the command line", benchCode},
	{"add", "adding many accounts", benchAdd},
	{"import", "accounts from another app's file", benchImport},
	{"window", "from start to the first code on the screen", benchWindow},
	{"idle", "work while nothing happens", benchIdle},
	{"inside", "Go benchmarks of the packages", benchInside},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("benchmarks: ")
	var set settings
	flag.StringVar(&set.bin, "bin", "bin", "folder of our programs")
	flag.StringVar(&set.peers, "peers", "", "folder of programs to compare with, before those on the PATH")
	flag.IntVar(&set.accounts, "accounts", 1000, "accounts in each store")
	flag.IntVar(&set.runs, "runs", 60, "measured runs of each program")
	flag.IntVar(&set.idle, "idle", 20, "seconds of idling to measure")
	only := flag.String("only", "", "sections to run, with commas between: "+names())
	flag.Parse()
	if err := run(set, *only); err != nil {
		log.Fatal(err)
	}
}

func names() string {
	var list []string
	for _, s := range sections {
		list = append(list, s.name)
	}
	return strings.Join(list, ",")
}

func run(set settings, only string) error {
	var err error
	if set.bin, err = filepath.Abs(set.bin); err != nil {
		return err
	}
	s, err := newSession(set)
	if err != nil {
		return err
	}
	defer s.close()
	s.closeOnSignal()

	fmt.Printf("%d cores, %s, %s/%s; medians of %d runs, in milliseconds unless said otherwise\n",
		runtime.NumCPU(), processor(), runtime.GOOS, runtime.GOARCH, set.runs)
	for _, part := range sections {
		if only != "" && !strings.Contains(","+only+",", ","+part.name+",") {
			continue
		}
		log.Printf("%s: %s", part.name, part.about)
		tables, err := part.run(s, set)
		if err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		for _, t := range tables {
			t.print(os.Stdout)
		}
	}
	return nil
}

// processor returns the processor's name where the system tells it.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return "unknown processor"
}

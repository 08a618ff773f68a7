// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package atomicfile

import (
	"fmt"
	"os"
	"sync/atomic"
)

// Step is one thing that is done to the disk on the way to a change.
type Step uint8

// The steps. Write does Open, Write, Flush, Rename, FlushFolder in this order;
// Create does Open, Write, Flush, Link, Remove, FlushFolder, and Rename in
// place of Link and Remove where there are no hard links; Shred does Open, a Write
// for each piece, Flush, Write, Remove, FlushFolder.
const (
	StepOpen        Step = iota + 1 // a temporary file is made
	StepWrite                       // the data is written to it
	StepFlush                       // it is flushed to the disk
	StepRename                      // a file gets another's name
	StepLink                        // a file gets a second name
	StepRemove                      // a file is removed
	StepFlushFolder                 // the names are flushed to the disk
)

var stepNames = [...]string{"", "open", "write", "flush", "rename", "link", "remove", "flush folder"}

// String returns the step's name.
func (s Step) String() string {
	if int(s) < len(stepNames) && s > 0 {
		return stepNames[s]
	}
	return fmt.Sprintf("step %d", uint8(s))
}

// Op is a step about to be done.
type Op struct {
	Step Step
	Path string            // the file whose content or name changes, not the temporary one; or the folder
	Do   func() error      // does the step
	Part func(n int) error // of StepWrite: writes the first n bytes only
}

// Hook stands in for the doing of a step: what it returns is the step's result.
// It may be called by several goroutines at once.
type Hook func(Op) error

var hook atomic.Pointer[Hook]

// SetHook puts a hook around every step of every change in this process, nil
// for none. It is there for tests, which reach it through package faults;
// nothing else calls it.
func SetHook(h Hook) {
	if h == nil {
		hook.Store(nil)
		return
	}
	hook.Store(&h)
}

// step does a step, or has the hook do it.
func step(s Step, path string, do func() error) error {
	if h := hook.Load(); h != nil {
		return (*h)(Op{Step: s, Path: path, Do: do})
	}
	return do()
}

// writeTo writes the data for the file at path.
func writeTo(f *os.File, path string, data []byte) error {
	part := func(n int) error { _, err := f.Write(data[:min(n, len(data))]); return err }
	all := func() error { return part(len(data)) }
	if h := hook.Load(); h != nil {
		return (*h)(Op{Step: StepWrite, Path: path, Do: all, Part: part})
	}
	return all()
}

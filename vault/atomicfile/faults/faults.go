// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package faults lets tests of other packages fail, cut short or interrupt
// each step by which package atomicfile changes the disk. Only tests import it.
//
//	calls := faults.Record(t, change) // what a change does
//	for n := range calls {
//		faults.Inject(t, faults.At(n, syscall.EIO))
//		…
//	}
package faults

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/kutano/authenticator/vault/atomicfile"
)

// Step is a step of a change.
type Step = atomicfile.Step

// The steps, as [atomicfile.Step] describes them.
const (
	Open        = atomicfile.StepOpen
	Write       = atomicfile.StepWrite
	Flush       = atomicfile.StepFlush
	Rename      = atomicfile.StepRename
	Link        = atomicfile.StepLink
	Remove      = atomicfile.StepRemove
	FlushFolder = atomicfile.StepFlushFolder
)

// Inject calls f before each step in this process, until the test ends or
// Inject is called again by the same test. The path is that of the file that
// changes, or of the folder that is flushed. What f returns decides:
//
//	nil              the step is done
//	Short(n, err)    of Write, n bytes are written, then it fails
//	After(err)       the step is done, and reported as failed
//	KillAfter()      the step is done, and the process is killed
//	KillShort(n)     of Write, n bytes are written, and the process is killed
//	any other        the step is not done and fails with the error
//
// f may also call [Kill]. It is called by one goroutine at a time, the steps
// themselves are not held up. Tests that inject cannot be parallel.
func Inject(t testing.TB, f func(step Step, path string) error) {
	t.Helper()
	var mu sync.Mutex
	ask := func(op atomicfile.Op) error {
		mu.Lock()
		defer mu.Unlock()
		return f(op.Step, op.Path)
	}
	t.Cleanup(func() { atomicfile.SetHook(nil) })
	atomicfile.SetHook(func(op atomicfile.Op) error {
		err := ask(op)
		var special *fault
		switch {
		case err == nil:
			return op.Do()
		case errors.As(err, &special):
			return special.happen(op)
		}
		return err
	})
}

// Hold has each step in a folder wait until release is called, as on a drive that
// does not answer. A waiting step is told of on held.
func Hold(t testing.TB, dir string) (held <-chan struct{}, release func()) {
	t.Helper()
	waiting, free := make(chan struct{}, 1), make(chan struct{})
	release = sync.OnceFunc(func() { close(free) })
	t.Cleanup(func() { atomicfile.SetHook(nil) })
	t.Cleanup(release)
	atomicfile.SetHook(func(op atomicfile.Op) error {
		if op.Path == dir || filepath.Dir(op.Path) == dir {
			select {
			case waiting <- struct{}{}:
			default: // one is told of already
			}
			<-free
		}
		return op.Do()
	})
	return waiting, release
}

// Stop ends what [Inject] began before the test ends.
func Stop() { atomicfile.SetHook(nil) }

// fault is an error by which f asks for more than that a step fails.
type fault struct {
	short int // bytes of a Write; -1: all of the step
	kill  bool
	err   error
}

func (f *fault) Error() string { return "an injected fault" }

// happen does the part of the step that is wanted, and fails.
func (f *fault) happen(op atomicfile.Op) error {
	var err error
	switch {
	case f.short < 0:
		err = op.Do()
	case op.Part != nil:
		err = op.Part(f.short)
	}
	if f.kill {
		Kill()
	}
	return errors.Join(err, f.err)
}

// KillAfter has the process killed after the step.
func KillAfter() error { return &fault{short: -1, kill: true} }

// After has the step done and reported as failed, as a disk may that finds out late.
func After(err error) error { return &fault{short: -1, err: err} }

// Short has the first n bytes written, as on a disk that becomes full. Steps
// other than Write are not done.
func Short(n int, err error) error { return &fault{short: n, err: err} }

// KillShort has the first n bytes written and the process killed.
func KillShort(n int) error { return &fault{short: n, kill: true} }

// Kill ends this process at once, as a power cut would: nothing is deferred,
// nothing flushed. What the kernel has taken is kept, other than by a power cut.
func Kill() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill()
	}
	select {} // the signal is on its way
}

// At returns what makes the n-th step, counted from 0, fail with err and does
// all others. err may be one of the special ones.
func At(n int, err error) func(Step, string) error {
	return func(Step, string) error {
		n--
		if n == -1 {
			return err
		}
		return nil
	}
}

// Call is a step that was done.
type Call struct {
	Step Step
	Path string
}

// Record returns the steps that do goes through.
func Record(t testing.TB, do func()) []Call {
	t.Helper()
	var calls []Call
	Inject(t, func(s Step, path string) error {
		calls = append(calls, Call{s, path})
		return nil
	})
	do()
	Stop()
	return calls
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// limits are the times after which a call counts as unanswered. Tests shorten them.
type limits struct {
	silent   time.Duration // a call that shows nothing to the user
	prompt   time.Duration // a call while the system may be asking the user
	answer   time.Duration // the part of prompt in which the user has to answer
	coolDown time.Duration // after a hang, before the next call is let through
}

// maxAbandoned is how many hanging calls there may be. With that many, calls
// fail at once until one of them returns.
const maxAbandoned = 4

// line lets one call at a time through to a system that may never answer. Each
// call runs in a goroutine of its own, because nothing can stop it from outside.
//
// A call that outlives its limit is abandoned: its caller and everybody waiting
// get ErrTimeout, and so does everybody who comes while the line is closed.
// The line opens again when the call returns after all, or after the cool-down
// as long as fewer than maxAbandoned calls hang.
type line struct {
	limits limits

	mu        sync.Mutex
	free      chan struct{} // holds a token when nobody is calling
	closed    chan struct{} // closed while the last call hangs
	holder    *call
	current   manner // the holder's
	abandoned int
}

type call struct {
	done  bool
	hung  bool
	gone  chan struct{} // closed when the call is abandoned
	watch *time.Timer
}

func newLine(l limits) *line {
	ln := &line{limits: l, free: make(chan struct{}, 1), closed: make(chan struct{})}
	ln.free <- struct{}{}
	return ln
}

// manner tells what a call may bring about on the screen.
type manner int

const (
	silent  manner = iota // nothing
	asking                // the system's question, for certain
	perhaps               // a question, on some systems: may this app read the item?
)

func (l *line) limit(m manner) time.Duration {
	if m == silent {
		return l.limits.silent
	}
	return l.limits.prompt
}

// do runs f when its turn comes. It returns when f does, when ctx ends or when
// the limit has passed, whichever is first. A silent call does not wait behind
// a question to the user: it gets ErrLocked.
func (l *line) do(ctx context.Context, m manner, f func() error) error {
	c, err := l.enter(ctx, m)
	if err != nil {
		return err
	}
	result := make(chan error, 1)
	go func() {
		result <- guarded(f)
		l.leave(c)
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return fmt.Errorf("ask the keyring: %w", ended(ctx))
	case <-c.gone:
		return fmt.Errorf("%w within %v", ErrTimeout, l.limit(m))
	}
}

func (l *line) enter(ctx context.Context, m manner) (*call, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("ask the keyring: %w", ended(ctx))
	}
	l.mu.Lock()
	closed, current := l.closed, l.current
	l.mu.Unlock()
	select {
	case <-l.free:
		return l.hold(m), nil
	default:
	}
	if m == silent && current == asking {
		return nil, errAsking
	}
	patience := time.NewTimer(l.limit(m))
	defer patience.Stop()
	select {
	case <-l.free:
		return l.hold(m), nil
	case <-closed:
		return nil, fmt.Errorf("%w: an earlier call hangs", ErrTimeout)
	case <-patience.C:
		return nil, fmt.Errorf("%w: other calls come first for too long", ErrTimeout)
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the keyring: %w", ended(ctx))
	}
}

var errAsking = fmt.Errorf("%w: it is asking the user", ErrLocked)

func (l *line) hold(m manner) *call {
	c := &call{gone: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.holder, l.current = c, m
	c.watch = time.AfterFunc(l.limit(m), func() { l.abandon(c) })
	return c
}

func (l *line) leave(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c.done = true
	c.watch.Stop()
	if c.hung {
		l.abandoned--
	}
	// The return of any hanging call shows that the system answers again.
	if l.holder == c || c.hung && l.holder != nil && l.holder.hung {
		l.open()
	}
}

func (l *line) abandon(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.done {
		return
	}
	c.hung = true
	l.abandoned++
	close(c.gone)
	close(l.closed)
	if l.abandoned >= maxAbandoned {
		return
	}
	time.AfterFunc(l.limits.coolDown, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.holder == c {
			l.open()
		}
	})
}

// open lets the next call through; l.mu is held.
func (l *line) open() {
	if l.holder.hung {
		l.closed = make(chan struct{})
	}
	l.holder, l.current = nil, silent
	l.free <- struct{}{}
}

// guarded turns a panic into an error: go-keyring takes the answers of the
// service as they come and panics when the connection ends during a prompt.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &panicError{value: fmt.Sprint(r), stack: debug.Stack()}
		}
	}()
	return f()
}

// panicError is a panic in the keyring library. It matches ErrFailed.
type panicError struct {
	value string
	stack []byte
}

func (e *panicError) Error() string { return ErrFailed.Error() + ": keyring library: " + e.value }
func (e *panicError) Unwrap() error { return ErrFailed }

// ended returns the error of a context that is over, with its cause.
func ended(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, ctx.Err()) {
		return fmt.Errorf("%w: %w", ctx.Err(), cause)
	}
	return ctx.Err()
}

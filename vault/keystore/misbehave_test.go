// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package keystore

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kutano/authenticator/vault/keystore/fakesecrets"
)

// misbehave returns a store on a fake service, under short limits, with the
// item "old" in it. Afterwards it looks whether the store works again and no
// goroutine stays.
func misbehave(t *testing.T) (*fakesecrets.Service, *keyringStore) {
	t.Helper()
	fake := fakesecrets.Start(t)
	before := queue
	t.Cleanup(func() { queue = before })
	queue = newLine(limits{silent: time.Minute, answer: time.Minute, prompt: time.Minute})
	if err := openKeyring(t, "").Put(t.Context(), text("old", "old value")); err != nil {
		t.Fatalf("store while all is well: %v", err)
	}
	queue = newLine(quick)
	s := openKeyring(t, "").(*keyringStore)
	count := runtime.NumGoroutine()
	t.Cleanup(func() {
		fake.Set(fakesecrets.Normal)
		fake.Release()
		recovers(t, s)
		settles(t, count)
	})
	return fake, s
}

// recovers waits until the store keeps items again.
func recovers(t *testing.T, s Store) {
	t.Helper()
	var err error
	for range 100 {
		if err = s.Put(Prompting(context.Background()), text("after", "all is well")); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		t.Fatalf("it does not work again: %v", err)
	}
	mustHold(t, s, text("after", "all is well"), text("old", "old value"))
}

// settles waits until there are no more goroutines than before.
func settles(t *testing.T, before int) {
	t.Helper()
	n := 0
	for range 100 {
		if n = runtime.NumGoroutine(); n <= before {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
}

// Each way to misbehave gives its own class of error, in time.
func TestMisbehaviour(t *testing.T) {
	put := func(ctx context.Context, s Store) error { return s.Put(ctx, text("new", "new value")) }
	get := func(ctx context.Context, s Store) error { _, err := s.Get(ctx, "old"); return err }
	del := func(ctx context.Context, s Store) error { return s.Delete(ctx, "old") }
	probe := func(ctx context.Context, _ Store) error { return Probe(ctx) }
	for name, c := range map[string]struct {
		mode   fakesecrets.Mode
		locked bool
		prompt bool
		do     func(context.Context, Store) error
		want   error
		shown  int // prompts
	}{
		"locked, silent get":                {fakesecrets.Normal, true, false, get, ErrLocked, 0},
		"locked, silent put":                {fakesecrets.Normal, true, false, put, ErrLocked, 0},
		"locked, silent delete":             {fakesecrets.Normal, true, false, del, ErrLocked, 0},
		"locked, probe":                     {fakesecrets.Normal, true, false, probe, ErrLocked, 0},
		"locked, probe never prompts":       {fakesecrets.Normal, true, true, probe, ErrLocked, 0},
		"locked, answered":                  {fakesecrets.Normal, true, true, get, nil, 1},
		"locked, answered, put":             {fakesecrets.Normal, true, true, put, nil, 1},
		"locked, dismissed":                 {fakesecrets.Dismiss, true, true, get, ErrDenied, 1},
		"locked, never answered":            {fakesecrets.IgnorePrompts, true, true, get, ErrTimeout, 1},
		"locked, prompt call hangs":         {fakesecrets.HangPrompt, true, true, get, ErrTimeout, 1},
		"locked, noise":                     {fakesecrets.Noise, true, true, get, nil, 1},
		"locked, noise, put":                {fakesecrets.Noise, true, true, put, nil, 1},
		"dismissed while storing":           {fakesecrets.Dismiss, false, true, put, ErrNotStored, 1},
		"hangs, get":                        {fakesecrets.Hang, false, false, get, ErrTimeout, 0},
		"hangs, put":                        {fakesecrets.Hang, false, false, put, ErrTimeout, 0},
		"hangs, probe":                      {fakesecrets.Hang, false, false, probe, ErrTimeout, 0},
		"hangs, prompting":                  {fakesecrets.Hang, false, true, get, ErrTimeout, 0},
		"says yes and stores nothing":       {fakesecrets.Forget, false, false, put, ErrNotStored, 0},
		"stores another value":              {fakesecrets.Change, false, false, put, ErrNotStored, 0},
		"denies get":                        {fakesecrets.Deny, false, false, get, ErrDenied, 0},
		"denies put":                        {fakesecrets.Deny, false, false, put, ErrDenied, 0},
		"denies the probe":                  {fakesecrets.Deny, false, false, probe, ErrDenied, 0},
		"no collection, silent":             {fakesecrets.Mute, false, false, put, ErrNoService, 0},
		"no collection, probe":              {fakesecrets.Mute, false, false, probe, ErrNoService, 0},
		"no collection, made by the prompt": {fakesecrets.Mute, false, true, put, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			fake, s := misbehave(t)
			fake.Set(c.mode)
			if c.locked {
				fake.Lock()
			}
			ctx := t.Context()
			if c.prompt {
				ctx = Prompting(ctx)
			}
			err := within(t, quick.silent+quick.prompt, func() error { return c.do(ctx, s) })
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if n := fake.Prompts(); n != c.shown {
				t.Errorf("%d prompts, want %d", n, c.shown)
			}
			oneClass(t, err)
		})
	}
}

// The service leaves in the middle; when it is back, all works on.
func TestDies(t *testing.T) {
	for name, mode := range map[string]fakesecrets.Mode{"storing": fakesecrets.Die, "asking": fakesecrets.DieInPrompt} {
		t.Run(name, func(t *testing.T) {
			fake, s := misbehave(t)
			fake.Set(mode)
			if mode == fakesecrets.DieInPrompt {
				fake.Lock()
			}
			err := within(t, quick.silent+quick.prompt, func() error {
				return s.Put(Prompting(t.Context()), text("new", "x"))
			})
			if !errors.Is(err, ErrNoService) {
				t.Errorf("%v, want %v", err, ErrNoService)
			}
			oneClass(t, err)
			if err := Probe(t.Context()); !errors.Is(err, ErrNoService) {
				t.Errorf("afterwards: %v", err)
			}
			fake.Set(fakesecrets.Normal)
			fake.Restart(t)
		})
	}
}

// The collection locks itself between our look and go-keyring's, so go-keyring
// asks. Noise aborts that; the second try is ours and succeeds.
func TestLocksAfterLook(t *testing.T) {
	for name, mode := range map[string]fakesecrets.Mode{"calm": fakesecrets.Normal, "noise": fakesecrets.Noise} {
		t.Run(name, func(t *testing.T) {
			fake, s := misbehave(t)
			fake.Set(mode)
			fake.LockAfterLook()
			if _, err := s.Get(Prompting(t.Context()), "old"); err != nil {
				t.Error(err)
			}
			// go-keyring leaves a channel on the connection after a prompt.
			conn, err := dbus.SessionBus()
			if err == nil {
				err = conn.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// Signals stop nothing in go-keyring's prompt but the prompt itself: when the
// connection ends there, it panics. That must not end the program.
func TestPanicInLibrary(t *testing.T) {
	fake, s := misbehave(t)
	fake.Set(fakesecrets.IgnorePrompts)
	fake.LockAfterLook()
	result := make(chan error, 1)
	go func() { result <- s.Put(Prompting(t.Context()), text("old", "old value")) }()
	for fake.Prompts() == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	conn, err := dbus.SessionBus()
	if err == nil {
		fake.Set(fakesecrets.Normal)
		err = conn.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := within(t, quick.prompt, func() error { return <-result }); err != nil {
		t.Errorf("the second try: %v", err)
	}
}

func TestDeleteThatDoesNot(t *testing.T) {
	fake, s := misbehave(t)
	fake.Set(fakesecrets.KeepItems)
	if err := s.Delete(t.Context(), "old"); !errors.Is(err, ErrDenied) {
		t.Errorf("%v, want %v", err, ErrDenied)
	}
}

func TestDeleteTwins(t *testing.T) {
	fake, s := misbehave(t)
	fake.Plant(map[string]string{"service": service, "username": "twin"}, "a")
	fake.Plant(map[string]string{"service": service, "username": "twin"}, "b")
	if err := s.Delete(t.Context(), "twin"); err != nil {
		t.Fatal(err)
	}
	if n := fake.Items(); n != 1 {
		t.Errorf("%d items left, want the one named old", n)
	}
}

// Cancelling works while a prompt is up, and takes the prompt down.
func TestCancelPrompt(t *testing.T) {
	fake, s := misbehave(t)
	fake.Set(fakesecrets.IgnorePrompts)
	fake.Lock()
	ctx, cancel := context.WithCancel(Prompting(t.Context()))
	result := make(chan error, 1)
	go func() { _, err := s.Get(ctx, "old"); result <- err }()
	for fake.Prompts() == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	err := within(t, quick.silent/2, func() error { _, err := s.Get(t.Context(), "old"); return err })
	if !errors.Is(err, ErrLocked) {
		t.Errorf("silent call during a prompt: %v", err)
	}
	cancel()
	err = within(t, quick.silent/2, func() error { return <-result })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// After a hang the next callers do not wait, and later ones try again.
func TestHangIsBounded(t *testing.T) {
	fake, s := misbehave(t)
	brief := limits{silent: 300 * time.Millisecond, prompt: 3 * time.Second, coolDown: 200 * time.Millisecond}
	queue = newLine(brief)
	s.line = queue
	fake.Set(fakesecrets.Hang)
	get := func() error { _, err := s.Get(t.Context(), "old"); return err }
	if err := get(); !errors.Is(err, ErrTimeout) {
		t.Fatal(err)
	}
	if err := within(t, brief.silent/2, get); !errors.Is(err, ErrTimeout) {
		t.Errorf("right after a hang: %v", err)
	}
	for range 2 * maxAbandoned {
		time.Sleep(brief.coolDown + 50*time.Millisecond)
		if err := get(); !errors.Is(err, ErrTimeout) {
			t.Errorf("hanging still: %v", err)
		}
	}
	queue.mu.Lock()
	if queue.abandoned > maxAbandoned {
		t.Errorf("%d abandoned calls", queue.abandoned)
	}
	queue.mu.Unlock()
}

// The shared connection ends; the next call makes a new one.
func TestConnectionCloses(t *testing.T) {
	_, s := misbehave(t)
	conn, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	mustHold(t, s, text("old", "old value"))
}

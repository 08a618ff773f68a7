// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package service

import (
	"context"
	"sync"
	"time"
)

// chore is something that a running service does again and again.
type chore struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

func (s *Service) chores() []chore {
	return []chore{
		{"close the audit log", time.Second, s.closeAudit},
		{"forget what is over", time.Minute, s.Sweep},
		{"compare the clock", 15 * time.Minute, s.CheckClock},
	}
}

// closeAudit gives the events of the last second their places in the chain.
func (s *Service) closeAudit(ctx context.Context) error {
	n, end, err := s.closer.Close(ctx)
	if n > 0 { // it leaves the machine with the log, where who changes the database cannot change it
		s.Log.Info("the audit log was closed", "rows", n, "head", end.String())
	}
	return err
}

// retryPrepare is how long the service waits before it asks a database again that was away.
const retryPrepare = time.Second

// Run does what has to be done beside answering: it brings the tables up to
// date as soon as the database is there, sends messages, closes the audit chain,
// forgets what is over and compares the clock, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	if !s.keepPreparing(ctx) {
		return
	}
	var all sync.WaitGroup
	all.Go(func() { s.Outbox.Run(ctx) })
	for _, c := range s.chores() {
		all.Go(func() { s.repeat(ctx, c) })
	}
	all.Wait()
}

func (s *Service) keepPreparing(ctx context.Context) bool {
	told := false
	for {
		err := s.Prepare(ctx)
		if err == nil {
			s.Log.Info("the database is ready", "database", string(s.DB.Kind()))
			return true
		}
		if !told && ctx.Err() == nil {
			told = true
			s.Log.Error("the database cannot be used yet; it is asked again each second", "error", err)
		}
		if !pause(ctx, retryPrepare) {
			return false
		}
	}
}

// repeat does a chore at once and then every so often. What goes wrong is said
// when it begins and when it is over, not each time.
func (s *Service) repeat(ctx context.Context, c chore) {
	failing := false
	for {
		err := c.do(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			s.Log.Error("a chore fails; it is tried again", "check", c.name, "error", err)
		case err == nil && failing:
			s.Log.Info("a chore that failed works again", "check", c.name)
		}
		failing = err != nil
		if !pause(ctx, c.every) {
			return
		}
	}
}

// pause waits; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

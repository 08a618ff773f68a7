// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"context"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
)

// Saver writes where a run stands, one after the other and not on the user
// interface's goroutine. What is older than the newest is left out.
type Saver struct {
	Dir string // the data folder; "" keeps nothing

	next    func() error // nil for nothing to write
	writing bool
}

// Save writes a run; what it is now counts.
func (s *Saver) Save(g *guide.Guide, state guide.State) {
	dir := s.Dir
	s.do(func() error {
		run, err := g.Restore(state, nil)
		if err != nil {
			return err
		}
		return run.Save(dir)
	})
}

// Forget removes what was kept.
func (s *Saver) Forget(g *guide.Guide) {
	dir := s.Dir
	s.do(func() error { return g.Forget(dir) })
}

func (s *Saver) do(write func() error) {
	if s.Dir == "" {
		return
	}
	s.next = write
	s.go1()
}

func (s *Saver) go1() {
	if s.writing || s.next == nil {
		return
	}
	write := s.next
	s.next, s.writing = nil, true
	kit.Go(context.Background(), func(context.Context) (bool, error) {
		return true, write()
	}, func(bool, error) { // a run that cannot be kept is walked all the same
		s.writing = false
		s.go1()
	})
}

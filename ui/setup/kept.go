// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"maps"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/kit"
)

// saver writes where a run stands, one after the other and not on the user
// interface's goroutine. What is older than the newest is left out.
type saver struct {
	dir     string
	next    func() error // nil for nothing to write
	writing bool
}

// save writes a run; what it is now counts.
func (s *saver) save(g *guide.Guide, state guide.State) {
	dir := s.dir
	s.do(func() error {
		run, err := g.Restore(state, nil)
		if err != nil {
			return err
		}
		return run.Save(dir)
	})
}

// forget removes what was kept.
func (s *saver) forget() {
	dir := s.dir
	s.do(func() error { return guide.Forget(dir) })
}

func (s *saver) do(write func() error) {
	if s.dir == "" {
		return
	}
	s.next = write
	s.go1()
}

func (s *saver) go1() {
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

func (p *Page) save() { p.saver.save(p.guide, p.run.State()) }

// memory is what was read at the start.
type memory struct {
	run    *guide.Run
	upkeep upkeep.State
}

// load reads what was kept.
func (p *Page) load() {
	facts, dir, file := p.facts(), p.Dir, p.Upkeep
	kit.Go(context.Background(), func(context.Context) (m memory, err error) {
		if file != nil {
			m.upkeep = file.Load()
		}
		if dir == "" {
			return m, nil
		}
		run, ok, err := p.guide.Saved(dir, facts)
		if err == nil && ok {
			m.run = run
		}
		return m, nil // one that cannot be read is as if nothing had been kept
	}, func(m memory, _ error) {
		p.upkeep = m.upkeep
		if p.run == nil && p.kept == nil && m.run != nil && !m.run.Ended() {
			p.kept = m.run
		}
		p.loaded = true
		switch {
		case p.run != nil:
		case p.wanted != "":
			p.showHome()
			p.Begin(p.wanted)
		case p.begin && p.kept == nil:
			p.Begin(guide.Setup)
		default:
			p.showHome()
			p.focus()
		}
	})
}

// remember changes what upkeep knows, and shows the step anew after it.
func (p *Page) remember(change func(*upkeep.State)) {
	p.upkeep.PutOff = maps.Clone(p.upkeep.PutOff) // it may be somebody else's, too
	change(&p.upkeep)
	file := p.Upkeep
	if file == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (upkeep.State, error) {
		return file.Change(ctx, change)
	}, func(s upkeep.State, err error) {
		if err == nil {
			p.upkeep = s
		}
	})
}

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

func (p *Page) save() { p.saver.Save(p.guide, p.run.State()) }

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

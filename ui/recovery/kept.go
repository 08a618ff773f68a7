// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"

	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/report"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// save keeps where the run stands. A topic that was opened from elsewhere is kept only
// where the person breaks off: else nothing is left to go on with.
func (p *Page) save() {
	if p.Around.Leave == nil || p.run.Step().Pause {
		p.saver.Save(p.guide, p.run.State())
	}
}

// load reads what was kept.
func (p *Page) load() {
	dir, facts := p.Dir, p.now.facts()
	if dir == "" {
		return
	}
	kit.Go(context.Background(), func(context.Context) (*guide.Run, error) {
		run, ok, err := p.guide.Saved(dir, facts)
		if err != nil || !ok {
			return nil, err
		}
		return run, nil
	}, func(run *guide.Run, err error) {
		if err != nil || run == nil || run.Ended() || p.run != nil { // one that cannot be read is as none
			return
		}
		p.kept = run
		p.redraw()
		p.focus()
	})
}

// look finds out how things stand now.
func (p *Page) look() {
	p.ticks = 0
	if p.Look == nil {
		return
	}
	if p.looking {
		p.again = true
		return
	}
	p.looking = true
	opened := p.locks
	kit.Go(context.Background(), p.Look(false), func(s report.Sources, err error) {
		p.looking = false
		if err == nil && opened == p.locks { // what was seen before a lock is forgotten
			p.took(s)
		}
		if p.again {
			p.again = false
			p.look()
		}
	})
}

// took puts to use how things stand now.
func (p *Page) took(s report.Sources) {
	first := !p.now.at
	p.tried.See(standing.Of(s.Sources).Clock)
	s.Last = p.tried.Last
	p.now = known{Sources: s, at: true}
	if p.run == nil || !p.on {
		return
	}
	p.run.SetFacts(p.now.facts())
	p.run.SetFill(p.fill())
	if p.piece == nil || first {
		p.redraw() // where the codes are may stand in the words
	} else {
		p.piece.Tick(s.Now)
	}
	if c, ok := p.piece.(*checksPiece); ok {
		c.measureDaily()
	}
}

// arrived notes for the reminders what is known at the step.
func (p *Page) arrived() {
	if p.Note == nil {
		return
	}
	if note := upkeep.Arrival(p.run.Entry().Name, p.run.Step(), p.Clock.Now()); note != nil {
		p.Note(note)
	}
}

// accepted notes that the service took a code. Of several accounts it is not known
// which one's it was.
func (p *Page) accepted() {
	v, all := p.vault(), p.now.ours()
	if v == nil || len(all) != 1 {
		return
	}
	id, now := all[0].ID, p.Clock.Now()
	kit.Go(context.Background(), func(ctx context.Context) (vault.ID, error) {
		return id, v.MarkVerified(ctx, id, now)
	}, func(vault.ID, error) { // bookkeeping only: the code was accepted all the same
		if p.Reload != nil {
			p.Reload()
		}
	})
}

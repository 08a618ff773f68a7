// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kutano/authenticator/server/audit"
)

// said is one line of a call.
type said struct {
	You  string // what was pressed
	They string // what the caller says to it
	// Words are a check phrase that was read out, "" none.
	Words string
}

// pressed is a move with what it brought.
type pressed struct {
	Move  Move
	proof bool  // it showed who calls
	after int64 // the newest event of the audit log then
}

// call is one call from the phone's ringing to its end.
type call struct {
	scenario scenario
	caller   *caller
	began    time.Time // by the clock of the world
	took     time.Duration
	since    int64 // the newest event of the audit log when it rang
	lines    []said
	moves    []pressed
	clockSet bool
	ending   Ending
}

// desk is where calls come in, one at a time.
type phoneDesk struct {
	mu    sync.Mutex
	queue []string // what rings next
	now   *call    // nil: nobody calls
	done  []Score
}

// Errors of a call.
var (
	errNoCall = errors.New("nobody calls")
	errBusy   = errors.New("somebody calls already")
)

// newest is the newest event of the audit log.
func (p *Practice) newest(ctx context.Context) (int64, error) {
	var id int64
	if err := p.db.Row(ctx, "SELECT COALESCE(MAX(id), 0) FROM audit", nil, &id); err != nil {
		return 0, fmt.Errorf("look at the audit log: %w", err)
	}
	return id, nil
}

// answer takes the call of a scenario.
func (p *Practice) answer(ctx context.Context, name string) error {
	d := &p.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := scenarioOf(name)
	if !ok {
		return fmt.Errorf("there is no scenario %q", name)
	}
	if d.now != nil && d.now.ending == GoesOn {
		return errBusy
	}
	if err := p.again(ctx); err != nil {
		return err
	}
	c, err := p.ring(ctx, s)
	if err != nil {
		return err
	}
	since, err := p.newest(ctx)
	if err != nil {
		return err
	}
	d.now = &call{scenario: s, caller: c, began: p.wall(), since: since, lines: []said{{They: s.Greeting}}}
	if i := slices.Index(d.queue, name); i >= 0 {
		d.queue = slices.Delete(d.queue, i, i+1)
	}
	return nil
}

// press makes a move in the call that goes on.
func (p *Practice) press(ctx context.Context, m Move) error {
	d := &p.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.now == nil || d.now.ending != GoesOn {
		return errNoCall
	}
	c := d.now
	after, err := p.newest(ctx)
	if err != nil {
		return err
	}
	line, err := c.play(ctx, m)
	if err != nil {
		return fmt.Errorf("in a call: %w", err)
	}
	_, proof := proofs[m]
	c.moves = append(c.moves, pressed{Move: m, proof: proof && !c.scenario.impostor, after: after})
	c.lines = append(c.lines, line)
	if c.ending == GoesOn {
		return nil
	}
	c.took = p.wall().Sub(c.began)
	score, err := p.judge(ctx, c)
	if err != nil { // the last button can be pressed again
		c.ending = GoesOn
		return err
	}
	d.done = append(d.done, score)
	return nil
}

// play is what comes of a move.
func (c *call) play(ctx context.Context, m Move) (said, error) {
	line := said{You: label(m), They: c.line(m)}
	var in bool
	var err error
	switch m {
	case AskPhrase:
		line.They, line.Words = c.phrase(line.They)
	case AskBlocked:
		c.caller.has.blocked = false // whoever is asked looks
	case SetClock:
		line.They = c.setClock(line.They)
	case NextCode, TwoCodes, TextAgain, BackupCode:
		line.They, in, err = c.typeIn(ctx, m, line.They)
	case ReadOut:
		line.They, in, err = c.caller.bypass(ctx, line.They)
	case Refuse:
		c.ending = Refused
	case HangUp:
		c.ending = HungUp
	}
	if in {
		c.ending = In
	}
	return line, err
}

// line is what the caller says to a move of which nothing comes.
func (c *call) line(m Move) string {
	if s, ok := c.scenario.says[m]; ok {
		return s
	}
	return usual[m]
}

func (c *call) phrase(says string) (they, words string) {
	name := c.scenario.phrase
	if c.clockSet && c.scenario.later != "" {
		name = c.scenario.later
	}
	if name == "" {
		return saysNoPhrase, ""
	}
	return says, phrases[name]
}

func (c *call) setClock(says string) string {
	switch {
	case c.scenario.impostor:
		return says
	case !c.caller.has.phone:
		return saysGone
	case c.caller.has.ahead == 0:
		return saysSetAlready
	}
	c.caller.has.ahead, c.clockSet = 0, true
	return says
}

// typeIn lets the caller type something on the service's page.
func (c *call) typeIn(ctx context.Context, m Move, says string) (they string, in bool, err error) {
	app, has := c.caller.who.Secret != "", c.caller.has
	switch {
	case c.scenario.impostor && says != "":
		return says, false, nil
	case m == BackupCode && !has.codes:
		return says, false, nil
	case m == BackupCode:
		return c.caller.backup(ctx, says)
	case m == TextAgain && app:
		return saysNoTexts, false, nil
	case !has.phone:
		return saysGone, false, nil
	case m == TextAgain && has.blocked:
		return saysNoText, false, nil
	case m == TextAgain:
		return c.caller.text(ctx)
	case !app:
		return saysNoPage, false, nil
	case m == TwoCodes:
		they, err = c.caller.twoCodes(ctx)
		return they, false, err
	}
	return c.caller.app(ctx)
}

// again judges the last call once more, if it has ended: what is done at the desk until
// the next one rings is a part of it. The desk's lock is held.
func (p *Practice) again(ctx context.Context) error {
	d := &p.desk
	if d.now == nil || d.now.ending == GoesOn {
		return nil
	}
	score, err := p.judge(ctx, d.now)
	if err != nil {
		return err
	}
	d.done[len(d.done)-1] = score
	return nil
}

// Calls are the scores of the calls so far.
func (p *Practice) Calls(ctx context.Context) ([]Score, error) {
	p.desk.mu.Lock()
	defer p.desk.mu.Unlock()
	if err := p.again(ctx); err != nil {
		return nil, fmt.Errorf("look at the calls: %w", err)
	}
	return slices.Clone(p.desk.done), nil
}

// acts are what was done at the desk since the phone rang, for whomever, the oldest first.
func (p *Practice) acts(ctx context.Context, c *call) ([]audit.Event, error) {
	var acts []audit.Event
	var before int64
	for {
		events, err := audit.List(ctx, p.db, "", before, audit.MostListed)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			before = e.ID
			if e.ID > c.since && deskAct(e.Action) {
				acts = append(acts, e)
			}
		}
		if len(events) < audit.MostListed || before <= c.since {
			slices.Reverse(acts)
			return acts, nil
		}
	}
}

func deskAct(a audit.Action) bool {
	switch a {
	case audit.DeskUnlocked, audit.DeskResync, audit.DeskBypass, audit.DeskReset, audit.DeskResetAsked, audit.DeskSignedOut, audit.DeskSuspended:
		return true
	}
	return false
}

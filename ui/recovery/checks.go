// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"context"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// checksPiece looks at what this app knows: one line each, and one next thing to do.
// R56
type checksPiece struct {
	guided.Still
	page   *Page
	shown  bool
	result check.Result
	err    error
	busy   bool

	timer *kit.Button // measures the clock, beside its line; nil for none
	began bool        // it was measured by itself, or need not be
	asks  bool        // it was
}

// facts are what is looked at for a topic.
func (p *Page) facts(topic string) check.Facts {
	k := &p.now
	f := check.Facts{
		Topic: topic, Refused: max(1, p.tried.Refused), Left: -1, Store: k.store(), Codes: k.codes(), Discreet: p.discreet(),
		Clock: k.verdict(), ClockAt: check.ClockAt(k.Clock),
	}
	if l, ok := k.linked(); ok {
		f.SeenAt = l.SeenAt
	}
	n := k.Clock.Network
	f.Allowed = n == clock.OnDemand || n == clock.Daily
	f.Asked = (n == clock.Never || p.timed.trouble != nil) && f.Clock.Tone == verdict.Unknown
	a, here := k.account(p.run.Account())
	f.Service = k.service(a, here)
	if !here {
		f.Removed = len(k.among(k.Removed)) > 0
		return f
	}
	f.Here, f.Account, f.Others, f.Unproved = true, guided.NameOf(a), len(k.ours())-1, a.Verified.IsZero()
	f.Type, f.Algorithm, f.Digits, f.Period = a.Type, a.Algorithm, a.Digits, a.Period
	return f
}

// Draw shows what was found.
func (c *checksPiece) Draw() guided.Drawn {
	p := c.page
	c.timer = nil
	if !p.now.at {
		return guided.Drawn{Own: true, Object: kit.NewCard(kit.NewText(words.T("Looking…"))), Others: []*kit.Button{c.goOn()}}
	}
	c.result, c.shown = check.Of(p.facts(p.run.Entry().Name)), true
	found := kit.Rows(kit.Space8, guided.FoundWith(c.result, c.err, c.clock()))
	if trouble := p.askTrouble(); trouble != nil {
		found.Add(trouble)
	}
	found.Add(kit.NewQuiet(c.network()))
	return guided.Drawn{Own: true, Object: found, Main: c.main(), Others: c.others()}
}

// Tick shows what has changed since.
func (c *checksPiece) Tick(time.Time) {
	if !c.page.now.at {
		return
	}
	r := check.Of(c.page.facts(c.page.run.Entry().Name))
	if !c.shown || r.Do != c.result.Do || r.What != c.result.What || !slices.Equal(r.Looked, c.result.Looked) {
		c.page.redraw()
	}
}

func (c *checksPiece) goOn() *kit.Button {
	return kit.NewButton(words.T("Go through the steps"), func() { c.page.end(guide.Nothing) })
}

// onward follows the way of what was found.
func (c *checksPiece) onward(text string) *kit.Button {
	way := c.result.Way
	return kit.NewMainButton(text, func() { c.page.end(way) })
}

// direct tells that the main button does what is said, and not only shows how.
func (c *checksPiece) direct() bool {
	p := c.page
	switch c.result.Do {
	case check.BringBack:
		return p.vault() != nil && len(p.now.among(p.now.Removed)) == 1
	case check.Unlock:
		return p.Unlock != nil
	case check.FixClock, check.MeasureClock:
		return p.ShowClock != nil || c.mainMeasures()
	}
	return false
}

// main does what is said, or shows how.
func (c *checksPiece) main() *kit.Button {
	if !c.direct() {
		return c.onward(c.says())
	}
	switch c.result.Do {
	case check.BringBack:
		return kit.NewMainButton(words.T("Bring it back"), c.bringBack)
	case check.Unlock:
		return kit.NewMainButton(words.T("Open the lock now"), c.unlock)
	}
	switch {
	case c.mainMeasures():
		return clockButton(kit.NewMainButton(words.T("Check my clock"), c.page.measure))
	case c.result.Do == check.FixClock:
		return clockButton(kit.NewMainButton(words.T("Check or correct it"), c.page.ShowClock))
	}
	return clockButton(kit.NewMainButton(words.T("Check my clock"), c.page.ShowClock))
}

// says is what the button says that goes on by what was found.
func (c *checksPiece) says() string {
	switch c.result.Way {
	case guide.TypeCode:
		return words.T("Show my code")
	case guide.OtherLine:
		return words.T("Compare the names")
	case guide.Rescan:
		return words.T("Scan a new QR code")
	case guide.UseBackup, guide.Unsolved:
		return words.T("Use a backup code")
	case guide.NotAsked:
		return words.T("I am signed in")
	case guide.ByMessage:
		return words.T("Look for the message")
	case guide.Absent:
		return words.T("Look for it")
	case guide.Nothing:
		return words.T("Go through the steps")
	}
	return words.T("Show me how")
}

func clockButton(b *kit.Button) *kit.Button {
	b.SetIcon(kit.IconClock)
	return b
}

// others are the ways that are left when that does not help.
func (c *checksPiece) others() []*kit.Button {
	p := c.page
	all := append(c.byHand(), c.elsewhere()...)
	if ask := p.askButton(); ask != nil { // when it was seen last stands in the lines
		all = append(all, ask)
	}
	if c.result.Way != guide.Nothing {
		all = append(all, c.goOn())
	}
	return append(all, kit.NewButton(words.T("I am in"), func() { p.end(guide.In) }))
}

// byHand shows how to do what the main button does, or sees to the clock where that is
// not what it does.
func (c *checksPiece) byHand() []*kit.Button {
	p := c.page
	switch {
	case c.direct():
		return []*kit.Button{kit.NewButton(words.T("Show me how"), func() { p.end(c.result.Way) })}
	case p.run.Entry().Name == guide.Refused && p.ShowClock != nil && !c.measures():
		return []*kit.Button{clockButton(kit.NewButton(words.T("Check my clock"), p.ShowClock))}
	}
	return nil
}

// elsewhere leads to the list, or to where an account is brought in.
func (c *checksPiece) elsewhere() []*kit.Button {
	p, topic := c.page, c.page.run.Entry().Name
	about := topic == guide.Empty || topic == guide.NewDevice
	switch here := p.now.hereAndOpen(); {
	case here && p.ShowCodes != nil && (topic == guide.Empty || topic == guide.WrongAccount):
		b := kit.NewButton(words.T("Show my codes"), p.ShowCodes)
		b.SetIcon(kit.IconCodes)
		return []*kit.Button{b}
	case !here && p.Scan != nil && p.vault() != nil && (about || c.result.Do == check.Scan):
		b := kit.NewButton(words.T("Scan a QR code"), p.Scan)
		b.SetIcon(kit.IconQR)
		return []*kit.Button{b}
	}
	return nil
}

// hereAndOpen tells that there is a Kutano account whose codes can be made.
func (k *known) hereAndOpen() bool { return len(k.ours()) > 0 && k.store() == check.Open }

// unlock has the keys unlocked, and looks again.
func (c *checksPiece) unlock() {
	p := c.page
	p.Unlock(func(err error) {
		if p.piece != guided.Piece(c) {
			return
		}
		c.err = err
		p.look()
		p.redraw()
	})
}

// bringBack brings the removed account back, and looks again.
func (c *checksPiece) bringBack() {
	p := c.page
	v, gone := p.vault(), p.now.among(p.now.Removed)
	if v == nil || len(gone) != 1 || c.busy {
		return
	}
	c.busy = true
	id := gone[0].ID
	kit.Go(context.Background(), func(ctx context.Context) (vault.ID, error) {
		return id, v.Restore(ctx, id)
	}, func(_ vault.ID, err error) {
		c.busy = false
		if p.Reload != nil {
			p.Reload()
		}
		if p.piece != guided.Piece(c) {
			return
		}
		if c.err = err; err != nil {
			p.redraw()
			return
		}
		p.run.SetAccount(string(id))
		p.say(words.T("{account} is back.", "account", guided.NameOf(gone[0])))
		p.look()
	})
}

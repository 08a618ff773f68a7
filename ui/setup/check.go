// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"slices"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// checkPiece finds out why a code was refused. R56
type checkPiece struct {
	guided.Still
	page   *Page
	result check.Result
	asked  bool // the clock was to be measured
	err    error
}

func (c *checkPiece) facts() check.Facts {
	p := c.page
	f := check.Facts{Left: -1, Refused: max(1, p.refused), Rescanned: p.rescanned, Asked: c.asked}
	if p.Verdict != nil {
		f.Clock = p.Verdict()
	}
	f.Allowed = p.MayMeasure != nil && p.MayMeasure()
	if f.Clock.Tone != verdict.Unknown {
		f.Asked = false
	}
	a, here := p.account(vault.ID(p.run.Account()))
	all := p.accounts()
	if !here && len(all) == 1 {
		a, here = all[0], true
	}
	f.Here, f.Removed = here, !here && c.removed() != ""
	if !here {
		return f
	}
	f.Account, f.Type, f.Algorithm, f.Digits, f.Period = guided.NameOf(a), a.Type, a.Algorithm, a.Digits, a.Period
	for _, other := range all {
		if other.ID != a.ID {
			f.Others++
		}
	}
	return f
}

// removed returns the account of the run where that was removed.
func (c *checkPiece) removed() vault.ID {
	v, id := c.page.Vault(), vault.ID(c.page.run.Account())
	if v == nil || id == "" {
		return ""
	}
	if slices.ContainsFunc(v.Removed(), func(a vault.Account) bool { return a.ID == id }) {
		return id
	}
	return ""
}

func (c *checkPiece) Tick(time.Time) {
	if r := check.Of(c.facts()); r.Do != c.result.Do || r.What != c.result.What || !slices.Equal(r.Looked, c.result.Looked) {
		c.page.redraw() // the clock was measured, or the account came back
	}
}

func (c *checkPiece) Draw() guided.Drawn {
	c.result = check.Of(c.facts())
	return guided.Drawn{Object: guided.Found(c.result, c.err), Own: true, Main: c.main(), Others: c.others()}
}

// main does what the verdict says.
func (c *checkPiece) main() *kit.Button {
	p := c.page
	end := func(text string) *kit.Button {
		return kit.NewMainButton(text, func() { p.end(c.result.Do.Outcome()) })
	}
	switch c.result.Do {
	case check.BringBack:
		return kit.NewMainButton(words.T("Bring it back"), c.bringBack)
	case check.Scan:
		return end(words.T("Scan the QR code"))
	case check.Rescan:
		return end(words.T("Scan a new QR code"))
	case check.FixClock, check.MeasureClock:
		if p.ShowClock != nil {
			b := kit.NewMainButton(words.T("Check my clock"), func() {
				c.asked = true
				p.ShowClock()
			})
			b.SetIcon(kit.IconClock)
			return b
		}
	case check.Ask:
		return end(words.T("Who can help me"))
	}
	return end(words.T("Show the next code"))
}

// others are the ways that are left when the verdict does not help.
func (c *checkPiece) others() []*kit.Button {
	p := c.page
	var all []*kit.Button
	add := func(text string, o guide.Outcome) {
		all = append(all, kit.NewButton(text, func() { p.end(o) }))
	}
	switch c.result.Do {
	case check.FixClock, check.MeasureClock, check.Rescan, check.Ask:
		add(words.T("Show the next code"), guide.Again)
	case check.NextCode, check.OtherLine:
		if p.refused > 1 {
			add(words.T("Scan a new QR code"), guide.Rescan)
		}
	}
	if c.result.Do != check.Ask {
		add(words.T("Who can help me"), guide.Unsolved)
	}
	return all
}

func (c *checkPiece) bringBack() {
	p := c.page
	v, id := p.Vault(), c.removed()
	if v == nil || id == "" {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) {
		return true, v.Restore(ctx, id)
	}, func(_ bool, err error) {
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
		p.end(guide.Again)
	})
}

// clockPiece says how the clock stands. R53
type clockPiece struct {
	guided.Still
	page  *Page
	shown verdict.Verdict
}

func (c *clockPiece) Draw() guided.Drawn {
	p := c.page
	if p.Verdict == nil {
		return guided.Drawn{}
	}
	c.shown = p.Verdict()
	return guided.Drawn{Object: guided.ClockCard(c.shown, p.ShowClock)}
}

func (c *clockPiece) Tick(time.Time) {
	if c.page.Verdict == nil {
		return
	}
	if v := c.page.Verdict(); v.Headline != c.shown.Headline || v.Tone != c.shown.Tone {
		c.page.redraw()
	}
}

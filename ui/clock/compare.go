// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// compare measures by the codes that another device shows, without a network.
type compare struct {
	page   *page
	object fyne.CanvasObject
	fold   *kit.Fold
	none   *widget.Label
	form   *fyne.Container

	accounts []vault.Account
	which    *kit.Select
	code     *kit.Entry
	flip     *kit.Button
	submit   *kit.Button
	says     *widget.Label

	readings []fromcodes.Reading
	flipped  *clock.Times // when the user said that the code changes
	cancel   context.CancelFunc
	limit    time.Duration // for looking for a code: a keyring may ask its user
}

func newCompare(p *page) *compare {
	c := &compare{page: p, limit: time.Minute}
	c.none = kit.NewText("")
	c.which = kit.NewSelect(nil, func(string) { c.again() })
	c.code = kit.NewEntry(words.T("The code it shows now"))
	c.code.OnSubmitted = func(string) { c.read() }
	c.code.OnChanged = c.typed
	c.flip = kit.NewButton(words.T("It changes now"), c.flips)
	c.submit = kit.NewButton(words.T("Compare"), c.read)
	c.says = kit.NewText("")
	c.says.Hide()
	c.form = kit.Rows(kit.Space8,
		kit.NewText(words.T("Which account do you see on both devices?")), shrinks(c.which),
		kit.NewText(words.T("Type the code that the other device shows now.")),
		kit.AdaptiveGap(440, kit.Space8, c.code, c.submit),
		kit.Rows(-kit.Space8, atLeft(c.flip), kit.NewQuiet(words.T("More exact: press this at the moment when the code changes there, then type the new one."))),
		c.says)
	c.fold = kit.NewFold(words.T("Compare with another device"), kit.Rows(kit.Space8,
		kit.NewText(words.T("No network is needed. The other device’s clock is taken to be right, so use one whose codes are accepted.")),
		c.none, c.form))
	c.fold.Changed = func(bool) { p.relayout() }
	c.object = kit.NewCard(c.fold.Object())
	return c
}

// toCompare opens the part of the page that needs no network.
func (p *page) toCompare() {
	p.compare.fold.SetOpen(true)
	p.relayout()
	p.to(p.compare.object)
	if p.compare.form.Visible() {
		p.screen.Canvas().Focus(p.compare.code)
	}
}

// open begins anew.
func (c *compare) open() {
	c.clear()
	c.fold.SetOpen(false)
	c.offer()
}

// offer offers the accounts there are, Kutano's first.
func (c *compare) offer() {
	c.accounts = nil
	none := words.T("Opening your accounts…")
	if v := c.page.screen.Vault(); v != nil {
		none = words.T("There is no account here yet whose codes go by the clock.")
		c.accounts = slices.DeleteFunc(slices.Clone(v.Accounts()), func(a vault.Account) bool { return a.Type == otpauth.HOTP })
	}
	slices.SortStableFunc(c.accounts, func(a, b vault.Account) int {
		switch {
		case a.Kutano == b.Kutano:
			return 0
		case a.Kutano:
			return -1
		}
		return 1
	})
	c.which.Options = titles(c.accounts)
	c.none.SetText(none)
	c.none.Hidden, c.form.Hidden = len(c.accounts) > 0, len(c.accounts) == 0
	if len(c.accounts) > 0 {
		c.which.SetSelectedIndex(0)
	}
}

// titles gives each account one of its own: a choice is known by its text.
func titles(as []vault.Account) []string {
	var all []string
	seen := make(map[string]int, len(as))
	for _, a := range as {
		t := title(a)
		if seen[t]++; seen[t] > 1 {
			t += " (" + strconv.Itoa(seen[t]) + ")"
		}
		all = append(all, t)
	}
	return all
}

// title tells an account from others of the same service.
func title(a vault.Account) string {
	if a.Issuer != "" && a.Name != "" {
		return a.Issuer + " · " + a.Name
	}
	return a.Title()
}

// clear forgets what was typed.
func (c *compare) clear() {
	if c.cancel != nil {
		c.cancel()
		c.cancel = nil
	}
	c.again()
}

// again begins with the first code.
func (c *compare) again() {
	c.readings, c.flipped = nil, nil
	c.empty()
	c.say("")
}

// empty takes the code out of the field.
func (c *compare) empty() {
	c.code.OnChanged = nil
	c.code.SetText("")
	c.code.OnChanged = c.typed
}

func (c *compare) say(sentence string) {
	if c.says.Text == sentence {
		return
	}
	c.says.SetText(sentence)
	c.says.Hidden = sentence == ""
	c.page.relayout()
}

// account returns the chosen one.
func (c *compare) account() (vault.Account, bool) {
	i := c.which.SelectedIndex()
	if i < 0 || i >= len(c.accounts) {
		return vault.Account{}, false
	}
	return c.accounts[i], true
}

// flips notes the moment at which the code changed.
func (c *compare) flips() {
	now := c.page.screen.Read()
	c.flipped = &now
	c.empty()
	c.say(words.T("Noted. Now type the code that has just come."))
	c.page.screen.Canvas().Focus(c.code)
}

// typed takes a code that is complete at once: the sooner, the more exact.
func (c *compare) typed(text string) {
	if a, ok := c.account(); ok && len(plain(text)) == a.Digits && c.cancel == nil {
		c.read()
	}
}

// plain is a code without the blanks and dashes that people put in.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' || r == '\u202f' {
			return -1
		}
		return r
	}, text)
}

// read takes the code in the field as what the other device shows.
func (c *compare) read() {
	a, ok := c.account()
	v := c.page.screen.Vault()
	if !ok || v == nil || c.cancel != nil {
		return
	}
	code := plain(c.code.Text)
	if code == "" {
		c.say(words.T("Type the code that the other device shows now."))
		return
	}
	r := fromcodes.Reading{Code: code, At: c.page.screen.Read()}
	period := time.Duration(a.Period) * time.Second
	if f := c.flipped; f != nil && r.At.Boot-f.Boot < period {
		r.At, r.Flip = *f, true
	}
	c.flipped = nil
	c.readings = append(c.readings, r)
	readings := slices.Clone(c.readings)
	ctx, cancel := context.WithTimeout(context.Background(), c.limit)
	c.cancel = cancel
	kit.Go(ctx, func(ctx context.Context) (clock.Estimate, error) {
		return fromcodes.Compare(ctx, func(ctx context.Context, code string, at time.Time, reach time.Duration) ([]int64, error) {
			return v.Steps(ctx, a.ID, code, at, reach)
		}, period, readings)
	}, func(e clock.Estimate, err error) {
		stopped := errors.Is(ctx.Err(), context.Canceled)
		cancel()
		if stopped {
			return
		}
		c.cancel = nil // also after a keyring that kept its answer for too long
		c.compared(e, err, r.At)
	})
}

// compared says what came out.
func (c *compare) compared(e clock.Estimate, err error, at clock.Times) {
	c.empty()
	if !errors.Is(err, fromcodes.ErrSecond) {
		c.readings = nil
	}
	if err != nil {
		c.say(whyNot(err))
		c.page.screen.Canvas().Focus(c.code)
		return
	}
	c.say(c.page.screen.take(e, at))
	c.page.scroll.ScrollToTop()
}

// whyNot says what to do where codes do not tell the time yet.
func whyNot(err error) string {
	if errors.Is(err, fromcodes.ErrSecond) { // the first one is kept
		return words.T("That could be chance. Wait until the other device shows a new code, and type that one, too.")
	}
	m := explain.Error(err)
	return m.What + " " + m.Next
}

// take keeps what one other device or service says, and returns what that is in
// a sentence. What is known better, or what several sources agreed on, is not
// given up for it.
func (s *Screen) take(e clock.Estimate, at clock.Times) string {
	if by, ok := at.Shift(s.Read()); !ok || by.Abs() >= clock.Worth {
		return whyNot(fromcodes.ErrStepped) // it tells of a clock that was set since
	}
	if e.Offset.Abs() <= e.Uncertainty { // then no difference is as good
		e.Offset, e.Uncertainty = 0, e.Offset.Abs()+e.Uncertainty
	}
	says := words.T("No difference can be seen: it is less than {size}.", "size", verdict.Within(e.Uncertainty))
	switch size := verdict.Size(e.Offset); {
	case e.Offset > 0:
		says = words.T("This device is about {size} behind.", "size", size)
	case e.Offset < 0:
		says = words.T("This device is about {size} ahead.", "size", size)
	}
	now := s.True.Status()
	switch m := now.Measured; {
	case now.Covers(e):
		return says + " " + words.T("That agrees with what was measured before.")
	case m != nil && m.Majority && now.Stale == "" && !now.Old():
		return says + " " + words.T("That differs from what several sources said before, which is believed.")
	}
	_ = s.True.Take(clock.Single(e, at)) // unwritten, it holds until the app ends
	s.changed()
	return says
}

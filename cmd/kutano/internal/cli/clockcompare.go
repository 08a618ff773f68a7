// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// compareCodes measures the clock by the codes that another device shows for an
// account: typed in by a person, or read from standard input, a line each.
func (a *App) compareCodes(ctx context.Context, t *clock.True, f clockFlags) error {
	if f.flip && !a.interactive() {
		return usage(words.T("--flip needs someone who presses Enter, and there is no terminal."), words.T("Leave --flip out and give the code on standard input."))
	}
	v, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }() // nothing is changed
	as, err := codeFlags{}.choose(v.Accounts(), []string{f.code})
	if err != nil {
		return err
	}
	acc := as[0]
	if acc.Type == otpauth.HOTP {
		return usage(words.T("This account counts: its codes do not tell the time."), words.T("Name an account whose codes change by themselves."))
	}
	if err := a.readGiven(ctx); err != nil {
		return err
	}
	c := comparison{app: a, vault: v, account: acc, flip: f.flip}
	e, at, err := c.run(ctx)
	if err != nil {
		return err
	}
	if t.Status().Covers(e) {
		a.say(words.T("That agrees with what was measured before."))
		return nil
	}
	a.warnUnkept(t.Take(clock.Single(e, at)))
	return nil
}

// comparison is one with another device.
type comparison struct {
	app      *App
	vault    *vault.Vault
	account  vault.Account
	flip     bool
	readings []fromcodes.Reading
}

// run asks for codes until they tell the time. The estimate holds at the last.
func (c *comparison) run(ctx context.Context) (clock.Estimate, clock.Times, error) {
	if c.app.interactive() {
		c.app.say(words.T("Open {account} on a device whose clock you trust.", "account", title(c.account.Issuer, c.account.Name)))
	}
	for {
		r, err := c.read(ctx)
		if err != nil {
			return clock.Estimate{}, clock.Times{}, err
		}
		c.readings = append(c.readings, r)
		e, err := c.estimate(ctx)
		if !errors.Is(err, fromcodes.ErrSecond) || len(c.readings) == mostCodes {
			return e, r.At, err
		}
		if c.app.interactive() {
			c.app.say(words.T("That could be chance. Wait until the other device shows a new code, and type that one, too."))
		}
	}
}

// mostCodes is how many codes are asked for: with more, something else is wrong.
const mostCodes = 4

func (c *comparison) estimate(ctx context.Context) (e clock.Estimate, err error) {
	find := func(ctx context.Context, code string, at time.Time, reach time.Duration) ([]int64, error) {
		return c.vault.Steps(ctx, c.account.ID, code, at, reach)
	}
	err = c.app.unlocked(ctx, func(ctx context.Context) error {
		e, err = fromcodes.Compare(ctx, find, time.Duration(c.account.Period)*time.Second, c.readings)
		return err
	})
	return e, err
}

// read reads one code, with the time at which the other device showed it.
func (c *comparison) read(ctx context.Context) (fromcodes.Reading, error) {
	a := c.app
	if !a.interactive() {
		line, err := a.ask(ctx, "")
		if err != nil && len(c.readings) > 0 && ctx.Err() == nil {
			return fromcodes.Reading{}, fromcodes.ErrSecond
		}
		if err != nil && ctx.Err() == nil {
			return fromcodes.Reading{}, usage(words.T("There is no code on standard input."), words.T("Give the code that the other device shows, a line of its own."))
		}
		return fromcodes.Reading{Code: line, At: a.times()}, err
	}
	if !c.flip {
		line, err := a.ask(ctx, words.T("The code it shows: "))
		return fromcodes.Reading{Code: line, At: a.times()}, err
	}
	if _, err := a.ask(ctx, words.T("Press Enter at the moment when its code changes: ")); err != nil {
		return fromcodes.Reading{}, err
	}
	at := a.times()
	line, err := a.ask(ctx, words.T("The code it shows now: "))
	return flipped(line, at, a.times(), time.Duration(c.account.Period)*time.Second), err
}

// flipped is a code that was typed after it had begun at a moment. One that was
// typed a whole period later is another.
func flipped(code string, at, now clock.Times, period time.Duration) fromcodes.Reading {
	if now.Boot-at.Boot >= period {
		return fromcodes.Reading{Code: code, At: now}
	}
	return fromcodes.Reading{Code: code, At: at, Flip: true}
}

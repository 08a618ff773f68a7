// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// watch shows codes until ctx ends: on a terminal in place, every second with
// the time left; elsewhere a line whenever a code is new, which a program can
// follow. It ends in "cancelled", as every Ctrl-C does.
func (a *App) watch(ctx context.Context, v *vault.Vault, as []vault.Account) error {
	if len(as) == 0 {
		return tell(explain.NotFound, noAccounts(), "", "")
	}
	w := watcher{app: a, vault: v, codes: make([]made, len(as)), alone: len(as) == 1}
	for i, acc := range as {
		w.codes[i].account = acc
	}
	w.people = isTerminal(a.Out) && !a.json
	if w.people {
		fmt.Fprint(a.Out, hideCursor)
		defer fmt.Fprint(a.Out, showCursor)
	}
	err := w.run(ctx)
	if ctx.Err() != nil {
		if a.json {
			return tell(explain.Cancelled, words.T("Cancelled."), "", "")
		}
		return tell(explain.Cancelled, "", "", "") // a person knows
	}
	return err
}

// Terminal control, understood by every terminal of today, Windows 10's too.
const (
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	lineUp     = "\x1b[%dA"
	eraseBelow = "\x1b[J"
)

type watcher struct {
	app    *App
	vault  *vault.Vault
	codes  []made
	alone  bool
	people bool
	stale  bool   // the accounts were changed: compute every code anew
	drawn  int    // lines on the terminal
	said   string // what was last said of the clock
}

func (w *watcher) run(ctx context.Context) error {
	// Without news of other programs' changes the codes still come.
	changed, _ := w.vault.Watch(ctx)
	for {
		now, remark := w.time()
		fresh, err := w.renew(ctx, now)
		if err != nil {
			return err
		}
		if err := w.show(fresh, now, remark); err != nil {
			return fmt.Errorf("print codes: %w", err)
		}
		// The next whole second: the count then changes with the clock.
		if !wait(ctx, time.Second-time.Duration(now.Nanosecond())) {
			return ctx.Err()
		}
		select {
		case _, open := <-changed:
			// The app or another kutano may have replaced a key.
			w.stale = open
		default:
		}
	}
}

// wait returns false when ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// renew computes the codes whose time is over, or has not begun because the
// clock was set back, and returns those that are new.
func (w *watcher) renew(ctx context.Context, now time.Time) ([]made, error) {
	var fresh []made
	for i, m := range w.codes {
		current := m.code.Value != "" && (m.account.Type == otpauth.HOTP || !now.Before(m.code.From) && now.Before(m.code.Until))
		if (current || m.err != nil) && !w.stale {
			continue
		}
		list, err := w.app.makeAll(ctx, w.vault, []vault.Account{m.account}, now, true, true)
		if err != nil {
			return nil, err
		}
		w.codes[i] = list[0]
		if now := list[0].code; now.Value != m.code.Value || !now.From.Equal(m.code.From) || m.code.Value == "" {
			fresh = append(fresh, list[0])
		}
	}
	w.stale = false
	return fresh, nil
}

// time returns the time to make codes for and what is to be said of it, noticing
// where the device's clock was set.
func (w *watcher) time() (time.Time, string) {
	t, err := w.app.trueClock()
	if err != nil {
		return w.app.Clock.Now(), ""
	}
	_, _ = t.Look() // what cannot be noted holds all the same
	now := t.Now()
	return now, clockRemark(t.Status(), w.app.Clock.Now())
}

func (w *watcher) show(fresh []made, now time.Time, remark string) error {
	if w.people {
		return w.redraw(now, remark)
	}
	if remark != w.said && remark != "" {
		w.app.say(remark)
	}
	w.said = remark
	if len(fresh) == 0 {
		return nil
	}
	var err error
	switch {
	case w.app.json:
		err = (&document{Accounts: showCodes(fresh)}).print(w.app)
	case w.alone:
		_, err = fmt.Fprintln(w.app.Out, dash(fresh[0].code.Value))
	default:
		_, err = io.WriteString(w.app.Out, codeTable(fresh, now, false, false))
	}
	return err
}

// redraw paints over what was painted a second ago.
func (w *watcher) redraw(now time.Time, remark string) error {
	width, height := w.size()
	if remark != "" {
		height--
	}
	lines := strings.Split(strings.TrimSuffix(codeTable(w.codes, now, true, true), "\n"), "\n")
	if more := len(lines) - height; more > 0 {
		lines = append(lines[:height], words.N(more, "1 more does not fit", "{n} more do not fit"))
	}
	if remark != "" {
		lines = append(lines, remark)
	}
	var b strings.Builder
	if w.drawn > 0 {
		fmt.Fprintf(&b, lineUp, w.drawn)
	}
	b.WriteString("\r" + eraseBelow)
	for _, line := range lines {
		b.WriteString(cut(line, width) + "\n")
	}
	w.drawn = len(lines)
	_, err := io.WriteString(w.app.Out, b.String())
	return err
}

// cut shortens a line that would wrap: a wrapped line cannot be painted over.
func cut(line string, width int) string {
	if runes := []rune(line); len(runes) > width {
		return string(runes[:width])
	}
	return line
}

// size returns the room there is for the table, in characters and lines.
func (w *watcher) size() (width, height int) {
	if f, ok := w.app.Out.(*os.File); ok {
		if cols, rows, err := term.GetSize(int(f.Fd())); err == nil && cols > 0 && rows > 3 {
			return cols, rows - 2
		}
	}
	return 80, 22
}

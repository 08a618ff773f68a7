// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

func (a *App) printCodes(ctx context.Context, v *vault.Vault, as []vault.Account, at time.Time, f codeFlags) error {
	if len(as) == 0 && !a.json {
		a.say(noAccounts())
		return nil
	}
	people := isTerminal(a.Out)
	all, err := a.makeAll(ctx, v, as, at, f.peek, f.next || a.json || people)
	if err != nil {
		return err
	}
	failed := firstError(all)
	switch {
	case a.json:
		a.doc = &document{Accounts: showCodes(all)}
		return failed
	case len(all) == 1 && failed != nil:
		return failed
	case len(all) == 1:
		return a.printBare(all[0], at, f)
	}
	if _, err := io.WriteString(a.Out, codeTable(all, at, people, f.next)); err != nil {
		return fmt.Errorf("print codes: %w", err)
	}
	return failed
}

// printBare prints one code alone; a person at a terminal is also told, on
// standard error, how long it lasts.
func (a *App) printBare(m made, at time.Time, f codeFlags) error {
	value := m.code.Value
	if f.next {
		value = m.next
	}
	if _, err := fmt.Fprintln(a.Out, value); err != nil {
		return fmt.Errorf("print code: %w", err)
	}
	if isTerminal(a.Out) && isTerminal(a.Err) && !f.atGiven && !f.next && m.account.Type != otpauth.HOTP {
		a.say(lasts(m, at))
	}
	return nil
}

// lasts says how long a code is good for, and near its end the next one.
func lasts(m made, at time.Time) string {
	left := secondsLeft(m.code, at)
	if left <= showNextFor && m.next != "" {
		return words.N(left, "1 second left, then {next}", "{n} seconds left, then {next}", "next", grouped(m.next))
	}
	return words.N(left, "1 second left", "{n} seconds left")
}

// showNextFor is how long before a code's end the next one is shown, in seconds.
const showNextFor = 10

// secondsLeft rounds up: a code that has half a second left is not shown with 0.
func secondsLeft(c otpauth.Code, at time.Time) int {
	return int(math.Ceil(c.Until.Sub(at).Seconds()))
}

func firstError(all []made) error {
	for _, m := range all {
		if m.err != nil {
			return m.err
		}
	}
	return nil
}

func showCodes(all []made) []shownCode {
	list := make([]shownCode, len(all))
	for i, m := range all {
		list[i] = shownCode{shown: showAccount(m.account), Code: m.code.Value, Next: m.next}
		if !m.code.Until.IsZero() {
			list[i].From, list[i].Until = m.code.From.Unix(), m.code.Until.Unix()
		}
	}
	return list
}

// codeTable lists codes first: they have no blanks, names may. People get
// headings and grouped codes, programs neither.
func codeTable(all []made, at time.Time, people, next bool) string {
	var rows [][]string
	group := func(s string) string { return s }
	if people {
		group = grouped
		head := []string{words.T("CODE"), words.T("LEFT"), words.T("SERVICE"), words.T("ACCOUNT")}
		if next {
			head = []string{words.T("CODE"), words.T("NEXT"), words.T("LEFT"), words.T("SERVICE"), words.T("ACCOUNT")}
		}
		rows = append(rows, head)
	}
	for _, m := range all {
		row := []string{dash(group(m.code.Value))}
		if next {
			row = append(row, dash(group(m.next)))
		}
		rows = append(rows, append(row, left(m, at), dash(clean(m.account.Issuer)), clean(m.account.Name)))
	}
	return table(rows)
}

func left(m made, at time.Time) string {
	if m.err != nil || m.code.Until.IsZero() {
		return "-"
	}
	return words.T("{n} s", "n", secondsLeft(m.code, at))
}

// dash keeps the columns of a table in place where there is nothing to show.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// Sizes of what is written down, in characters. A service takes reasons of 10 to 500.
const (
	leastReason = 10
	mostReason  = 500
	mostRemark  = 300
	leastWhy    = 5
	mostWhy     = 100
	mostTicket  = 100
	mostDigits  = 5 // a code has six
)

// Record is what the service writes down of an action. Where something is missing it
// is a [MissingError]. Its reason is made of the finding, of what was left out, and of
// the agent's remark, and has no personal data in it.
func (c *Call) Record(act link.DeskAct) (link.Record, error) {
	if missing := c.Missing(act); len(missing) > 0 {
		return link.Record{}, &MissingError{missing}
	}
	return link.Record{Reason: c.reason(), Checks: c.checks(), Ticket: c.ticket, Confirmed: true}, nil
}

// reason makes the reason of what was found, written and left out.
func (c *Call) reason() string {
	var parts []string
	if c.remark != "" {
		parts = append(parts, c.remark)
	}
	if c.heard {
		parts = append(parts, Advise(c.standing).Finding)
	}
	for _, i := range Items {
		switch {
		case c.items[i] != Skipped:
		case c.whys[i] == c.remark: // which stands there already
			parts = append(parts, words.T("Skipped: {item}.", "item", Label(i)))
		default:
			parts = append(parts, words.T("Skipped: {item} ({why})", "item", Label(i), "why", c.whys[i]))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, words.T("Done by following the call script."))
	}
	text := strings.Join(parts, " ")
	if utf8.RuneCountInString(text) > mostReason {
		text = strings.Join(append([]string{c.skipped()}, parts...), " ")
		text = string([]rune(text)[:mostReason-1]) + "…"
	}
	return text
}

// skipped names what was left out, briefly enough for any record: a long remark must
// not push that out.
func (c *Call) skipped() string {
	var all []string
	for _, i := range Items {
		if c.items[i] == Skipped {
			all = append(all, Label(i))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return words.T("Skipped: {item}.", "item", strings.Join(all, "; "))
}

// Written looks a reason over while an agent writes it: ErrReason, ErrPersonal, or nil
// for a good one.
func Written(text string) error {
	_, err := reason(text, leastReason, mostRemark)
	return err
}

// reason trims a written reason, and refuses one that is too short or too long or that
// has an address, a long number or a code in it.
func reason(text string, least, most int) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch n := utf8.RuneCountInString(text); {
	case n < least || n > most || !plain(text):
		return "", ErrReason
	case personal(text):
		return "", ErrPersonal
	}
	return text, nil
}

// ticket trims the number of a ticket, which may be long.
func ticket(number string) (string, error) {
	number = strings.TrimSpace(number)
	switch {
	case utf8.RuneCountInString(number) > mostTicket || !plain(number):
		return "", ErrTicket
	case strings.Contains(number, "@"):
		return "", ErrPersonal
	}
	return number, nil
}

// plain tells whether a text has only characters that can be seen.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) })
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
)

// ContactAge is how long a number on record must stand before a call to it counts:
// whoever takes an account over changes the number first.
const ContactAge = 7 * 24 * time.Hour

// Sizes of what is written down.
const (
	leastReason = 10
	mostReason  = 500
	mostTicket  = 100
)

func missing(field, detail string) *refusal.Error {
	return &refusal.Error{Kind: refusal.ChecksMissing, Field: field, Detail: detail, Left: -1}
}

// callBack tells whether a call to a user's number on record counts.
func callBack(u people.User, now time.Time) bool {
	return !u.ContactSince.IsZero() && now.Sub(u.ContactSince) > ContactAge
}

// complete trims a record and refuses one that lacks something for an action: the
// refusal's field names what.
func (r *Record) complete(a Action, u people.User, now time.Time) error {
	r.Reason, r.Ticket = strings.TrimSpace(r.Reason), strings.TrimSpace(r.Ticket)
	switch n := utf8.RuneCountInString(r.Reason); {
	case n < leastReason || n > mostReason:
		return missing("reason", fmt.Sprintf("a reason has %d to %d characters", leastReason, mostReason))
	case !plain(r.Reason):
		return refusal.Field("reason", "a reason is plain text")
	case utf8.RuneCountInString(r.Ticket) > mostTicket || !plain(r.Ticket):
		return refusal.Field("ticket", fmt.Sprintf("a ticket has up to %d characters of plain text", mostTicket))
	case !r.Confirmed:
		return missing("confirmed", "it has to be confirmed that there was no pressure, and that nothing else is changed in the same call")
	}
	return r.identified(a, u, now)
}

func (r *Record) identified(a Action, u people.User, now time.Time) error {
	r.Checks = slices.Compact(slices.Sorted(slices.Values(r.Checks)))
	var good []Check
	var detail string
	for _, c := range r.Checks {
		_, known := Checks[c]
		switch {
		case !known:
			return refusal.Field("checks", "there is no such check")
		case c == CalledBack && !callBack(u, now):
			detail = "; the number on record is not older than seven days, so that a call to it does not count"
		default:
			good = append(good, c)
		}
	}
	switch have, need := Kinds(a, good); {
	case have >= need:
		return nil
	case need == 1:
		return missing("checks", "an identity check is needed"+detail)
	default:
		return missing("checks", "two identity checks of different groups are needed; a call back is none of them"+detail)
	}
}

func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' })
}

// kept is what a case keeps of a record, beside the reason.
type kept struct {
	Checks []Check `json:"checks"`
	Ticket string  `json:"ticket,omitempty"`
}

func (r *Record) kept() (string, error) {
	b, err := json.Marshal(kept{r.Checks, r.Ticket})
	return string(b), err
}

// names are the checks as the audit log has them.
func (r *Record) names() string {
	var all []string
	for _, c := range r.Checks {
		all = append(all, string(c))
	}
	return strings.Join(all, ",")
}

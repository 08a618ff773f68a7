// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link/desk"
)

// nothingDone is what is not lost where the desk did nothing.
func nothingDone() string { return words.T("Nothing was done.") }

// calls are the errors of a helpdesk's call. They stand before those of the link: an
// answer that was lost is told before why it was.
var calls = []rule{
	{desk.ErrLost, NotKnown, func() (string, string, string) {
		return words.T("The service’s answer was lost, so it is not known whether it was done."), words.T("It is not sent again by itself."),
			words.T("Look the user up before you try again.")
	}},
	{desk.ErrNoSuchAct, Usage, func() (string, string, string) {
		return words.T("The helpdesk cannot do that."), nothingDone(), words.T("Add --help to see what it can do.")
	}},
	{helpdesk.ErrPersonal, Usage, func() (string, string, string) {
		return words.T("What you wrote has an address, a long number or what looks like a code in it. It is kept, so people and codes do not belong in it."),
			nothingDone(), words.T("Write the reason without it. There is a separate place for the ticket’s number.")
	}},
	{helpdesk.ErrReason, Usage, func() (string, string, string) {
		return words.T("That is too short or too long, or has characters in it that cannot be seen."), nothingDone(), words.T("Say why in one sentence.")
	}},
	{helpdesk.ErrTicket, Usage, func() (string, string, string) {
		return words.T("That is not a ticket’s number."), nothingDone(), words.T("It can have up to 100 characters, on one line.")
	}},
	{helpdesk.ErrCheck, Usage, func() (string, string, string) {
		return words.T("There is no such check."), nothingDone(),
			words.T("Choose one of these: {names}.", "names", "called-back, manager, video-id, in-person, second-channel")
	}},
	{helpdesk.ErrNumber, Refused, func() (string, string, string) {
		return words.T("Calling back does not count here: there is no number on record, or it was changed in the last seven days."),
			nothingDone(), words.T("Use other proofs: the manager, found in the company directory; live video with an ID; a second channel that you know.")
	}},
	{helpdesk.ErrNoSkip, Usage, func() (string, string, string) {
		return words.T("This cannot be skipped: it needs your answer."), nothingDone(), words.T("Say whether anybody is applying pressure, and whether any other change is wanted.")
	}},
	{helpdesk.ErrMissing, Refused, func() (string, string, string) {
		return words.T("Something is still missing for that."), nothingDone(), words.T("Go through the checklist for the call.")
	}},
}

// callDetail says what is missing first; "" where that is not said.
func callDetail(err error) string {
	if m := (*helpdesk.MissingError)(nil); errors.As(err, &m) && len(m.Missing) > 0 {
		return words.T("Missing: {what}", "what", m.Missing[0].What)
	}
	return ""
}

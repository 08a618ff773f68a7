// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// desks are of helping callers at a service's desk.
var desks = []rule{
	{link.ErrChecks, Refused, func() (string, string, string) {
		return words.T("Something is missing from what was written down about the call."), words.T("Nothing was changed."),
			words.T("Add it, then try again.")
	}},
	{link.ErrProveAgain, Refused, func() (string, string, string) {
		return words.T("Your permission to help callers has run out: it lasts ten minutes after you sign in."), words.T("Nothing was changed."),
			words.T("Sign in again in the browser, and allow it again.")
	}},
	{link.ErrForbidden, Refused, func() (string, string, string) {
		return words.T("Your role does not allow this for that user."), words.T("Nothing was changed."), words.T("Ask an administrator of your workspace.")
	}},
	{link.ErrYourself, Refused, func() (string, string, string) {
		return words.T("Nobody can do this for their own account."), words.T("Nothing was changed."), words.T("Ask a colleague at the helpdesk.")
	}},
	{link.ErrApproval, Refused, func() (string, string, string) {
		return words.T("This has been requested already, and another administrator has to approve it."), words.T("Nothing was changed."),
			words.T("Ask another administrator to look at the waiting requests in the service.")
	}},
	{link.ErrNobody, NotFound, func() (string, string, string) {
		return words.T("That user no longer exists."), words.T("Nothing was changed."), words.T("Look the user up again.")
	}},
	{link.ErrNotOn, Refused, func() (string, string, string) {
		return words.T("This user has no two-factor authentication, so this cannot be done."), words.T("Nothing was changed."),
			words.T("Ask the user to sign in: they are not asked for a second step.")
	}},
	{link.ErrOtherMethod, Refused, func() (string, string, string) {
		return words.T("This user gets codes in a different way."), words.T("Nothing was changed."), words.T("Check how the account stands, then choose again.")
	}},
	{link.ErrQuery, Usage, func() (string, string, string) {
		return words.T("That is not enough to search for."), words.T("Nothing was changed."),
			words.T("Type at least two letters of a name or an address.")
	}},
}

// deskFigure puts what a record lacks into the first sentence; "" where it is not known.
func deskFigure(err error) string {
	var lacks *link.ChecksError
	if !errors.As(err, &lacks) {
		return ""
	}
	switch lacks.Field {
	case "checks":
		return words.T("There are not enough checks of who is calling, or one of them does not count.")
	case "reason":
		return words.T("The reason must have 10 to 500 characters.")
	case "ticket":
		return words.T("The ticket’s number can have up to 100 characters.")
	case "confirmed":
		return words.T("You have not confirmed that nobody was applying pressure and that no other change is made in the same call.")
	}
	return ""
}

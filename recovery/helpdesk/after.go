// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
)

// SayAfter is what the caller is told after something was done; "" for nothing. After a
// bypass code it comes before the code itself: where there is none to read out, because
// its answer was lost, it is not to be said.
func SayAfter(d Deed) string {
	switch {
	case d.Unknown:
		return ""
	case d.Waiting:
		return SayTwoAdmins()
	case d.Earlier && d.Act != link.ActReset: // it may be over: a page for two codes, a code, or wrong ones since
		return ""
	}
	switch d.Act {
	case link.ActUnlock:
		return words.T("Please try again now, with the code that your app shows. Do not tell it to me.")
	case link.ActResync:
		return words.T("Please reload Kutano’s sign-in page, and choose “My helpdesk asked me to type two codes”. Type the code that your app shows, wait for the next one, and type that, too. After that, Kutano asks for one more code: the next one that appears. Do not tell me any of them.")
	case link.ActBypass:
		return words.T("I will read you a code, letter by letter. On Kutano’s page, where it asks for the second step, please choose “Use a code from your helpdesk”, and type it there. All it does is let you set your app up again.")
	case link.ActReset:
		return words.T("Please sign in as usual, and set your app up again right away.")
	}
	return ""
}

// OnPage is what the button of an action says on the service's own page for agents,
// which is in English; "" for what has none there.
func OnPage(act link.DeskAct) string {
	switch act {
	case link.ActSignOut:
		return "Sign out everywhere"
	case link.ActUnlock:
		return "Unlock"
	case link.ActResync:
		return "Allow two codes in a row"
	case link.ActBypass:
		return "Give a code for one sign-in"
	case link.ActReset:
		return "Reset two-factor authentication"
	}
	return ""
}

// Elsewhere says where an agent does it who does not work at the desk from here.
func Elsewhere(act link.DeskAct) string {
	return words.T("Do this on Kutano’s page: sign in there, open “Administration”, find the user, press “{button}”, and tick the same checks as here.", "button", OnPage(act))
}

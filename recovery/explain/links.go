// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"errors"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
)

// asBefore is what is not lost where only a service was asked.
func asBefore() string { return words.T("Your accounts are as they were.") }

// links are the errors of a linked service.
var links = []rule{
	{enrolment.ErrPending, Busy, func() (string, string, string) {
		return words.T("Setting up two-factor authentication is under way already."), asBefore(),
			words.T("Go on with it, or cancel it first.")
	}},
	{enrolment.ErrNone, NotFound, func() (string, string, string) {
		return words.T("Nothing is being set up."), asBefore(), words.T("Begin again.")
	}},
	{link.ErrAddress, Usage, func() (string, string, string) {
		return words.T("That is not the address of a service."), asBefore(), words.T("It begins with https://. Copy it from your browser.")
	}},
	{link.ErrTLS, Refused, func() (string, string, string) {
		return words.T("The service could not prove who it is, so nothing was sent to it."), asBefore(),
			words.T("Check the address and this device’s date. If both are right, ask your helpdesk before you go on.")
	}},
	{link.ErrNotService, NotFound, func() (string, string, string) {
		return words.T("There is no two-factor service at that address."), asBefore(),
			words.T("Check the address. In a hotel or a café, sign in to the network first.")
	}},
	{link.ErrNotLinked, NotFound, func() (string, string, string) {
		return words.T("No service is linked with this app."), asBefore(), words.T("Link it first.")
	}},
	{link.ErrOtherUser, Refused, func() (string, string, string) {
		return words.T("Another user than the linked one allowed it."), words.T("Nothing was changed."),
			words.T("Sign in to your own account in the browser, and allow it again.")
	}},
	{link.ErrDenied, Cancelled, func() (string, string, string) {
		return words.T("It was not allowed in the browser."), words.T("Nothing was changed."), words.T("Try again if you want to allow it.")
	}},
	{link.ErrExpired, Timeout, func() (string, string, string) {
		return words.T("Nobody answered in the browser in time."), words.T("Nothing was changed."), words.T("Try again.")
	}},
	{link.ErrNoBrowser, Unsupported, func() (string, string, string) {
		return words.T("No browser could be opened."), words.T("Nothing was changed."),
			words.T("Use a code instead, and type it in a browser on any device.")
	}},
	{link.ErrEnded, LinkEnded, func() (string, string, string) {
		return words.T("The link has ended: you or an administrator ended it, or it ran out."), asBefore(), words.T("Link the service again.")
	}},
	{link.ErrStale, Refused, func() (string, string, string) {
		return words.T("The permission to change how you sign in is over: it is good for ten minutes."), words.T("Nothing was changed."),
			words.T("Allow it again in the browser.")
	}},
	{link.ErrScope, Refused, func() (string, string, string) {
		return words.T("This app was not allowed to do that."), words.T("Nothing was changed."), words.T("Allow it in the browser first.")
	}},
	{link.ErrTooMany, Busy, func() (string, string, string) {
		return words.T("There were too many tries."), words.T("Nothing is lost."), words.T("Wait a little, then try again.")
	}},
	{link.ErrBlocked, Refused, func() (string, string, string) {
		return words.T("There were too many wrong codes in a row."), words.T("Your account is still there."),
			words.T("Use a backup code, or ask your workspace administrator.")
	}},
	{link.ErrCodeUsed, Refused, func() (string, string, string) {
		return words.T("This code was used before. Each works once."), words.T("Nothing is lost."), words.T("Wait for the next one.")
	}},
	{link.ErrClockOff, Clock, func() (string, string, string) {
		return words.T("The code was refused, because this device’s clock is wrong."), words.T("Nothing is lost."),
			words.T("Correct the clock, then try again.")
	}},
	{link.ErrCode, Refused, func() (string, string, string) {
		return words.T("The code was refused."), words.T("Nothing is lost."), words.T("Try the next one.")
	}},
	{link.ErrOver, NotFound, func() (string, string, string) {
		return words.T("Setting up took too long, or was begun anew elsewhere."), words.T("What was in use before still works."),
			words.T("Begin again.")
	}},
	{link.ErrClosed, Refused, func() (string, string, string) {
		return words.T("The time to set two-factor authentication up again is over."), words.T("Your account is still there."),
			words.T("Ask your workspace administrator.")
	}},
	{link.ErrPhone, Usage, func() (string, string, string) {
		return words.T("That is not a number that can get text messages."), words.T("Nothing was changed."),
			words.T("Type a mobile number with its country code, such as +33.")
	}},
	{link.ErrNewer, Newer, func() (string, string, string) {
		return words.T("The link was made by a newer version of this program."), words.T("It was left as it is."), words.T("Use the newer version.")
	}},
	{link.ErrUnreadable, Damaged, func() (string, string, string) {
		return words.T("What was noted of the link cannot be read."), asBefore(), words.T("Link the service again.")
	}},
	{link.ErrBusy, Busy, func() (string, string, string) {
		return words.T("Another program is using the link right now."), words.T("Nothing was changed."), words.T("Try again in a moment.")
	}},
	{link.ErrStrange, Failed, func() (string, string, string) {
		return words.T("The service’s answer is not understood. It may be newer than this program."), asBefore(),
			words.T("Install the newest version, or use the service’s own pages.")
	}},
	{link.ErrUnreachable, NoNetwork, func() (string, string, string) {
		return words.T("The service cannot be reached."), words.T("Nothing is lost, and your codes work without it."),
			words.T("Check your connection, and try again later.")
	}},
}

// linkFigure puts a wait, the tries that are left or how far the clock is off into
// the first sentence; "" where there is none.
func linkFigure(err error) string {
	if w := (*link.WaitError)(nil); errors.As(err, &w) {
		return words.T("There were too many tries. The next is possible in {wait}.", "wait", span(w.Wait))
	}
	c := (*link.CodeError)(nil)
	switch {
	case !errors.As(err, &c):
		return ""
	case errors.Is(err, link.ErrClockOff) && c.Off > 0:
		return words.T("The code was refused: this device’s clock is {span} fast.", "span", span(c.Off))
	case errors.Is(err, link.ErrClockOff):
		return words.T("The code was refused: this device’s clock is {span} slow.", "span", span(-c.Off))
	case c.Late:
		return words.T("This code is too old, or a newer one was sent.")
	case c.Left > 0 && !c.Used:
		return words.N(c.Left, "The code was refused. One try is left.", "The code was refused. {n} tries are left.")
	case c.Left == 0:
		return words.T("The code was refused, and no try is left.")
	}
	return ""
}

// span says a wait or a difference in whole seconds or minutes.
func span(d time.Duration) string {
	if d < 2*time.Minute {
		return words.N(int((d+time.Second-1)/time.Second), "{n} second", "{n} seconds")
	}
	return words.N(int((d+time.Minute-1)/time.Minute), "{n} minute", "{n} minutes")
}

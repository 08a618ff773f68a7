// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"log/slog"
	"net/http"

	"github.com/kutano/authenticator/server/refusal"
)

// sentence is what a person reads when something did not work.
type sentence struct {
	What string // what happened
	Safe string // nothing is lost
	Next string // what to do
}

// sentences has one for each kind of refusal; a test finds a missing one.
var sentences = map[refusal.Kind]sentence{
	refusal.CodeWrong: {
		"This code is not right.", "Nothing was changed.",
		"Look at the code again. An app shows a new one every 30 seconds: wait for the next and type that.",
	},
	refusal.CodeUsed: {
		"This code was used already, and each code works once.", "Nothing was changed.",
		"Wait for the next code and type that.",
	},
	refusal.CodeExpired: {
		"This code is too old, or a newer one was sent.", "Nothing was changed.",
		"Use the newest code, or ask for a new one.",
	},
	refusal.CodeMalformed: {
		"This does not look like a code.", "It was not counted as a try.",
		"Codes from an app, a text message or a mail have six digits. Backup codes look like AB2CD-EF3GH.",
	},
	refusal.TooManyTries: {
		"There were too many tries.", "Your account is safe, and nothing was changed.",
		"A short wait keeps others from guessing.",
	},
	refusal.TooManySent: {
		"A code was sent a short while ago.", "It is still good.",
		"Look for it first. After the wait you can ask for a new one.",
	},
	refusal.Blocked: {
		"There were too many wrong codes in a row, so codes are not taken any more.", "Your account is safe, and nothing in it was changed.",
		"Use a backup code, or ask your workspace administrator.",
	},
	refusal.NotEnrolled: {
		"Two-factor authentication is off for this account.", "Nothing was changed.",
		"Set it up in User Settings, under Security.",
	},
	refusal.MethodMismatch: {
		"This account receives its codes in another way.", "Nothing was changed.",
		"Use the way that the page asks for.",
	},
	refusal.EnrolExpired: {
		"This set-up took longer than ten minutes, or was begun again elsewhere.", "Your settings are as they were before.",
		"Begin the set-up again.",
	},
	refusal.EnrolClosed: {
		"The time to set up two-factor authentication again is over.", "Your account is safe, and nothing in it was changed.",
		"Ask your workspace administrator to open it again.",
	},
	refusal.ResyncClosed: {
		"Two codes in a row are not accepted now: your helpdesk has not allowed this, or the 15 minutes are over.", "Nothing was changed.",
		"Ask your helpdesk to allow it again, and type the codes only here.",
	},
	refusal.PhoneInvalid: {
		"This number cannot receive text messages.", "Nothing was changed.",
		"Enter a mobile number with its country code, for example +49 151 23456789.",
	},
	refusal.NeedsSignIn: {
		"You are not signed in any more.", "Nothing is lost.",
		"Sign in again to go on.",
	},
	refusal.NeedsSecond: {
		"The second step of the sign-in is missing.", "Nothing is lost.",
		"Enter your verification code.",
	},
	refusal.NeedsEnrolment: {
		"Two-factor authentication has to be set up first.", "Nothing is lost.",
		"Set it up in User Settings, under Security, then come back.",
	},
	refusal.NeedsElevation: {
		"For this we have to know that it is you.", "Nothing is lost.",
		"Prove it once more, then you come back here.",
	},
	refusal.NeedsConfirm: {
		"This needs your confirmation.", "Nothing was changed.",
		"Tick the box, then try again.",
	},
	refusal.NoCodes: {
		"There are no backup codes for this account.", "Nothing was changed.",
		"Use your usual code, or ask your workspace administrator.",
	},
	refusal.Forbidden: {
		"Your role does not allow this.", "Nothing was changed.",
		"Ask an administrator of your workspace.",
	},
	refusal.Yourself: {
		"Nobody can do this for their own account.", "Nothing was changed.",
		"Ask another administrator.",
	},
	refusal.ChecksMissing: {
		"It is not proved yet who is asking.", "Nothing was changed.",
		"Make two checks of different kinds beside the call back, and tick them.",
	},
	refusal.NeedsApproval: {
		"A second administrator has to approve this.", "It is noted and waits.",
		"Another administrator finds it under “Waiting”.",
	},
	refusal.NotFound: {
		"There is no such page, or it is there no longer.", "Nothing was changed.",
		"Go back, or begin at the first page.",
	},
	refusal.Invalid: {
		"Something in the form is missing or not right.", "Nothing was changed.",
		"Look at it again, then try once more.",
	},
	refusal.FlowEnded: {
		"This took too long, or it was begun again elsewhere.", "Nothing was changed.",
		"Begin again.",
	},
	refusal.IdentityUnlinked: {
		"We do not know yet to whom this sign-in belongs.", "Your account is safe, and nothing was changed.",
		"Prove your address once: sign in with a code by e-mail, then Google or Apple works from then on.",
	},
	refusal.ProviderRefused: {
		"The sign-in at Google or Apple did not work.", "Nothing was changed.",
		"Try again, or sign in with a code by e-mail.",
	},
	refusal.ProviderAway: {
		"Google or Apple does not answer just now.", "Nothing was changed.",
		"Try again in a few minutes, or sign in with a code by e-mail.",
	},
	refusal.EmailInvalid: {
		"This is no e-mail address.", "Nothing was sent.",
		"Look for a missing @ or a space, then try again.",
	},
}

// Sentences for what is no refusal.
var (
	unavailable = sentence{
		"We cannot reach our database just now.", "Nothing was changed.",
		"Wait a minute, then try again.",
	}
	broken = sentence{
		"Something went wrong on our side.", "Your account is safe.",
		"Try again. If it happens again, tell your workspace administrator the number below.",
	}
	badApp = sentence{
		"The app asked in a way that we do not understand.", "It was not linked, and nothing was changed.",
		"Begin again in the app. If that does not help, bring the app up to date.",
	}
	tooLarge = sentence{
		"What was sent is too large.", "Nothing was changed.",
		"Send less at once.",
	}
	foreignForm = sentence{
		"This form did not come from a page of ours, or the page was too old.", "Nothing was changed.",
		"Go back, load the page again and send the form from there.",
	}
)

// says is the sentence of a kind; a kind that is new says something true all the same.
func says(k refusal.Kind) sentence {
	if s, ok := sentences[k]; ok {
		return s
	}
	return sentences[refusal.Invalid]
}

func levelOf(status int) slog.Level {
	if status == http.StatusServiceUnavailable {
		return slog.LevelWarn
	}
	return slog.LevelError
}

func logged(number, pattern string, err error) []slog.Attr {
	return []slog.Attr{slog.String("request_id", number), slog.String("route", pattern), slog.Any("error", err)}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package notice

import "text/template"

// words are what a notice says: the subject and text of a mail, and a text
// message for events that are told on every channel. Subjects are constants:
// nothing that anyone typed can reach a header.
type words struct {
	subject    string
	mail, text *template.Template
}

// entry joins what happened, what the user may do now, and what to do if it was someone else.
func entry(subject, happened, next, text string) words {
	return words{
		subject: subject,
		mail:    parse("Hello{{with .Name}} {{.}}{{end}},\n\n" + happened + "\n\nWhen: {{.When}}\n" + next + ending),
		text:    parse("{{.Workspace}}: " + text + " Not you? {{.Link}}"),
	}
}

const ending = `
If this was not you, say so here. You will be asked once more before anything is done:

{{.Link}}

Saying "This wasn't me" signs you out everywhere and tells your workspace administrators. It does not sign anyone in. The link is good for 7 days.

Kutano support will never ask you for a code.

{{.Workspace}}
{{.Site}}
`

const (
	settings = "User Settings > Security"
	again    = "\nYou can change this at any time in " + settings + ".\n"
)

var wording = map[Event]words{
	MethodAdded: entry("Two-factor authentication was turned on",
		"Two-factor authentication was turned on for your account. From now on you need a code from {{.Method}} each time you sign in from a new device or after your session has expired.",
		again, "two-factor authentication was turned on for your account."),
	MethodChanged: entry("Your two-factor authentication method was changed",
		"The way you receive your verification codes was changed. From now on they come from {{.Method}}, and only from there. Your earlier backup codes no longer work; a new set was made.",
		again, "the way you receive your codes was changed."),
	MethodRemoved: entry("Two-factor authentication was turned off",
		"Two-factor authentication was turned off for your account. This makes your account less secure.",
		"\nYou can turn it on again at any time in "+settings+".\n", "two-factor authentication was turned off for your account."),
	CodesRenewed: entry("New backup codes were made",
		"A new set of backup codes was made for your account. The earlier ones no longer work.",
		"\nStore the new ones in a password manager or another secure location, not on the device that makes your codes.\n",
		"new backup codes were made for your account."),
	CodeUsed: entry("A backup code was used",
		"Someone signed in with one of your backup codes. {{if eq .Left 0}}You have none left.{{else if eq .Left 1}}You have 1 left.{{else}}You have {{.Left}} left.{{end}}",
		"\nIf it was you, make new backup codes now in "+settings+".\n", "a backup code was used on your account."),
	SecondFailed: entry("A verification code was wrong",
		"Someone passed the first step of signing in to your account, and then entered a wrong verification code. Nobody got in with it.",
		"\nIf it was you, wait for the next code and try again. If codes from your app keep failing, check that the time on your phone is set automatically.\n",
		"a wrong verification code was entered for your account."),
	SecondBlocked: entry("Verification codes are blocked for your account",
		"Too many wrong verification codes were entered for your account. Codes are not accepted any more until a backup code is used or your workspace administrator unlocks it.",
		"\nIf it was you, use one of your backup codes, or ask your workspace administrator.\n",
		"verification codes are blocked after too many wrong ones."),
	NewDevice: entry("You signed in from a new device",
		"The first step of signing in to your account was passed on a device that was not seen before{{with .Device}}: {{.}}{{end}}.",
		"\nYou can see and end your sessions in "+settings+".\n", "your account was used from a new device."),
	BypassIssued: entry("A one-time code for getting back in was made",
		"Your workspace's helpdesk made a one-time code with which you can set up two-factor authentication again. It was given to the person who asked for it.",
		"\nIf you asked for it, there is nothing more to do here.\n", "the helpdesk made a code for getting back into your account."),
	ResetDone: entry("Your two-factor authentication was reset",
		"A workspace administrator reset your two-factor authentication. Your method and your backup codes were removed, and you were signed out everywhere.",
		"\nIf you asked for it, sign in and set it up again{{with .EnrolBy}} before {{.}}{{end}}.\n",
		"an administrator reset your two-factor authentication."),
	ResetAsked: entry("Someone asked to reset your two-factor authentication",
		"An administrator asked to reset your two-factor authentication. Because you are an administrator too, a second one has to approve, after 24 hours at the earliest. Nothing was changed so far.",
		"\nIf you asked for it, wait until it is approved.\n", "someone asked to reset your two-factor authentication."),
	Unlocked: entry("Verification codes work again",
		"Your workspace's helpdesk unlocked your account. Verification codes are accepted again.",
		"\nIf you asked for it, sign in as usual.\n", "the helpdesk unlocked your account."),
	ResyncOpened: entry("You can allow for your device's clock",
		"Your workspace's helpdesk opened a page for you, which you find when you sign in. Once, within 15 minutes, you can type two codes in a row from your authenticator app there, so that your codes are accepted again although your device's clock is off.",
		"\nIf you asked for it, sign in and type the two codes there and nowhere else. Do not read them out to anyone.\n",
		"the helpdesk lets you type two codes in a row when you sign in. Do not read them out to anyone."),
	SignedOut: entry("You were signed out everywhere",
		"Your workspace's helpdesk signed you out on all devices, and removed the apps that were linked to your account. Your two-factor authentication was left as it is.",
		"\nSign in again as usual.\n", "the helpdesk signed you out on all devices."),
	Suspended: entry("Your account was suspended",
		"A workspace administrator suspended your account. You were signed out everywhere, and cannot sign in until an administrator lifts this.",
		"\nIf you do not know why, ask your workspace administrator.\n", "an administrator suspended your account."),
	Restored: entry("Your account can be used again",
		"A workspace administrator lifted the suspension of your account.",
		"\nSign in as usual, with your second factor.\n", "an administrator lifted the suspension of your account."),
	IdentityLinked: entry("A new way to sign in was added",
		"You can sign in to your account with {{.Method}} from now on.",
		"\nYour second factor is asked for as before.\n", "a new way to sign in was added to your account."),
	IdentityUnlinked: entry("A way to sign in was removed",
		"You can no longer sign in to your account with {{.Method}}. A code sent to this address signs you in as before.",
		again, "a way to sign in was removed from your account."),
	AppLinked: entry("An app was linked to your account",
		"An app was allowed to use your account{{with .Device}}: {{.}}{{end}}.",
		"\nYou can see your linked apps and remove them in "+settings+".\n", "an app was linked to your account."),
	ContactChanged: entry("Your phone number on record was changed",
		"A workspace administrator changed or removed the phone number on record for your account. It is the number that the helpdesk calls before it helps someone who says they are you. A new number is not called for the first 7 days.",
		"\nIf you asked for it, there is nothing more to do here.\n", "your phone number on record was changed."),
	UserReported: {
		subject: `Someone said "This wasn't me"`,
		mail: parse(`Hello{{with .Name}} {{.}}{{end}},

{{with .Device}}{{.}}{{else}}A user{{end}} said "This wasn't me" about a message from {{.Workspace}}. Their sessions and linked apps were ended, and resets that were waiting were refused. Their second factor was left as it is.

When: {{.When}}

Get in touch with them by a way that you knew before, look at their account and the audit log, and clear the report when you are done. Sign in as you always do; there is no link in this message.

Kutano support will never ask you for a code.

{{.Workspace}}
`),
		text: parse(`{{.Workspace}}: a user said "This wasn't me". Look at the desk.`),
	},
}

const codeSubject = "Your Kutano verification code"

var codeMail = parse(`Your verification code for {{.Workspace}} is:

    {{.Code}}

It is good for {{.Minutes}}, once, and only where you asked for it. Type it on {{.Host}} and nowhere else.

If you did not ask for a code, there is nothing to do: without it nobody gets in.

Kutano support will never ask you for a code.
`)

// The last line is for phones: they offer the code on that site only.
var codeText = parse(`Your {{.Workspace}} code is {{.Code}}. It is good for {{.Minutes}}. Kutano support will never ask you for a code.

@{{.Host}} #{{.Code}}`)

func parse(text string) *template.Template { return template.Must(template.New("").Parse(text)) }

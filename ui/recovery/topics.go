// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package recovery is the page for a person who cannot get in: one question,
// plain answers, and for each what to try, in order.
//
// [Topics] is plain data without widgets. It follows Kutano's published
// guide; every way ends with the workspace administrator, so that nobody is
// left without a next step.
package recovery

import "github.com/kutano/authenticator/assets/words"

// Leads is where a topic's button leads.
type Leads uint8

// Where a button can lead.
const (
	Nowhere Leads = iota
	ToCodes
	ToSetup
	ToAdd
)

// Topic is one answer to "What happens?".
type Topic struct {
	ID     string // stable, for tests and links from elsewhere
	Answer string // what the person says
	Lines  []string
	Clock  int // the line that is about the clock, from 1; 0 for none
	Button string
	Leads  Leads
}

// Topics returns the answers in the order of how often they are right.
func Topics() []Topic {
	return []Topic{notAccepted(), lostDevice(), noBackup(), noMessage(), emptyApp(), newDevice()}
}

// Find returns the topic with this id, or false.
func Find(id string) (Topic, bool) {
	for _, t := range Topics() {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}

func notAccepted() Topic {
	return Topic{
		ID: "refused", Answer: words.T("Kutano does not accept my code"),
		Lines: []string{
			words.T("Wait for the next code, type it as soon as it appears, and press “Verify”."),
			words.T("Look at the account’s name: with several Kutano accounts it is easy to read the wrong line."),
			words.T("Check this device’s clock. Codes are made from the time: half a minute off is enough. Switch on “Set time automatically” in the system settings, and check the time zone."),
			words.T("If it is still refused, the key here may be an old one. Sign in with a backup code, then set two-factor sign-in up again and scan the new QR code."),
			words.T("No backup code? Ask your workspace administrator to reset your two-factor sign-in."),
		},
		Clock:  3,
		Button: words.T("Show my codes"), Leads: ToCodes,
	}
}

func lostDevice() Topic {
	return Topic{
		ID: "lost", Answer: words.T("My phone or computer is lost"),
		Lines: []string{
			words.T("Sign in to Kutano with one of your backup codes. Each works once, so cross it out."),
			words.T("Then go to User Settings, Security, and set two-factor sign-in up again on this device. The lost device’s codes stop working."),
			words.T("Make new backup codes and keep them apart from this device."),
			words.T("No backup codes? Ask your workspace administrator: they can switch two-factor sign-in off for you until you are back in."),
		},
		Button: words.T("Set up two-factor for Kutano"), Leads: ToSetup,
	}
}

func noBackup() Topic {
	return Topic{
		ID: "nobackup", Answer: words.T("I have no backup codes"),
		Lines: []string{
			words.T("Still signed in on some device? Open User Settings, Security there and make new backup codes now."),
			words.T("Look where you keep important papers, and in your password manager: search for “Kutano”."),
			words.T("Otherwise, ask your workspace administrator to reset your two-factor sign-in. Say which e-mail address you sign in with, and never send anybody a code."),
			words.T("Once you are back in, set two-factor sign-in up again and save the backup codes."),
		},
	}
}

func noMessage() Topic {
	return Topic{
		ID: "sms", Answer: words.T("The text message does not arrive"),
		Lines: []string{
			words.T("Check your phone’s signal, and that it is not in airplane mode."),
			words.T("Wait a few minutes, then ask Kutano for a new code. Only the newest one works."),
			words.T("Check that Kutano has your right number, and that your provider does not block such messages."),
			words.T("Sign in with a backup code instead, and change to this app: it needs no reception."),
			words.T("No backup code? Ask your workspace administrator to reset your two-factor sign-in."),
		},
		Button: words.T("Set up two-factor for Kutano"), Leads: ToSetup,
	}
}

func emptyApp() Topic {
	return Topic{
		ID: "empty", Answer: words.T("Kutano is not in this app’s list"),
		Lines: []string{
			words.T("Clear the search box above the list: it may hide the account."),
			words.T("If you removed the account in the last 30 days, you can bring it back in Settings."),
			words.T("If you set it up on another device, the codes are there."),
			words.T("Otherwise, sign in with a backup code and set two-factor sign-in up again: Kutano then shows a new QR code to scan."),
			words.T("No backup code? Ask your workspace administrator to reset your two-factor sign-in."),
		},
		Button: words.T("Add an account"), Leads: ToAdd,
	}
}

func newDevice() Topic {
	return Topic{
		ID: "new", Answer: words.T("I have a new phone or computer"),
		Lines: []string{
			words.T("While the old device still works: sign in with its code, then go to User Settings, Security, and set two-factor sign-in up again here."),
			words.T("Or open the account’s menu on the old device, choose “Show QR code”, and scan it here."),
			words.T("Remove the accounts from the old device before you give it away."),
			words.T("Old device gone already? Use a backup code, or ask your workspace administrator."),
		},
		Button: words.T("Add an account"), Leads: ToAdd,
	}
}

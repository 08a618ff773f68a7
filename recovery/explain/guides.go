// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/vault/statefile"
)

// guides are the errors of the guide, of the workspace's profile, and of the small
// files in which both are kept.
var guides = []rule{
	{statefile.ErrNewer, Newer, func() (string, string, string) {
		return words.T("What was noted here is of a newer version of this program."),
			words.T("It was left as it is."),
			words.T("Use the newer version.")
	}},
	{statefile.ErrBusy, Busy, func() (string, string, string) {
		return words.T("Another program is noting something here right now."),
			words.T("Nothing was changed."),
			words.T("Try again in a moment.")
	}},
	{guide.ErrNoEntry, NotFound, func() (string, string, string) {
		return words.T("The guide has no such beginning."),
			words.T("Nothing was changed."),
			words.T("Choose one from the list.")
	}},
	{guide.ErrNotOffered, Usage, func() (string, string, string) {
		return words.T("This step does not lead there."),
			words.T("Nothing was changed."),
			words.T("Choose one of the answers below it.")
	}},
	// What is kept is told before what is wrong with it.
	{profile.ErrKept, Damaged, func() (string, string, string) {
		return words.T("Your workspace’s profile can no longer be read, so the usual one is used."),
			words.T("Your accounts are as they were."),
			words.T("Ask your workspace for its profile and use it again.")
	}},
	{profile.ErrFormat, Refused, func() (string, string, string) {
		return words.T("That is not a workspace’s profile, or it has something in it that no profile has."),
			profileUnchanged(), askForProfile()
	}},
	{profile.ErrTooLarge, TooLarge, func() (string, string, string) {
		return words.T("That is larger than any profile: 16 KiB are the limit."), profileUnchanged(), askForProfile()
	}},
	{profile.ErrNewer, Newer, func() (string, string, string) {
		return words.T("The profile is of a newer version of this program."), profileUnchanged(), words.T("Use the newer version.")
	}},
	{profile.ErrText, Refused, func() (string, string, string) {
		return words.T("A text of the profile is too long, or has characters that cannot be seen and could mislead you."),
			profileUnchanged(), askForProfile()
	}},
	{profile.ErrAddress, Refused, func() (string, string, string) {
		return words.T("An address of the profile is not a plain https:// address."), profileUnchanged(), askForProfile()
	}},
	{profile.ErrSignature, Refused, func() (string, string, string) {
		return words.T("The profile was changed after it was signed. Do not use it."), profileUnchanged(), askForProfile()
	}},
	{profile.ErrNone, NoQR, func() (string, string, string) {
		return words.T("There is no QR code with a profile."), profileUnchanged(),
			words.T("Make the code large and fully visible, and try again.")
	}},
	{profile.ErrSeveral, Refused, func() (string, string, string) {
		return words.T("Several different profiles are in view."), profileUnchanged(),
			words.T("Leave only your workspace’s in view, and try again.")
	}},
	{profile.ErrKeyFile, Usage, func() (string, string, string) {
		return words.T("That file is not a key for signing profiles."),
			words.T("Nothing was changed."),
			words.T("Make one with kutano profile key FILE.")
	}},
}

func profileUnchanged() string { return words.T("The profile in use stays as it is.") }

func askForProfile() string {
	return words.T("Ask your workspace administrator for the profile again.")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock/system"
)

// press is what the caller presses, on their own platform. R53
func press(c Cause, s standing.Standing) []string {
	switch c {
	case CauseByText: // R49 to R52
		return []string{
			words.T("Check the phone’s signal. Without one, no message comes."),
			words.T("Compare the last digits of the number on Kutano’s page with the phone’s own number."),
			words.T("Check whether the provider or the phone blocks messages from unknown senders."),
			words.T("Ask for a new code after a few minutes. It replaces the previous one."),
		}
	case CauseNoKeyring:
		if s.Platform != standing.Linux {
			return nil
		}
		return []string{
			words.T("Sign out of the computer and back in."),
			words.T("If that does not help, install or start a keyring, such as GNOME Keyring or KWallet."),
		}
	case CauseBin:
		return []string{
			words.T("Open “Settings”, then “Removed accounts”, and bring Kutano back."),
			words.T("Or type this in a terminal: {command}", "command", "kutano restore kutano"),
		}
	case CauseKeyMissing, CauseKeyDamaged:
		return []string{words.T("Open “Settings”, then “Safety copies”, and restore the newest one.")}
	case CauseClock, CauseNearly:
		return system.StepsElsewhere(goos(s.Platform))
	case CauseUnchecked:
		return append([]string{
			words.T("Open “Settings”, and under “Clock” press “Check or correct it”, then “Check my clock”."),
			words.T("Without a network, set the clock to automatic."),
		}, system.StepsElsewhere(goos(s.Platform))...)
	}
	return nil
}

// goos is Go's name of a platform, "" for one without.
func goos(p standing.Platform) string {
	switch p {
	case standing.Linux:
		return "linux"
	case standing.Windows:
		return "windows"
	case standing.MacOS:
		return "darwin"
	case standing.Android:
		return "android"
	case standing.IOS:
		return "ios"
	}
	return ""
}

// beside is what else is worth a look: what may be the next reason, and what will be
// one soon.
func beside(c Cause, s standing.Standing) []string {
	var all []string
	add := func(holds bool, sentence string) {
		if holds {
			all = append(all, sentence)
		}
	}
	clock := c == CauseClock || c == CauseNearly || c == CauseUnchecked
	for other := c + 1; other < CauseNone; other++ { // what waits behind the cause
		if reasons[other](s) && behind(other) {
			add(true, also(other, s.Clock))
		}
	}
	add(s.Automatic == standing.AutomaticOff, words.T("The device does not set its time by itself, so its clock will go wrong again."))
	add(clock && s.Source == standing.OtherDevice, words.T("The clock was only compared with another device: that one may be wrong, too."))
	add(s.Store == standing.StoreReadOnly, words.T("The app can read its keys, but cannot save anything."))
	add(s.Link == standing.LinkTLS, words.T("The connection to the service is not secure. Often a wrong date is the cause. If it is not, somebody may be listening in, and the caller should use another network."))
	add(s.Link == standing.LinkOffline, words.T("The device is offline. Codes work without a network."))
	add(s.Link == standing.LinkExpired, words.T("The link with the service has ended, so the app may not know what was changed there."))
	add(s.Link == standing.AppTooOld, words.T("The service asks for a newer version of the app."))
	add(s.Codes == standing.NoneLeft || s.Codes == standing.NeverSaved, words.T("Once in, the caller should make new backup codes."))
	add(s.Codes == standing.FewLeft, words.T("Few backup codes are left. Once in, the caller should make new ones."))
	add(s.Camera == standing.CameraDenied, words.T("The app is not allowed to use the camera. To set it up again, scan the screen instead."))
	return all
}

// behind tells whether a cause is worth naming beside another.
func behind(c Cause) bool {
	switch c {
	case CauseClock, CauseNearly, CauseUnchecked, CauseServiceClock, CauseShut, CauseSeveral, CauseLate, CauseUnusual, CauseKeyMissing, CauseKeyDamaged:
		return true
	}
	return false
}

// also names a cause that waits behind another.
func also(c Cause, clock standing.Clock) string {
	switch c {
	case CauseShut:
		return words.T("The service accepts no codes for this account for now, after too many wrong ones. Unlock it after this step.")
	case CauseServiceClock:
		return words.T("The service’s own clock differs from the others: tell whoever runs the service.")
	case CauseSeveral:
		return words.T("There are several accounts for Kutano in the app.")
	case CauseLate:
		return words.T("The last code was too old when it was typed.")
	case CauseUnusual:
		return words.T("The codes of this account are not of the usual kind.")
	case CauseKeyMissing, CauseKeyDamaged:
		return words.T("The account’s key is missing, or cannot be read.")
	}
	return ClockIs(clock)
}

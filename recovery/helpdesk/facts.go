// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/standing"
)

// PlatformIs names a platform.
func PlatformIs(p standing.Platform) string {
	switch p {
	case standing.Linux:
		return "Linux"
	case standing.Windows:
		return "Windows"
	case standing.MacOS:
		return "macOS"
	case standing.Android:
		return "Android"
	case standing.IOS:
		return "iOS"
	case standing.Web:
		return words.T("A web browser")
	}
	return words.T("Another system")
}

// ClockIs says how the clock is, in a sentence.
func ClockIs(c standing.Clock) string {
	switch c {
	case standing.ClockRight:
		return words.T("The clock is right.")
	case standing.Fast3, standing.Fast11, standing.Fast30, standing.Fast60:
		return words.T("The clock is {from} to {to} seconds fast.", "from", bands[c].from, "to", bands[c].to)
	case standing.Slow3, standing.Slow11, standing.Slow30, standing.Slow60:
		return words.T("The clock is {from} to {to} seconds slow.", "from", bands[c].from, "to", bands[c].to)
	case standing.Fast90:
		return words.T("The clock is 90 seconds fast or more.")
	case standing.Slow90:
		return words.T("The clock is 90 seconds slow or more.")
	case standing.WholeHours:
		return words.T("The clock is off by whole hours.")
	case standing.WrongYear:
		return words.T("The clock shows the wrong year.")
	}
	return words.T("The clock was not checked.")
}

// yourClock says it to the caller, as their own app does.
func yourClock(c standing.Clock) string {
	for _, line := range standing.Say(standing.Standing{Clock: c}) {
		if line.Field == "clock" {
			return line.Text
		}
	}
	return ""
}

// band is how far off a clock is, in seconds.
type band struct{ from, to int }

var bands = map[standing.Clock]band{
	standing.Fast3: {3, 10}, standing.Fast11: {11, 29}, standing.Fast30: {30, 59}, standing.Fast60: {60, 89},
	standing.Slow3: {3, 10}, standing.Slow11: {11, 29}, standing.Slow30: {30, 59}, standing.Slow60: {60, 89},
}

func storeIs(s standing.Store) string {
	switch s {
	case standing.StoreLocked:
		return words.T("The keys are locked.")
	case standing.NoBackend:
		return words.T("No keyring is running.")
	case standing.StoreDenied:
		return words.T("The keyring does not let the app read its keys.")
	case standing.StoreReadOnly:
		return words.T("The keys can be read, but nothing can be saved.")
	case standing.EntryMissing:
		return words.T("The account’s key is missing.")
	case standing.EntryUnreadable:
		return words.T("The account’s key cannot be read.")
	case standing.SealedFile:
		return words.T("The keys are in the app’s own file, which is open.")
	}
	return words.T("The keys are open.")
}

func enrolmentIs(e standing.Enrolment) string {
	switch e {
	case standing.Unproved:
		return words.T("Kutano is in the app, but no code has been accepted yet.")
	case standing.Active:
		return words.T("Kutano is in the app, and a code has been accepted.")
	case standing.Unusual:
		return words.T("Kutano’s codes in the app are not of the usual kind.")
	case standing.Duplicates:
		return words.T("There are several accounts for Kutano in the app.")
	case standing.Replaced:
		return words.T("Kutano was set up again somewhere else.")
	case standing.ByText:
		return words.T("Codes come by text message.")
	case standing.Off:
		return words.T("Two-factor authentication is off.")
	case standing.WasReset:
		return words.T("Two-factor authentication was reset.")
	case standing.Shut:
		return words.T("The service accepts no codes for now, after too many wrong ones.")
	case standing.InBin:
		return words.T("Kutano was removed from the app, and can be brought back.")
	}
	return words.T("Kutano is not in the app.")
}

func linkIs(l standing.Link) string {
	switch l {
	case standing.LinkOK:
		return words.T("The service is linked.")
	case standing.LinkExpired:
		return words.T("The link with the service has ended.")
	case standing.LinkOffline:
		return words.T("The service cannot be reached from the device.")
	case standing.LinkTLS:
		return words.T("The connection to the service is not secure.")
	case standing.ServiceClock:
		return words.T("The service’s own clock differs from the others.")
	case standing.AppTooOld:
		return words.T("The service asks for a newer version of the app.")
	}
	return words.T("No service is linked.")
}

func codesAre(c standing.Codes) string {
	switch c {
	case standing.CodesNoted:
		return words.T("The app has a note of where the backup codes are.")
	case standing.CodesHere:
		return words.T("The backup codes are kept in the app.")
	case standing.NoneLeft:
		return words.T("No backup code is left.")
	case standing.FewLeft:
		return words.T("One to three backup codes are left.")
	case standing.ManyLeft:
		return words.T("Four or more backup codes are left.")
	case standing.NeverSaved:
		return words.T("The backup codes were never saved.")
	}
	return words.T("Nothing is known about backup codes.")
}

func automaticIs(a standing.Automatic) string {
	switch a {
	case standing.AutomaticOn:
		return words.T("The device sets its time by itself.")
	case standing.AutomaticOff:
		return words.T("The device does not set its time by itself.")
	}
	return words.T("It is not known whether the device sets its time by itself.")
}

func lastWas(l standing.Last) string {
	switch l {
	case standing.Accepted:
		return words.T("The last code that the app knows of was accepted.")
	case standing.RefusedOld:
		return words.T("The last code was probably too old.")
	case standing.RefusedWrong:
		return words.T("The last code was refused, although it was in time, as far as the app can tell.")
	}
	return words.T("The app does not know of any code that was tried.")
}

// Facts say everything that a phrase says and that bears on getting in, a sentence each.
func Facts(s standing.Standing) []string {
	return []string{
		ClockIs(s.Clock), automaticIs(s.Automatic), storeIs(s.Store), enrolmentIs(s.Enrolment), lastWas(s.Last), codesAre(s.Codes), linkIs(s.Link),
	}
}

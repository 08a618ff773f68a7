// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock/verdict"
)

// Line is one field in words, in the language in use.
type Line struct {
	Field string // its name for programs: "clock"
	Name  string // its name for people: "Clock"
	Text  string // a sentence: "Your clock is 30 to 59 seconds slow."
	// Look tells that it may be why somebody cannot get in, or is worth seeing to.
	Look bool
}

// Say says each field in words for whose app it is, in the order of [Standing]. No
// line names anybody or anything.
func Say(st Standing) []Line {
	return []Line{
		{"platform", words.T("System"), sayPlatform(st.Platform), false},
		{"clock", words.T("Clock"), sayClock(st.Clock), st.Clock > ClockRight},
		{"source", words.T("Checked by"), saySource(st.Source), false},
		{"store", words.T("Keys"), sayStore(st.Store), st.Store != StoreOK && st.Store != SealedFile},
		{"enrolment", words.T("Kutano account"), sayEnrolment(st.Enrolment), st.Enrolment != Active},
		{"link", words.T("Link"), sayLink(st.Link), st.Link > LinkOK},
		{"codes", words.T("Backup codes"), sayCodes(st.Codes), st.Codes == NoneLeft || st.Codes == FewLeft || st.Codes == NeverSaved},
		{"automatic", words.T("Automatic time"), sayAutomatic(st.Automatic), st.Automatic == AutomaticOff},
		{"last", words.T("Last code"), sayLast(st.Last), st.Last >= RefusedOld},
		{"camera", words.T("Camera"), sayCamera(st.Camera), st.Camera == CameraDenied},
		{"version", words.T("Version"), sayVersion(st), false},
	}
}

// Say is the package's Say of the standing, with what the sources know more exactly:
// how far the clock is off, in seconds.
func (s Sources) Say() []Line {
	st := Of(s)
	lines := Say(st)
	if st.Clock != ClockUnchecked {
		for i := range lines {
			if lines[i].Field == "clock" {
				lines[i].Text = verdict.Of(s.Clock, s.Hint, s.Now).Headline
			}
		}
	}
	return lines
}

func sayPlatform(p Platform) string {
	switch p {
	case Linux:
		return "Linux"
	case Windows:
		return "Windows"
	case MacOS:
		return "macOS"
	case Android:
		return "Android"
	case IOS:
		return "iOS"
	case Web:
		return words.T("A web browser.")
	}
	return words.T("Another system.")
}

func sayClock(c Clock) string {
	switch c {
	case ClockRight:
		return words.T("Your clock is right.")
	case Fast3, Fast11, Fast30, Fast60:
		from, to := stretch(c - Fast3)
		return words.T("Your clock is {from} to {to} seconds fast.", "from", from, "to", to)
	case Fast90:
		return words.T("Your clock is 90 seconds fast, or more.")
	case Slow3, Slow11, Slow30, Slow60:
		from, to := stretch(c - Slow3)
		return words.T("Your clock is {from} to {to} seconds slow.", "from", from, "to", to)
	case Slow90:
		return words.T("Your clock is 90 seconds slow, or more.")
	case WholeHours:
		return words.T("Your clock is off by whole hours. The time zone may be wrong.")
	case WrongYear:
		return words.T("The date of this device is wrong.")
	}
	return words.T("Your clock was not checked.")
}

// stretch is from when to when a clock is off, in seconds.
func stretch(c Clock) (from, to int) {
	bounds := []int{3, 11, 30, 60, 90}
	return bounds[c], bounds[c+1] - 1
}

func saySource(s Source) string {
	switch s {
	case ServerTime:
		return words.T("The clock was checked with a server.")
	case NTP:
		return words.T("The clock was checked with time servers.")
	case OtherDevice:
		return words.T("The clock was checked with another device’s codes.")
	}
	return words.T("The clock was not checked with anything else.")
}

func sayStore(s Store) string {
	switch s {
	case StoreOK:
		return words.T("Your keys are in the keyring, which is open.")
	case StoreLocked:
		return words.T("Your keys are locked.")
	case NoBackend:
		return words.T("No keyring answers on this device.")
	case StoreDenied:
		return words.T("The system does not let this app use your keys.")
	case StoreReadOnly:
		return words.T("This app cannot write to its folder.")
	case EntryMissing:
		return words.T("The account is in the list, but its key is no longer on this device.")
	case EntryUnreadable:
		return words.T("The account’s key is on this device, but cannot be read.")
	}
	return words.T("Your keys are in a sealed file, which is open.")
}

func sayEnrolment(e Enrolment) string {
	switch e {
	case Unproved:
		return words.T("A Kutano account is in this app, but none of its codes has been accepted yet.")
	case Active:
		return words.T("A Kutano account is in this app, and its codes have been accepted.")
	case Unusual:
		return words.T("The Kutano account’s codes are not of the usual kind: six digits, new every 30 seconds.")
	case Duplicates:
		return words.T("There are several Kutano accounts in this app.")
	case Replaced:
		return words.T("Kutano was set up again somewhere else, so the codes here no longer work.")
	case ByText:
		return words.T("Kutano sends the codes by text message.")
	case Off:
		return words.T("Two-factor authentication is off.")
	case WasReset:
		return words.T("An administrator has reset two-factor authentication. Set it up again soon.")
	case Shut:
		return words.T("Kutano accepts no codes for now, after too many wrong ones.")
	case InBin:
		return words.T("The Kutano account was removed from this app, but can be brought back.")
	}
	return words.T("There is no Kutano account in this app.")
}

func sayLink(l Link) string {
	switch l {
	case LinkOK:
		return words.T("A service is linked.")
	case LinkExpired:
		return words.T("The link with the service has ended. Link it again.")
	case LinkOffline:
		return words.T("The linked service could not be reached.")
	case LinkTLS:
		return words.T("The linked service could not prove that it is the right one. A wrong date can be the reason.")
	case ServiceClock:
		return words.T("The linked service’s clock differs from all others.")
	case AppTooOld:
		return words.T("The linked service needs a newer version of this app.")
	}
	return words.T("No service is linked.")
}

func sayCodes(c Codes) string {
	switch c {
	case CodesNoted:
		return words.T("The app has a note of where the backup codes are.")
	case CodesHere:
		return words.T("Backup codes are kept in this app.")
	case NoneLeft:
		return words.T("No backup code is left.")
	case FewLeft:
		return words.T("1 to 3 backup codes are left.")
	case ManyLeft:
		return words.T("4 or more backup codes are left.")
	case NeverSaved:
		return words.T("The backup codes were never saved.")
	}
	return words.T("Nothing is known about backup codes.")
}

func sayAutomatic(a Automatic) string {
	switch a {
	case AutomaticOn:
		return words.T("This device sets its time by itself.")
	case AutomaticOff:
		return words.T("Setting the time automatically is switched off.")
	}
	return words.T("It is not known whether this device sets its time by itself.")
}

func sayLast(l Last) string {
	switch l {
	case Accepted:
		return words.T("The last code that the app knows of was accepted.")
	case RefusedOld:
		return words.T("The last code was refused: it had probably run out, or nearly, when it was typed.")
	case RefusedWrong:
		return words.T("The last code was refused, although it was in time, as far as the app can tell.")
	}
	return words.T("No code has been tried.")
}

func sayCamera(c Camera) string {
	switch c {
	case CameraOK:
		return words.T("There is a camera.")
	case NoCamera:
		return words.T("There is no camera.")
	case CameraDenied:
		return words.T("The system does not let this app use the camera.")
	}
	return words.T("This app uses no camera here.")
}

func sayVersion(st Standing) string {
	if st.Major == 0 && st.Minor == 0 {
		return words.T("The version of this app is not known.")
	}
	return words.T("This app is version {version}.", "version", versionText(st))
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package standing says how this app and its Kutano account stand, as far as a
// helpdesk needs to know: in a handful of fields that each have a few values, none
// of which names a person, an account or a device.
//
// The check phrase says a [Standing] in six words, the report writes it down, and
// the helpdesk's room draws its finding from it. [Of] makes one of what the app or
// the command line knows.
package standing

// Platform is what the app runs on.
type Platform uint8

// The platforms.
const (
	Linux Platform = iota
	Windows
	MacOS
	Android
	IOS
	Web
	OtherPlatform
)

// Clock is how the time was found by which codes are made: the device's clock, with
// the correction of codes where one is applied.
type Clock uint8

// The states of the clock. Fast and slow are in whole seconds, rounded to the
// nearest.
const (
	ClockUnchecked Clock = iota
	ClockRight           // off by 2 s at most
	Fast3                // by 3 to 10 s
	Fast11               // by 11 to 29 s
	Fast30               // by 30 to 59 s
	Fast60               // by 60 to 89 s
	Fast90               // by 90 s or more
	Slow3
	Slow11
	Slow30
	Slow60
	Slow90
	WholeHours // off by whole hours: a time zone set by hand
	WrongYear
)

// Source is who said what time it is.
type Source uint8

// The sources.
const (
	NoSource    Source = iota
	ServerTime         // the linked service, or the date of a web server
	NTP                // time servers
	OtherDevice        // another device's code
)

// Store is the state of the secret store.
type Store uint8

// The states of the store.
const (
	StoreOK Store = iota
	StoreLocked
	NoBackend
	StoreDenied
	StoreReadOnly
	EntryMissing    // the account is in the list, and its key is not in the store
	EntryUnreadable // its key is there and cannot be read
	SealedFile      // the keys are in the sealed file, which is open
)

// Enrolment is the state of the Kutano account.
type Enrolment uint8

// The states of the account. Where several hold, the one that stands last in
// this list counts, but for Active.
const (
	NoAccount  Enrolment = iota
	Unproved             // it is here, and no code of it was accepted yet
	Active               // a code of it was accepted
	Unusual              // its codes are not of the usual six digits, 30 seconds and SHA-1
	Duplicates           // several accounts of Kutano are here
	Replaced             // the service was set up anew elsewhere: the key here is an old one
	ByText               // the service sends text messages
	Off                  // the service has two-factor authentication off
	WasReset             // an administrator has reset it
	Shut                 // the service blocks codes after too many wrong ones
	InBin                // the account was removed from this app, and can come back
)

// Link is the state of the link with the service.
type Link uint8

// The states of the link.
const (
	NoLink Link = iota
	LinkOK
	LinkExpired
	LinkOffline
	LinkTLS      // the connection is not secure: often a wrong clock
	ServiceClock // the service's own clock differs from the other sources
	AppTooOld    // the service asks for a newer app
)

// Codes is what is known of the backup codes.
type Codes uint8

// The states of the backup codes.
const (
	CodesUnknown Codes = iota
	CodesNoted         // it is noted where they are; how many is not known
	CodesHere          // they are kept in this app; how many is not known
	NoneLeft
	FewLeft  // 1 to 3
	ManyLeft // 4 or more
	NeverSaved
)

// Automatic is whether the system sets its time by itself.
type Automatic uint8

// The states of it.
const (
	AutomaticUnknown Automatic = iota
	AutomaticOn
	AutomaticOff
)

// Last is how the last code fared that the user told of.
type Last uint8

// How it fared.
const (
	NoneTried Last = iota
	Accepted
	RefusedOld   // it was over, or nearly, when it was typed, as far as the app can tell
	RefusedWrong // it was refused while it was good, as far as the app can tell
)

// Camera is whether this device could scan with a camera.
type Camera uint8

// The states of the camera.
const (
	CameraOK Camera = iota
	NoCamera
	CameraDenied
	CameraNA // this app does not use one here
)

// Standing is how things stand. It can be compared.
type Standing struct {
	Platform  Platform
	Clock     Clock
	Source    Source
	Store     Store
	Enrolment Enrolment
	Link      Link
	Codes     Codes
	Automatic Automatic
	Last      Last
	Camera    Camera
	// Major and Minor are the app's version: 0 to 3 and 0 to 31; 0 and 0 is not known.
	Major, Minor uint8
}

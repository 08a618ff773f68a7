// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"maps"
	"runtime"
	"slices"

	"github.com/kutano/authenticator/assets/words"
)

// Platform is an operating system that the guide knows its way about.
type Platform string

// The platforms.
const (
	Linux   Platform = "linux" // also the BSDs: their desktops are the same
	Windows Platform = "windows"
	MacOS   Platform = "macos"
	Android Platform = "android"
	IOS     Platform = "ios"
)

// What stands for several platforms in a guide.
const (
	computer Platform = "computer" // Linux, Windows, macOS
	phone    Platform = "phone"    // Android, iOS
)

// Platforms returns all of them.
func Platforms() []Platform { return []Platform{Linux, Windows, MacOS, Android, IOS} }

// PlatformOf returns the platform of an operating system by Go's name for it.
func PlatformOf(goos string) Platform {
	switch goos {
	case "windows":
		return Windows
	case "darwin":
		return MacOS
	case "android":
		return Android
	case "ios":
		return IOS
	}
	return Linux
}

// here is what this program runs on.
func here() Platform { return PlatformOf(runtime.GOOS) }

// kind is what stands for the platform where a guide does not name it.
func (p Platform) kind() Platform {
	if p == Android || p == IOS {
		return phone
	}
	return computer
}

// Says returns the platform's name in the language in use.
func (p Platform) Says() string {
	switch p {
	case Linux:
		return words.T("Linux")
	case Windows:
		return words.T("Windows")
	case MacOS:
		return words.T("macOS")
	case Android:
		return words.T("Android")
	case IOS:
		return words.T("iPhone and iPad")
	case computer:
		return words.T("On a computer")
	case phone:
		return words.T("On a phone")
	}
	return string(p)
}

// Look says what to look at, for each platform, or for "computer" or "phone" where
// that is the same for all of the kind. What a guide says of a platform goes
// before what it says of its kind.
type Look map[Platform][]string

// On returns what is said for a platform.
func (l Look) On(p Platform) []string {
	if said, ok := l[p]; ok {
		return said
	}
	return l[p.kind()]
}

// Keys returns what something is said for, in the order of reading.
func (l Look) Keys() []Platform {
	order := append([]Platform{computer}, Platforms()...)
	order = append(order, phone)
	return slices.DeleteFunc(order, func(p Platform) bool { return len(l[p]) == 0 })
}

// sentences returns everything that is said, in a fixed order.
func (l Look) sentences() []string {
	var all []string
	for _, p := range slices.Sorted(maps.Keys(l)) {
		all = append(all, l[p]...)
	}
	return all
}

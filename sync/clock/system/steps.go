// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"os"
	"slices"

	"github.com/kutano/authenticator/assets/words"
)

// Steps returns how a person sets the clock right on an operating system (the
// name is Go's), one sentence a step, in order and without numbers. On Linux
// they are those of the desktop that runs.
func Steps(goos string) []string { return steps(goos, os.Getenv) }

// StepsElsewhere returns them for another device, of which no more than its system is known.
func StepsElsewhere(goos string) []string {
	return steps(goos, func(string) string { return "" })
}

func steps(goos string, env func(string) string) []string {
	switch goos {
	case "windows":
		return windowsSteps()
	case "darwin":
		return macSteps()
	case "android":
		return androidSteps()
	case "ios":
		return iosSteps()
	case "linux":
		return append(desktopSteps(desktops(env)), terminalStep())
	}
	return anySteps()
}

// The names in quotation marks are those that the system's own settings show in
// the person's language.

func desktopSteps(running []string) []string {
	switch {
	case slices.Contains(running, "KDE"):
		return []string{
			words.T("Open System Settings and look for “Date & Time”."),
			words.T("Tick “Set date and time automatically”, and press “Apply” where there is such a button."),
			zoneStep(),
		}
	case slices.Contains(running, "X-Cinnamon"):
		return []string{
			words.T("Open System Settings and look for “Date & Time”."),
			words.T("Turn on “Network time”."),
			zoneStep(),
		}
	case slices.Contains(running, "GNOME"), slices.Contains(running, "Unity"):
		return []string{
			words.T("Open Settings, then “System”, then “Date & Time”. In older versions it is not under “System”."),
			words.T("Turn on “Automatic Date & Time”. If it is on, turn it off and on again."),
			zoneStep(),
		}
	}
	return anySteps()
}

// terminalStep serves on every desktop, and without one.
func terminalStep() string {
	return words.T("Or type this in a terminal: {command}", "command", "timedatectl set-ntp true")
}

func zoneStep() string {
	return words.T("Check that the time zone is that of the place where you are.")
}

func anySteps() []string {
	return []string{
		words.T("Open the settings of your device and look for “Date & Time”."),
		words.T("Turn on setting the time automatically. If it is on, turn it off and on again."),
		zoneStep(),
	}
}

func windowsSteps() []string {
	return []string{
		words.T("Open Settings, then “Time & language”, then “Date & time”."),
		words.T("Turn on “Set time automatically” and “Set time zone automatically”."),
		words.T("Press “Sync now” further down."),
	}
}

func macSteps() []string {
	return []string{
		words.T("Open System Settings, then “General”, then “Date & Time”."),
		words.T("Turn on “Set time and date automatically”. If it is on, turn it off and on again."),
		words.T("Turn on setting the time zone automatically, or choose the city closest to you."),
	}
}

func androidSteps() []string {
	return []string{
		words.T("Open Settings, then “System”, then “Date & time”. Some makers have it under “General management”."),
		words.T("Turn on “Automatic date and time”, or what it is called on your phone. If it is on, turn it off and on again."),
		words.T("Turn on “Automatic time zone”, too."),
	}
}

func iosSteps() []string {
	return []string{
		words.T("Open Settings, then “General”, then “Date & Time”."),
		words.T("Turn on “Set Automatically”. If it is on, turn it off and on again."),
		words.T("If you cannot change it, Screen Time or whoever manages the device has locked it."),
	}
}

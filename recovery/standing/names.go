// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

// The names of the values, in their order. They stand in reports and never change.
var (
	platformNames = []string{"linux", "windows", "macos", "android", "ios", "web", "other"}
	clockNames    = []string{
		"unchecked", "right", "fast-3", "fast-11", "fast-30", "fast-60", "fast-90",
		"slow-3", "slow-11", "slow-30", "slow-60", "slow-90", "whole-hours", "wrong-year",
	}
	sourceNames    = []string{"none", "server", "ntp", "device"}
	storeNames     = []string{"ok", "locked", "no-backend", "denied", "read-only", "entry-missing", "entry-unreadable", "sealed-file"}
	enrolmentNames = []string{
		"none", "unproved", "active", "unusual", "duplicates", "replaced", "by-text", "off", "was-reset", "shut", "in-bin",
	}
	linkNames      = []string{"none", "ok", "expired", "offline", "tls", "service-clock", "app-too-old"}
	codesNames     = []string{"unknown", "noted", "here", "none-left", "few-left", "many-left", "never-saved"}
	automaticNames = []string{"unknown", "on", "off"}
	lastNames      = []string{"none", "accepted", "refused-old", "refused-wrong"}
	cameraNames    = []string{"ok", "none", "denied", "not-used"}
)

// name returns "" for a value that there is not.
func name[T ~uint8](v T, names []string) string {
	if int(v) >= len(names) {
		return ""
	}
	return names[v]
}

// String returns the value's name for programs.
func (p Platform) String() string { return name(p, platformNames) }

// String returns the value's name for programs.
func (c Clock) String() string { return name(c, clockNames) }

// String returns the value's name for programs.
func (s Source) String() string { return name(s, sourceNames) }

// String returns the value's name for programs.
func (s Store) String() string { return name(s, storeNames) }

// String returns the value's name for programs.
func (e Enrolment) String() string { return name(e, enrolmentNames) }

// String returns the value's name for programs.
func (l Link) String() string { return name(l, linkNames) }

// String returns the value's name for programs.
func (c Codes) String() string { return name(c, codesNames) }

// String returns the value's name for programs.
func (a Automatic) String() string { return name(a, automaticNames) }

// String returns the value's name for programs.
func (l Last) String() string { return name(l, lastNames) }

// String returns the value's name for programs.
func (c Camera) String() string { return name(c, cameraNames) }

// Names returns each field's value by its name for programs, under the field's name
// as [Say] has it.
func (st Standing) Names() map[string]string {
	return map[string]string{
		"platform": st.Platform.String(), "clock": st.Clock.String(), "source": st.Source.String(), "store": st.Store.String(),
		"enrolment": st.Enrolment.String(), "link": st.Link.String(), "codes": st.Codes.String(), "automatic": st.Automatic.String(),
		"last": st.Last.String(), "camera": st.Camera.String(), "version": versionText(st),
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/kutano/authenticator/server/seal"
)

// Unknown is the device of a program that does not say what it is.
const Unknown = "Unknown browser"

// Companion is the device of Kutano's own app.
const Companion = "Kutano Authenticator"

type sign struct{ part, name string }

// The order matters: Edge and Opera call themselves Chrome too, and Chrome Safari.
var browsers = []sign{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"Vivaldi/", "Vivaldi"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"Firefox/", "Firefox"},
	{"FxiOS/", "Firefox"},
	{"CriOS/", "Chrome"},
	{"Chromium/", "Chromium"},
	{"Chrome/", "Chrome"},
	{"Safari/", "Safari"},
	{"curl/", "curl"},
	{"Go-http-client/", "A program"},
}

var systems = []sign{
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Android", "Android"},
	{"Windows", "Windows"},
	{"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"},
	{"Macintosh", "macOS"},
	{"Linux", "Linux"},
}

// Device is a short text for a User-Agent, such as "Firefox on Windows". It is
// made of known words only: nothing that a client wrote is shown.
func Device(userAgent string) string {
	system := find(systems, userAgent)
	name := find(browsers, userAgent)
	if strings.HasPrefix(userAgent, "Kutano-Authenticator") {
		name = Companion
	}
	switch {
	case name == "" && system == "":
		return Unknown
	case name == "":
		return Unknown + " on " + system
	case system == "":
		return name
	}
	return name + " on " + system
}

func find(all []sign, in string) string {
	for _, s := range all {
		if strings.Contains(in, s.part) {
			return s.name
		}
	}
	return ""
}

// The device mark names a browser or an app, for the notice "signed in from a
// new device" only. It is no proof of anything: a session never depends on it.
const (
	// DeviceHeader is how a program tells its mark: 256 bits, base64url, that it made itself.
	DeviceHeader = "Kutano-Device"
	deviceYear   = 365 * 24 * 60 * 60 // seconds
)

// deviceCookie is the name of the cookie with the mark. Under TLS it is bound to
// this very host (RFC 6265bis, 4.1.3.2).
func deviceCookie(r *http.Request) string {
	if aboutOf(r.Context()).tls {
		return "__Host-kutano-device"
	}
	return "kutano-device"
}

var markForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

func mark(r *http.Request) string {
	if m := r.Header.Get(DeviceHeader); markForm.MatchString(m) {
		return m
	}
	if c, err := r.Cookie(deviceCookie(r)); err == nil && markForm.MatchString(c.Value) {
		return c.Value
	}
	return ""
}

// KeepDevice gives a browser a device mark if it has none; Browser sees it at
// once. The cookie stays a year.
func KeepDevice(w http.ResponseWriter, r *http.Request) {
	if mark(r) != "" {
		return
	}
	c := &http.Cookie{ //nolint:gosec // G124: Secure wherever the service is reached by https
		Name: deviceCookie(r), Value: seal.Token(), Path: "/", MaxAge: deviceYear,
		HttpOnly: true, Secure: aboutOf(r.Context()).tls, SameSite: http.SameSiteLaxMode,
	}
	http.SetCookie(w, c)
	r.AddCookie(c)
}

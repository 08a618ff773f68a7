// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

// Stylesheet is the path of the style of all pages, for the pages of practice.
func Stylesheet() string { return sheet.path }

// SessionCookie is the name of the cookie of a session where there is no TLS: practice
// signs somebody in by it.
func SessionCookie() string { return namesFor(false).session }

// Badge is the path of the icon.
func Badge() string { return badge.path }

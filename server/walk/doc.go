// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package walk holds tests only: they walk each path of Kutano's guide in
// headless Chromium, with and without JavaScript, on a desk's screen and on a
// phone's, against a service with real rooms. The QR code is read off the
// pixels of the page.
//
// With -update the walks also write the pictures in docs/screenshots.
package walk

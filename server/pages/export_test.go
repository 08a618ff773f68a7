// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

// Sound is for the tests that see real pages.
var Sound = sound

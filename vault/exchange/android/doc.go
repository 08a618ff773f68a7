// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package android holds what apps keep in their own folders on a phone: databases, preferences
// and serialised objects, for those who can copy them out.
package android

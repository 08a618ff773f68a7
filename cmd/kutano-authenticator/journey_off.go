// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !journey

package main

import "fyne.io/fyne/v2"

// showsWhere is for the tests that use the real app as a person would; a released
// one tells nobody what it shows.
func showsWhere(fyne.Window) {}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package safe is the place for backup codes: where they are, how many are left,
// and the codes themselves where somebody keeps them here.
//
// The codes are under a passphrase of their own, and opening the accounts does
// not open them. They are locked again after a short while without use, and
// whenever the window is locked or put away. One code at a time is on the
// screen, for half a minute at most, and not while another window is in front.
//
// Codes that are being entered stand in the window until they are kept or
// given up. They are cleared then, in memory and in the widgets.
package safe

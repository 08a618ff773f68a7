// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import "errors"

// What a caller can act on; test with errors.Is.
var (
	// ErrNotPicture is a file that is no picture this package reads, or a
	// damaged one.
	ErrNotPicture = errors.New("not a picture that can be read")
	// ErrTooBig is a file of more than MaxBytes or a picture of more than
	// MaxPixels.
	ErrTooBig = errors.New("the picture is too big")
	// ErrNoScreen is a computer, or a session, without a screen to read.
	ErrNoScreen = errors.New("there is no screen to read")
	// ErrScreenDenied is a person, or the system, saying no to reading the
	// screen.
	ErrScreenDenied = errors.New("reading the screen was not allowed")
	// ErrTooMuchData is a text that no QR code can hold, or none in the room
	// given.
	ErrTooMuchData = errors.New("the text is too long for a QR code")
)

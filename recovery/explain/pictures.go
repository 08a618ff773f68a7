// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package explain

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/scan"
)

// pictures are the errors of the packages scan and clipboard.
var pictures = []rule{
	{scan.ErrNotPicture, BadPicture, func() (string, string, string) {
		return words.T("This is not a picture that can be read, or it is damaged."),
			words.T("Nothing was changed."),
			words.T("Use a PNG, JPEG, GIF, WebP, BMP or TIFF picture, or scan the screen.")
	}},
	{scan.ErrTooBig, BadPicture, func() (string, string, string) {
		return words.T("This picture is too big."),
			words.T("Nothing was changed."),
			words.T("Cut out the part with the QR code and use that.")
	}},
	{scan.ErrNoScreen, NoScreen, func() (string, string, string) {
		return words.T("There is no screen here that can be read."),
			words.T("Nothing was changed."),
			words.T("Save a picture of the QR code and scan the file.")
	}},
	{scan.ErrScreenDenied, NoScreen, func() (string, string, string) {
		return words.T("The system did not allow looking at the screen."),
			words.T("Nothing was changed."),
			words.T("Allow it when the system asks, or save a picture of the QR code and scan the file.")
	}},
	{scan.ErrTooMuchData, TooLarge, func() (string, string, string) {
		return words.T("This account is too long for a QR code."),
			words.T("The account works as before."),
			words.T("Shorten its name, then try again.")
	}},
	{clipboard.ErrNoClipboard, NoScreen, func() (string, string, string) {
		return words.T("There is no clipboard here that can be used."),
			words.T("Nothing was changed."),
			words.T("On a desktop with Wayland, install wl-clipboard.")
	}},
	{clipboard.ErrEmpty, NoQR, func() (string, string, string) {
		return words.T("The clipboard is empty."),
			words.T("Nothing was changed."),
			words.T("Copy the picture with the QR code, or the key's address, and try again.")
	}},
}

// NothingFound is the message for pictures or a clipboard without any key,
// with the three likely reasons.
func NothingFound() Message {
	return Message{
		Kind: NoQR,
		What: words.T("No QR code with a key was found."),
		Safe: words.T("Nothing was changed."),
		Next: words.T("Three likely reasons: a part of the code is covered or cut off; it is too small or blurred, so make it larger; or it is another kind of QR code. Then try again, or type the key in by hand."),
		Exit: NoQR.Exit(),
	}
}

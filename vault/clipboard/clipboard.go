// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package clipboard reads a picture or text from the system's clipboard and
// lends it a text for a while.
//
// It needs no window and no cgo on Linux, so that the command line has it too.
// On X11 it speaks to the server itself, on Wayland through wl-clipboard. A
// text never becomes an argument or an environment variable of another
// program. Only CLIPBOARD is used, never the primary selection.
package clipboard

import (
	"context"
	"errors"
	"image"
	"time"
)

// What a caller can act on; test with errors.Is.
var (
	// ErrNoClipboard is a session without a clipboard, or one that cannot be
	// reached.
	ErrNoClipboard = errors.New("there is no clipboard to use")
	// ErrEmpty is a clipboard without text, picture or copied picture file.
	ErrEmpty = errors.New("the clipboard has no text and no picture")
)

// secretHint is the type by which clipboard managers know what not to keep.
const secretHint = "x-kde-passwordManagerHint"

// Clip is what the clipboard held: a picture, a text, or both (an office
// program gives both for the same thing).
type Clip struct {
	Text    string
	Picture image.Image
}

// Read returns the picture in the clipboard, or the first of the copied files
// that is one, and the text. Errors wrap ErrNoClipboard or ErrEmpty, scan's for
// a picture that cannot be read, or are ctx's. The program that holds the
// clipboard gets two seconds to answer.
func Read(ctx context.Context) (Clip, error) {
	if err := ctx.Err(); err != nil {
		return Clip{}, err
	}
	return read(ctx)
}

// Lacking returns ErrNoClipboard where it is plain beforehand that there is none,
// and else nil. It asks nobody.
func Lacking() error { return lacking() }

// Serve puts text into the clipboard, marked as a secret that clipboard
// managers should not keep, and takes it out again: after d, when ctx ends or
// at once when another program takes the clipboard over. It returns then. What
// another program put there is left alone. Errors wrap ErrNoClipboard; a ctx
// that ends is no error.
//
// On Wayland wl-copy keeps the text in a temporary file of its own meanwhile. On
// Windows the text is kept out of the clipboard's history and is not sent to
// other devices. On macOS it is not marked: nothing in Go sets a type of its
// own (org.nspasteboard.ConcealedType) there.
func Serve(ctx context.Context, text string, d time.Duration) error {
	if ctx.Err() != nil || d <= 0 {
		return nil
	}
	return serve(ctx, text, d)
}

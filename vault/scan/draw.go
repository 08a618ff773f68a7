// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package scan

import (
	"fmt"
	"image"
	"strings"

	"github.com/skip2/go-qrcode"
)

// minModule is the smallest side of a module that Draw makes, in pixels:
// below it, readers that scale a picture lose codes.
const minModule = 3

// Draw returns the QR code of text, black on white with a quiet zone of four
// modules, as large as fits a square of px pixels. Modules are whole pixels
// wide, at least three, so that every reader reads it: where px is too small
// for that the picture is larger than px. Errors wrap ErrTooMuchData.
func Draw(text string, px int) (image.Image, error) {
	code, err := encode(text)
	if err != nil {
		return nil, err
	}
	modules := len(code.Bitmap())
	return code.Image(-max(minModule, px/modules)), nil
}

// Terminal returns the QR code of text for a terminal, two modules a
// character cell, its quiet zone included. Colours are set cell by cell, black
// on white, so that a dark terminal does not show it inverted. The lines end
// with a newline. Errors wrap ErrTooMuchData.
func Terminal(text string) (string, error) {
	code, err := encode(text)
	if err != nil {
		return "", err
	}
	return halfBlocks(code.Bitmap()), nil
}

// encode makes the code with 15 % of error correction, or 7 % for a text that
// is too long for that.
func encode(text string) (*qrcode.QRCode, error) {
	for _, level := range []qrcode.RecoveryLevel{qrcode.Medium, qrcode.Low} {
		if code, err := qrcode.New(text, level); err == nil {
			return code, nil
		}
	}
	if text == "" {
		return nil, fmt.Errorf("draw a QR code: there is no text")
	}
	return nil, ErrTooMuchData
}

const (
	// ansiCell paints the upper half black or white and the lower half so too:
	// true colours, for the sixteen named ones are whatever a theme says. The
	// 256-colour cube's black and white are the same everywhere and are known
	// to more terminals than 24-bit colour.
	ansiBlackOnWhite = "\x1b[38;5;16;48;5;231m"
	ansiReset        = "\x1b[0m"
)

// halfBlocks paints rows of modules (true is black) two a line.
func halfBlocks(rows [][]bool) string {
	var b strings.Builder
	for y := 0; y < len(rows); y += 2 {
		b.WriteString(ansiBlackOnWhite)
		for x, upper := range rows[y] {
			lower := y+1 < len(rows) && rows[y+1][x]
			b.WriteString(halfBlock(upper, lower))
		}
		b.WriteString(ansiReset + "\n")
	}
	return b.String()
}

func halfBlock(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

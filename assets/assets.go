// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package assets holds the drawings that are built into the programs. All of
// them were drawn for this project and have its licence.
package assets

import "embed"

//go:embed icon.svg
var icon []byte

// icon.png is icon.svg drawn by "rsvg-convert -w 512 -h 512"; a test of ui/kit
// holds the two alike.
//
//go:embed icon.png
var iconPNG []byte

//go:embed tray.svg
var tray []byte

//go:embed icons/*.svg
var lines embed.FS

// Icon returns the app's icon as SVG.
func Icon() []byte { return icon }

// IconPNG returns the app's icon as PNG, 512 by 512 pixels.
func IconPNG() []byte { return iconPNG }

// TrayIcon returns the one-colour SVG for a system tray.
func TrayIcon() []byte { return tray }

// Line returns one of the thin-line icons of the folder icons as SVG on a 24
// by 24 grid, drawn in currentColor, or nil where there is none of that name.
func Line(name string) []byte {
	data, err := lines.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil
	}
	return data
}

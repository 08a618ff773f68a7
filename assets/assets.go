// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package assets holds what is built into the programs: drawings, the guides, the
// usual profile and the words of the check phrase. All of it was made for this
// project and has its licence.
package assets

import (
	"embed"
	"strings"
)

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

//go:embed pictures/*.svg
var pictures embed.FS

//go:embed guides/*.toml
var guides embed.FS

//go:embed profile.toml
var profile []byte

//go:embed phrase/*.txt
var phrase embed.FS

// Profile returns the usual profile, which package recovery/profile reads.
func Profile() []byte { return profile }

// Guide returns a guide of the folder guides, which package recovery/guide reads, or
// nil where there is none of that name.
func Guide(name string) []byte {
	data, err := guides.ReadFile("guides/" + name + ".toml")
	if err != nil {
		return nil
	}
	return data
}

// PhraseLanguages returns the codes of the languages that have a list of words for
// the check phrase, such as "en" or "pt_BR", in the order of their files.
func PhraseLanguages() []string {
	entries, err := phrase.ReadDir("phrase")
	if err != nil {
		return nil
	}
	var langs []string
	for _, e := range entries {
		langs = append(langs, strings.TrimSuffix(e.Name(), ".txt"))
	}
	return langs
}

// PhraseWords returns a language's 256 words, one on each line, in the order of
// their index, or nil where there is no list of that language.
func PhraseWords(lang string) []byte {
	data, err := phrase.ReadFile("phrase/" + lang + ".txt")
	if err != nil {
		return nil
	}
	return data
}

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

// Picture returns one of the drawings of the folder pictures as SVG, 240 by 150,
// or nil where there is none of that name. Its lines are in currentColor; the
// classes "accent", "soft" and "card" say what else takes a colour of the theme.
func Picture(name string) []byte {
	data, err := pictures.ReadFile("pictures/" + name + ".svg")
	if err != nil {
		return nil
	}
	return data
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package takeout

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// way is how accounts go somewhere.
type way uint8

// The ways.
const (
	asFile way = iota
	onScreen
	onPaper
)

// target is a place for accounts.
type target struct {
	foreign.Target
	way          way
	icon         kit.IconName
	title, about string
	then         string // what to do with the file there
}

// places are all targets, in the order in which they are offered.
func places() []target {
	var all []target
	for _, t := range exchange.Targets() {
		all = append(all, place(t)...)
	}
	return append(all, target{
		Target: foreign.Target{ID: "paper", Ext: ".pdf", Locking: foreign.NeverLocked}, way: onPaper, icon: kit.IconSafe,
		title: words.T("Paper"), about: words.T("Pages with QR codes and keys, to be printed and locked away."),
		then: words.T("Print the pages, then delete the file."),
	})
}

// place says what a target is. The move of Google Authenticator can be shown, too.
func place(t foreign.Target) []target {
	p := target{Target: t, icon: kit.IconFile, title: t.App, about: lockingOf(t)}
	switch t.ID {
	case "aegis":
		p.then = words.T("In Aegis: ⋮, “Settings”, “Import & Export”, “Import from file”, “Aegis”.")
	case "2fas":
		p.then = words.T("In 2FAS: “Settings”, “2FAS Backup”, “Import”.")
	case "freeotp-plus":
		p.then = words.T("In FreeOTP+: ⋮, “Import”, “Import JSON format”.")
	case "bitwarden":
		p.then = words.T("In Bitwarden: “Tools” or “Settings”, “Import data”, format “Bitwarden (json)”.")
	case "keepass", "kdbx":
		p.title = "KeePass, KeePassXC"
		p.then = words.T("Open it with KeePassXC, KeePass 2 or an app that reads their databases.")
	case "uris", "uri-list":
		p.title = words.T("List of key addresses")
		p.then = words.T("Many apps and programs read it: look for “Import” there, and for plain text or a list of URIs.")
	case "google-qr":
		return google(p)
	}
	return []target{p}
}

// google are the two ways to Google Authenticator.
func google(p target) []target {
	screen, pictures := p, p
	screen.way, screen.icon = onScreen, kit.IconQR
	screen.title = words.T("QR codes on this screen")
	screen.about = words.T("For Google Authenticator and most other apps on a phone. Nothing is written.")
	pictures.icon = kit.IconPicture
	pictures.title = words.T("Pictures of QR codes")
	pictures.about = words.T("For Google Authenticator: a picture for each ten accounts, not encrypted.")
	pictures.then = words.T("In Google Authenticator: the menu, “Transfer accounts”, “Import accounts”, then scan each picture.")
	return []target{screen, pictures}
}

// lockingOf says whether a file is encrypted.
func lockingOf(t foreign.Target) string {
	switch t.Locking {
	case foreign.AlwaysLocked:
		return words.T("A file with a password.")
	case foreign.MayBeLocked:
		return words.T("A file, with a password or without.")
	}
	return words.T("A file that is not encrypted.")
}

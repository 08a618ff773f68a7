// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"strings"

	"github.com/kutano/authenticator/assets/words"
)

// texts are the sentences on a sheet, in the language in use.
type texts struct {
	lang                   string // as in BCP 47
	title, purpose         string
	wordsTitle, qrTitle    string
	useTitle               string
	steps                  []string
	ageTitle, age, ageType string
	fingerprint, compare   string
	made, device, kept     string
}

// ageCommand is what is typed to open a snapshot without the app.
const ageCommand = "age --decrypt -i FILE -o accounts.json SNAPSHOT.age"

func say(s Sheet) texts {
	t := texts{
		lang:  strings.ReplaceAll(words.Current(), "_", "-"),
		title: words.T("Recovery key for Kutano Authenticator"),
		purpose: words.T("Whoever has this sheet and a copy of your data can read your keys. " +
			"Keep it away from this device, in a safe place."),
		wordsTitle: words.T("The 16 words"),
		qrTitle:    words.T("The same key, to be scanned"),
		useTitle:   words.T("If the device is lost or its passphrase forgotten"),
		steps: []string{
			words.T("Install Kutano Authenticator."),
			words.T("Choose “Restore from a snapshot”."),
			words.T("Type the 16 words, or scan the code."),
		},
		ageTitle: words.T("Without this app"),
		age: words.T("The program age (version 1.3 or newer) opens the snapshots too. " +
			"Write this text into a file, all on one line:"),
		ageType:     words.T("Then type, with the names of that file and of the snapshot:"),
		fingerprint: words.T("Fingerprint: {fingerprint}", "fingerprint", grouped(s.Fingerprint)),
		compare:     words.T("The app shows the same one, so that an old sheet can be told from the one that counts."),
		made:        words.T("Made: {date}", "date", s.Made.Format("2006-01-02")),
		kept:        words.T("Kept at:"),
	}
	if name := printable(s.Device); name != "" {
		t.device = words.T("Device: {name}", "name", name)
	}
	return t
}

// grouped writes a fingerprint in fours, which are compared more easily.
func grouped(text string) string {
	const size = 4
	var parts []string
	for len(text) > size {
		parts, text = append(parts, text[:size]), text[size:]
	}
	return strings.Join(append(parts, text), " ")
}

// printable removes what a name should not do on paper, such as breaking the line.
func printable(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r <= ' ' || r == '\u007f' }), " ")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/ui/kit"
)

// noteText is the note as the call stands. What is not known stands in it as not
// known, until that is known.
func (r *Room) noteText() string {
	c := *r.call
	if r.pending != nil {
		c.Did(helpdesk.Deed{Act: r.pending.Act, Unknown: true})
	}
	return helpdesk.Note(&c)
}

// Note shows the note for the ticket before it is copied.
func (r *Room) Note() {
	text := r.noteText()
	note := kit.NewText(text)
	copies := kit.NewMainButton(words.T("Copy"), func() {
		r.Copy(text)
		r.pages.Close()
		r.Toast().Say(words.T("The note is copied."), 4)
	})
	copies.SetIcon(kit.IconCopy)
	r.pages.Page(&kit.Sheet{
		Title: words.T("Note for the ticket"), Main: copies, First: copies, Others: []*kit.Button{kit.NewButton(words.T("Close"), r.pages.Close)},
		Content: kit.Rows(kit.Space8, kit.NewQuiet(words.T("It names nobody and holds no code.")), kit.NewCard(note)),
	})
}

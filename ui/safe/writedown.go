// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// onlyHere reports whether nobody has the codes of the draft yet but this app: they
// came from a linked service, or out of the safe. Codes that a person entered stand
// somewhere already.
func (d *draft) onlyHere() bool { return len(d.codes) > 0 && d.text.Len() == 0 }

// writeDown shows codes that only this app has, before they are noted and forgotten
// here: else they would be lost. R61
func (s *Screen) writeDown() {
	list := s.codeGrid()
	copies := kit.NewButton(words.T("Copy all"), s.copyAll)
	copies.SetIcon(kit.IconCopy)
	paper := kit.NewButton(words.T("Print them"), func() { s.askPaper(s.writeDown) })
	paper.SetIcon(kit.IconFile)
	next := kit.NewMainButton(words.T("I have them"), func() { s.note("") })
	s.pages.Page(&kit.Sheet{
		Title: words.T("Write these codes down"), First: copies,
		Content: kit.Rows(kit.Space12,
			kit.NewText(words.T("Nobody has them yet but this app, and it forgets them once you have noted the place.")),
			list.object, kit.AdaptiveGap(360, kit.Space8, copies, paper), neverAsked()),
		Main: next, Others: []*kit.Button{s.cancelButton(), kit.NewButton(words.T("Back"), s.toOffers)},
	}, list.clear)
}

// copyAll puts all codes of the draft into the clipboard, one a line.
func (s *Screen) copyAll() {
	s.touch()
	lines := make([]string, len(s.draft.codes))
	for i, c := range s.draft.codes {
		lines[i] = c.Reveal()
	}
	s.Copy(strings.Join(lines, "\n"))
	s.sayCopied()
}

// sayCopied says for how long the clipboard has it.
func (s *Screen) sayCopied() {
	text := words.T("Copied")
	if secs := int(s.Clear() / time.Second); secs > 0 {
		text = words.N(secs, "Copied · clears in 1 s", "Copied · clears in {n} s")
	}
	s.Toast().Say(text, 3)
}

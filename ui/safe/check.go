// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safe

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
)

// check reads the text of the draft again, and goes on as read does.
func (s *Screen) check() {
	readings, err := backupcodes.Split(s.draft.text)
	if err != nil {
		s.enterBeside(nil, readSentence(err))
		return
	}
	s.read(readings)
}

// read goes on with what was read, once it is known which reading is meant. It
// clears the others.
func (s *Screen) read(readings []backupcodes.Reading) {
	if len(readings) > 1 && s.draft.reading == 0 {
		s.askReading(readings)
		return
	}
	at := max(s.draft.reading, 1) - 1
	for i, r := range readings {
		if i != at {
			r.Clear()
		}
	}
	s.draft.setCodes(readings[at].Codes)
	s.draft.twice = readings[at].Twice
	s.confirm()
}

// askReading asks which of two readings is meant.
func (s *Screen) askReading(readings []backupcodes.Reading) {
	rows := []fyne.CanvasObject{kit.NewText(words.T("There are blanks within the lines. Compare with your list: how many codes are on it?"))}
	var first fyne.Focusable
	for i, r := range readings {
		n := len(r.Codes)
		title := words.N(n, "1 code: a blank parts two codes", "{n} codes: a blank parts two codes")
		if r.Whole {
			title = words.N(n, "1 code: a blank belongs to the code", "{n} codes: a blank belongs to the code")
		}
		d := kit.NewDoor(kit.IconCodes, title, sample(r.Codes), func() {
			s.draft.reading = i + 1
			s.check()
		})
		if first == nil {
			first = d
		}
		rows = append(rows, d)
	}
	s.pages.Page(&kit.Sheet{
		Title: words.T("How are they to be read?"), Content: kit.Rows(kit.Space12, rows...), First: first,
		Others: []*kit.Button{s.cancelButton(), kit.NewButton(words.T("Back"), s.enter)},
	}, func() {
		for _, r := range readings {
			r.Clear()
		}
	})
}

// sample shows the first codes, to tell the readings apart.
func sample(codes []secret.Value) string {
	var all []string
	for _, c := range codes[:min(len(codes), 4)] {
		all = append(all, "“"+c.Reveal()+"”")
	}
	text := strings.Join(all, ", ")
	if len(codes) > 4 {
		text += " …"
	}
	return text
}

// confirming is the sheet that shows what was read, and asks what it is for.
type confirming struct {
	*subject
	instead *kit.Check
	last    backupcodes.Set // that the new ones may replace
	bad     *widget.Label
}

// confirm shows what was read, and asks what it is for.
func (s *Screen) confirm() {
	c := &confirming{subject: s.newSubject(), instead: kit.NewCheck("", nil), bad: says()}
	c.chose = c.offer
	c.title.OnSubmitted = func(string) { c.submit() }
	c.offer()
	grid := s.codeGrid()
	rows := append([]fyne.CanvasObject{grid.object}, s.remarks()...)
	rows = append(append(rows, c.rows()...), c.instead)
	next := kit.NewMainButton(words.T("Continue"), c.submit)
	sh := &kit.Sheet{
		Title: words.N(len(s.draft.codes), "1 code: is that right?", "{n} codes: is that right?"),
		Main:  next, First: next, Content: kit.Rows(kit.Space8, append(rows, c.bad, neverAsked())...),
		Others: []*kit.Button{s.cancelButton(), kit.NewButton(words.T("Back"), func() {
			s.draft.reading = 0
			s.enter()
		})},
	}
	s.pages.Page(sh, grid.clear)
}

// remarks say what is odd about the codes.
func (s *Screen) remarks() []fyne.CanvasObject {
	var rows []fyne.CanvasObject
	if n := s.draft.twice; n > 0 {
		rows = append(rows, kit.NewMessage(kit.Look, kit.Message{
			What: words.N(n, "1 code stood there more than once.", "{n} codes stood there more than once."),
			Safe: words.T("Each counts once. Compare with your list whether one is missing."),
		}))
	}
	if safe := s.Safe(); safe != nil {
		if set, n := safe.Holding(s.draft.codes); n > 0 {
			m := kit.Message{
				What: words.N(n, "1 of these codes is in “{title}” already.", "{n} of these codes are in “{title}” already.", "title", set.Title),
				Safe: words.T("Nothing is lost by keeping them twice, but one of the two will count wrongly."),
			}
			if n == len(s.draft.codes) && n == set.First {
				m.What = words.T("All of these codes are in “{title}” already.", "title", set.Title)
				m.Safe = words.T("You need not keep them again.")
			}
			rows = append(rows, kit.NewMessage(kit.Look, m))
		}
	}
	return rows
}

// offer offers to replace the last codes of the account.
func (c *confirming) offer() {
	s, id := c.screen, c.chosen()
	c.last = backupcodes.Set{}
	if safe := s.Safe(); safe != nil {
		sets := safe.Sets()
		i := slices.IndexFunc(sets, func(set backupcodes.Set) bool {
			switch d := &s.draft; {
			case d.begun != "":
				return set.ID == d.begun
			case d.last != "" && d.lastOf == id:
				return set.ID == d.last
			}
			return id != "" && set.Account == id
		})
		if i >= 0 {
			c.last = sets[i]
		}
	}
	c.instead.Hidden = c.last.ID == ""
	if c.last.ID != "" {
		text := words.T("They take the place of “{title}”, whose codes no longer work", "title", c.last.Title)
		if s.draft.moves {
			text = words.T("They take the place of the note “{title}”", "title", c.last.Title)
		}
		c.instead.SetText(text)
		c.instead.SetChecked(c.last.ID != s.draft.refused)
	}
	if sh := s.Showing(); sh != nil {
		sh.Fit()
	}
}

func (c *confirming) submit() {
	s := c.screen
	title := strings.TrimSpace(c.title.Text)
	if title == "" {
		say(c.bad, words.T("Give the set a name first."), s.Showing())
		s.Canvas().Focus(c.title)
		return
	}
	if len([]rune(title)) > backupcodes.MaxText {
		say(c.bad, words.T("The name is too long: 200 characters are the most."), s.Showing())
		return
	}
	s.draft.account, s.draft.title, s.draft.replaces, s.draft.replaced = c.chosen(), title, "", ""
	if s.draft.refused = ""; !c.instead.Checked {
		s.draft.refused = c.last.ID // who comes back can take them all the same
	} else if !c.instead.Hidden {
		s.draft.replaces = c.last.ID
	}
	s.askWhere()
}

// grid shows codes in columns.
type grid struct {
	labels []*widget.Label
	object fyne.CanvasObject
	veiled bool
}

// codeGrid shows the codes of the draft, to be compared with a list.
func (s *Screen) codeGrid() *grid {
	g, codes := &grid{}, s.draft.codes
	s.grid = g
	var cell fyne.Size
	cells := make([]fyne.CanvasObject, 0, len(codes))
	for _, c := range codes {
		l := widget.NewLabel(c.Reveal())
		l.TextStyle.Monospace = true
		l.Truncation = fyne.TextTruncateOff
		cell = cell.Max(l.MinSize())
		g.labels = append(g.labels, l)
	}
	for _, l := range g.labels { // equally wide, so that they stand in columns
		l.Truncation = fyne.TextTruncateEllipsis
		cells = append(cells, container.NewGridWrap(fyne.NewSize(min(cell.Width, 280), cell.Height-kit.Space8), l))
	}
	g.object = kit.NewCard(container.New(flow{}, cells...))
	s.veilGrid()
	return g
}

func (g *grid) clear() {
	for _, l := range g.labels {
		l.SetText("")
	}
	g.labels = nil // it is shown no more
}

// veilGrid takes the codes of the draft off the screen while another window is in
// front, and brings them back after it: they are nowhere else yet.
func (s *Screen) veilGrid() {
	g, veiled := s.grid, s.Veiled != nil && s.Veiled()
	if g == nil || g.veiled == veiled || len(g.labels) != len(s.draft.codes) {
		return
	}
	g.veiled = veiled
	for i, c := range s.draft.codes {
		if veiled {
			g.labels[i].SetText(dots(utf8.RuneCount(c.Bytes())))
		} else {
			g.labels[i].SetText(c.Reveal())
		}
	}
}

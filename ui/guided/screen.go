// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/ui/kit"
)

// Screen draws the step at hand of a run.
type Screen struct {
	Run   *guide.Run
	Step  guide.Step
	Piece Piece  // nil for none
	Title string // over the step; "" is the entry's

	Workspace string // whose the notes are, "" where that is not known
	Ordered   bool   // the points are tried one after the other

	Choose func(guide.Choice)
	Done   func() // ends an end
	Leave  func() // leads out
	Leaves string // what that says
	Back   func() // leads to the step before
	Backs  string // what that says; "" is "Back"
	Help   func() // leads to help; nil for none
	Below  []fyne.CanvasObject

	// What is drawn, for the keyboard.
	Main   *kit.Button
	Others []*kit.Button
	BackTo *kit.Button
	Helper *kit.Button
}

// Draw returns the step as it is now.
func (s *Screen) Draw() fyne.CanvasObject {
	d := s.drawn()
	rows := []fyne.CanvasObject{s.head()}
	if s.Step.Picture == "" {
		rows = append(rows, s.words())
	} else {
		rows = append(rows, container.New(&beside{}, s.words(), kit.NewPicture(string(s.Step.Picture))))
	}
	if d.Object != nil {
		rows = append(rows, d.Object)
	}
	s.Main, s.Others = d.Main, d.Others
	bs := s.buttons()
	if len(s.Step.Cards) > 0 {
		rows = append(rows, s.cards())
	}
	if len(bs) > 0 {
		rows = append(rows, kit.Inset(Line(bs...), 0, 0, kit.Space8, kit.Space8))
	}
	return kit.Rows(kit.Space16, append(rows, s.foot())...)
}

// drawn is what the live piece shows, with the step's own choices where it has no
// buttons.
func (s *Screen) drawn() Drawn {
	var d Drawn
	if s.Piece != nil {
		d = s.Piece.Draw()
	}
	if d.Own {
		return d
	}
	for _, c := range s.Step.Choices {
		if c.Main && d.Main == nil {
			d.Main = kit.NewMainButton(c.Label, func() { s.Choose(c) })
			continue
		}
		d.Others = append(d.Others, kit.NewButton(c.Label, func() { s.Choose(c) }))
	}
	if s.Step.End && d.Main == nil {
		d.Main = kit.NewMainButton(words.T("Done"), s.Done)
	}
	return d
}

func (s *Screen) buttons() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	if s.Main != nil {
		all = append(all, s.Main)
	}
	for _, b := range s.Others {
		all = append(all, b)
	}
	for _, b := range all {
		b.(*kit.Button).Wrap = true
	}
	return all
}

// Pressed are the buttons of the step, in their order.
func (s *Screen) Pressed() []*kit.Button {
	all := append([]*kit.Button{s.Main, s.BackTo, s.Helper}, s.Others...)
	return slices.DeleteFunc(all, func(b *kit.Button) bool { return b == nil })
}

// head says where the person is, and leads out.
func (s *Screen) head() fyne.CanvasObject {
	at, of := s.Run.Progress()
	says := words.T("Step {n} of about {all}", "n", at, "all", of)
	if s.Run.Ended() {
		says = words.T("Step {n}, the last", "n", at)
	}
	title := s.Title
	if title == "" {
		title = s.Run.Entry().Title
	}
	entry := kit.NewText(title)
	entry.TextStyle.Bold = true
	leave := kit.NewIconButton(kit.IconClose, s.Leaves, s.Leave)
	dots := kit.Inset(container.NewCenter(newDots(at, of)), 0, 0, kit.Space8, 0)
	return kit.Rows(-kit.Space8, container.NewBorder(nil, nil, nil, container.NewVBox(leave), entry),
		container.NewBorder(nil, nil, dots, nil, kit.NewQuiet(says)))
}

// words are the title, the sentences, the points, and what to look at here.
func (s *Screen) words() fyne.CanvasObject {
	rows := kit.Rows(-kit.Space4, kit.NewTitle(s.Step.Title))
	if s.Run.Restarted() && !s.Run.CanBack() {
		rows.Add(kit.NewQuiet(words.T("The guide has changed since. It begins again here; what you did stays done.")))
	}
	for _, t := range s.Step.Text {
		rows.Add(kit.NewText(t))
	}
	for i, t := range s.Step.Points {
		sign := "•"
		if s.Ordered {
			sign = strconv.Itoa(i+1) + "."
		}
		rows.Add(listed(sign, t))
	}
	if len(s.Step.Here) > 0 {
		rows.Add(kit.VGap(kit.Space12))
		rows.Add(soft(words.T("What to look at"), s.Step.Here))
	}
	if len(s.Step.Notes) > 0 {
		rows.Add(kit.VGap(kit.Space12))
		rows.Add(soft(s.from(), s.Step.Notes))
	}
	return rows
}

// from stands over the workspace's own words.
func (s *Screen) from() string {
	if s.Workspace == "" {
		return words.T("Your workspace says:")
	}
	return words.T("{workspace} says:", "workspace", s.Workspace)
}

// soft sets sentences apart.
func soft(title string, says []string) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space8, kit.NewStrong(title))
	for _, n := range says {
		rows.Add(kit.NewText(n))
	}
	return container.NewStack(kit.NewSoftGround(kit.ColorCalmSoft), kit.Pad(rows, kit.Space4))
}

// cards are the two methods. R13 to R18
func (s *Screen) cards() fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, c := range s.Step.Cards {
		all = append(all, s.card(c))
	}
	return kit.Adaptive(520, all...)
}

func (s *Screen) card(c guide.Card) fyne.CanvasObject {
	use := kit.NewButton(c.Choice.Label, func() { s.Choose(c.Choice) })
	rows := kit.Rows(-kit.Space4, kit.NewTitle(c.Title))
	if c.Recommended {
		use.SetStyle(kit.Main)
		s.Main = use
		l := kit.NewQuiet(words.T("Recommended"))
		l.Importance = widget.HighImportance
		rows.Add(l)
	}
	rows.Add(kit.NewText(c.Best))
	for _, t := range c.Pros {
		rows.Add(Point(kit.IconCheck, theme.ColorNamePrimary, t))
	}
	for _, t := range c.Cons {
		rows.Add(Point(kit.IconWarning, theme.ColorNameWarning, t))
	}
	return kit.NewCard(container.NewBorder(nil, kit.Inset(use, kit.Space8, 0, 0, 0), nil, nil, rows))
}

// foot leads back, or to help.
func (s *Screen) foot() fyne.CanvasObject {
	says := s.Backs
	if says == "" {
		says = words.T("Back")
	}
	s.BackTo = kit.NewQuietButton(says, s.Back)
	s.BackTo.SetIcon(kit.IconBack)
	row := []fyne.CanvasObject{s.BackTo}
	s.Helper = nil
	if s.Help != nil {
		s.Helper = kit.NewQuietButton(words.T("I’m stuck"), s.Help)
		s.Helper.SetIcon(kit.IconHelp)
		row = append(row, s.Helper)
	}
	rows := kit.Rows(0, kit.Inset(kit.Cols(kit.Space8, row...), 0, 0, kit.Space4, 0))
	for _, o := range s.Below {
		rows.Add(o)
	}
	return rows
}

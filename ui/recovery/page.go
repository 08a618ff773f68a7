// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Around is where the page's buttons lead.
type Around struct {
	Codes func()
	Setup func()
	Add   func()
	Clock func() // checks the clock; nil where that cannot be
	// Contact tells whom the workspace says to ask, or ""; it may be nil.
	Contact func() string
	// Return leads back to where a topic was opened from; nil where the page stands
	// for itself.
	Return func()
}

// Page asks what happens and says what to do. It is used on the user
// interface's goroutine.
type Page struct {
	Around

	body   *fyne.Container
	scroll *container.Scroll
	shown  string // the topic's id, "" for the question

	Answers []*kit.Door
	Back    *kit.Button
	Action  *kit.Button // nil where a topic leads nowhere else
	Check   *kit.Button // leads to the clock; nil where a topic is not about it
}

// New returns the page with its question.
func New(a Around) *Page {
	p := &Page{Around: a, body: container.NewStack()}
	p.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(p.body, 640), kit.Space16))
	p.Ask()
	return p
}

// Object returns what is drawn.
func (p *Page) Object() fyne.CanvasObject { return p.scroll }

// Shown returns the id of the topic on show, or "".
func (p *Page) Shown() string { return p.shown }

// Ask shows the question with its answers.
func (p *Page) Ask() {
	p.shown, p.Back, p.Action, p.Check, p.Answers = "", nil, nil, nil, nil
	rows := []fyne.CanvasObject{
		kit.NewTitle(words.T("What happens?")),
		kit.NewText(words.T("Choose what fits best. Nothing here changes your account.")),
	}
	for _, t := range Topics() {
		door := kit.NewDoor(icons[t.ID], t.Answer, "", func() { p.Show(t.ID) })
		p.Answers = append(p.Answers, door)
		rows = append(rows, door)
	}
	rows = append(rows, p.last())
	p.set(rows)
}

var icons = map[string]kit.IconName{
	"refused": kit.IconClock, "lost": kit.IconWarning, "nobackup": kit.IconKey,
	"sms": kit.IconInfo, "empty": kit.IconSearch, "new": kit.IconScreen,
}

// Show shows what to do about one topic, in order.
func (p *Page) Show(id string) {
	t, ok := Find(id)
	if !ok {
		p.Ask()
		return
	}
	p.shown, p.Answers, p.Action, p.Check = id, nil, nil, nil
	title := kit.NewTitle(t.Answer)
	title.Wrapping = fyne.TextWrapWord
	rows := []fyne.CanvasObject{title, kit.NewQuiet(words.T("Try these in order."))}
	for i, l := range t.Lines {
		rows = append(rows, numbered(i+1, l))
		if i+1 == t.Clock && p.Clock != nil {
			p.Check = kit.NewButton(words.T("Check my clock"), p.Clock)
			p.Check.SetIcon(kit.IconClock)
			rows = append(rows, kit.Inset(container.NewHBox(p.Check), 0, 0, kit.Space24, 0))
		}
	}
	p.Back = kit.NewButton(words.T("Back"), p.Ask)
	if p.Return != nil {
		p.Back = kit.NewButton(words.T("Back to the step"), p.Return)
	}
	p.Back.SetIcon(kit.IconBack)
	buttons := container.New(&row{}, p.Back)
	if lead := p.lead(t.Leads); lead != nil {
		p.Action = kit.NewMainButton(t.Button, lead)
		buttons.Add(p.Action)
	}
	p.set(append(rows, kit.VGap(kit.Space8), kit.Inset(buttons, 0, 0, kit.Space8, 0), kit.VGap(kit.Space8), p.last()))
}

func (p *Page) lead(to Leads) func() {
	switch to {
	case ToCodes:
		return p.Codes
	case ToSetup:
		return p.Setup
	case ToAdd:
		return p.Add
	}
	return nil
}

// last is the way that is always left.
func (p *Page) last() fyne.CanvasObject {
	rows := kit.Rows(0,
		kit.NewStrong(words.T("Nothing helps?")),
		kit.NewText(words.T("Your workspace administrator can reset your two-factor sign-in, so that you get back in with your usual sign-in alone. Tell them the e-mail address you use. Nobody needs a code from you for that.")))
	if p.Contact != nil && p.Contact() != "" {
		rows.Add(kit.NewText(words.T("Your workspace’s contact: {contact}", "contact", p.Contact())))
	}
	return kit.NewCard(rows)
}

func (p *Page) set(rows []fyne.CanvasObject) {
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space8, rows...)}
	p.body.Refresh()
	p.scroll.ScrollToTop()
}

func numbered(n int, text string) fyne.CanvasObject {
	number := kit.NewStrong(strconv.Itoa(n))
	return container.NewBorder(nil, nil, container.NewVBox(number), nil, kit.NewText(text))
}

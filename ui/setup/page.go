// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// Around is where the page's buttons lead.
type Around struct {
	Scan    func() // looks at the screen
	Picture func() // opens a picture
	Type    func() // types the key in
	Codes   func() // shows the codes
	Stuck   func() // opens what to do when one cannot get in
}

// Page is the assistant. It is used on the user interface's goroutine.
type Page struct {
	Around

	steps  []Step
	at     int
	body   *fyne.Container
	scroll *container.Scroll
	object fyne.CanvasObject

	Main *kit.Button // the step's main button, nil where there are two cards
	Use  [2]*kit.Button
	Back *kit.Button
}

// New returns the assistant at its first step.
func New(a Around) *Page {
	p := &Page{Around: a, steps: App(), body: container.NewStack()}
	p.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(p.body, 640), kit.Space16))
	p.object = p.scroll
	p.show()
	return p
}

// Object returns what is drawn.
func (p *Page) Object() fyne.CanvasObject { return p.object }

// Step returns the step on show.
func (p *Page) Step() Step { return p.steps[p.at] }

// Added goes on from the scan, once the account is here.
func (p *Page) Added() {
	if p.Step().Does == Scans {
		p.step(1)
	}
}

func (p *Page) step(by int) {
	p.at = min(max(p.at+by, 0), len(p.steps)-1)
	p.show()
	p.scroll.ScrollToTop()
}

func (p *Page) show() {
	s := p.Step()
	title := kit.NewTitle(s.Title)
	title.Wrapping = fyne.TextWrapWord
	rows := []fyne.CanvasObject{p.progress(), kit.VGap(kit.Space8)}
	if s.Icon != "" {
		rows = append(rows, left(kit.NewIcon(s.Icon, theme.ColorNamePrimary, 48)))
	}
	rows = append(rows, title)
	for _, l := range s.Lines {
		rows = append(rows, kit.NewText(l))
	}
	p.Main, p.Use = nil, [2]*kit.Button{}
	rows = append(rows, kit.VGap(kit.Space8))
	switch s.Does {
	case Chooses:
		rows = append(rows, p.methods())
	case Scans:
		p.Main = kit.NewMainButton(s.Button, p.Scan)
		p.Main.SetIcon(kit.IconScreen)
		rows = append(rows, left(p.Main), left(
			kit.NewQuietButton(words.T("Open a picture"), p.Picture),
			kit.NewQuietButton(words.T("Type it in"), p.Type),
			kit.NewQuietButton(words.T("I have it already"), func() { p.step(1) })))
	case Shows:
		p.Main = kit.NewMainButton(s.Button, func() {
			p.at, p.steps = 0, App()
			p.show()
			p.Codes()
		})
		rows = append(rows, left(p.Main))
	default:
		p.Main = kit.NewMainButton(s.Button, func() { p.step(1) })
		rows = append(rows, left(p.Main))
	}
	rows = append(rows, kit.VGap(kit.Space8), p.foot())
	p.body.Objects = []fyne.CanvasObject{kit.Rows(kit.Space8, rows...)}
	p.body.Refresh()
}

func (p *Page) foot() fyne.CanvasObject {
	p.Back = kit.NewQuietButton(words.T("Back"), func() { p.step(-1) })
	p.Back.SetIcon(kit.IconBack)
	if p.at == 0 {
		p.Back.Hide()
	}
	stuck := kit.NewQuietButton(words.T("I’m stuck"), p.Stuck)
	stuck.SetIcon(kit.IconHelp)
	note := kit.NewQuiet(words.T("These steps follow Kutano’s published guide; your page may look a little different."))
	return kit.Rows(kit.Space8, left(p.Back, stuck), note)
}

// left puts objects in a line that begins where text begins.
func left(os ...fyne.CanvasObject) fyne.CanvasObject {
	return kit.Inset(kit.Cols(kit.Space8, os...), 0, 0, kit.Space8, 0)
}

// progress is a dotted line, and says the same in words.
func (p *Page) progress() fyne.CanvasObject {
	dots := make([]fyne.CanvasObject, len(p.steps))
	for i := range p.steps {
		name := kit.ColorTrack
		if i <= p.at {
			name = theme.ColorNamePrimary
		}
		dots[i] = newDot(name)
	}
	text := kit.NewQuiet(words.T("Step {n} of {all}", "n", p.at+1, "all", len(p.steps)))
	return container.NewBorder(nil, nil, container.NewCenter(kit.Inset(kit.Cols(kit.Space8, dots...), 0, 0, kit.Space8, 0)), nil, text)
}

// dot is a point of the dotted line; it follows the theme.
type dot struct {
	widget.BaseWidget
	name   fyne.ThemeColorName
	circle *canvas.Circle
}

func newDot(name fyne.ThemeColorName) *dot {
	d := &dot{name: name, circle: canvas.NewCircle(kit.Color(name))}
	d.ExtendBaseWidget(d)
	return d
}

// CreateRenderer implements fyne.Widget.
func (d *dot) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(d.circle) }

// MinSize is that of a small point.
func (d *dot) MinSize() fyne.Size { return fyne.NewSquareSize(10) }

// Refresh takes the theme's colour again.
func (d *dot) Refresh() {
	d.circle.FillColor = kit.Color(d.name)
	d.BaseWidget.Refresh()
}

func (p *Page) methods() fyne.CanvasObject {
	cards := make([]fyne.CanvasObject, 2)
	for i, m := range Methods() {
		use := func() { p.choose(App()) }
		p.Use[i] = kit.NewMainButton(m.Button, use)
		if !m.Recommended {
			p.Use[i] = kit.NewButton(m.Button, func() { p.choose(TextMessage()) })
		}
		cards[i] = methodCard(m, p.Use[i])
	}
	return kit.Adaptive(520, cards...)
}

func (p *Page) choose(steps []Step) {
	p.steps = steps
	p.step(1)
}

func methodCard(m Method, use *kit.Button) fyne.CanvasObject {
	rows := []fyne.CanvasObject{kit.NewTitle(m.Title)}
	if m.Recommended {
		l := kit.NewQuiet(words.T("Recommended"))
		l.Importance = widget.HighImportance
		rows = append(rows, l)
	}
	rows = append(rows, kit.NewText(m.BestFor))
	for _, s := range m.Pros {
		rows = append(rows, point(kit.IconCheck, theme.ColorNamePrimary, s))
	}
	for _, s := range m.Cons {
		rows = append(rows, point(kit.IconWarning, theme.ColorNameWarning, s))
	}
	return kit.NewCard(container.NewBorder(kit.Rows(0, rows...), use, nil, nil))
}

func point(icon kit.IconName, in fyne.ThemeColorName, text string) fyne.CanvasObject {
	sign := container.NewVBox(kit.VGap(kit.Space4), kit.NewIcon(icon, in, 16))
	return container.NewBorder(nil, nil, sign, nil, kit.NewText(text))
}

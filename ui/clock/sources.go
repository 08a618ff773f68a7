// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
)

// sources are who was asked and what they said, and whom the user allows to be
// asked.
type sources struct {
	page    *page
	object  fyne.CanvasObject
	fold    *kit.Fold
	lines   *fyne.Container
	network *kit.Select
	servers *kit.Entry
	save    *kit.Button
	says    *widget.Label

	drawn *clock.Measurement
	fresh bool // lines were never drawn
}

// networks are the choices, in the order in which they stand.
var networks = []clock.Network{clock.Never, clock.OnDemand, clock.Daily}

func newSources(p *page) *sources {
	o := &sources{page: p, lines: kit.Rows(kit.Space8), fresh: true, says: kit.NewQuiet("")}
	o.network = kit.NewSelect([]string{
		words.T("Never"), words.T("When I ask"), words.T("Once a day, too"),
	}, nil)
	o.network.PlaceHolder = words.T("Not decided yet")
	o.servers = kit.NewTextArea("time.example.org\n192.0.2.1:123")
	o.servers.SetMinRowsVisible(3)
	o.save = kit.NewButton(words.T("Use these servers"), o.keep)
	o.says.Hide()
	o.fold = kit.NewFold(words.T("Who was asked, and who may be"), kit.Rows(kit.Space8,
		o.lines,
		strong(words.T("May time servers be asked?")), shrinks(o.network),
		kit.NewQuiet(words.T("Web servers are asked, too, where those do not settle it. All of them see this device’s network address, and nothing of your accounts.")),
		strong(words.T("Your own time servers")),
		kit.NewQuiet(words.T("One a line. Leave it empty for the usual ones.")),
		o.servers, atLeft(o.save), o.says))
	o.fold.Changed = func(bool) { p.relayout() }
	o.object = kit.NewCard(o.fold.Object())
	return o
}

func (o *sources) open() {
	o.fold.SetOpen(false)
	o.says.Hide()
	o.servers.SetText(strings.Join(o.page.screen.True.Status().Servers, "\n"))
}

func (o *sources) show(s clock.Status) {
	i := slices.Index(networks, s.Network)
	if i != o.network.SelectedIndex() {
		o.network.OnChanged = nil
		if i < 0 {
			o.network.ClearSelected()
		} else {
			o.network.SetSelectedIndex(i)
		}
	}
	o.network.OnChanged = func(string) { o.page.screen.allow(networks[o.network.SelectedIndex()]) }
	if s.Measured == o.drawn && !o.fresh {
		return
	}
	o.drawn, o.fresh = s.Measured, false
	o.lines.RemoveAll()
	if s.Measured == nil {
		o.lines.Add(kit.NewText(words.T("Nobody was asked yet.")))
	} else {
		o.lines.Add(kit.NewText(words.T("On {date} they said that this device is off by:", "date", s.Measured.At.Wall.Local().Format("2006-01-02 15:04"))))
	}
	for _, l := range verdict.Sources(s.Measured) {
		o.lines.Add(source(l))
	}
	o.page.relayout()
}

// source is one line, with a sign of whether it was believed.
func source(l verdict.SourceLine) fyne.CanvasObject {
	icon, in, trust := kit.IconCheck, theme.ColorNameSuccess, l.Trust
	if !l.Agrees {
		icon, in = kit.IconClose, theme.ColorNameError
		trust = words.T("not believed") + " · " + trust
	}
	name, figure := kit.NewText(l.Name), kit.NewText(l.Offset)
	figure.Importance = widget.HighImportance
	body := kit.Rows(-kit.Space12, kit.AdaptiveGap(400, -kit.Space12, name, figure), kit.NewQuiet(trust))
	return container.NewBorder(nil, nil, container.NewVBox(kit.Inset(kit.NewIcon(icon, in, 20), kit.Space8, 0, 0, 0)), nil, body)
}

// keep takes over the servers in the field, if all of them can be ones.
func (o *sources) keep() {
	s := o.page.screen
	list, bad := servers(o.servers.Text)
	o.says.Show()
	if bad != "" {
		o.says.Importance = widget.DangerImportance
		o.says.SetText(words.T("“{name}” is no name of a server, such as time.example.org or 192.0.2.1.", "name", bad))
		o.page.relayout()
		s.Canvas().Focus(o.servers)
		return
	}
	o.says.Importance = widget.LowImportance
	o.says.SetText(words.T("Kept. They are asked from now on."))
	switch n := s.True.Status().Network; {
	case n != clock.OnDemand && n != clock.Daily:
		o.says.SetText(words.T("Kept. Nobody is asked before you allow it."))
	case len(list) == 0:
		o.says.SetText(words.T("Kept. The usual servers are asked from now on."))
	}
	o.page.relayout()
	s.decide(func() error { return s.True.Allow(s.True.Status().Network, list) })
}

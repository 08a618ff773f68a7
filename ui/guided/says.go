// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guided

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/check"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/sync/clock/verdict"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// NameOf is how a person knows an account.
func NameOf(a vault.Account) string {
	if a.Issuer == "" || a.Name == "" {
		return a.Title()
	}
	return a.Issuer + " · " + a.Name
}

// Signed puts a sign where a line of text begins.
func Signed(sign fyne.CanvasObject) fyne.CanvasObject {
	return container.NewVBox(kit.Inset(sign, kit.Space8, 0, 0, 0))
}

// Good is a sentence of something that went well.
func Good(text string) fyne.CanvasObject {
	name, in := kit.Good.Icon()
	return container.NewBorder(nil, nil, Signed(kit.NewIcon(name, in, 20)), nil, kit.NewText(text))
}

// Point is a sentence behind a sign.
func Point(icon kit.IconName, in fyne.ThemeColorName, text string) fyne.CanvasObject {
	sign := container.NewVBox(kit.Inset(kit.NewIcon(icon, in, 16), kit.Space8+2, 0, kit.Space8, 0))
	return container.NewBorder(nil, nil, sign, nil, kit.NewText(text))
}

// listed is a sentence of a list.
func listed(sign, text string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewVBox(widget.NewLabel(sign)), nil, kit.NewText(text))
}

// Trouble says what went wrong within the step.
func Trouble(err error) fyne.CanvasObject {
	m := explain.Error(err)
	return kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next})
}

var signIcons = map[check.Sign]struct {
	icon kit.IconName
	in   fyne.ThemeColorName
}{
	check.Good: {kit.IconCheck, theme.ColorNameSuccess},
	check.Look: {kit.IconWarning, theme.ColorNameWarning},
	check.Bad:  {kit.IconFail, theme.ColorNameError},
}

// Found is what a check found: one line each, what it means, and what to do now;
// err is what went wrong in doing it, nil for nothing. R56
func Found(r check.Result, err error) fyne.CanvasObject { return FoundWith(r, err, nil) }

// FoundWith is Found with something below the line about the clock; nil for nothing.
func FoundWith(r check.Result, err error, clock fyne.CanvasObject) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space8)
	for i, l := range r.Looked {
		s := signIcons[l.Sign]
		rows.Add(container.NewBorder(nil, nil, Signed(kit.NewIcon(s.icon, s.in, 18)), nil, kit.NewText(l.Text)))
		if i == r.Timed && clock != nil {
			rows.Add(kit.Inset(clock, kit.Space4, kit.Space12, kit.Space24, 0))
		}
	}
	what := kit.NewText(r.What)
	what.TextStyle.Bold = true
	found := kit.Rows(-kit.Space12, what, kit.NewText(r.Next))
	if err != nil {
		found = kit.Rows(kit.Space4, found, Trouble(err))
	}
	rows.Add(kit.VGap(kit.Space24))
	rows.Add(container.NewStack(kit.NewSoftGround(kit.ColorCalmSoft), kit.Pad(found, kit.Space4)))
	return kit.NewCard(rows)
}

// ClockCard says how the clock stands, with the way to its page; measure may be nil.
// R53
func ClockCard(v verdict.Verdict, measure func()) fyne.CanvasObject {
	tone := map[verdict.Tone]kit.Tone{verdict.Right: kit.Good, verdict.Look: kit.Look, verdict.Fail: kit.Fail}[v.Tone]
	name, in := tone.Icon()
	headline := kit.NewText(v.Headline)
	headline.TextStyle.Bold = true
	says := kit.Rows(-kit.Space12, headline)
	for _, n := range v.Notes {
		says.Add(kit.NewText(n))
	}
	rows := kit.Rows(kit.Space4, container.NewBorder(nil, nil, Signed(kit.NewIcon(name, in, 22)), nil, says))
	if measure != nil {
		b := kit.NewButton(words.T("Check my clock"), measure)
		b.SetIcon(kit.IconClock)
		rows.Add(kit.Inset(Line(b), 0, kit.Space4, kit.Space4, 0))
	}
	return kit.NewCard(rows)
}

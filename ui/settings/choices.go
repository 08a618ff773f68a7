// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
)

// choices are the settings that can be changed. Each change is put to use and
// written at once; there is no button to save.
type choices struct {
	parts Parts
	// saveFailed is told once per page, not with each change.
	saveFailed bool

	theme, size, language, clear *kit.Select
	hide, number, wait, tray     *kit.Check
	remind                       *kit.Check

	idle                       *kit.Select
	minimised, suspend, screen *kit.Check
	unfocused, capture         *kit.Check
}

// option is one entry of a select and what it stands for.
type option[T comparable] struct {
	value T
	text  string
}

func newChoices(parts Parts) *choices {
	c := &choices{parts: parts}
	now := parts.File.Get()
	c.theme = newSelect(themes(), now.Theme, func(m kit.Mode) { c.change(func(s *Settings) { s.Theme = m }) })
	c.size = newSelect(sizes(), now.TextSize, func(n int) { c.change(func(s *Settings) { s.TextSize = n }) })
	c.language = newSelect(languages(), now.Language, func(l string) { c.change(func(s *Settings) { s.Language = l }) })
	c.clear = newSelect(clears(now.ClearSeconds), now.ClearSeconds, func(n int) { c.change(func(s *Settings) { s.ClearSeconds = n }) })
	c.hide = c.newCheck(words.T("Hide codes until I ask for them"), func(s *Settings) *bool { return &s.HideCodes })
	c.number = c.newCheck(words.T("Show the seconds as a number instead of a ring"), func(s *Settings) *bool { return &s.NoAnimations })
	c.wait = c.newCheck(words.T("Wait for the next code when less than 5 seconds are left"), func(s *Settings) *bool { return &s.WaitForNext })
	c.tray = c.newCheck(words.T("Keep running in the tray when the window is closed"), func(s *Settings) *bool { return &s.CloseToTray })
	c.remind = kit.NewCheck(words.T("Let the system show reminders"), nil)
	c.remind.SetChecked(!now.NoReminders)
	c.remind.OnChanged = func(on bool) { c.change(func(s *Settings) { s.NoReminders = !on }) }
	c.idle = newSelect(idles(now.LockIdleMinutes), now.LockIdleMinutes, func(n int) { c.change(func(s *Settings) { s.LockIdleMinutes = n }) })
	c.minimised = c.newCheck(words.T("Lock when the window is minimised"), func(s *Settings) *bool { return &s.LockMinimised })
	c.suspend = c.newCheck(words.T("Lock when the computer goes to sleep"), func(s *Settings) *bool { return &s.LockSuspend })
	c.screen = c.newCheck(words.T("Lock when the screen is locked"), func(s *Settings) *bool { return &s.LockScreen })
	c.unfocused = c.newCheck(words.T("Hide codes while another window is in front"), func(s *Settings) *bool { return &s.HideUnfocused })
	c.capture = c.newCheck(words.T("Let screenshots show this window"), func(s *Settings) *bool { return &s.AllowCapture })
	return c
}

// sections returns the groups of settings, each under its title.
func (c *choices) sections() []fyne.CanvasObject {
	look := section(words.T("Look"),
		field(words.T("Colours"), "", c.theme),
		field(words.T("Text size"), "", c.size),
		field(words.T("Language"), words.T("Takes effect when the app starts the next time."), c.language))
	codes := section(words.T("Codes"),
		tick(c.hide, words.T("A click or the space key shows one code. Enter copies it unseen.")),
		tick(c.wait, words.T("So that there is time to type it.")),
		tick(c.number, ""),
		field(words.T("Clear a copied code from the clipboard"), words.T("Other programs can read the clipboard."), c.clear))
	reminders := section(words.T("Reminders"),
		tick(c.remind, words.T("They never say anything about an account. Without them, this window reminds you.")))
	groups := []fyne.CanvasObject{look, codes, reminders}
	if c.parts.Tray {
		groups = append(groups, section(words.T("Window"), tick(c.tray, "")))
	}
	return groups
}

// change puts a change to use and writes it.
func (c *choices) change(set func(*Settings)) {
	s := c.parts.File.Get()
	set(&s)
	err := c.parts.File.Set(s)
	c.parts.Changed(c.parts.File.Get())
	if err == nil {
		c.saveFailed = false
		return
	}
	if !c.saveFailed {
		c.saveFailed = true
		kit.ShowMessage(c.parts.Canvas(), kit.Look, words.T("The settings could not be saved"), message(err), nil)
	}
}

func (c *choices) newCheck(text string, field func(*Settings) *bool) *kit.Check {
	now := c.parts.File.Get()
	check := kit.NewCheck(text, nil)
	check.SetChecked(*field(&now))
	// Only now, so that showing a setting does not count as changing it.
	check.OnChanged = func(on bool) { c.change(func(s *Settings) { *field(s) = on }) }
	return check
}

func newSelect[T comparable](options []option[T], now T, changed func(T)) *kit.Select {
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.text
	}
	sel := kit.NewSelect(texts, nil)
	sel.SetSelectedIndex(max(0, slices.IndexFunc(options, func(o option[T]) bool { return o.value == now })))
	sel.OnChanged = func(string) { changed(options[sel.SelectedIndex()].value) }
	return sel
}

func themes() []option[kit.Mode] {
	return []option[kit.Mode]{
		{kit.ModeSystem, words.T("As the system says")},
		{kit.ModeLight, words.T("Light")},
		{kit.ModeDark, words.T("Dark")},
	}
}

func sizes() []option[int] {
	return []option[int]{
		{100, words.T("Normal")},
		{125, words.T("Large (125 %)")},
		{150, words.T("Very large (150 %)")},
	}
}

func languages() []option[string] {
	all := []option[string]{{"", words.T("As the system says")}}
	for _, l := range words.Languages() {
		all = append(all, option[string]{l, words.Name(l)})
	}
	return all
}

// clears offers a few times, and the one that is set if it is none of them.
func clears(now int) []option[int] {
	times := []int{10, 20, 30, 60, 120}
	if now != 0 && !slices.Contains(times, now) {
		times = append(times, now)
		slices.Sort(times)
	}
	var all []option[int]
	for _, n := range times {
		all = append(all, option[int]{n, words.N(n, "After 1 second", "After {n} seconds")})
	}
	return append(all, option[int]{0, words.T("Never")})
}

// idles offers a few times, and the one that is set if it is none of them.
func idles(now int) []option[int] {
	times := []int{1, 5, 15, 60}
	if now != 0 && !slices.Contains(times, now) {
		times = append(times, now)
		slices.Sort(times)
	}
	var all []option[int]
	for _, n := range times {
		all = append(all, option[int]{n, words.N(n, "After 1 minute", "After {n} minutes")})
	}
	return append(all, option[int]{0, words.T("Never")})
}

// section is a title with its settings on a card.
func section(title string, rows ...fyne.CanvasObject) *fyne.Container {
	return kit.Rows(0, kit.NewTitle(title), kit.NewCard(kit.Rows(kit.Space8, rows...)), kit.VGap(kit.Space8))
}

// field is a setting with a choice at its right, or below it on a phone.
func field(name, help string, choice fyne.CanvasObject) fyne.CanvasObject {
	text := kit.Rows(-kit.Space12, kit.NewText(name))
	if help != "" {
		text.Add(kit.NewQuiet(help))
	}
	return kit.AdaptiveGap(440, 0, container.New(centre{}, text), container.New(centre{}, choice))
}

// tick is a setting that is on or off, with what it means below it.
func tick(check *kit.Check, help string) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space12, check)
	if help = strings.TrimSpace(help); help != "" {
		rows.Add(kit.Inset(kit.NewQuiet(help), 0, 0, 28, 0))
	}
	return rows
}

// centre keeps its object's own height, in the middle.
type centre struct{}

// Layout is part of fyne.Layout.
func (centre) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(size.Width, h))
		o.Move(fyne.NewPos(0, max(0, (size.Height-h)/2)))
	}
}

// MinSize is part of fyne.Layout.
func (centre) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size
}

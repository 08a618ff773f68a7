// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/otpauth"
)

// bullet is an icon with a sentence beside it.
func bullet(icon kit.IconName, text string) fyne.CanvasObject {
	sign := container.NewVBox(kit.VGap(kit.Space8), kit.NewIcon(icon, iconColor(icon), 18))
	return kit.Inset(container.NewBorder(nil, nil, sign, nil, kit.NewText(text)), 0, 0, kit.Space8, 0)
}

func iconColor(icon kit.IconName) fyne.ThemeColorName {
	if icon == kit.IconWarning {
		return theme.ColorNameWarning
	}
	return theme.ColorNamePrimary
}

// preview shows what was found before any of it is kept.
func (f *Flow) preview(t Texts) {
	if len(f.finding.Candidates) == 1 && len(f.finding.Missing) == 0 {
		f.previewOne(t)
		return
	}
	f.previewSeveral(t)
}

func (f *Flow) previewOne(t Texts) {
	c := &f.finding.Candidates[0]
	s := &kit.Sheet{Title: foundTitle(t, 1)}
	cancel := kit.NewButton(words.T("Cancel"), f.Close)
	switch c.Status {
	case New:
		s.Main = kit.NewMainButton(words.T("Add this account"), f.keep)
		s.Content = kit.Rows(kit.Space12, who(c), kit.NewQuiet(Parameters(c.Key)))
	case Same:
		s.Main = kit.NewMainButton(words.T("Show its code"), func() { f.showKept(c) })
		s.Content = kit.Rows(kit.Space12, who(c),
			kit.NewText(words.T("This account is here already, with the same key. There is nothing to add.")))
	case Differs:
		// R55: a new key for an account that is here is a question.
		s.Title = words.T("Replace the key of this account?")
		s.Main = kit.NewMainButton(words.T("Replace the key"), func() {
			f.finding.Tick(0, true)
			f.keep()
		})
		cancel.SetText(words.T("Keep the old key"))
		s.Content = kit.Rows(kit.Space12, who(c),
			kit.NewText(words.T("An account of this name is here already, with another key. Replace it if you have just set up two-factor sign-in again: the old codes are refused from then on.")),
			kit.NewQuiet(words.T("The old key stays in Settings, under removed accounts, for 30 days.")))
	default:
		f.refusedOne(c)
		return
	}
	s.Others = []*kit.Button{cancel}
	f.page(s)
}

func (f *Flow) refusedOne(c *Candidate) {
	m := explain.Error(c.Err)
	rows := []fyne.CanvasObject{}
	if c.Name != "" {
		rows = append(rows, who(c))
	}
	rows = append(rows, kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}))
	f.page(&kit.Sheet{
		Title: words.T("This code cannot be used"), Content: kit.Rows(kit.Space12, rows...),
		Main:   kit.NewMainButton(words.T("Another way"), f.Open),
		Others: []*kit.Button{kit.NewButton(words.T("Close"), f.Close)},
	})
}

// foundTitle says what was found and where.
func foundTitle(t Texts, n int) string {
	if t.Screens && t.Pictures > 1 {
		return words.N(n, "Looked at {screens} screens: found 1 account", "Looked at {screens} screens: found {n} accounts",
			"screens", t.Pictures)
	}
	return words.N(n, "Found 1 account", "Found {n} accounts")
}

func (f *Flow) previewSeveral(t Texts) {
	s := &kit.Sheet{Title: foundTitle(t, len(f.finding.Candidates))}
	main := kit.NewMainButton("", f.keep)
	count := func() {
		added, replaced := f.finding.Wanted()
		main.SetText(keepText(added, replaced))
		if added+replaced == 0 {
			main.Disable()
		} else {
			main.Enable()
		}
	}
	rows := make([]fyne.CanvasObject, 0, len(f.finding.Candidates))
	for i := range f.finding.Candidates {
		rows = append(rows, f.candidate(i, count))
	}
	content := rows
	if n := missingParts(f.finding.Missing); n > 0 {
		content = append(content, bullet(kit.IconInfo, words.N(n,
			"This is part of a transfer: 1 more QR code belongs to it. Show it on the other device and scan again.",
			"This is part of a transfer: {n} more QR codes belong to it. Show the next one on the other device and scan again.")))
		again := kit.NewButton(words.T("Scan the next part"), f.Scan)
		s.Others = append(s.Others, again)
	}
	for _, failure := range t.Failed {
		content = append(content, bullet(kit.IconWarning, failure.Name+": "+explain.Reason(failure.Err)))
	}
	s.Content = kit.Rows(kit.Space8, content...)
	s.Main = main
	s.Others = append(s.Others, kit.NewButton(words.T("Cancel"), f.Close))
	count()
	f.page(s)
}

func keepText(added, replaced int) string {
	switch {
	case replaced == 0:
		return words.N(added, "Add 1 account", "Add {n} accounts")
	case added == 0:
		return words.N(replaced, "Replace 1 key", "Replace {n} keys")
	}
	return words.T("Add {added}, replace {replaced}", "added", added, "replaced", replaced)
}

func missingParts(ms []otpauth.Missing) int {
	n := 0
	for _, m := range ms {
		n += m.Size - len(m.Have)
	}
	return n
}

// candidate is one line of a preview of several.
func (f *Flow) candidate(i int, changed func()) fyne.CanvasObject {
	c := &f.finding.Candidates[i]
	status := kit.NewQuiet(statusText(c))
	tick := kit.NewCheck("", func(on bool) {
		f.finding.Tick(i, on)
		changed()
	})
	tick.SetChecked(c.Ticked)
	if c.Status == Same || c.Status == Refused {
		tick.Disable()
	}
	return container.NewBorder(nil, nil, container.NewCenter(tick), nil, who(c, status))
}

func statusText(c *Candidate) string {
	switch c.Status {
	case New:
		return words.T("New")
	case Same:
		return words.T("Here already, with the same key")
	case Differs:
		return words.T("Here already, with another key. Tick to replace it.")
	}
	return words.T("Cannot be used: {reason}", "reason", explain.Reason(c.Err))
}

// who shows whose account a candidate is.
func who(c *Candidate, more ...fyne.CanvasObject) fyne.CanvasObject {
	title, name := c.Key.Issuer, c.Key.Account
	if c.Status == Refused {
		title, name = c.Name, ""
	}
	if title == "" {
		title, name = name, ""
	}
	if title == "" {
		title = words.T("An account without a name")
	}
	return identity(title, name, more...)
}

func identity(title, name string, more ...fyne.CanvasObject) fyne.CanvasObject {
	names := []fyne.CanvasObject{kit.NewStrong(title)}
	if name != "" {
		line := kit.NewLine(name)
		line.Importance = widget.LowImportance
		names = append(names, line)
	}
	tile := container.NewCenter(kit.Inset(kit.NewTile(title), 0, 0, kit.Space8, 0))
	return container.NewBorder(nil, nil, tile, nil, kit.Rows(-kit.Space12, append(names, more...)...))
}

// Parameters says how the codes of a key are, without telling the key.
func Parameters(k otpauth.Key) string {
	switch {
	case k.Type == otpauth.HOTP:
		return words.T("{digits} digits, by counter", "digits", k.Digits)
	case k.Type == otpauth.Steam:
		return words.T("Steam codes, a new one every 30 seconds")
	}
	return words.T("{digits} digits, a new code every {period} seconds", "digits", k.Digits, "period", k.Period)
}

// keep puts the ticked accounts into the vault.
func (f *Flow) keep() {
	accounts := f.Accounts()
	if accounts == nil {
		f.failed(errNotOpen, nil)
		return
	}
	finding := f.finding
	f.working(words.T("Keeping it safe…"))
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (Kept, error) {
		return Keep(ctx, finding, accounts)
	}, func(k Kept, err error) {
		for _, a := range k.Replaced {
			f.Forget(a.ID)
		}
		f.Reload()
		if turn != f.turn {
			return
		}
		if err != nil {
			f.failed(err, f.keep)
			return
		}
		f.kept(k)
	})
}

func (f *Flow) showKept(c *Candidate) {
	had := c.Existing
	f.Close()
	if f.expected != nil {
		f.expected.Got(had, true)
		return
	}
	f.Done(had.ID)
}

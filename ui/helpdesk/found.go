// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/ui/kit"
)

// showFound shows what the words say, and what to do about it.
func (r *Room) showFound() {
	_, heard := r.call.Heard()
	r.typed.again.Hidden = !heard
	r.found.Objects = r.finding()
	r.found.Refresh()
}

func (r *Room) finding() []fyne.CanvasObject {
	a, ok := r.call.Advice()
	if !ok {
		return []fyne.CanvasObject{sayBox(helpdesk.Asks(helpdesk.Phrase))}
	}
	s, _ := r.call.Heard()
	var rows []fyne.CanvasObject
	if c := r.typed.change; c != nil {
		rows = append(rows, changed(*c))
	}
	if r.typed.heard.Newer {
		rows = append(rows, kit.NewMessage(kit.Calm, kit.Message{
			What: words.T("The caller’s app is newer than this one, so this app does not know everything that it says. Install the newest version."),
		}))
	}
	next := kit.NewText(a.Next)
	next.SizeName = theme.SizeNameSubHeadingText
	rows = append(rows,
		kit.Rows(-kit.Space12, kit.NewQuiet(words.T("What is wrong")), kit.NewTitle(a.Finding)),
		kit.Rows(-kit.Space12, kit.NewQuiet(words.T("The next step")), next),
		sayBox(a.Say))
	if len(a.Press) > 0 {
		rows = append(rows, press(a.Press, s.Platform))
	}
	rows = append(rows, kit.Rows(-kit.Space12, kit.NewQuiet(words.T("Afterwards")), kit.NewText(a.Ask), kit.NewText(a.Then)))
	if len(a.Else) > 0 {
		list := kit.Rows(-kit.Space12)
		for _, e := range a.Else {
			list.Add(kit.NewText(e))
		}
		rows = append(rows, kit.NewFold(words.T("Also worth a look"), list).Object())
	}
	rows = append(rows, kit.NewQuiet(words.T("The app is {version}, on {platform}.", "version", helpdesk.Version(s), "platform", helpdesk.PlatformIs(s.Platform))))
	return []fyne.CanvasObject{kit.NewCard(kit.Rows(kit.Space8, rows...))}
}

// changed says what changed since the words from before.
func changed(c helpdesk.Change) fyne.CanvasObject {
	tone := kit.Look
	if c.Fixed {
		tone = kit.Good
	}
	return kit.NewMessage(tone, kit.Message{What: c.Headline, Safe: strings.Join(c.Lines, " ")})
}

// press are the steps on the caller's device.
func press(steps []string, on standing.Platform) fyne.CanvasObject {
	list := kit.Rows(-kit.Space12, kit.NewQuiet(words.T("On their device, {platform}:", "platform", helpdesk.PlatformIs(on))))
	for i, step := range steps {
		number := kit.NewStrong(strconv.Itoa(i + 1))
		number.Truncation = fyne.TextTruncateOff
		list.Add(container.NewBorder(nil, nil, container.NewVBox(number), nil, kit.NewText(step)))
	}
	return list
}

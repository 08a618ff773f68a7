// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/exchange"
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// mostFailures are named one by one; a folder may hold thousands of other files.
const mostFailures = 5

// failures says what is wrong with files. One alone is told in full.
func (f *Flow) failures(all []exchange.File) fyne.CanvasObject {
	if len(all) == 1 {
		m := whatIsWrong(all[0])
		if all[0].Name != "" {
			m.What = all[0].Name + ": " + m.What
		}
		return kit.NewMessage(kit.Look, m)
	}
	rows := kit.Rows(-kit.Space8)
	others := 0
	for _, file := range all {
		if file.Met && errors.Is(file.Err, foreign.ErrUnknown) || len(rows.Objects) == mostFailures {
			others++
			continue
		}
		rows.Add(bullet(kit.IconWarning, strings.TrimPrefix(file.Name+": ", ": ")+whatIsWrong(file).What))
	}
	if others > 0 {
		rows.Add(bullet(kit.IconInfo, words.N(others, "1 other file could not be read as an export.", "{n} other files could not be read as exports.")))
	}
	return rows
}

// whatIsWrong is the message about a file.
func whatIsWrong(file exchange.File) kit.Message {
	if errors.Is(file.Err, errOurs) {
		return kit.Message{
			What: words.T("This is a backup of this app’s own."),
			Next: words.T("Bring it back by itself: choose it alone."),
		}
	}
	m := explain.Error(file.Err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// bullet is an icon with a sentence beside it.
func bullet(icon kit.IconName, text string) fyne.CanvasObject {
	_, in := kit.Calm.Icon()
	if icon == kit.IconWarning {
		_, in = kit.Look.Icon()
	}
	sign := container.NewVBox(kit.VGap(kit.Space8), kit.NewIcon(icon, in, 18))
	return kit.Inset(container.NewBorder(nil, nil, sign, nil, kit.NewText(text)), 0, 0, kit.Space8, 0)
}

// absent are the numbers, from 1, of the QR codes that were not seen.
func absent(m otpauth.Missing) []string {
	var all []string
	for i := range m.Size {
		if !slices.Contains(m.Have, i) {
			all = append(all, strconv.Itoa(i+1))
		}
	}
	return all
}

// joined writes a list of a few.
func joined(all []string) string {
	const most = 8
	if len(all) > most {
		return strings.Join(all[:most], ", ") + ", …"
	}
	return strings.Join(all, ", ")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// edit shows the sheet that changes what a person may change about an account.
func (s *Screen) edit(a vault.Account) {
	issuer, name := kit.NewEntry(words.T("Kutano, GitHub, …")), kit.NewEntry(words.T("Your e-mail address there"))
	note, tags := kit.NewTextArea(words.T("Only for you")), kit.NewEntry(words.T("work, private"))
	issuer.SetText(a.Issuer)
	name.SetText(a.Name)
	note.SetText(a.Note)
	tags.SetText(strings.Join(a.Tags, ", "))
	favourite := kit.NewCheck(words.T("A favourite"), nil)
	favourite.SetChecked(a.Favourite)
	problem := kit.NewQuiet("")
	problem.Importance = widget.DangerImportance
	problem.Hide()

	sheet := &kit.Sheet{Title: words.T("Edit account"), First: issuer, Width: 460}
	sheet.Content = kit.Rows(kit.Space8,
		field(words.T("Service"), issuer), field(words.T("Account"), name),
		field(words.T("Note"), note), field(words.T("Tags, with commas between"), tags),
		favourite, problem)
	save := kit.NewMainButton(words.T("Save"), func() {
		d := a.Details()
		d.Issuer, d.Name = strings.TrimSpace(issuer.Text), strings.TrimSpace(name.Text)
		d.Note, d.Tags, d.Favourite = strings.TrimSpace(note.Text), splitTags(tags.Text), favourite.Checked
		if d.Issuer == "" && d.Name == "" {
			problem.SetText(words.T("Give it a service or an account name, so that you find it again."))
			problem.Show()
			return
		}
		sheet.Close()
		s.change(func(ctx context.Context, k Keeper) error {
			_, err := k.Update(ctx, a.ID, d)
			return err
		}, nil)
	})
	sheet.Main = save
	sheet.Others = []*kit.Button{kit.NewButton(words.T("Cancel"), sheet.Close)}
	sheet.Show(s.Canvas())
}

// field puts a label over what is filled in.
func field(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(0, kit.NewQuiet(label), o)
}

// splitTags reads tags with commas between, each once.
func splitTags(text string) []string {
	var tags []string
	seen := map[string]bool{}
	for _, t := range strings.Split(text, ",") {
		t = strings.TrimSpace(t)
		if t != "" && !seen[strings.ToLower(t)] {
			seen[strings.ToLower(t)] = true
			tags = append(tags, t)
		}
	}
	return tags
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/snapshot"
)

// ShowSnapshots lists the snapshots of this device.
func (f *Flow) ShowSnapshots() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.working(words.T("Looking for snapshots…"), f.Close)
	ctx, turn := f.begin()
	kit.Go(ctx, func(context.Context) ([]snapshot.Info, error) { return v.Snapshots().List() }, func(all []snapshot.Info, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, nil)
		default:
			f.list(unchecked(all), false)
		}
	})
}

// checkSnapshots looks at each file, which needs no key.
func (f *Flow) checkSnapshots() {
	v, ok := f.vault()
	if !ok {
		return
	}
	f.working(words.T("Checking the snapshots…"), f.ShowSnapshots)
	ctx, turn := f.begin()
	kit.Go(ctx, func(context.Context) ([]snapshot.Checked, error) { return v.Snapshots().Verify() }, func(all []snapshot.Checked, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.ShowSnapshots)
		default:
			f.list(all, true)
		}
	})
}

func unchecked(all []snapshot.Info) []snapshot.Checked {
	out := make([]snapshot.Checked, len(all))
	for i := range all {
		out[i].Info = all[i]
	}
	return out
}

func (f *Flow) list(all []snapshot.Checked, checked bool) {
	s := &kit.Sheet{Title: words.N(len(all), "1 snapshot on this device", "{n} snapshots on this device"), Width: 640}
	closing := kit.NewButton(words.T("Close"), f.Close)
	if len(all) == 0 {
		s.Title = words.T("No snapshot on this device yet")
		s.Content = kit.NewText(words.T("With a recovery key, each change writes one by itself."))
		s.Others = []*kit.Button{closing}
		f.page(s)
		return
	}
	mine := ""
	if v := f.Vault(); v != nil {
		mine, _, _ = v.Recovery()
	}
	rows := []fyne.CanvasObject{kit.NewText(words.T("Each opens with the recovery key that was in use when it was written."))}
	if checked {
		rows = append(rows, verdict(all))
	}
	for i := range all {
		rows = append(rows, f.snapshotRow(&all[i], checked, mine))
	}
	s.Content = kit.Rows(kit.Space8, rows...)
	s.Others = []*kit.Button{closing}
	s.Main = kit.NewMainButton(words.T("Check all"), f.checkSnapshots)
	s.First = s.Main
	f.page(s)
}

// verdict sums up what checking found.
func verdict(all []snapshot.Checked) fyne.CanvasObject {
	bad := 0
	for i := range all {
		if all[i].Err != nil {
			bad++
		}
	}
	if bad == 0 {
		return kit.NewMessage(kit.Good, kit.Message{What: words.T("All of them are complete and unchanged.")})
	}
	return kit.NewMessage(kit.Look, kit.Message{
		What: words.N(bad, "1 snapshot is not as it was written.", "{n} snapshots are not as they were written."),
		Safe: words.T("Your accounts and the other snapshots are not touched by that."),
	})
}

func (f *Flow) snapshotRow(c *snapshot.Checked, checked bool, mine string) fyne.CanvasObject {
	about := size(c.Size)
	if c.Accounts > 0 {
		about = accounts(c.Accounts) + " · " + about
	}
	if c.Key != "" && mine != "" && c.Key != mine {
		about += " · " + words.T("opens with an older key ({print})", "print", grouped(c.Key))
	}
	text := kit.Rows(-kit.Space16, kit.NewStrong(when(c.Made)), kit.NewQuiet(about))
	icon, in := kit.IconSafe, theme.ColorNamePrimary
	switch {
	case checked && c.Err != nil:
		icon, in = kit.IconWarning, theme.ColorNameWarning
		wrong := kit.NewQuiet(explain.Reason(c.Err))
		wrong.Importance = widget.WarningImportance
		text.Add(wrong)
	case checked:
		icon, in = kit.IconCheck, theme.ColorNameSuccess
	}
	restore := kit.NewButton(words.T("Restore…"), func() { f.RestoreSnapshot(c.Info) })
	return container.NewBorder(nil, nil, container.NewCenter(kit.NewIcon(icon, in, 24)), container.NewCenter(restore), text)
}

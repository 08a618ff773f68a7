// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
)

// ShowNotice says what it means that an older copy of the data was put back,
// and what can be done about it.
func (f *Flow) ShowNotice(n vault.Notice) {
	v, ok := f.vault()
	if !ok {
		return
	}
	m := kit.Message{
		What: words.T("The folder of this app was put back from an older copy, from a backup of this computer for example."),
		Safe: words.T("The keys themselves are the newer ones, and no account was removed by that."),
		Next: words.T("Names, tags and order may be older. The newest snapshot has them as they were."),
	}
	title := words.T("An older copy of your data was put back")
	switch n.Kind {
	case vault.NoticeUnguarded:
		title = words.T("Your passphrase is gone")
		m = kit.Message{
			What: words.T("Your keys are no longer under your passphrase: the keyring was reset or put back from an older copy."),
			Safe: words.T("The list of your accounts is still here."),
			Next: words.T("Bring back from the newest snapshot what is missing, then set a passphrase again in the settings."),
		}
	case vault.NoticeOlderKeys:
		m = kit.Message{
			What: words.T("The keys were put back from an older copy, from a backup of this computer for example."),
			Safe: words.T("Accounts that were added since may be missing, and replaced keys may be the old ones."),
			Next: words.T("The newest snapshot has them. Bring back from it what is missing."),
		}
	}
	rows := []fyne.CanvasObject{kit.NewMessage(kit.Look, m)}
	if n.At > 0 {
		rows = append(rows, kit.NewQuiet(words.T("Noticed on {time}", "time", when(time.Unix(n.At, 0)))))
	}
	fine := kit.NewButton(words.T("It is all right"), func() { f.dismissNotice(v, n.Kind) })
	s := &kit.Sheet{Title: title, Content: kit.Rows(kit.Space8, rows...), Others: []*kit.Button{fine}}
	s.Main = kit.NewMainButton(words.T("Restore from the newest snapshot"), f.RestoreNewest)
	if f.state.Snapshots == 0 {
		s.Main = kit.NewMainButton(words.T("Open a backup file…"), f.RestoreFile)
	}
	f.page(s)
}

func (f *Flow) dismissNotice(v Vault, kind vault.NoticeKind) {
	f.Close()
	kit.Go(context.Background(), func(ctx context.Context) (bool, error) { return true, v.Dismiss(ctx, kind) }, func(_ bool, err error) {
		f.Reload()
		if err != nil {
			f.failed(err, nil)
		}
	})
}

// numbered is a step with its number.
func numbered(n int, text string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, container.NewVBox(kit.NewStrong(strconv.Itoa(n))), nil, kit.NewText(text))
}

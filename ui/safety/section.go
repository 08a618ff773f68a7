// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/snapshot"
)

// section is the part of the settings about safety copies.
type section struct {
	flow *Flow
	body *fyne.Container
}

// Section returns what the settings show. It follows Refresh.
func (f *Flow) Section() fyne.CanvasObject {
	s := &section{flow: f, body: kit.Rows(kit.Space8)}
	f.section = s
	s.show(f.state)
	return kit.Rows(0, kit.NewTitle(words.T("Safety copies")), kit.NewCard(s.body), kit.VGap(kit.Space8))
}

func (s *section) show(now State) {
	s.body.Objects = append([]fyne.CanvasObject{s.key(now), s.snapshots(now), s.backups(), s.copies(now)}, s.apps()...)
	s.body.Refresh()
}

// part is one thing with its icon, its sentences and its buttons.
func part(icon kit.IconName, title string, about []fyne.CanvasObject, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	texts := kit.Rows(-kit.Space8, kit.NewText(title))
	for _, o := range about {
		texts.Add(o)
	}
	rows := kit.Rows(0, texts)
	if len(buttons) > 0 {
		rows.Add(kit.Inset(kit.AdaptiveGap(400, 0, buttons...), 0, 0, 0, 0))
	}
	sign := container.NewVBox(kit.Inset(kit.NewIcon(icon, theme.ColorNamePrimary, 24), kit.Space8, 0, 0, kit.Space4))
	return container.NewBorder(nil, nil, sign, nil, rows)
}

// key says whether there is a recovery key.
func (s *section) key(now State) fyne.CanvasObject {
	f := s.flow
	if !now.Key {
		return part(kit.IconKey, words.T("No recovery key yet"), []fyne.CanvasObject{
			kit.NewQuiet(words.T("If this computer’s keyring is lost, so are your accounts. With a recovery key, encrypted copies are written after each change.")),
		}, kit.Inset(atLeft(kit.NewMainButton(words.T("Make a recovery key"), f.MakeKey)), kit.Space8, 0, kit.Space8, 0))
	}
	return part(kit.IconKey, words.T("Recovery key since {date}", "date", date(now.Since)), []fyne.CanvasObject{
		kit.NewQuiet(words.T("Fingerprint {print}. The same stands on your sheet.", "print", grouped(now.Fingerprint))),
	}, atLeft(kit.NewQuietButton(words.T("Make a new one…"), f.MakeKey)))
}

// snapshots says when the last one was written.
func (s *section) snapshots(now State) fyne.CanvasObject {
	f := s.flow
	title := words.T("No snapshot on this device yet")
	var about []fyne.CanvasObject
	if now.Snapshots > 0 {
		title = words.T("Last snapshot: {time}", "time", when(now.Newest.Made))
		says := words.N(now.Snapshots, "1 snapshot on this device", "{n} snapshots on this device")
		if now.Newest.Accounts > 0 {
			says = accounts(now.Newest.Accounts) + " · " + says
		}
		about = append(about, kit.NewQuiet(says))
	}
	for _, err := range []error{now.Err, now.ListErr} {
		if err != nil {
			m := explain.Error(err)
			about = append(about, kit.NewMessage(kit.Look, kit.Message{What: words.T("A safety copy could not be made."), Safe: m.What, Next: m.Next}))
			break
		}
	}
	var buttons []fyne.CanvasObject
	if now.Snapshots > 0 {
		buttons = append(buttons, atLeft(kit.NewQuietButton(words.T("Look at the snapshots"), f.ShowSnapshots)))
	}
	return part(kit.IconSafe, title, about, buttons...)
}

// backups offers to write a file and to read one.
func (s *section) backups() fyne.CanvasObject {
	f := s.flow
	return part(kit.IconFile, words.T("Backup files"), []fyne.CanvasObject{
		kit.NewQuiet(words.T("One encrypted file with all your accounts, for a move to another computer for example.")),
	}, atLeft(kit.NewQuietButton(words.T("Save a backup file…"), f.SaveBackup)),
		atLeft(kit.NewQuietButton(words.T("Restore from a backup file…"), f.RestoreFile)))
}

// apps offers the ways from and to other apps.
func (s *section) apps() []fyne.CanvasObject {
	f := s.flow
	if f.Bring == nil || f.TakeOut == nil {
		return nil
	}
	return []fyne.CanvasObject{part(kit.IconInto, words.T("Other apps"), []fyne.CanvasObject{
		kit.NewQuiet(words.T("Your accounts can come from nearly every other authenticator, and go to many of them.")),
	}, atLeft(kit.NewQuietButton(words.T("Bring accounts in…"), f.Bring)),
		atLeft(kit.NewQuietButton(words.T("Take accounts out…"), f.TakeOut)))}
}

// intervals are the choices of how often copies are made.
func intervals() ([]snapshot.Every, []string) {
	return []snapshot.Every{snapshot.EveryNever, snapshot.EveryChange, snapshot.EveryDay, snapshot.EveryWeek},
		[]string{words.T("Never"), words.T("After each change"), words.T("Once a day"), words.T("Once a week")}
}

// copies says where copies of the snapshots go.
func (s *section) copies(now State) fyne.CanvasObject {
	c := now.Copies
	about := []fyne.CanvasObject{kit.NewQuiet(words.T("To another drive or a synchronised folder, so that they outlive this computer. The newest ten stay there."))}
	if c.Dir != "" {
		about = append(about, kit.NewQuiet(words.T("Folder: {folder}", "folder", c.Dir)))
		if SameDrive(c.Dir, s.flow.Dir) {
			about = append(about, kit.NewMessage(kit.Look, kit.Message{What: words.T("This is the drive that your accounts are on. If it breaks, both are gone.")}))
		}
	}
	switch {
	case c.Err != "":
		about = append(about, kit.NewMessage(kit.Look, kit.Message{
			What: words.T("The last copy was not made."),
			Safe: lastCopy(c.Last),
			Next: words.T("Look whether the drive is connected and has room."),
		}))
	case !c.Last.IsZero():
		about = append(about, kit.NewQuiet(lastCopy(c.Last)))
	}
	choose := words.T("Choose a folder…")
	if c.Dir != "" {
		choose = words.T("Choose another folder…")
	}
	buttons := []fyne.CanvasObject{container.New(atTop{}, atLeft(kit.NewQuietButton(choose, s.chooseFolder)))}
	if c.Dir != "" {
		buttons = append(buttons, container.New(atTop{}, s.often(c)))
	}
	return part(kit.IconCopy, words.T("Copies of the snapshots"), about, buttons...)
}

// lastCopy says when the last copy was made.
func lastCopy(t time.Time) string {
	if t.IsZero() {
		return words.T("No copy was made so far.")
	}
	return words.T("Last copy: {time}", "time", when(t))
}

func (s *section) often(c snapshot.Copies) fyne.CanvasObject {
	values, texts := intervals()
	sel := kit.NewSelect(texts, nil)
	sel.SetSelectedIndex(max(0, slices.Index(values, c.Every)))
	sel.OnChanged = func(string) {
		c.Every = values[sel.SelectedIndex()]
		s.set(c)
	}
	return sel
}

func (s *section) chooseFolder() {
	f := s.flow
	if _, ok := f.vault(); !ok {
		return
	}
	f.ChooseFolder(func(dir string, ok bool) {
		if !ok {
			return
		}
		c := f.state.Copies
		c.Dir = dir
		if c.Every == snapshot.EveryNever || c.Every == "" {
			c.Every = snapshot.EveryChange
		}
		s.set(c)
	}, func(err error) { f.failed(err, nil) })
}

// set keeps where copies go, and makes the first at once, so that a folder
// that does not work is found out now.
func (s *section) set(c snapshot.Copies) {
	f := s.flow
	v, ok := f.vault()
	if !ok {
		return
	}
	now := f.Clock.Now()
	kit.Go(context.Background(), func(context.Context) (bool, error) {
		if err := v.Snapshots().SetCopies(c); err != nil {
			return false, err
		}
		return true, v.Snapshots().CopyIfDue(now)
	}, func(_ bool, err error) {
		defer f.Refresh()
		if err != nil {
			f.failed(err, nil)
		}
	})
}

// atTop keeps its object's own height.
type atTop struct{}

// Layout is part of fyne.Layout.
func (atTop) Layout(os []fyne.CanvasObject, size fyne.Size) {
	for _, o := range os {
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
	}
}

// MinSize is part of fyne.Layout.
func (atTop) MinSize(os []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range os {
		size = size.Max(o.MinSize())
	}
	return size
}

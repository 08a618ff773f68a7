// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/secret"
)

// askPassphrase shows the page that asks for the passphrase, or asks once more
// on the one that is there.
func (u *UI) askPassphrase(q ask) {
	mode := gateOpen
	if q.create {
		mode = gateCreate
	}
	answer := func(p secret.Value) { q.answer <- p }
	if u.gate == nil || u.gate.mode != mode {
		u.showGate(mode, answer)
	} else {
		u.gate.answer = answer
	}
	if q.wrong {
		u.gate.wrong()
	}
	if q.wait > 0 {
		u.gate.wait(q.wait)
	}
}

// showGate covers the window with the page that asks for the passphrase.
func (u *UI) showGate(mode gateMode, answer func(secret.Value)) {
	u.dropHelp()
	u.gate.close()
	u.gate = newGate(mode, gateAround{
		answer: answer, quit: u.quit, canvas: u.window.Canvas, forgotten: u.forgotten(), getIn: func() { u.getIn(u.gate.object) }, now: u.Clock.Now, after: u.after,
	})
	u.window.Canvas().Unfocus()
	u.shell.Cover(u.gate.object)
	u.gate.wake()
}

func (u *UI) quit() {
	u.Stop()
	u.app.Quit()
}

// opened goes on once the vault is open, or says why it is not.
func (u *UI) opened(r opened) {
	u.dropHelp()
	u.help.err = r.err
	u.gate.close()
	u.gate = nil
	u.window.Canvas().Unfocus() // the page's field would go on taking what is typed
	if r.err != nil {
		u.notOpened(r.err)
		return
	}
	u.vault = r.vault
	u.shell.Cover(nil)
	u.reload()
	u.watch()
	u.watchSafe()
	u.check()
	u.noteFirstCode(u.True.Now())
	u.guardChanged()
	u.linkOpened()
	u.takeWanted()
	u.takePending()
}

// takePending reads the links that came while no account could be added.
func (u *UI) takePending() {
	links := u.pending
	u.pending = nil
	for _, link := range links {
		u.adding.Link(link)
	}
}

// notOpened is the page for a vault that cannot be opened: what happened, and
// what to do, never a dead end.
func (u *UI) notOpened(err error) {
	if errors.Is(err, errQuit) || errors.Is(err, context.Canceled) {
		return
	}
	m := explain.Error(err)
	again := kit.NewMainButton(words.T("Try again"), nil)
	prompting := errors.Is(err, keystore.ErrLocked) || errors.Is(err, keystore.ErrDenied)
	if prompting {
		again.SetText(words.T("Unlock"))
	}
	again.OnTapped = func() {
		u.shell.Cover(openingPage())
		u.Opening.Again(prompting)
	}
	var cover fyne.CanvasObject
	help := kit.NewButton(words.T("Get back in"), func() { u.getIn(cover) })
	help.SetIcon(kit.IconHelp)
	title := kit.NewTitle(words.T("Your accounts could not be opened"))
	page := kit.Rows(kit.Space16, title,
		kit.NewMessage(kit.Look, kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}),
		guided.Line(again, help, kit.NewButton(words.T("Quit"), u.quit)))
	cover = container.NewVScroll(kit.Pad(container.New(middle{}, kit.MaxWidth(page, 480)), kit.Space16))
	u.shell.Cover(cover)
	u.window.Canvas().Focus(again)
}

// watch shows what another process changes, for example the command line.
func (u *UI) watch() {
	changes, err := u.vault.Watch(u.ctx)
	if err != nil {
		return // seen at the next start, or after the next change made here
	}
	go func() {
		for range changes {
			fyne.Do(func() {
				if !u.stopped && !u.locked {
					u.reload()
					if u.vault.Guarded() != u.guarded {
						u.guardChanged()
					}
				}
			})
		}
	}()
}

// check looks, some time after the start, whether every key is where the list
// says: what differs is mended, and seen like a change from elsewhere. Snapshots
// and copies that were missed are made good.
func (u *UI) check() {
	v, soon := u.vault, u.CheckAfter
	if soon == 0 {
		return
	}
	go func() {
		select {
		case <-time.After(soon):
			_ = v.Verify(u.ctx) // what cannot be read now says so in its row
			v.Tend()
		case <-u.ctx.Done():
		}
	}()
}

// showTrouble decides what the banner says.
func (u *UI) showTrouble(now time.Time) {
	if errors.Is(u.model.Trouble(), keystore.ErrSealed) {
		if u.Lock(); u.locked {
			return // another program changed the passphrase
		}
	}
	s := state{now: now, trouble: u.model.Trouble(), damaged: u.Settings.Damaged()}
	if u.vault != nil {
		s.aside = len(u.vault.Aside())
	}
	u.safetyState(&s)
	u.clockState(&s)
	s.reminder, s.told = u.reminder(), u.told
	n, r := mostUrgent(s)
	if n != nil && n.Tone == kit.Calm && u.inStep() {
		n = nil // one thing at a time
	}
	if n != nil {
		n.Do = func() { u.remedy(r) }
		if r == seeTo {
			n.Do, n.Later = func() { u.seeTo(s.reminder.Kind) }, func() { u.putOff(s.reminder.Kind) }
		}
	}
	if !sameNotice(n, u.shell.Banner().Notice()) {
		u.shell.Banner().Set(n)
	}
}

func sameNotice(a, b *kit.Notice) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Text == b.Text && a.Action == b.Action && a.Tone == b.Tone
}

func (u *UI) remedy(r remedy) {
	switch r {
	case unlock:
		u.unlock()
	case retry:
		u.model.Retry()
		u.codes.Tick(u.True.Now())
	case showClock:
		u.showClock()
	case showKeys:
		u.fail(u.model.Trouble())
	case showAside, showSafety:
		u.Go(placeSettings)
	case restore:
		u.safety.RestoreNewest()
	case showOlder:
		u.showNotice()
	case makeKey:
		u.safety.MakeKey()
	case showTold:
		u.showTold()
	}
}

// unlock lets the system ask for the keyring's password, by reading one code.
func (u *UI) unlock() {
	u.unlockKeys(func(err error) {
		if err != nil && !errors.Is(err, context.Canceled) {
			u.fail(err)
		}
	})
}

// unlockKeys is unlock for who wants to know how it ended.
func (u *UI) unlockKeys(done func(error)) {
	if u.vault == nil || len(u.vault.Accounts()) == 0 {
		done(nil)
		return
	}
	as := u.vault.Accounts()
	at := max(0, slices.IndexFunc(as, func(a vault.Account) bool { return u.care.kutano[string(a.ID)] }))
	now := u.Clock.Now()
	kit.Go(keystore.Prompting(u.ctx), func(ctx context.Context) (bool, error) {
		_, err := u.vault.Code(ctx, as[at].ID, now)
		return true, err
	}, func(_ bool, err error) {
		if err == nil && !u.locked {
			u.model.Retry()
			u.codes.Tick(u.True.Now())
		}
		done(err)
	})
}

// noteFirstCode tells FirstCode after the frame in which the first code is
// painted. A raster's pixels are asked for while its frame is painted; what is
// queued then runs when that frame is on the screen.
func (u *UI) noteFirstCode(now time.Time) {
	if u.FirstCode == nil || u.painted {
		return
	}
	if r := u.model.Row(0, now); r.State != codes.Shown {
		return
	}
	u.painted = true
	var once sync.Once
	mark := canvas.NewRaster(func(w, h int) image.Image {
		once.Do(func() { go fyne.Do(u.FirstCode) })
		return image.NewUniform(color.Transparent)
	})
	mark.SetMinSize(fyne.NewSquareSize(1))
	u.root.Add(container.NewWithoutLayout(mark))
	mark.Resize(fyne.NewSquareSize(1))
	u.root.Refresh()
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/helpdesk"
	"github.com/kutano/authenticator/ui/kit"
	linkpage "github.com/kutano/authenticator/ui/link"
	"github.com/kutano/authenticator/ui/setup"
	"github.com/kutano/authenticator/vault/backupcodes"
)

// When a linked service is looked at: shortly after the start, and from then on
// now and then.
const (
	firstLook = 5 * time.Second
	lookEvery = time.Hour + time.Minute
)

// Service reaches two-factor services on the network for a vault.
type Service struct {
	Home      func(Vault) linkpage.Home
	Enrolling func(Vault) setup.Enrolling
	Desk      func(Vault) helpdesk.Home // nil where nobody works at a desk
	Discover  func(ctx context.Context, address string) (link.Service, error)
	// Kept tells what is linked while the accounts may not be open; it asks nobody. Nil
	// knows nothing then.
	Kept func() (link.Linked, bool, error)
}

// aroundLink is what linking needs of the window.
func (u *UI) aroundLink() linkpage.Around {
	return linkpage.Around{
		Home: u.linkHome, Discover: u.Service.Discover, Clock: u.Clock, Canvas: u.window.Canvas,
		Open: func(address string) error {
			parsed, err := url.Parse(address)
			if err != nil {
				return link.ErrNoBrowser
			}
			return u.app.OpenURL(parsed)
		},
		Address: func() string { return u.profile.Service },
		Copy:    u.app.Clipboard().SetContent,
		Changed: u.linkChanged,
	}
}

func (u *UI) linkHome() linkpage.Home {
	if u.vault == nil || u.locked {
		return nil
	}
	return u.Service.Home(u.vault)
}

// linked tells what is linked; ok is false for nothing, also while nothing can be.
func (u *UI) linked() (l link.Linked, ok bool) {
	if u.Service == nil {
		return link.Linked{}, false
	}
	h := u.linkHome()
	if h == nil {
		return link.Linked{}, false
	}
	l, ok, err := h.Linked()
	return l, ok && err == nil
}

// linkChanged puts to use what the service said last.
func (u *UI) linkChanged() {
	l, ok := u.linked()
	if u.vault != nil && !u.locked {
		u.care.far = l.Seen
		u.tell(u.news(l))
	}
	if ok && !l.SeenAt.IsZero() {
		method := readiness.Off
		switch {
		case l.Seen.Enabled && l.Seen.Method == link.SMS:
			method = readiness.SMS
		case l.Seen.Enabled:
			method = readiness.App
		}
		if u.care.state.Method != method {
			u.changeUpkeep(func(s *upkeep.State) { s.Method = method })
		}
	}
	if u.setup != nil && !u.locked {
		u.setup.Refresh()
	}
	u.careChanged()
}

// news is what happened elsewhere: not that backup codes were made that were kept,
// or noted, here since.
func (u *UI) news(l link.Linked) []link.Event {
	kept := func(s backupcodes.Set) bool { return !s.Made.Before(l.Seen.Codes.Made) }
	if !slices.Contains(l.Untold, link.CodesNew) || !slices.ContainsFunc(u.kutanoSets(), kept) {
		return l.Untold
	}
	u.seen([]link.Event{link.CodesNew})
	return slices.DeleteFunc(slices.Clone(l.Untold), func(e link.Event) bool { return e == link.CodesNew })
}

// seen notes that the user knows of something. Where that fails it is told again at
// the next start.
func (u *UI) seen(events []link.Event) {
	if h := u.linkHome(); h != nil {
		kit.Go(u.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, h.Told(ctx, events) }, func(_ struct{}, err error) {
			if err == nil {
				u.linkChanged()
			}
		})
	}
}

// tell has the banner say what happened elsewhere until the user has seen it, and the
// system that there is something, once, while nobody looks at the window.
func (u *UI) tell(events []link.Event) {
	before := u.told
	u.told = events
	news := slices.ContainsFunc(events, func(e link.Event) bool { return !slices.Contains(before, e) })
	if news && u.behind && !u.Settings.Get().NoReminders {
		title, body := upkeep.Something()
		u.Notify(fyne.NewNotification(title, body))
	}
}

// toldNotice is what the banner says of it, or nil.
func toldNotice(told []link.Event) *kit.Notice {
	if len(told) == 0 {
		return nil
	}
	tone := kit.Look
	if told[0] == link.TurnedOn {
		tone = kit.Calm
	}
	return &kit.Notice{Tone: tone, Text: link.Say(told[0]), Action: words.T("Have a look")}
}

// showTold says all that happened elsewhere, and leads to what there is to be done.
func (u *UI) showTold() {
	told := u.told
	u.told = nil
	u.careChanged()
	if len(told) == 0 {
		return
	}
	u.seen(told)
	said := make([]string, len(told))
	for i, e := range told {
		said[i] = link.Say(e)
	}
	m := kit.Message{What: said[0], Safe: strings.Join(said[1:], " "), Next: words.T("Nothing was changed in this app.")}
	s := &kit.Sheet{Title: words.T("Your Kutano account has changed"), Content: kit.NewMessage(kit.Look, m), Width: 480}
	leave := kit.NewButton(words.T("Close"), func() { s.Close() })
	s.Others = []*kit.Button{leave}
	if lead := u.leadsTo(told[0]); lead != nil {
		s.Main = kit.NewMainButton(words.T("What to do"), func() {
			s.Close()
			lead()
		})
	}
	s.Show(u.window.Canvas())
}

// leadsTo is what there is to be done about something that happened elsewhere; nil
// for nothing. R48 R60 R63
func (u *UI) leadsTo(e link.Event) func() {
	switch e {
	case link.Reset:
		return func() { u.openGuide(guide.Setup) }
	case link.SwitchedToSMS:
		return func() { u.changedElsewhere(guide.SwitchToSMS, "texted-retire", "keep") }
	case link.SwitchedToApp:
		return func() { u.changedElsewhere(guide.SwitchToApp, "other-retire", "codes") }
	case link.TurnedOff:
		return func() { u.changedElsewhere(guide.Disable, "off-retire", "off-done") }
	case link.CodeUsed, link.CodesLow:
		return func() { u.openGuide(guide.NewCodes) }
	case link.CodesNew:
		return func() { u.Go(placeSafe) }
	case link.LinkEnded:
		return func() { u.link.Connect(nil) }
	case link.AccountShut:
		return func() { u.openTopic(guide.Refused) }
	}
	return nil
}

// changedElsewhere shows what is left to do after a change that was made elsewhere:
// the account here may have died of it.
func (u *UI) changedElsewhere(entry, retire, none string) {
	step := none
	if len(u.care.kutano) > 0 {
		step = retire
	}
	u.Go(placeSetup)
	if u.setup != nil {
		u.setup.BeginAt(entry, step)
	}
}

// linkOpened shows what is linked once that can be known, and looks at it soon.
func (u *UI) linkOpened() {
	if u.link == nil {
		return
	}
	u.link.Refresh()
	u.linkChanged()
	u.lookAtService(firstLook)
}

// lookAtService looks at the linked service now and then, if the user wants that.
func (u *UI) lookAtService(soon time.Duration) {
	u.endLooks()
	if u.stopped {
		return
	}
	u.stopLooks = u.after(soon, func() {
		if u.stopped || u.locked {
			return
		}
		u.link.Watch()
		u.lookAtService(lookEvery)
	})
}

func (u *UI) endLooks() {
	if u.stopLooks != nil {
		u.stopLooks()
		u.stopLooks = nil
	}
}

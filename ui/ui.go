// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/add"
	"github.com/kutano/authenticator/ui/away"
	"github.com/kutano/authenticator/ui/bring"
	clockpage "github.com/kutano/authenticator/ui/clock"
	"github.com/kutano/authenticator/ui/codes"
	"github.com/kutano/authenticator/ui/helpdesk"
	"github.com/kutano/authenticator/ui/kit"
	linkpage "github.com/kutano/authenticator/ui/link"
	"github.com/kutano/authenticator/ui/recovery"
	"github.com/kutano/authenticator/ui/safe"
	"github.com/kutano/authenticator/ui/safety"
	"github.com/kutano/authenticator/ui/settings"
	"github.com/kutano/authenticator/ui/setup"
	"github.com/kutano/authenticator/ui/takeout"
	"github.com/kutano/authenticator/ui/workspace"
	"github.com/kutano/authenticator/vault"
)

// The places of the window.
const (
	placeCodes    = "codes"
	placeSetup    = "setup"
	placeSafe     = "safe"
	placeRecovery = "recovery"
	placeSettings = "settings"
)

// Deps is what the window is made with.
type Deps struct {
	Opening  *Opening
	Settings *settings.File
	Clock    clock.Clock // the device's own
	// True is the clock that codes are made with; nil goes by Clock. Read are the
	// device's clocks, nil for [clock.Now], and Measure asks on the network what
	// time it is, nil where that cannot be.
	True    *clock.True
	Read    func() clock.Times
	Measure clockpage.Measure
	Eyes    add.Eyes
	Lend    Lender
	Dir     string
	Version string
	// Pause is how long the desktop needs to repaint after our window has
	// gone; TrayHost reports whether a system tray would show our icon.
	Pause    time.Duration
	TrayHost func() bool
	// Minimised reports whether the window is away from the screen without
	// having been hidden by us. It is asked each second, on a goroutine of its
	// own; nil where that cannot be known.
	Minimised func() bool
	// CheckAfter is how long after the start every key is looked at; 0 for never.
	CheckAfter time.Duration
	// FirstCode is called once, after the first frame with a code has been
	// painted; nil when nobody measures.
	FirstCode func()
	// Idle and Signals tell when the user has gone, see package away; nil where
	// nothing is asked.
	Idle    func(context.Context) func() (time.Duration, bool)
	Signals func(context.Context, func(away.Reason))
	// Sweep overwrites what is left in unused memory, each time the keys were
	// cleared; nil leaves it.
	Sweep func()
	// Reset sets a new passphrase with the recovery key; nil where that cannot be.
	Reset safety.Reset
	// Forgotten leads a user who has forgotten the passphrase to a new one, with
	// Reset where it is nil; where both are, nothing can. HasRecovery reports
	// whether there is a recovery key, and MakeRecovery leads to one; nil asks the
	// vault and shows the usual screens.
	Forgotten    func()
	HasRecovery  func() bool
	MakeRecovery func()
	// Capture keeps screenshots from showing the window, or lets them; nil is
	// what the system has for it, if anything.
	Capture func(hide bool)
	// Notify has the system show a notification; nil asks Fyne.
	Notify func(*fyne.Notification)
	// Service reaches two-factor services; nil where none can be linked.
	Service *Service
	// Train starts a practice of the helpdesk; nil where there is none.
	Train func(ctx context.Context, scenario string) (helpdesk.Training, error)
}

// UI is the window with everything in it. Its methods are called on the user
// interface's goroutine.
type UI struct {
	Deps

	app    fyne.App
	window fyne.Window

	vault    Vault
	model    *codes.Model
	shell    *kit.Shell
	codes    *codes.Screen
	adding   *add.Flow
	safety   *safety.Flow
	bring    *bring.Flow
	takeout  *takeout.Flow
	setup    *setup.Page
	safe     *safe.Screen
	link     *linkpage.Flow // nil without a Service
	recovery *recovery.Page
	help     help
	settings *settings.Page
	root     *fyne.Container
	home     *fyne.Container // the codes' place: opening, first start or codes
	first    fyne.CanvasObject
	doors    []*kit.Door
	keysLine *widget.Label
	keysMove *kit.Button
	gate     *gate

	truth     *clockpage.Screen
	applied   time.Duration  // by which the codes on show are corrected
	before    fyne.Focusable // had the focus before the clock's page
	stopDaily func()         // nil without a timer

	workspace *workspace.Flow
	profile   profile.Profile // of the workspace
	told      []link.Event    // what happened at the linked service, until the user has seen it
	stopLooks func()          // ends the timer of the looks at it; nil without one

	desk desk // the helpdesk's room
	care care // what keeps the Kutano account easy to get into

	// watcher tells when to lock. It runs while there is a passphrase and the
	// window is not locked.
	watcher *away.Watcher
	after   func(d time.Duration, f func()) (stop func())
	locked  bool
	guarded bool        // there was a passphrase when last looked
	behind  bool        // another window is in front
	away    atomic.Bool // the window is minimised, and that was told

	clip    *codeClipboard
	ticker  *kit.Ticker
	ctx     context.Context
	cancel  context.CancelFunc
	pending []string // links that came before the vault was open
	started bool
	painted bool
	host    bool   // something shows tray icons
	tray    bool   // ours is among them
	chooser func() // closes the dialog in which a picture is chosen; nil without one
	stopped bool
}

// New builds the window's content. Nothing runs before Start.
func New(app fyne.App, window fyne.Window, d Deps) *UI {
	u := &UI{Deps: d, app: app, window: window, model: d.Opening.model}
	u.ctx, u.cancel = context.WithCancel(context.Background())
	u.after = after
	if u.Notify == nil {
		u.Notify = app.SendNotification
	}
	if u.Capture == nil && runtime.GOOS == "windows" {
		u.Capture = func(hide bool) { hideFromCapture(window, hide) }
	}
	u.watcher = u.newWatcher(away.Clocks())
	u.applyTheme(d.Settings.Get())
	u.newTruth()
	u.newCare()
	u.clip = &codeClipboard{lend: d.Lend, fyne: app.Clipboard()}
	u.codes = codes.New(codes.Around{
		Model: u.model, Clock: u.True, Wall: d.Clock, Canvas: window.Canvas, Copy: u.copy,
		Copied: u.truth.Copied, ShowClock: u.showClock,
		Keeper: func() codes.Keeper {
			if u.vault == nil || u.locked {
				return nil
			}
			return u.vault
		},
		Toast: func() *kit.Toast { return u.shell.Toast() },
		Add:   func() { u.adding.Open() }, Reload: u.reload, Fail: u.fail,
		Clear: func() time.Duration { return time.Duration(u.Settings.Get().ClearSeconds) * time.Second },
	})
	u.adding = add.NewFlow(u.aroundAdding())
	u.safety = safety.NewFlow(u.aroundSafety())
	u.bring = bring.NewFlow(u.aroundBring())
	u.takeout = takeout.NewFlow(u.aroundTakeout())
	u.safe = safe.New(u.aroundSafe())
	if u.Service != nil {
		u.link = linkpage.NewFlow(u.aroundLink())
	}
	u.offerRecovery()
	u.home = container.NewStack(openingPage())
	u.shell = kit.NewShell([]kit.Destination{
		{ID: placeCodes, Icon: kit.IconCodes, Title: words.T("Codes"), Build: func() fyne.CanvasObject { return u.home }},
		{ID: placeSetup, Icon: kit.IconSetup, Title: words.T("Set up"), Build: u.buildSetup},
		{ID: placeSafe, Icon: kit.IconSafe, Title: words.T("Backup codes"), Build: u.buildSafe},
		{ID: placeRecovery, Icon: kit.IconHelp, Title: words.T("Get back in"), Build: u.buildRecovery},
		{ID: placeSettings, Icon: kit.IconSettings, Title: words.T("Settings"), Build: u.buildSettings},
		u.helpdeskPlace(),
	})
	u.shell.SetExtra(placeHelpdesk, d.Settings.Get().Helpdesk)
	u.shell.OnSelect = u.selected
	u.root = container.NewStack(kit.NewSense(), u.shell)
	window.SetPadded(false)
	window.SetContent(u.root)
	u.ticker = kit.NewTicker(u.True, u.unseen, u.Tick)
	u.showMark()
	u.applySettings(d.Settings.Get())
	u.bindKeys()
	kit.OnInput(window.Canvas(), u.used)
	window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { u.Dropped(uris) })
	return u
}

func (u *UI) aroundAdding() add.Around {
	return add.Around{
		Eyes: u.Eyes, Clock: u.True, Canvas: u.window.Canvas, Pause: u.Pause,
		Plain:    func() bool { return u.Settings.Get().NoAnimations },
		Accounts: func() add.Accounts { return u.recognised() },
		Veiled:   u.veiled,
		Hide:     u.window.Hide,
		Show: func() {
			u.window.Show()
			u.window.RequestFocus()
		},
		Choose: u.choosePicture, Row: u.model.RowOf, Forget: u.model.Forget, Reload: u.reload,
		Copy:  func(id vault.ID) { u.codes.CopyCode(id) },
		Other: func() { u.bring.Open() }, Foreign: isForeign, Bring: func(text string) { u.bring.Text(text) },
		Profile: u.workspace.Take,
		Done: func(id vault.ID) {
			u.Go(placeCodes)
			u.codes.Select(id)
		},
	}
}

// selected is told that another place is shown.
func (u *UI) selected(place string) {
	u.window.Canvas().Unfocus()
	u.setupShown(place == placeSetup)
	u.recoveryShown(place == placeRecovery)
	u.helpdeskShown(place == placeHelpdesk)
	if place == placeSettings {
		u.safety.Refresh()
		u.workspace.Refresh()
	}
}

// Go shows a place.
func (u *UI) Go(place string) { u.shell.Select(place) }

// Start begins to listen to the vault being opened and to the time. It is
// called once, when the app runs.
func (u *UI) Start() {
	if u.started {
		return
	}
	u.started = true
	go u.listen()
	go u.lookForTray()
	u.app.Lifecycle().SetOnEnteredForeground(u.inFront)
	u.app.Lifecycle().SetOnExitedForeground(u.inBack)
	u.applySettings(u.Settings.Get())
	if !u.locked {
		u.ticker.Start()
		u.daily(firstDaily)
	}
	u.remindLater(firstReminder)
}

// unseen reports whether a tick would be for nobody: the window is minimised
// and no copy waits for the next code. The ticker asks on a goroutine of its own.
func (u *UI) unseen() bool {
	if u.Minimised == nil || u.codes.Waiting() || !u.Minimised() {
		u.away.Store(false)
		return false
	}
	u.watcher.PutAway()
	if u.away.Swap(true) {
		return true // while nobody sees it nothing is unlocked
	}
	fyne.Do(func() {
		if !u.stopped {
			u.safe.PutAway() // no tick would do it
			u.veilHelpdesk()
		}
	})
	return true
}

// used is called when somebody uses the window.
func (u *UI) used() {
	u.watcher.Input()
	if u.shell.Selected() == placeSafe {
		u.safe.Input()
	}
}

// Stop ends everything and takes our text out of the clipboard. It may be
// called more than once.
func (u *UI) Stop() {
	if u.stopped {
		return
	}
	u.stopped = true
	u.ticker.Stop()
	u.endDaily()
	u.endReminders()
	u.endLooks()
	u.safe.Lock()
	u.closeHelpdesk()
	u.truth.Lock()
	u.watcher.Stop()
	u.gate.close()
	kit.OnInput(u.window.Canvas(), nil)
	kit.HoldSheets(u.window.Canvas(), false)
	u.cancel()
	u.Opening.cancel()
	u.model.Close()
	u.clip.Clear()
	if u.vault != nil {
		_ = u.vault.Close() // nothing is left to be done about it
	}
}

// listen brings what happens elsewhere to the user interface's goroutine.
func (u *UI) listen() {
	for {
		select {
		case <-u.ctx.Done():
			return
		case <-u.Opening.changed:
			fyne.Do(u.refreshCodes)
		case q := <-u.Opening.asks:
			fyne.Do(func() { u.askPassphrase(q) })
		case r := <-u.Opening.done:
			fyne.Do(func() { u.opened(r) })
		}
	}
}

// Tick is called each second while the window is visible.
func (u *UI) Tick(time.Time) {
	if u.locked {
		return // one that was under way
	}
	u.watcher.Look()
	u.lookAtClock()
	now := u.True.Now() // a correction may just have been dropped
	u.shell.Toast().Tick()
	u.safe.Tick(u.Clock.Now())
	u.tickHelpdesk()
	if u.vault == nil {
		return
	}
	if u.shell.Selected() == placeCodes || kit.TopSheet(u.window.Canvas()) != nil {
		u.codes.Tick(now)
	}
	u.adding.Tick(now)
	u.tickSetup(now)
	u.tickRecovery()
	u.takeout.Tick(u.Clock.Now())
	u.showTrouble(now)
}

func (u *UI) refreshCodes() {
	if u.vault == nil || u.locked {
		return
	}
	now := u.True.Now()
	u.codes.Tick(now)
	u.adding.Tick(now)
	u.tickSetup(now)
	u.showTrouble(now)
	u.noteFirstCode(now)
}

// reload shows the accounts as the vault has them now.
func (u *UI) reload() {
	if u.vault == nil || u.locked {
		return
	}
	as := u.vault.Accounts()
	u.model.SetAccounts(as)
	u.careAccounts()
	u.showHome(len(as) == 0)
	u.codes.Refresh()
	if u.settings != nil {
		u.settings.Reload()
	}
	u.safety.Refresh()
	u.safe.Refresh()
	u.truth.Accounts()
	if u.setup != nil {
		u.setup.Refresh()
	}
	if page := u.helper(); page != nil {
		page.Refresh()
	}
	u.showTrouble(u.True.Now())
}

func (u *UI) showHome(empty bool) {
	var page fyne.CanvasObject = u.codes.Object()
	if empty {
		if u.first == nil {
			u.first = u.firstStart()
		}
		page = u.first
	}
	if len(u.home.Objects) != 1 || u.home.Objects[0] != page {
		u.home.Objects = []fyne.CanvasObject{page}
		u.home.Refresh()
	}
}

func (u *UI) copy(text string) {
	u.clip.Put(text, time.Duration(u.Settings.Get().ClearSeconds)*time.Second)
}

// fail says what went wrong with something the user asked for.
func (u *UI) fail(err error) {
	if u.locked {
		return // it was cut short by the lock, and will be asked for again
	}
	m := explain.Error(err)
	kit.ShowMessage(u.window.Canvas(), kit.Look, words.T("That did not work"),
		kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}, nil)
}

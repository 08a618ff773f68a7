// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/explain"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// Widths of the page.
const (
	mostWide  float32 = 1080 // at most
	twoPanes  float32 = 700  // from here on the panes stand side by side
	sheetWide float32 = 560
)

// Room is the page with its call. It is used on the user interface's goroutine.
type Room struct {
	Around

	call    *helpdesk.Call
	typed   typed
	found   *fyne.Container
	who     who
	list    list
	acts    acts
	scroll  *container.Scroll
	back    *kit.Button
	backRow *fyne.Container
	end     *kit.Button
	pages   kit.Pages

	ticket, remark string
	doing          *desk.Doing // what the service is asked to do; nil for nothing
	pending        *desk.Doing // of which it is not known whether it was done
	by             string      // id of the agent who began to do something; "" for nobody
	late           func()      // says what came while the window was locked; nil for nothing
	rest           rest        // what the service does not do once more for now
	more           *onceMore   // on the sheet that waits for that; nil for none
	watch          watch
	code           *shownCode // nil for none
	training       *training  // nil for none
}

// New returns the room with a new call.
func New(a Around) *Room {
	r := &Room{Around: a}
	r.pages.Canvas, r.pages.Width, r.pages.Left = a.Canvas, sheetWide, r.wipe
	r.call = helpdesk.New(r.agent())
	r.build()
	r.show()
	return r
}

func (r *Room) build() {
	r.back = kit.NewButton(words.T("Back"), func() { r.Back() })
	r.back.SetIcon(kit.IconBack)
	r.backRow = kit.AtLeft(r.back)
	r.backRow.Hidden = r.Back == nil
	train := kit.NewQuietButton(words.T("Learn it with practice calls"), r.Practise)
	train.Hidden = r.Around.Train == nil
	paper := kit.NewQuietButton(words.T("Print the runbook"), r.Runbook)
	r.end = kit.NewButton(words.T("End the call"), r.End)
	note := kit.NewButton(words.T("Note for the ticket"), r.Note)
	note.SetIcon(kit.IconFile)
	r.found = kit.Rows(kit.Space8)
	left := kit.Rows(kit.Space16, r.buildTyped(), r.found)
	right := kit.Rows(kit.Space16, r.buildWho(), r.buildList())
	page := kit.Rows(kit.Space16,
		r.backRow,
		kit.Rows(-kit.Space8, kit.NewTitle(words.T("Helpdesk")),
			kit.NewText(words.T("Somebody calls who cannot get in. Never ask for a code, a backup code, the QR code, or a look at their screen.")),
			container.New(&flow{}, train, paper)),
		kit.AdaptiveGap(twoPanes, kit.Space16, left, right),
		r.buildActs(),
		container.New(&flow{}, note, r.end),
		kit.NewQuiet(words.T("Nothing of a call is kept. When it ends, everything about the caller is forgotten here.")),
	)
	r.scroll = container.NewVScroll(kit.Pad(kit.MaxWidth(page, mostWide), kit.Space16))
}

// Object returns what is drawn.
func (r *Room) Object() fyne.CanvasObject { return r.scroll }

// Call is the call under way.
func (r *Room) Call() *helpdesk.Call { return r.call }

// SetBack changes where Back leads; nil takes it away.
func (r *Room) SetBack(back func()) {
	r.Back, r.backRow.Hidden = back, back == nil
	r.scroll.Refresh()
}

// Show begins in the field where the next word is missing. It says what came while the
// window was locked.
func (r *Room) Show() {
	r.showWho()
	if _, heard := r.call.Heard(); !heard {
		r.Canvas().Focus(r.typed.first())
	}
	r.sayLate()
}

// Refresh shows anew who works at the desk, after the vault was opened or locked.
func (r *Room) Refresh() { r.showWho() }

// show shows the call as it stands.
func (r *Room) show() {
	r.showFound()
	r.showWho()
	r.showList()
	r.showActs()
	r.scroll.Refresh()
}

// agent is who answers the call, as far as that is known.
func (r *Room) agent() helpdesk.Agent {
	if at, ok := r.atDesk(); ok {
		return helpdesk.Agent{ID: at.Who.ID}
	}
	return helpdesk.Agent{}
}

// atDesk tells who works at which desk, and that the time is not over.
func (r *Room) atDesk() (link.AtDesk, bool) {
	h := r.home()
	if h == nil {
		return link.AtDesk{}, false
	}
	at, ok, err := h.AtDesk()
	return at, ok && err == nil && r.Clock.Now().Before(at.Ends)
}

func (r *Room) home() Home {
	if r.Home == nil {
		return nil
	}
	return r.Home()
}

// End ends the call, and asks before where there is something to lose.
func (r *Room) End() {
	if r.busy() {
		return
	}
	if !r.begun() {
		r.forget()
		return
	}
	r.askEnd()
}

// askEnd asks whether the call is to end, after some lines about why.
func (r *Room) askEnd(why ...fyne.CanvasObject) {
	note := kit.NewButton(words.T("Note for the ticket"), r.Note)
	r.pages.Page(&kit.Sheet{
		Title: words.T("End the call?"),
		Content: kit.Rows(kit.Space8, append(why,
			kit.NewText(words.T("Everything about the caller is forgotten here: the words, the checks, who it is, and the note. Copy the note first if you still need it.")))...),
		Main: kit.NewMainButton(words.T("End the call"), r.forget), Others: []*kit.Button{r.cancel(), note}, First: note,
	})
}

// engaged reports whether something was done for a user in this call, or may have been.
func (r *Room) engaged() bool { return len(r.call.Deeds()) > 0 || r.pending != nil || r.doing != nil }

// endFirst asks for the end of this call before another user is helped.
func (r *Room) endFirst() {
	if r.busy() {
		return
	}
	r.askEnd(kit.NewText(words.T("Something was done for this user, or may have been, and the note is about one user only. End this call before you help somebody else.")))
}

// begun reports whether anything of the call would be lost.
func (r *Room) begun() bool {
	_, met := r.call.Subject()
	for _, i := range helpdesk.Items {
		if s, _ := r.call.State(i); s != helpdesk.Open {
			return true
		}
	}
	return met || len(r.call.Deeds()) > 0 || r.pending != nil
}

// forget begins anew, with nothing of the caller.
func (r *Room) forget() {
	r.pages.Close()
	r.wipe()
	r.call = helpdesk.New(r.agent())
	r.ticket, r.remark, r.pending, r.by, r.watch, r.late = "", "", nil, "", watch{}, nil
	r.list.wanted = ""
	r.typed.clear()
	r.showTyped(false)
	r.who.forget()
	r.who.role.ClearSelected()
	r.show()
	r.scroll.ScrollToTop()
	if r.Sweep != nil {
		r.Sweep()
	}
}

// Lock takes the code and every sheet away. The call's ticks stay.
func (r *Room) Lock() {
	r.wipe()
	r.pages.Close()
	r.who.forget()
	r.showWho()
}

// Veil takes the bypass code away, because another window is in front, the window
// is minimised, or the room was left.
func (r *Room) Veil() { r.hideCode() }

// Close ends what the room has started.
func (r *Room) Close() {
	r.wipe()
	r.pages.Close()
	r.endTraining()
}

func (r *Room) cancel() *kit.Button { return kit.NewButton(words.T("Cancel"), r.pages.Close) }

// messageOf is what a person reads about an error.
func messageOf(err error) kit.Message {
	m := explain.Error(err)
	return kit.Message{What: m.What, Safe: m.Safe, Next: m.Next}
}

// failed says what went wrong.
func (r *Room) failed(err error) {
	done := kit.NewMainButton(words.T("Close"), r.pages.Close)
	r.pages.Page(&kit.Sheet{Title: words.T("That did not work"), Content: kit.NewMessage(kit.Look, messageOf(err)), Main: done, First: done})
}

// sayBox is a sentence to be read out to the caller.
func sayBox(sentence string) fyne.CanvasObject {
	icon := container.NewVBox(kit.Inset(kit.NewIcon(kit.IconMessage, theme.ColorNamePrimary, 20), kit.Space8, 0, 0, kit.Space4))
	said := kit.Rows(-kit.Space12, kit.NewQuiet(words.T("Say to the caller")), kit.NewText(words.T("“{sentence}”", "sentence", sentence)))
	return container.NewStack(kit.NewSoftGround(kit.ColorCalmSoft), kit.Inset(container.NewBorder(nil, nil, icon, nil, said), kit.Space4, kit.Space4, kit.Space12, kit.Space8))
}

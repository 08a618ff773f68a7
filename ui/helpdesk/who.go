// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// who is the part of the page about whom the call is about.
type who struct {
	box    *fyne.Container
	role   *kit.Select
	chosen int // of role; -1 for none
	query  *kit.Entry
	find   *kit.Button
	asking bool // the service is being asked
	turn   int  // raised at each question: an answer that comes late is dropped
	found  []link.Subject
	asked  bool // found is an answer
	failed error
}

func (r *Room) buildWho() fyne.CanvasObject {
	w := &r.who
	w.box, w.chosen = kit.Rows(kit.Space8), -1
	w.role = kit.NewSelect(roles(), func(string) { r.chooseRole(w.role.SelectedIndex()) })
	w.role.PlaceHolder = words.T("Choose…")
	w.query = kit.NewSearch(words.T("Name or e-mail address"))
	w.query.OnSubmitted = func(string) { r.Find() }
	w.find = kit.NewButton(words.T("Find"), r.Find)
	return kit.NewCard(w.box)
}

// roles are whose account it can be, where no service tells it.
func roles() []string {
	return []string{words.T("A user’s"), words.T("An administrator’s"), words.T("An owner’s"), words.T("My own")}
}

func (r *Room) chooseRole(i int) {
	if i == r.who.chosen {
		return
	}
	if i >= 0 && r.engaged() {
		if r.who.chosen < 0 {
			r.who.role.ClearSelected()
		} else {
			r.who.role.SetSelectedIndex(r.who.chosen)
		}
		r.endFirst()
		return
	}
	defer r.lost(r.proofs())
	switch r.who.chosen = i; i {
	case 0, 1, 2:
		r.call.Unlinked([]link.Role{link.RoleUser, link.RoleAdmin, link.RoleOwner}[i])
	case 3:
		r.call.Own()
	default:
		return
	}
	r.show()
}

// proofs is how many proofs count of who the caller is.
func (r *Room) proofs() int {
	n := 0
	for _, c := range helpdesk.Checks() {
		if s, _ := r.call.State(helpdesk.Item(c)); s == helpdesk.Done {
			n++
		}
	}
	return n
}

// lost says that proofs count no more: each is for one account.
func (r *Room) lost(before int) {
	if r.proofs() < before {
		r.Toast().Say(words.T("Proofs of who it is count for one account only. Make them again."), 8)
	}
}

// forget empties the search.
func (w *who) forget() {
	w.turn++
	w.query.SetText("")
	w.found, w.asked, w.failed, w.asking = nil, false, nil, false
}

// subject is the user who was looked up; false for none.
func (r *Room) subject() (link.Subject, bool) {
	return r.call.Subject()
}

// showWho shows whom the call is about, and where it is looked up.
func (r *Room) showWho() {
	rows := []fyne.CanvasObject{kit.NewTitle(words.T("Whose account is it?"))}
	at, ok := r.atDesk()
	s, met := r.subject()
	switch {
	case met:
		rows = append(rows, r.card(s))
	case ok:
		rows = append(rows, r.search())
	default:
		rows = append(rows, r.who.role)
	}
	rows = append(rows, r.desk(at, ok)...)
	r.who.box.Objects = rows
	r.who.box.Refresh()
	r.scroll.Refresh()
}

// desk says at which desk the agent works, or offers to.
func (r *Room) desk(at link.AtDesk, ok bool) []fyne.CanvasObject {
	if !ok {
		if r.Allow == nil || r.home() == nil {
			return nil
		}
		return []fyne.CanvasObject{
			kit.NewQuiet(words.T("With a role at a linked service, this app can find the user there and do what the checks allow. You give permission in your browser.")),
			kit.AtLeft(kit.NewButton(words.T("Help callers at the service…"), func() { r.permit(nil) })),
		}
	}
	const form = "15:04"
	rows := []fyne.CanvasObject{kit.NewQuiet(words.T("You are helping callers of {service} as {email}. You can make changes until {acts}, and look users up until {ends}.",
		"service", link.HostOf(at.Address), "email", at.Who.Email, "acts", at.Acts.Local().Format(form), "ends", at.Ends.Local().Format(form)))}
	buttons := container.New(&flow{})
	if !r.Clock.Now().Before(at.Acts) {
		buttons.Add(kit.NewQuietButton(words.T("Allow changes again…"), func() { r.permit(nil) }))
	}
	buttons.Add(kit.NewQuietButton(words.T("Stop helping callers"), r.leaveDesk))
	return append(rows, buttons)
}

// permit has the agent allow the work at the desk. The call stays as it is. Where
// another agent did so, nothing goes on of what the first one began.
func (r *Room) permit(then func()) {
	r.pages.Close()
	r.Allow(func(ok bool) {
		r.show()
		h := r.home()
		if !ok || h == nil {
			return
		}
		if at, there, err := h.AtDesk(); r.by != "" && err == nil && there && at.Who.ID != r.by {
			r.anotherAgent(then)
			return
		}
		if then != nil {
			then()
		}
	})
}

// anotherAgent says that the permission is another agent's than the one's who did something
// in this call, and offers to have that one sign in again. What is not known stays so.
func (r *Room) anotherAgent(then func()) {
	again := kit.NewMainButton(words.T("Sign in again in my browser"), func() { r.permit(then) })
	sh := &kit.Sheet{
		Title: words.T("Another agent has signed in"), Main: again, First: again, Others: []*kit.Button{kit.NewButton(words.T("Close"), r.pages.Close)},
		Content: kit.NewMessage(kit.Look, kit.Message{
			What: words.T("Somebody else began this call. Only they can go on with it, because what they did is noted under their name."),
			Next: words.T("Sign in as before. Or copy the note, and end the call."),
		}),
	}
	if r.Allow == nil {
		sh.Main, sh.First, sh.Others = sh.Others[0], sh.Others[0], nil
	}
	r.pages.Page(sh)
}

// leaveDesk gives the permission back.
func (r *Room) leaveDesk() {
	h := r.home()
	if h == nil {
		return
	}
	r.who.forget()
	kit.Go(context.Background(), func(ctx context.Context) (struct{}, error) { return struct{}{}, h.GiveBackDesk(ctx) }, func(_ struct{}, err error) {
		r.show()
		if err != nil && r.home() != nil { // not on a locked window
			r.failed(err)
		}
	})
}

// over tells whether the permission has to be asked for anew.
func over(err error) bool {
	for _, is := range []error{link.ErrProveAgain, link.ErrScope, link.ErrEnded, link.ErrNotLinked, link.ErrStale} {
		if errors.Is(err, is) {
			return true
		}
	}
	return false
}

// isOver says that the time at the desk is over, and goes on once it was allowed anew.
func (r *Room) isOver(err error, then func()) {
	m := messageOf(err)
	m.Safe = words.T("Your call and its checks stay as they are.")
	again := kit.NewMainButton(words.T("Sign in again in my browser"), func() { r.permit(then) })
	r.pages.Page(&kit.Sheet{
		Title: words.T("Your permission has run out"), Content: kit.NewMessage(kit.Look, m), Main: again, First: again,
		Others: []*kit.Button{r.cancel()},
	})
}

// search is the field to look a user up with, and who was found.
func (r *Room) search() fyne.CanvasObject {
	w := &r.who
	rows := kit.Rows(kit.Space8, container.NewBorder(nil, nil, nil, w.find, w.query))
	switch {
	case w.asking:
		rows.Add(kit.NewQuiet(words.T("Asking the service…")))
	case w.failed != nil:
		rows.Add(kit.NewMessage(kit.Look, messageOf(w.failed)))
	case w.asked && len(w.found) == 0:
		rows.Add(kit.NewText(words.T("No user matches. Try part of the name or of the e-mail address.")))
	}
	for _, s := range w.found {
		rows.Add(kit.NewDoor(kit.IconOpen, s.Who.Email, s.Who.Name+" · "+helpdesk.RoleName(s.Role), func() { r.Look(s.Who.ID) }))
	}
	return rows
}

// Find finds users by what is typed.
func (r *Room) Find() {
	query, h := strings.TrimSpace(r.who.query.Text), r.home()
	if query == "" || h == nil {
		return
	}
	ask(r, func(ctx context.Context) ([]link.Subject, error) { return lazy{home: h}.Find(ctx, query) }, r.Find, func(found []link.Subject) {
		r.who.found, r.who.asked = found, true
		if len(found) == 1 {
			r.Look(found[0].Who.ID)
		}
	})
}

// Look looks a user up, and shows what the desk sees.
func (r *Room) Look(id string) {
	h := r.home()
	if h == nil {
		return
	}
	ask(r, func(ctx context.Context) (link.Subject, error) { return lazy{home: h}.Look(ctx, id) }, func() { r.Look(id) }, r.meet)
}

// meet says who the caller wants to be.
func (r *Room) meet(s link.Subject) {
	if before, met := r.subject(); r.engaged() && (!met || before.Who.ID != s.Who.ID) {
		r.endFirst()
		return
	}
	defer r.lost(r.proofs())
	r.call.Meet(s)
	r.who.found, r.who.asked = nil, false
	r.who.query.SetText("")
}

// ask asks the desk something that changes nothing.
func ask[T any](r *Room, work func(context.Context) (T, error), again func(), then func(T)) {
	w := &r.who
	w.turn++
	turn, call := w.turn, r.call
	w.asking, w.failed = true, nil
	r.showWho()
	kit.Go(context.Background(), work, func(result T, err error) {
		if turn != w.turn || call != r.call {
			return
		}
		w.asking = false
		switch {
		case err == nil:
			then(result)
			r.show()
		case over(err) && r.Allow != nil:
			r.showWho()
			r.isOver(err, again)
		default:
			w.failed = err
			r.showWho()
		}
	})
}

// somebodyElse takes the user back: somebody else is meant.
func (r *Room) somebodyElse() {
	if r.engaged() {
		r.endFirst()
		return
	}
	r.call.Unlinked("")
	r.watch = watch{}
	r.who.forget()
	r.who.role.ClearSelected()
	r.show()
}

// card shows a user as the desk sees them.
func (r *Room) card(s link.Subject) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space12, kit.NewStrong(s.Who.Email), kit.NewText(words.T("{name}: {role}", "name", s.Who.Name, "role", helpdesk.RoleName(s.Role))))
	for _, line := range helpdesk.Warnings(s, time.Local) {
		rows.Add(kit.NewMessage(kit.Look, kit.Message{What: line}))
	}
	for _, line := range helpdesk.Stands(s, time.Local) {
		rows.Add(kit.NewText(line))
	}
	if s.CallBackOK {
		rows.Add(kit.NewText(helpdesk.Number(s)))
	} else {
		rows.Add(kit.NewMessage(kit.Look, kit.Message{What: helpdesk.Number(s)}))
	}
	if w := r.watch.line(s); w != "" {
		rows.Add(kit.NewText(w))
	}
	all := kit.Rows(0, rows)
	if len(s.Cases) > 0 {
		all.Add(kit.NewFold(words.T("What was done before"), cases(s.Cases)).Object())
	}
	if r.who.failed != nil {
		all.Add(kit.NewMessage(kit.Look, messageOf(r.who.failed)))
	}
	again := kit.NewQuietButton(words.T("Look again"), func() { r.Look(s.Who.ID) })
	if r.who.asking {
		again.Disable()
	}
	all.Add(container.New(&flow{}, again, kit.NewQuietButton(words.T("Somebody else"), r.somebodyElse)))
	return all
}

// mostCases are shown of what was done before.
const mostCases = 5

func cases(all []link.Case) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space12)
	for _, c := range all[:min(len(all), mostCases)] {
		rows.Add(kit.NewQuiet(helpdesk.CaseLine(c, time.Local)))
	}
	return rows
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"time"

	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// sameWithin is how long a service takes the same with the same record for one request
// that was sent twice, see [link.Desk].
const sameWithin = time.Minute

// rest is what the service does not do once more for now.
type rest struct {
	act   link.DeskAct // "" for nothing
	id    string       // of the user
	until time.Time
}

// left is how long that is so still; 0 where it is not, or the clock was turned.
func (p rest) left(w *desk.Doing, now time.Time) time.Duration {
	left := p.until.Sub(now)
	if p.act != w.Act || p.id != w.ID || left < 0 || left > sameWithin {
		return 0
	}
	return left
}

// rests notes that the service does not do the same again for now. What it says was
// done earlier may have been done at any moment within the last minute.
func (r *Room) rests(w *desk.Doing, c came) {
	now := r.Clock.Now()
	if c.Earlier && (!c.At.IsZero() || r.rest.left(w, now) > 0) {
		return
	}
	r.rest = rest{act: w.Act, id: w.ID, until: now.Add(sameWithin)}
}

// onceMore is the button to do the same again, on a sheet. It waits where the service
// would not do that yet, and says so.
type onceMore struct {
	doing  *desk.Doing
	button *kit.Button
	says   *widget.Label
	sheet  *kit.Sheet
}

// pageOnceMore shows a sheet on which the same can be done again, because that is
// wanted.
func (r *Room) pageOnceMore(sh *kit.Sheet, w *desk.Doing) {
	text := words.T("Do it once more")
	if w.Act == link.ActBypass {
		text = words.T("Make another code")
	}
	next := &desk.Doing{ID: w.ID, Act: w.Act, Record: w.Record, Now: w.Now, Wait: w.Wait, Again: true}
	q := &onceMore{doing: next, button: kit.NewButton(text, r.again(next)), says: kit.NewQuiet(""), sheet: sh}
	sh.Others = append([]*kit.Button{q.button}, sh.Others...)
	sh.Content = kit.Rows(0, sh.Content, q.says)
	r.more = q
	r.tickOnceMore(r.Clock.Now())
	r.pages.Page(sh, func() {
		if r.more == q {
			r.more = nil
		}
	})
}

// tickOnceMore counts down how long the service would not do it again.
func (r *Room) tickOnceMore(now time.Time) {
	q := r.more
	if q == nil {
		return
	}
	left := r.rest.left(q.doing, now)
	if left > 0 {
		secs := int((left + time.Second - 1) / time.Second)
		q.button.Disable()
		q.says.SetText(words.N(secs, "The service does the same only once a minute. You can do it again in 1 second.", "The service does the same only once a minute. You can do it again in {n} seconds."))
		return
	}
	r.more = nil
	q.says.Hide()
	q.button.Enable()
	q.sheet.Fit()
}

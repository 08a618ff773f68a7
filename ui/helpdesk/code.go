// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/helpdesk"
	"github.com/kutano/authenticator/sync/link/desk"
	"github.com/kutano/authenticator/ui/kit"
)

// showFor is how long a bypass code stays on the screen.
const showFor = time.Minute

// shownCode is a bypass code on the screen. It is in the widgets and nowhere else.
type shownCode struct {
	doing  *desk.Doing
	labels []*widget.Label // that hold something of it
	left   *widget.Label
	until  time.Time
	sheet  *kit.Sheet
}

// showCode shows a bypass code, big and spelled, for a minute. It is not shown again.
func (r *Room) showCode(w *desk.Doing, c came) {
	if r.Behind != nil && r.Behind() {
		r.holdCode(w, c)
		return
	}
	defer c.deed.Clear()
	code := helpdesk.Letters(c.deed.Bypass.Reveal())
	big := widget.NewLabel(inFours(code))
	big.SizeName, big.TextStyle.Monospace, big.Alignment, big.Wrapping = kit.SizeCode, true, fyne.TextAlignCenter, fyne.TextWrapBreak
	q := &shownCode{doing: w, labels: []*widget.Label{big}, left: kit.NewQuiet(""), until: r.Clock.Now().Add(showFor)}
	q.left.Alignment = fyne.TextAlignCenter
	spelled := helpdesk.Spell(code, words.Current())
	half := (len(spelled) + 1) / 2
	columns := [2]*fyne.Container{kit.Rows(-kit.Space12), kit.Rows(-kit.Space12)}
	for i, letter := range []rune(code) {
		l := kit.NewText(string(letter) + "  " + spelled[i])
		q.labels = append(q.labels, l)
		columns[i/half].Add(l)
	}
	done := kit.NewMainButton(words.T("I have read it out"), r.pages.Close)
	rows := kit.Rows(kit.Space8,
		kit.NewText(desk.Say(w.Act, c.Outcome, time.Local)),
		kit.NewCard(big), q.left, kit.AdaptiveGap(usualWidth-kit.Space24, -kit.Space12, columns[0], columns[1]),
		sayBox(helpdesk.SayAfter(deedOf(w, c))))
	if !c.deed.Until.IsZero() {
		rows.Add(kit.NewQuiet(words.T("It is good until {time}. It is shown only this once, and the user has been told that it was made.", "time", c.deed.Until.Local().Format("15:04"))))
	}
	q.sheet = &kit.Sheet{Title: words.T("Read it out, letter by letter"), Content: rows, Main: done, First: done}
	r.pages.Page(q.sheet, func() {
		q.clear()
		if r.code == q {
			r.wipe()
		}
	})
	if q.sheet.Shown() {
		r.code = q
		r.tickCode(r.Clock.Now())
		return
	}
	q.clear()
}

// holdCode keeps a code that came while another window was in front, until it is asked
// for.
func (r *Room) holdCode(w *desk.Doing, c came) {
	taken := false
	show := kit.NewMainButton(words.T("Show the code"), func() {
		taken = true
		r.showCode(w, c)
	})
	r.pages.Page(&kit.Sheet{
		Title: words.T("The code is there"), Main: show, First: show, Others: []*kit.Button{r.cancel()},
		Content: kit.NewText(words.T("It is shown once, for a minute, and not while another window is in front. Show it when the caller is ready to write.")),
	}, func() {
		if !taken {
			c.deed.Clear()
		}
	})
}

// inFours groups a code so that it is read easily.
func inFours(code string) string {
	var b strings.Builder
	for i, c := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// clear takes the code out of the widgets.
func (q *shownCode) clear() {
	for _, l := range q.labels {
		l.SetText("")
	}
	q.labels = nil
}

// wipe forgets the code on the screen.
func (r *Room) wipe() {
	q := r.code
	if q == nil {
		return
	}
	r.code = nil
	q.clear()
	q.sheet.SetContent(kit.VGap(0)) // nor in what drew it
	if r.Sweep != nil {
		r.Sweep()
	}
}

// hideCode takes the code off the screen, and says what to do where it was not heard.
func (r *Room) hideCode() {
	q := r.code
	if q == nil {
		return
	}
	r.wipe()
	r.codeGone(q.doing)
}

// codeGone says that a code is not shown any more.
func (r *Room) codeGone(w *desk.Doing) {
	closes := kit.NewMainButton(words.T("Close"), r.pages.Close)
	r.pageOnceMore(&kit.Sheet{
		Title: words.T("The code is hidden"), Main: closes, First: closes,
		Content: kit.NewMessage(kit.Calm, kit.Message{
			What: words.T("It is forgotten here, and is not shown again."),
			Next: words.T("If the caller did not hear it, make another one, which replaces it."),
		}),
	}, w)
}

// tickCode counts down how long the code stays.
func (r *Room) tickCode(now time.Time) {
	q := r.code
	if q == nil {
		return
	}
	left := q.until.Sub(now)
	if left <= 0 || left > showFor { // over, or the clock was turned
		r.hideCode()
		return
	}
	secs := int((left + time.Second - 1) / time.Second)
	q.left.SetText(words.N(secs, "Hides in 1 second", "Hides in {n} seconds"))
}

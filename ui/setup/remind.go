// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"

	"fyne.io/fyne/v2/theme"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// remindPiece says when something is brought to mind again, and lets it be put
// off. R70 R71
type remindPiece struct {
	guided.Still
	page        *Page
	soon, later *kit.Check
}

func (r *remindPiece) Draw() guided.Drawn {
	p := r.page
	if p.step.ID != laterStep {
		return guided.Drawn{Object: guided.Point(kit.IconClock, theme.ColorNamePrimary, nextLook(p.profile().Months))}
	}
	off := p.upkeep.PutOff[upkeep.Unsaved].Time().After(p.Clock.Now())
	r.soon = kit.NewCheck(words.T("Remind me tomorrow"), nil)
	r.later = kit.NewCheck(words.T("Remind me in a week"), nil)
	r.soon.SetChecked(!off)
	r.later.SetChecked(off)
	r.soon.OnChanged = func(bool) { r.choose(false) }
	r.later.OnChanged = func(bool) { r.choose(true) }
	return guided.Drawn{Object: kit.Rows(-kit.Space4, r.soon, r.later)}
}

// choose takes an answer; the keyboard stays on it.
func (r *remindPiece) choose(week bool) {
	r.remind(week)
	r.page.show()
	at := r.soon
	if week {
		at = r.later
	}
	r.page.Canvas().Focus(at)
}

// nextLook says when the next review is due, so many months after this one.
func nextLook(months int) string {
	if months < 0 {
		return words.T("Your workspace wants no reminders of this. Look again whenever you like.")
	}
	return words.N(cmp.Or(months, upkeep.ReviewMonths), "The next look is due in 1 month.", "The next look is due in {n} months.")
}

// laterStep asks about a reminder of codes that are not kept yet.
const laterStep = upkeep.LaterStep

// remind sets when codes that are not kept are brought to mind: the day after, or
// after a week.
func (r *remindPiece) remind(week bool) {
	now := r.page.Clock.Now()
	r.page.remember(func(s *upkeep.State) { s.RemindOfCodes(week, now) })
}

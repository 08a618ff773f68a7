// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"context"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/ui/kit"
)

// watchEvery is how often the user is looked up while two codes are waited for. Each
// look is noted at the service.
const watchEvery = 30 * time.Second

// watch waits until the user has typed two codes at Kutano's page.
type watch struct {
	id    string    // of the user; "" for nobody
	until time.Time // the page takes the codes
	used  time.Time // a code was last taken before
	next  time.Time // look
}

// resyncOpened begins to watch.
func (r *Room) resyncOpened(s link.Subject, until time.Time) {
	now := r.Clock.Now()
	if until.IsZero() {
		until = now.Add(10 * time.Minute)
	}
	r.watch = watch{id: s.Who.ID, until: until, used: s.Status.LastUsed, next: now.Add(watchEvery)}
}

// worked tells whether a code was taken since the page was opened.
func (w watch) worked(s link.Subject) bool { return s.Status.LastUsed.After(w.used) }

// line says how far it is; "" where nobody is watched.
func (w watch) line(s link.Subject) string {
	switch {
	case w.id == "" || w.id != s.Who.ID:
		return ""
	case w.worked(s):
		return words.T("It worked: a code was accepted at {time}.", "time", s.Status.LastUsed.Local().Format("15:04"))
	}
	return words.T("Until {time} the caller can type two codes in a row on Kutano’s page. Every half minute this app looks whether that worked.",
		"time", w.until.Local().Format("15:04"))
}

// Tick counts down the times on show, and looks whether two codes were taken. It is
// called each second while the window is seen.
func (r *Room) Tick(now time.Time) {
	r.tickCode(now)
	r.tickOnceMore(now)
	w := &r.watch
	s, met := r.subject()
	switch {
	case w.id == "" || !met || w.id != s.Who.ID || w.worked(s) || now.Before(w.next) || r.who.asking || r.doing != nil:
		return
	case now.After(w.until):
		w.id = ""
		r.showWho()
		return
	}
	w.next = now.Add(watchEvery)
	r.refresh(s.Who.ID)
}

// refresh looks the user up anew, and says nothing where that fails: it is looked
// again soon, or the agent does.
func (r *Room) refresh(id string) {
	h, call := r.home(), r.call
	if h == nil {
		return
	}
	kit.Go(context.Background(), func(ctx context.Context) (link.Subject, error) { return lazy{home: h}.Look(ctx, id) }, func(got link.Subject, err error) {
		if now, met := r.subject(); err != nil || call != r.call || !met || now.Who.ID != got.Who.ID {
			return
		}
		r.call.Meet(got)
		r.show()
		if r.watch.id == got.Who.ID && r.watch.worked(got) {
			r.Toast().Say(r.watch.line(got), 8)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// linkPiece offers to connect with the workspace's service.
type linkPiece struct {
	guided.Still
	page *Page
}

func (l *linkPiece) Draw() guided.Drawn {
	p := l.page
	skip := kit.NewButton(words.T("Do it by hand"), func() { p.end(guide.Skipped) })
	if p.Connect == nil {
		skip.SetStyle(kit.Main)
		return guided.Drawn{Own: true, Main: skip}
	}
	if p.isLinked() {
		email, _, _ := p.linked()
		return guided.Drawn{
			Own: true, Object: guided.Good(words.T("Connected as {user}.", "user", email)),
			Main: kit.NewMainButton(words.T("Continue"), func() { p.end(guide.Connected) }),
		}
	}
	connect := kit.NewMainButton(words.T("Connect"), func() {
		p.Connect(func(linked bool) {
			if linked && p.piece == guided.Piece(l) {
				p.end(guide.Connected)
			}
		})
	})
	return guided.Drawn{Own: true, Main: connect, Others: []*kit.Button{skip}}
}

func (p *Page) enrolling() Enrolling {
	if p.Enrolling == nil {
		return nil
	}
	return p.Enrolling()
}

// serving is what the pieces have in common that have the linked service do
// something: one piece of work at a time, and what came of it.
type serving struct {
	page   *Page
	self   guided.Piece
	busy   string // what is being done, "" for nothing
	err    error
	told   string // a sentence about how it stands, "" for none
	cancel context.CancelFunc
	asked  bool // the permission was asked for, since the last answer
	// failed has a piece say an error in its own way, and returns what is left to
	// say; nil leaves all.
	failed func(error) error
}

func (s *serving) First() fyne.Focusable { return nil }

// leave lets what the service has begun go on: the answer is asked for later.
func (s *serving) Leave() {
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
	s.busy = ""
}

// here tells that the step is still the one on show.
func (s *serving) here() bool { return s.page.piece == s.self && s.page.run != nil }

// work has the service do something and goes on with how it stands then.
func work[T any](s *serving, busy string, do func(ctx context.Context, e Enrolling) (T, error), then func(T, error)) {
	e := s.page.enrolling()
	switch {
	case s.busy != "":
		return
	case e == nil:
		s.fail(link.ErrNotLinked)
		return
	case s.page.asking: // for a step that was left
		s.tell(words.T("The service is still answering. Try again in a moment."))
		return
	}
	s.page.asking = true
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.busy, s.err, s.told = cancel, busy, nil, ""
	s.page.redraw()
	kit.Go(ctx, func(ctx context.Context) (T, error) { return do(ctx, e) }, func(result T, err error) {
		cancel()
		s.page.asking = false
		st, ok := any(result).(enrolment.Standing)
		if ok {
			s.page.accept(st) // whoever looks at it: what the service accepted is never lost
		}
		if !s.here() {
			if ok && st.State == enrolment.DoneCodesLost && err == nil && s.page.Vault() != nil {
				s.page.sayLost(st)
			}
			return
		}
		s.busy, s.cancel = "", nil
		if errors.Is(err, context.Canceled) {
			s.page.redraw()
			return
		}
		then(result, err)
	})
}

// standing goes on with how an enrolment stands.
func (s *serving) standing(busy string, do func(ctx context.Context, e Enrolling) (enrolment.Standing, error), waits func(enrolment.Standing)) {
	work(s, busy, do, func(st enrolment.Standing, err error) {
		if err == nil {
			s.asked = false
		}
		switch {
		case (errors.Is(err, link.ErrScope) || errors.Is(err, link.ErrStale)) && !s.asked && s.page.Allow != nil:
			s.allow(busy, do, waits)
		case errors.Is(err, enrolment.ErrPending):
			s.standing(busy, resume, waits)
		case err != nil:
			s.fail(err)
		default:
			s.stands(st, waits)
		}
	})
}

func resume(ctx context.Context, e Enrolling) (enrolment.Standing, error) { return e.Resume(ctx) }

// allow asks for the permission, in the browser, and tries again with it.
func (s *serving) allow(busy string, do func(context.Context, Enrolling) (enrolment.Standing, error), waits func(enrolment.Standing)) {
	s.asked = true
	s.page.Allow(func(err error) {
		switch {
		case !s.here():
		case err != nil:
			s.asked = false
			s.fail(err)
		default:
			s.standing(busy, do, waits)
		}
	})
}

// stands goes on from a state.
func (s *serving) stands(st enrolment.Standing, waits func(enrolment.Standing)) {
	p := s.page
	switch st.State {
	case enrolment.Waiting:
		waits(st)
	case enrolment.Done, enrolment.DoneCodesLost:
		p.end(guide.Done)
		if len(p.codes) > 0 && p.TakeCodes != nil && p.on {
			p.takeCodes(func(guide.Outcome) {})
			return
		}
		p.sayLost(st)
	case enrolment.Elsewhere:
		s.tell(words.T("The set-up was begun or ended elsewhere, so this one has ended. Nothing was changed by it."))
	case enrolment.Over:
		s.tell(words.T("The time for this set-up is over. Nothing has changed; begin again."))
	default:
		s.tell("")
	}
}

// accept takes over what the service accepted. The codes are kept until they are
// in the safe, or noted; those of another set-up are worth nothing any more.
func (p *Page) accept(st enrolment.Standing) {
	if st.State != enrolment.Done && st.State != enrolment.DoneCodesLost {
		return
	}
	switch {
	case len(st.Codes) > 0:
		p.dropCodes()
		p.codes, p.codesOf, p.codesDone = st.Codes, st.Note.ID, ""
	case st.Note.ID != p.codesOf:
		p.dropCodes()
		p.codesOf, p.codesDone = "", ""
	}
	if st.Account != "" {
		if p.run != nil {
			p.run.SetAccount(string(st.Account))
		}
		if p.Forget != nil {
			p.Forget(st.Account)
		}
	}
	if p.Reload != nil {
		p.Reload()
	}
}

// sayLost says that the backup codes of a set-up did not arrive, unless they did
// before: where only this app could not follow.
func (p *Page) sayLost(st enrolment.Standing) {
	if st.Note.ID == p.codesOf {
		return
	}
	kit.ShowMessage(p.Canvas(), kit.Look, words.T("The backup codes did not arrive"), kit.Message{
		What: words.T("Two-factor sign-in is on, but the answer with the backup codes was lost on its way."),
		Next: newCodes(),
	}, nil)
}

func (s *serving) fail(err error) {
	if s.failed != nil {
		err = s.failed(err)
	}
	s.err = err
	s.page.redraw()
}

func (s *serving) tell(text string) {
	s.told = text
	s.page.redraw()
}

// says is what there is to say: what is being done, or what came of it.
func (s *serving) says() []fyne.CanvasObject {
	switch {
	case s.busy != "":
		return []fyne.CanvasObject{kit.NewProgress(s.busy)}
	case s.err != nil:
		return []fyne.CanvasObject{refusal(s.err)}
	case s.told != "":
		return []fyne.CanvasObject{kit.NewMessage(kit.Look, kit.Message{What: s.told})}
	}
	return nil
}

// stop is the button while something is being done.
func (s *serving) stop() *kit.Button {
	return kit.NewButton(words.T("Cancel"), func() {
		if s.cancel != nil {
			s.cancel()
		}
	})
}

// refusal says why the service refused, with what it says of the tries that are left.
func refusal(err error) fyne.CanvasObject {
	var code *link.CodeError
	if !errors.As(err, &code) {
		return guided.Trouble(err)
	}
	m := kit.Message{What: words.T("The service did not accept the code."), Safe: words.T("Nothing has changed."), Next: words.T("Try the next code.")}
	switch {
	case errors.Is(err, link.ErrClockOff):
		m.Next = words.T("This device’s clock is off. Set it right, then try the next code.")
	case code.Late:
		m.Next = words.T("It came too late, or a newer message was sent. Type the code of the newest message.")
	case code.Used:
		m.Next = words.T("It was used already. Wait for the next code.")
	}
	if code.Left > 0 {
		m.Safe = words.N(code.Left, "Nothing has changed, and 1 try is left.", "Nothing has changed, and {n} tries are left.")
	}
	return kit.NewMessage(kit.Look, m)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/sync/link/enrolment"
	"github.com/kutano/authenticator/ui/guided"
	"github.com/kutano/authenticator/ui/kit"
)

// phonePiece has the linked service send a text message. R25
type phonePiece struct {
	serving
	field *kit.Entry
	fault string // under the field
}

func newPhonePiece(p *Page) *phonePiece {
	s := &phonePiece{serving: serving{page: p}, field: kit.NewEntry("+49 170 1234567")}
	s.self, s.failed = s, s.refused
	s.field.OnSubmitted = func(string) { s.send() }
	return s
}

func (s *phonePiece) Tick(time.Time) {}

func (s *phonePiece) First() fyne.Focusable {
	if s.busy != "" {
		return nil
	}
	return s.field
}

func (s *phonePiece) Draw() guided.Drawn {
	p := s.page
	rows := []fyne.CanvasObject{labelled(words.T("Mobile number, with the country’s code"), s.field, s.fault)}
	d := guided.Drawn{Own: true}
	if s.busy != "" {
		s.field.Disable()
		d.Others = []*kit.Button{s.stop()}
	} else {
		s.field.Enable()
		d.Main = kit.NewMainButton(words.T("Send the code"), s.send)
		d.Others = []*kit.Button{kit.NewButton(words.T("Do it by hand"), func() { p.end(guide.Failed) })}
	}
	d.Object = kit.Rows(kit.Space8, append(rows, s.says()...)...)
	return d
}

func (s *phonePiece) send() {
	number := strings.TrimSpace(s.field.Text)
	if number == "" {
		s.fault = words.T("Type the number first.")
		s.page.redraw()
		return
	}
	s.fault = ""
	s.standing(words.T("The service sends a text message…"), func(ctx context.Context, m Enrolling) (enrolment.Standing, error) {
		return beginText(ctx, m, number)
	}, func(st enrolment.Standing) {
		s.page.resend = st.Resend
		s.page.end(guide.Sent)
	})
}

// refused says under the field what is wrong with the number.
func (s *phonePiece) refused(err error) error {
	if !errors.Is(err, link.ErrPhone) {
		return err
	}
	s.fault = words.T("This number cannot get text messages. Look at the country’s code, too.")
	return nil
}

// beginText begins anew: one that is under way is an app's, or has the number from
// before. That is so also where the service has accepted it meanwhile.
func beginText(ctx context.Context, m Enrolling, number string) (enrolment.Standing, error) {
	_, under, err := m.Noted()
	if err != nil {
		return enrolment.Standing{}, err
	}
	if under {
		if st, err := m.Cancel(ctx); err != nil {
			return st, err
		}
	}
	return m.Begin(ctx, link.SMS, number)
}

// textPiece takes the code of the text message. R49
type textPiece struct {
	serving
	field  *kit.Entry
	fault  string
	hint   string    // the end of the number that it was sent to
	resend time.Time // from when it can be sent again
	again  *kit.Button
	sent   bool // again
}

func newTextPiece(p *Page) *textPiece {
	t := &textPiece{serving: serving{page: p}, field: kit.NewEntry("123 456")}
	t.self = t
	t.field.OnSubmitted = func(string) { t.verify() }
	if m := p.enrolling(); m != nil {
		if note, ok, err := m.Noted(); err == nil && ok {
			t.hint = note.Phone
		}
	}
	t.resend = p.Clock.Now().Add(p.resend)
	return t
}

func (t *textPiece) First() fyne.Focusable {
	if t.busy != "" {
		return nil
	}
	return t.field
}

// leave forgets what was typed.
func (t *textPiece) Leave() {
	t.serving.Leave()
	t.field.SetText("")
}

func (t *textPiece) Draw() guided.Drawn {
	p := t.page
	label := words.T("Code from the message")
	if t.hint != "" {
		label = words.T("Code from the message to {number}", "number", t.hint)
	}
	rows := []fyne.CanvasObject{labelled(label, t.field, t.fault)}
	if t.sent && t.busy == "" && t.err == nil {
		rows = append(rows, guided.Good(words.T("A new code was sent. Only the newest one works.")))
	}
	d := guided.Drawn{Own: true}
	t.again = nil
	if t.busy != "" {
		t.field.Disable()
		d.Others = []*kit.Button{t.stop()}
	} else {
		t.field.Enable()
		d.Main = kit.NewMainButton(words.T("Verify"), t.verify)
		t.again = kit.NewButton("", t.sendAgain)
		t.wait()
		d.Others = []*kit.Button{t.again, kit.NewButton(words.T("It does not work"), func() { p.end(guide.Failed) })}
	}
	d.Object = kit.Rows(kit.Space8, append(rows, t.says()...)...)
	return d
}

// wait says on the button how long it is until the code can be sent again.
func (t *textPiece) wait() {
	left := int((t.resend.Sub(t.page.Clock.Now()) + time.Second - 1) / time.Second)
	text := words.T("Send it again")
	if left > 0 {
		text = words.N(left, "Send it again in 1 second", "Send it again in {n} seconds")
	}
	if t.again.Text != text {
		t.again.SetText(text)
	}
	if (left > 0) != t.again.Disabled() {
		if left > 0 {
			t.again.Disable()
		} else {
			t.again.Enable()
		}
	}
}

func (t *textPiece) Tick(time.Time) {
	if t.again != nil {
		t.wait()
	}
}

func (t *textPiece) verify() {
	code := strings.Join(strings.Fields(t.field.Text), "")
	if code == "" {
		t.fault = words.T("Type the code first.")
		t.page.redraw()
		return
	}
	t.fault, t.sent = "", false
	t.field.SetText("")
	t.standing(words.T("The service looks at the code…"), func(ctx context.Context, m Enrolling) (enrolment.Standing, error) {
		return m.Verify(ctx, code)
	}, func(enrolment.Standing) { t.tell(words.T("The service has not decided yet. Type the code once more.")) })
}

func (t *textPiece) sendAgain() {
	t.sent = false
	work(&t.serving, words.T("The service sends a text message…"), func(ctx context.Context, m Enrolling) (link.Sent, error) {
		return m.Resend(ctx)
	}, func(s link.Sent, err error) {
		if err != nil {
			t.fail(err)
			return
		}
		t.sent, t.hint, t.resend = true, s.PhoneHint, t.page.Clock.Now().Add(s.Resend)
		t.page.redraw()
	})
}

// fieldWidth is how wide a field for a number is at most.
const fieldWidth = 320

// labelled is a field under its label, and over what is wrong with it.
func labelled(label string, field fyne.CanvasObject, fault string) fyne.CanvasObject {
	rows := kit.Rows(-kit.Space4, kit.NewQuiet(label), kit.Inset(guided.AtMost(fieldWidth, field), 0, 0, kit.Space8, kit.Space8))
	if fault != "" {
		says := kit.NewText(fault)
		says.Importance = widget.DangerImportance
		rows.Add(says)
	}
	return rows
}

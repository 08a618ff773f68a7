// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault/otpauth"
)

func emptyForm() Form { return Form{Type: otpauth.TOTP, Algorithm: otpauth.SHA1} }

// typedForm is the sheet with the fields.
type typedForm struct {
	flow                    *Flow
	issuer, account, key    *kit.Entry
	digits, period, counter *kit.Entry
	kind, algorithm         *kit.Select
	says                    map[Field]*widget.Label
	add                     *kit.Button
	extra                   *fyne.Container
	more                    *kit.Button
	digitsRow, periodRow    fyne.CanvasObject
	counterRow, algoRow     fyne.CanvasObject
}

var (
	types      = []otpauth.Type{otpauth.TOTP, otpauth.HOTP, otpauth.Steam}
	algorithms = []otpauth.Algorithm{otpauth.SHA1, otpauth.SHA256, otpauth.SHA512}
)

// Type shows the form for a key that is typed in.
func (f *Flow) Type() {
	t := &typedForm{flow: f, says: map[Field]*widget.Label{}}
	t.fields()
	t.add = kit.NewMainButton(words.T("Add this account"), t.submit)
	s := &kit.Sheet{
		Title: words.T("Type it in"), First: t.issuer, Main: t.add,
		Others: []*kit.Button{kit.NewButton(words.T("Back"), f.Open)},
	}
	t.more = kit.NewQuietButton(words.T("More choices"), t.toggle)
	s.Content = kit.Rows(kit.Space4,
		labelled(words.T("Service"), t.issuer), labelled(words.T("Account"), t.account), t.say(FieldNames),
		labelled(words.T("Key"), t.key), t.say(FieldKey),
		container.NewHBox(t.more), t.extra)
	t.extra.Hide()
	f.page(s)
	t.changed("")
}

func (t *typedForm) fields() {
	entry := func(placeholder string) *kit.Entry {
		e := kit.NewEntry(placeholder)
		e.OnChanged = t.changed
		return e
	}
	t.issuer = entry(words.T("Kutano, GitHub, …"))
	t.account = entry(words.T("Your e-mail address there"))
	t.key = entry(words.T("Letters and digits; blanks do not matter"))
	t.digits, t.period, t.counter = entry("6"), entry("30"), entry("0")
	choose := func(string) { t.changed("") }
	t.kind = kit.NewSelect([]string{words.T("By time (usual)"), words.T("By counter"), words.T("Steam")}, choose)
	t.algorithm = kit.NewSelect([]string{"SHA1", "SHA256", "SHA512"}, choose)
	t.kind.SetSelectedIndex(0)
	t.algorithm.SetSelectedIndex(0)
	t.digitsRow = kit.Rows(0, labelled(words.T("Digits in a code"), t.digits), t.say(FieldDigits))
	t.periodRow = kit.Rows(0, labelled(words.T("Seconds a code lasts"), t.period), t.say(FieldPeriod))
	t.counterRow = kit.Rows(0, labelled(words.T("Counter"), t.counter), t.say(FieldCounter))
	t.algoRow = labelled(words.T("Method"), t.algorithm)
	t.extra = kit.Rows(kit.Space4,
		kit.NewQuiet(words.T("Change these only if the service says so.")),
		labelled(words.T("Kind of code"), t.kind), t.algoRow, t.digitsRow, t.periodRow, t.counterRow)
}

func labelled(label string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Rows(-kit.Space4, kit.NewQuiet(label), o)
}

func (t *typedForm) say(field Field) *widget.Label {
	l := kit.NewQuiet("")
	l.Importance = widget.DangerImportance
	l.Hide()
	t.says[field] = l
	return l
}

func (t *typedForm) toggle() {
	if t.extra.Visible() {
		t.extra.Hide()
		t.more.SetText(words.T("More choices"))
		return
	}
	t.extra.Show()
	t.more.SetText(words.T("Fewer choices"))
}

func (t *typedForm) read() Form {
	return Form{
		Issuer: t.issuer.Text, Account: t.account.Text, Key: t.key.Text,
		Type: types[max(t.kind.SelectedIndex(), 0)], Algorithm: algorithms[max(t.algorithm.SelectedIndex(), 0)],
		Digits: t.digits.Text, Period: t.period.Text, Counter: t.counter.Text,
	}
}

// changed says at once what is wrong, in plain words, under the field.
func (t *typedForm) changed(string) {
	if t.add == nil {
		return
	}
	form := t.read()
	_, problems, ok := form.Read()
	said := map[Field]string{}
	if form.Link() {
		problems, ok = nil, true
	}
	for _, p := range problems {
		said[p.Field] = p.Sentence
	}
	for field, l := range t.says {
		l.SetText(said[field])
		show(l, said[field] != "")
	}
	show(t.digitsRow, form.Type != otpauth.Steam)
	show(t.algoRow, form.Type != otpauth.Steam)
	show(t.periodRow, form.Type == otpauth.TOTP)
	show(t.counterRow, form.Type == otpauth.HOTP)
	if ok {
		t.add.Enable()
	} else {
		t.add.Disable()
	}
}

func show(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// submit goes the same way as a scan, so that a key that is here already, or
// that would replace another, is noticed.
func (t *typedForm) submit() {
	f := t.flow
	form := t.read()
	if form.Link() {
		f.Link(strings.TrimSpace(form.Key))
		return
	}
	key, _, ok := form.Read()
	accounts := f.Accounts()
	if !ok {
		return
	}
	if accounts == nil {
		f.failed(errNotOpen, nil)
		return
	}
	ctx, turn := f.begin()
	kit.Go(ctx, func(ctx context.Context) (Finding, error) {
		c, err := compare(ctx, key, accounts)
		return Finding{Candidates: []Candidate{c}}, err
	}, func(found Finding, err error) {
		switch {
		case turn != f.turn:
		case err != nil:
			f.failed(err, f.Type)
		case found.Candidates[0].Status == New && f.expected == nil:
			f.finding = found
			f.keep()
		default:
			f.finding = found
			f.show(Texts{})
		}
	})
}

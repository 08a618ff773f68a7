// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"slices"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Expected is an account that somebody is led through adding. One that fits is
// kept without another question; whatever else is found is asked about.
type Expected struct {
	// Odd returns what is to be asked about a key, or nil where it fits.
	Odd func(k otpauth.Key) *Odd
	// Got is told the account in the place of [Around.Done]; had says that it was
	// here already, with this key.
	Got func(a vault.Account, had bool)
}

// Odd is the question about a key that was not expected.
type Odd struct {
	Title, Sentence string
	Take            string // the button that keeps it all the same
}

// Expect has what is found from now on compared with what is expected; nil ends
// that.
func (f *Flow) Expect(w *Expected) { f.expected = w }

// Seen goes on with texts that were seen elsewhere.
func (f *Flow) Seen(t Texts) {
	_, turn := f.begin()
	f.looked(turn, t, nil, f.Scan)
}

// show shows what was found, or keeps it at once where it is what is expected.
func (f *Flow) show(t Texts) {
	if f.expected == nil || len(f.finding.Missing) > 0 {
		f.preview(t)
		return
	}
	readable := slices.DeleteFunc(slices.Clone(f.finding.Candidates), func(c Candidate) bool { return c.Status == Refused })
	fitting := slices.DeleteFunc(slices.Clone(readable), func(c Candidate) bool { return f.expected.Odd(c.Key) != nil })
	switch {
	case len(fitting) == 1:
		f.finding.Candidates = fitting
		f.take(t)
	case len(fitting) == 0 && len(readable) == 1:
		f.finding.Candidates = readable
		f.odd(t, *f.expected.Odd(readable[0].Key))
	default:
		f.preview(t)
	}
}

// take keeps the one candidate. That it would replace a key is asked all the same.
func (f *Flow) take(t Texts) {
	switch c := &f.finding.Candidates[0]; c.Status {
	case New:
		f.keep()
	case Same:
		f.showKept(c)
	default:
		f.previewOne(t)
	}
}

// odd asks about an account that is not the expected one. R55
func (f *Flow) odd(t Texts, o Odd) {
	again := kit.NewMainButton(words.T("Scan the screen again"), f.Scan)
	again.SetIcon(kit.IconScreen)
	f.page(&kit.Sheet{
		Title:   o.Title,
		Content: kit.Rows(kit.Space12, who(&f.finding.Candidates[0]), kit.NewText(o.Sentence)),
		Main:    again,
		Others: []*kit.Button{
			kit.NewButton(o.Take, func() { f.take(t) }),
		},
	})
}

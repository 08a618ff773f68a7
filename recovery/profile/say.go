// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/guide"
)

// Says returns what a person is told about a profile's signature, one or two
// sentences in the language in use. Who signed is only what the profile says of
// itself; the key is what counts.
func (t Trust) Says(p Profile) string {
	name := p.Name
	if name == "" {
		name = words.T("a workspace without a name")
	}
	key := p.Signer.Fingerprint()
	switch t {
	case First:
		return words.T("Signed by {name}, key {key}. This signer is new here: compare the key with what your administrator says.", "name", name, "key", key)
	case Known:
		return words.T("Signed by {name}, key {key}, as before.", "name", name, "key", key)
	case Other:
		return words.T("Signed by {name}, but with another key than before: {key}. Ask your administrator before you use it.", "name", name, "key", key)
	case NotSigned:
		return words.T("Not signed, though the one before was. Ask your administrator before you use it.")
	}
	return words.T("Not signed: anybody may have made it.")
}

// Line is a field of a profile with its name, for a person to read before it is
// used.
type Line struct{ Name, Value string }

// Lines returns what a profile says, in the language in use.
func (p Profile) Lines() []Line {
	lines := []Line{
		{words.T("Workspace"), p.Name},
		{words.T("Accounts of"), strings.Join(p.Issuers, ", ")},
		{words.T("Settings page"), p.Settings},
		{words.T("Published guide"), p.Help},
		{words.T("Service"), p.Service},
		{words.T("Contact"), p.Contact},
		{words.T("Review"), p.review()},
	}
	for _, n := range p.Notes {
		lines = append(lines, Line{words.T("Note at “{step}”", "step", p.title(n.Step)), n.Text})
	}
	said := lines[:0]
	for _, l := range lines {
		if l.Value != "" {
			said = append(said, l)
		}
	}
	return said
}

// title is what a step of the guides is called, or its id where there is none such.
func (p Profile) title(step string) string {
	for _, load := range []func() (*guide.Guide, error){guide.Load, guide.Recover} {
		if g, err := load(); err == nil {
			if title, ok := g.Title(step, p.Fill()); ok {
				return title
			}
		}
	}
	return step
}

func (p Profile) review() string {
	if p.ReviewMonths == 0 {
		return words.T("no reminders")
	}
	return words.N(p.ReviewMonths, "every month", "every {n} months")
}

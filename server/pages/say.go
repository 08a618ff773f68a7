// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"time"

	"github.com/kutano/authenticator/server/refusal"
)

// saying is what the next page says once.
type saying struct {
	Text string `json:"t,omitempty"` // something that went well, or that should be known
	// Kind and what follows it tell of a refusal.
	Kind   refusal.Kind `json:"k,omitempty"`
	Until  time.Time    `json:"u,omitzero"` // when to try again
	Left   int          `json:"l,omitempty"`
	Field  string       `json:"f,omitempty"` // the input that it is about
	Detail string       `json:"d,omitempty"`
	// Missing is what an identity check still lacks.
	Missing []string `json:"m,omitempty"`
	// Typed is what was typed, to be mended instead of typed again. Never a code.
	Typed map[string]string `json:"y,omitempty"`
}

// sayFor is how long a saying waits for its page.
const sayFor = 2 * time.Minute

func (v *visit) say(n saying) { v.leave(sayNote, n, sayFor) }

// done says that something went well, on the page to.
func (v *visit) done(text, to string) error {
	v.say(saying{Text: text})
	v.see(to)
	return nil
}

// back tells of a refusal on the page that the form stood on; field is the input
// that it is about, and typed names inputs whose content is kept.
func (v *visit) back(err error, to, field string, typed ...string) error {
	if err := v.note(err, field, typed...); err != nil {
		return err
	}
	v.see(to)
	return nil
}

// note leaves a refusal for the next page to tell, wherever that is. Other errors, and
// refusals that need another step first, are returned.
func (v *visit) note(err error, field string, typed ...string) error {
	no := refusal.Of(err)
	if no == nil || elsewhere(no.Kind) {
		return err
	}
	n := saying{Kind: no.Kind, Left: no.Left, Field: field, Detail: no.Detail, Missing: v.lacks}
	if no.Field != "" && field == "" {
		n.Field = no.Field
	}
	if no.RetryAfter > 0 {
		n.Until = v.now.Add(no.RetryAfter)
	}
	for _, name := range typed {
		if n.Typed == nil {
			n.Typed = map[string]string{}
		}
		n.Typed[name] = cut(v.form(name), 500)
	}
	v.say(n)
	return nil
}

func cut(s string, most int) string {
	r := []rune(s)
	if len(r) > most {
		r = r[:most]
	}
	return string(r)
}

// elsewhere tells whether a refusal leads to another page than the one of the form.
func elsewhere(k refusal.Kind) bool {
	switch k {
	case refusal.NeedsSignIn, refusal.NeedsSecond, refusal.NeedsEnrolment, refusal.NeedsElevation:
		return true
	}
	return false
}

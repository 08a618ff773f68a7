// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import "slices"

// detailed returns the reading's error with what could help: the words that may be
// meant. It takes a while, so it is asked only of the language that comes nearest.
func (r *reading) detailed() error {
	switch {
	case r.unknown > 0:
		e := &WordsError{Lang: r.lang()}
		for i, at := range r.at {
			if at < 0 {
				e.Words = append(e.Words, r.miss(i))
			}
		}
		return e
	case r.err == ErrCheck: //nolint:errorlint // decode returns it unwrapped
		return &CheckError{Lang: r.lang(), Suggest: r.suggest()}
	}
	return r.err
}

// miss describes the word at an index, which is not known. If it is the only one of
// six, the others tell which one it should be.
func (r *reading) miss(i int) Unknown {
	typed := r.typed[i]
	u := Unknown{Place: i + 1, Typed: typed.typed}
	if typed.digits() {
		return u
	}
	u.Near = r.list.near(typed.typed)
	if len(r.at) != Length || r.unknown > 1 {
		return u
	}
	right, ok := r.phrase().fitting(i)
	if !ok || r.list.apart(typed.typed, int(right)) > hearings[r.list.lang].reach {
		return u
	}
	u.Fits = r.list.words[right]
	u.Near = slices.DeleteFunc(u.Near, func(w string) bool { return w == u.Fits })
	u.Near = slices.Insert(u.Near, 0, u.Fits)
	u.Near = u.Near[:min(len(u.Near), offered)]
	return u
}

// fitting returns the one word at an index with which all the others go together, if
// the phrase then means something.
func (p Phrase) fitting(i int) (byte, bool) {
	for w := range size {
		p[i] = byte(w)
		if p.fits() {
			_, err := p.decode()
			return byte(w), err == nil
		}
	}
	return 0, false // there is always one
}

// suggest looks for the one misheard word or the two swapped neighbours that explain
// why a phrase does not fit.
func (r *reading) suggest() *Suggestion {
	var all []Suggestion
	p := r.phrase()
	for i, typed := range r.typed {
		right, ok := p.fitting(i)
		switch {
		case !ok:
		case typed.digits() && alike(p[i], right):
			all = append(all, Suggestion{Place: i + 1, Word: digits(right)})
		case !typed.digits() && r.list.apart(r.list.words[p[i]], int(right)) <= hearings[r.list.lang].reach:
			all = append(all, Suggestion{Place: i + 1, Word: r.list.words[right]})
		}
	}
	for i := range Length - 1 {
		q := p
		q[i], q[i+1] = q[i+1], q[i]
		if _, err := q.decode(); err == nil {
			all = append(all, Suggestion{Place: i + 1, With: i + 2})
		}
	}
	if len(all) != 1 {
		return nil
	}
	return &all[0]
}

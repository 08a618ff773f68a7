// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package bring

import (
	"strings"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/vault"
)

// sum counts what would come of an import.
type sum struct {
	states            [states]int // entries, the first of all
	add, replace, bin int
	left              int // could come in, and is not ticked
}

func (c *choice) sum() sum {
	var s sum
	for i := range c.items {
		it := &c.items[i]
		s.states[anyState]++
		s.states[it.state]++
		switch {
		case !it.can():
		case it.use == leave:
			s.left++
		case it.state == inBin:
			s.bin++
		case it.use == instead:
			s.replace++
		default:
			s.add++
		}
	}
	return s
}

// nothing reports whether nothing would change.
func (s sum) nothing() bool { return s.add+s.replace+s.bin == 0 }

// sentence says what would come of it.
func (s sum) sentence() string {
	var all []string
	for _, part := range []struct {
		n    int
		says func(int) string
	}{
		{s.add, func(n int) string { return words.N(n, "1 account comes in.", "{n} accounts come in.") }},
		{s.replace, func(n int) string { return words.N(n, "1 key is replaced.", "{n} keys are replaced.") }},
		{s.bin, func(n int) string { return words.N(n, "1 comes in as removed.", "{n} come in as removed.") }},
		{s.states[isSame], func(n int) string { return words.N(n, "1 is here already.", "{n} are here already.") }},
		{s.left, func(n int) string { return words.N(n, "1 is left out.", "{n} are left out.") }},
		{s.states[isBad], func(n int) string { return words.N(n, "1 cannot come in.", "{n} cannot come in.") }},
	} {
		if part.n > 0 {
			all = append(all, part.says(part.n))
		}
	}
	return strings.Join(all, " ")
}

// yes is what the button says.
func (s sum) yes() string {
	switch {
	case s.add == 0 && s.bin == 0 && s.replace > 0:
		return words.N(s.replace, "Replace 1 key", "Replace {n} keys")
	case s.nothing():
		return words.T("Nothing to add")
	}
	return words.N(s.add+s.replace+s.bin, "Add 1 account", "Add {n} accounts")
}

// filters are the states there are entries of, and what they are called.
func (s sum) filters() (of []state, names []string) {
	for st := range states {
		n := s.states[st]
		if n == 0 {
			continue
		}
		of = append(of, st)
		names = append(names, filterName(st, n))
	}
	return of, names
}

func filterName(of state, n int) string {
	switch of {
	case isNew:
		return words.T("New ({n})", "n", n)
	case isSame:
		return words.T("Here already ({n})", "n", n)
	case differs:
		return words.T("With another key here ({n})", "n", n)
	case inBin:
		return words.T("From the other app’s bin ({n})", "n", n)
	case isBad:
		return words.T("Cannot come in ({n})", "n", n)
	}
	return words.T("All ({n})", "n", n)
}

// take is what the vault is told.
func (c *choice) take() vault.Take {
	t := vault.Take{Use: make([]bool, len(c.found)), Beside: make([]bool, len(c.found))}
	for i := range c.items {
		it := &c.items[i]
		if it.found < 0 || it.use == leave {
			continue
		}
		t.Use[it.found] = true
		t.Beside[it.found] = it.state == differs && it.use == bringIn
	}
	return t
}

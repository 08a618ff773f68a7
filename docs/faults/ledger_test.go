// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package faults

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ledger is what the killed processes have said: which accounts there must be.
type ledger struct {
	state map[int]string // "live" or "removed", by number
	pass  string
	next  int
}

// maybe is what the last process was at when it was killed: done or not.
type maybe struct {
	what string
	n    int
	pass string
}

// read enters what a process has said. What it had begun last may be done or not.
func (b *ledger) read(said []string) (last maybe, confirmed int) {
	for i, line := range said {
		if line == "done" {
			continue
		}
		what, rest, _ := strings.Cut(line, " ")
		m := maybe{what: what, n: -1}
		if what == "passphrase" {
			m.pass, _ = strconv.Unquote(rest)
		} else {
			m.n, _ = strconv.Atoi(rest)
		}
		switch {
		case i+1 < len(said) && said[i+1] == "done":
			b.enter(m)
			confirmed++
		case i+1 == len(said):
			last = m
		}
	}
	return last, confirmed
}

func (b *ledger) enter(m maybe) {
	switch m.what {
	case "add", "restore":
		b.state[m.n] = "live"
	case "remove":
		b.state[m.n] = "removed"
	case "erase":
		delete(b.state, m.n)
	case "passphrase":
		b.pass = m.pass
	}
}

// check compares the books with what is there, and enters what the last one did.
func (b *ledger) check(s *view, last maybe) error {
	if len(s.lost) > 0 || s.aside > 0 || len(s.notices) > 0 {
		return errors.New(s.summary())
	}
	now := map[int]string{}
	for i, there := range []map[string]string{s.live, s.removed} {
		for text, label := range there {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(label, "Service"), ":ana@example.com"))
			if err != nil || text != sample(n).URI().Reveal() || now[n] != "" {
				return fmt.Errorf("%s stands twice, or has another's key", label)
			}
			now[n] = []string{"live", "removed"}[i]
		}
	}
	if s.pass != b.pass {
		if last.what != "passphrase" || s.pass != last.pass {
			return fmt.Errorf("%q opens it, not %q", s.pass, b.pass)
		}
		b.enter(last)
	}
	want := &ledger{state: map[int]string{}}
	for n, state := range b.state {
		want.state[n] = state
	}
	want.enter(last)
	for n := range joined(now, b.state, want.state) {
		if now[n] != b.state[n] && now[n] != want.state[n] {
			return fmt.Errorf("account %d is %q, and not %q", n, now[n], b.state[n])
		}
	}
	b.state = now
	return nil
}

func joined(ms ...map[int]string) map[int]bool {
	all := map[int]bool{}
	for _, m := range ms {
		for n := range m {
			all[n] = true
		}
	}
	return all
}

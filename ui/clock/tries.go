// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/fromcodes"
	"github.com/kutano/authenticator/vault"
)

// answer is what became of a copied code.
type answer uint8

const (
	unanswered answer = iota
	worked
	refused
)

// copied is a code that was copied while the app runs: which step's it was, never
// the code. It is kept in memory only.
type copied struct {
	id     vault.ID
	at     clock.Times
	step   int64
	period time.Duration
	answer answer
}

// tries are the codes that were copied, oldest first.
type tries []copied

// most is how many of them are kept.
const most = 8

// Copied notes that a code was copied, which began at a time and is valid for so
// many seconds.
func (s *Screen) Copied(id vault.ID, from time.Time, period int) {
	if period <= 0 {
		return
	}
	c := copied{id: id, at: s.Read(), step: from.Unix() / int64(period), period: time.Duration(period) * time.Second}
	if n := len(s.tries); n > 0 && s.tries[n-1].id == id && s.tries[n-1].step == c.step && s.tries[n-1].answer == unanswered {
		s.tries[n-1].at = c.at // the same code once more
		return
	}
	s.tries = append(s.tries, c)
	if len(s.tries) > most {
		s.tries = append(tries(nil), s.tries[len(s.tries)-most:]...)
	}
	if s.shown {
		s.page.taken.show()
	}
}

// answered are the tries that something is known of, of one period.
func (t tries) answered(period time.Duration) []fromcodes.Try {
	var out []fromcodes.Try
	for _, c := range t {
		if c.answer != unanswered && c.period == period {
			out = append(out, fromcodes.Try{Step: c.step, At: c.at, Taken: c.answer == worked})
		}
	}
	return out
}

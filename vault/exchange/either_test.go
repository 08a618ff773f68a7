// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"context"
	"errors"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// keyed is a format for tests without a mark: its password tells.
type keyed struct {
	lines
	pass string
}

func (k keyed) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Password, nil }

func (k keyed) Read(_ context.Context, _ *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if pass.Reveal() != k.pass {
		return foreign.ErrPassword
	}
	add(foreign.FromURI(uri(k.id)))
	return nil
}

// A file that may be of several formats is of the one whose password opens it.
func TestReadEither(t *testing.T) {
	unmarked := []foreign.Reader{
		lines{"x", foreign.No},
		keyed{lines{"", foreign.Maybe}, "one"},
		keyed{lines{"", foreign.Maybe}, "two"},
		lines{"random", foreign.Maybe},
	}
	for pass, opened := range map[string]bool{"one": true, "two": true, "three": false} {
		var asked []Question
		j := job{readers: unmarked, ask: answers(t, &asked, pass, "")}
		r, err := j.run(t.Context(), sources("random"))
		if err != nil {
			t.Fatal(err)
		}
		f := r.Files[0]
		if !f.Encrypted || (f.Err == nil) != opened || !opened && !errors.Is(f.Err, foreign.ErrPassword) || (f.To == 1) != opened {
			t.Errorf("%s: %+v", pass, f)
		}
		if asked[0].Format != (foreign.Format{}) {
			t.Errorf("%s: asked as if it were %v", pass, asked[0].Format)
		}
	}
}

func TestEitherTellsWhich(t *testing.T) {
	unmarked := []foreign.Reader{keyed{lines{"r", foreign.Maybe}, "one"}, keyed{lines{"ra", foreign.Maybe}, "two"}}
	var asked []Question
	j := job{readers: unmarked, ask: answers(t, &asked, "two")}
	r, err := j.run(t.Context(), sources("random"))
	if err != nil || r.Files[0].Format.ID != "ra" {
		t.Errorf("%+v, %v", r.Files, err)
	}
	for _, m := range []foreign.Match{foreign.Sure, foreign.Maybe} { // one that is surer, or the only one, is taken at its word
		asked, readers := []Question(nil), []foreign.Reader{keyed{lines{"r", foreign.Maybe}, "one"}, keyed{lines{"ra", m}, "two"}}
		if m == foreign.Maybe {
			readers = readers[1:]
		}
		j = job{readers: readers, ask: answers(t, &asked, "two")}
		if r, err = j.run(t.Context(), sources("random")); err != nil || r.Files[0].Err != nil || asked[0].Format.ID != "ra" {
			t.Errorf("%+v, %+v, %v", r.Files, asked, err)
		}
	}
}

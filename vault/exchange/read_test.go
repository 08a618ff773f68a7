// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// lines is a format for tests: its first line is "lines" or "lines PASSWORD",
// each other one a key URI.
type lines struct {
	id    string
	match foreign.Match
}

func (l lines) Format() foreign.Format { return foreign.Format{ID: l.id, App: strings.ToUpper(l.id)} }

func (l lines) Detect(s *foreign.Source) foreign.Match {
	if bytes.HasPrefix(s.Data, []byte(l.id)) {
		return l.match
	}
	return foreign.No
}

func (l lines) password(s *foreign.Source) string {
	first, _, _ := strings.Cut(string(s.Data), "\n")
	return strings.TrimSpace(strings.TrimPrefix(first, l.id))
}

func (l lines) Lock(s *foreign.Source) (foreign.Lock, error) {
	switch l.password(s) {
	case "":
		return foreign.Open, nil
	case "costly":
		return foreign.Password, &foreign.CostError{Of: foreign.Memory, Asked: 2 << 30, Max: 1 << 30}
	}
	return foreign.Password, nil
}

func (l lines) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	if pass.Reveal() != l.password(s) {
		return foreign.ErrPassword
	}
	all := strings.Split(strings.TrimSpace(string(s.Data)), "\n")
	for _, line := range all[1:] {
		if err := ctx.Err(); err != nil {
			return err
		}
		if line == "torn" {
			return foreign.ErrCutShort
		}
		add(foreign.FromURI(line))
	}
	return nil
}

var known = []foreign.Reader{lines{"first", foreign.Sure}, lines{"fir", foreign.Maybe}, lines{"second", foreign.Maybe}}

func uri(name string) string {
	return "otpauth://totp/Shop:" + name + "?secret=JBSWY3DPEHPK3PXP&issuer=Shop"
}

func sources(texts ...string) []*foreign.Source {
	var all []*foreign.Source
	for i, text := range texts {
		all = append(all, foreign.NewSource(fmt.Sprintf("file %d", i), []byte(text)))
	}
	return all
}

// answers gives one password after the other.
func answers(t *testing.T, asked *[]Question, passwords ...string) Ask {
	return func(_ context.Context, q Question) (secret.Value, error) {
		*asked = append(*asked, q)
		if len(passwords) == 0 {
			t.Errorf("asked once too often: %+v", q)
			return secret.Value{}, nil
		}
		next := passwords[0]
		passwords = passwords[1:]
		return secret.FromString(next), nil
	}
}

func TestReadSeveral(t *testing.T) {
	var asked []Question
	j := job{readers: known, ask: answers(t, &asked, "wrong", "pw", "", "other")}
	r, err := j.run(t.Context(), sources(
		"first\n"+uri("a")+"\nnonsense\n"+uri("b"),
		"first pw\n"+uri("c"),
		"first pw\n"+uri("d"), // opened by the password before
		"first apart\n"+uri("e"),
		"second\n"+uri("f")+"\ntorn",
		"third\n"+uri("g"),
		"first\n",
		"first costly\n"+uri("h"),
		"second other\n"+uri("i"),
	))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range r.Entries {
		names = append(names, e.Key.Account)
	}
	if want := []string{"a", "", "b", "c", "d", "f", "i"}; !slices.Equal(names, want) {
		t.Errorf("entries %q, want %q", names, want)
	}
	for i, want := range []struct {
		id        string
		encrypted bool
		from, to  int
		err       error
	}{
		{"first", false, 0, 3, nil},
		{"first", true, 3, 4, nil},
		{"first", true, 4, 5, nil},
		{"first", true, 5, 5, foreign.ErrNoPassword},
		{"second", false, 5, 6, foreign.ErrCutShort},
		{"", false, 6, 6, foreign.ErrUnknown},
		{"first", false, 6, 6, foreign.ErrNothing},
		{"first", true, 6, 6, foreign.ErrTooCostly},
		{"second", true, 6, 7, nil},
	} {
		f := r.Files[i]
		if f.Name != fmt.Sprintf("file %d", i) || f.Format.ID != want.id || f.Encrypted != want.encrypted || f.From != want.from || f.To != want.to ||
			!errors.Is(f.Err, want.err) || f.Err != nil && want.err == nil {
			t.Errorf("file %d: %+v, want %+v", i, f, want)
		}
	}
	var told []string
	for _, q := range asked {
		told = append(told, fmt.Sprint(q.Source, " ", q.Format.ID, " ", q.Wrong))
	}
	if want := []string{"file 1 first false", "file 1 first true", "file 3 first false", "file 8 second false"}; !slices.Equal(told, want) {
		t.Errorf("asked %q, want %q", told, want)
	}
}

func TestWrongPasswordGivenUp(t *testing.T) {
	var asked []Question
	j := job{readers: known, ask: answers(t, &asked, "wrong", "")}
	r, err := j.run(t.Context(), sources("first pw\n"+uri("a")))
	if err != nil || !errors.Is(r.Files[0].Err, foreign.ErrPassword) {
		t.Errorf("%+v, %v", r.Files, err)
	}
}

func TestReadEnds(t *testing.T) {
	gone := errors.New("the person went away")
	j := job{readers: known, ask: func(context.Context, Question) (secret.Value, error) { return secret.Value{}, gone }}
	in := sources("first\n"+uri("a"), "first pw\n"+uri("b"))
	var kept otpauth.Key
	j.tell = func(p Progress) {
		if p.Entries > 0 {
			kept = j.found.Entries[0].Key
		}
	}
	r, err := j.run(t.Context(), in)
	if err != gone || len(r.Entries) > 0 {
		t.Errorf("%v with %d entries", err, len(r.Entries))
	}
	if kept.Secret.Len() > 0 {
		t.Error("a key is left in memory")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	j = job{readers: known}
	if _, err := j.run(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTooLargeIsNotRead(t *testing.T) {
	s := foreign.NewSource("big", append([]byte("first\n"+uri("a")+"\n"), make([]byte, foreign.MaxSource)...))
	j := job{readers: known}
	r, err := j.run(t.Context(), []*foreign.Source{s})
	if err != nil || !errors.Is(r.Files[0].Err, foreign.ErrTooLarge) {
		t.Errorf("%+v, %v", r.Files, err)
	}
}

func TestDocument(t *testing.T) {
	bin := foreign.FromURI(uri("c"))
	bin.Trashed = true
	r := Result{Entries: []foreign.Entry{
		{Key: foreign.FromURI(uri("a")).Key, Tags: []string{"x"}, Note: "n", Favourite: true},
		{Label: "b", Err: foreign.ErrDamaged},
		bin,
	}}
	now := time.Unix(1_700_000_000, 0)
	d, at := r.Document(now)
	if !slices.Equal(at, []int{0, 2}) || len(d.Accounts) != 2 {
		t.Fatalf("%v, %d accounts", at, len(d.Accounts))
	}
	a, c := d.Accounts[0], d.Accounts[1]
	if a.URI.Reveal() != r.Entries[0].Key.URI().Reveal() || !slices.Equal(a.Tags, []string{"x"}) || a.Note != "n" || !a.Favourite || !a.Removed.IsZero() {
		t.Errorf("first: %+v", a)
	}
	if !c.Removed.Equal(now) {
		t.Errorf("of the bin: %v", c.Removed)
	}
}

func TestMissingPictures(t *testing.T) {
	var keys []otpauth.Key
	for i := range 25 {
		keys = append(keys, foreign.FromURI(uri(fmt.Sprint(i))).Key)
	}
	uris, _ := otpauth.Migration(keys)
	all := sources("", "")
	all[0].Texts, all[1].Texts = []string{uris[0].Reveal()}, []string{uris[2].Reveal()}
	got := missing(all)
	if len(got) != 1 || !slices.Equal(got[0].Have, []int{0, 2}) || got[0].Size != len(uris) {
		t.Errorf("%+v", got)
	}
}

// endless is a reader of a file without an end.
type endless struct{ lines }

func (endless) Read(ctx context.Context, _ *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	for ctx.Err() == nil {
		add(foreign.Entry{Err: foreign.ErrDamaged})
	}
	return ctx.Err()
}

func TestTooManyEntries(t *testing.T) {
	j := job{readers: []foreign.Reader{endless{lines{"first", foreign.Sure}}}}
	r, err := j.run(t.Context(), sources("first"))
	if err != nil || !errors.Is(r.Files[0].Err, foreign.ErrTooMany) || len(r.Entries) != MaxEntries {
		t.Errorf("%v, %v, %d entries", err, r.Files, len(r.Entries))
	}
}

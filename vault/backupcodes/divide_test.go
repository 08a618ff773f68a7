// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/backupcodes/split"
	"github.com/kutano/authenticator/vault/secret"
)

// Any of the people bring the unused codes back, with the title and nothing else.
func TestDivide(t *testing.T) {
	s, _ := made(t)
	set := keep(t, s, "Kutäno", codes("1234 5678", "used", "ABCD-EFGH")...)
	_, err := s.Use(t.Context(), set.ID, 1)
	check(t, err)
	shares, err := s.Divide(set.ID, 2, 3)
	check(t, err)
	var some []split.Share
	for _, sh := range []split.Share{shares[2], shares[0]} {
		back, err := split.Parse(sh.Text())
		check(t, err)
		some = append(some, back)
	}
	_, err = Rejoin(some[:1])
	wants(t, err, split.ErrTooFew)
	n, err := Rejoin(some)
	check(t, err)
	if got := shown([]Reading{{Codes: n.Codes}}); n.Title != "Kutäno" || !slices.Equal(got, []string{"1234 5678|ABCD-EFGH"}) || n.Account != "" {
		t.Errorf("%q, %q", n.Title, got)
	}
	if again := keep(t, s, n.Title, n.Codes...); again.First != 2 {
		t.Errorf("%+v", again)
	}
	for _, i := range []int{0, 2} {
		_, err := s.Use(t.Context(), set.ID, i)
		check(t, err)
	}
	_, err = s.Divide(set.ID, 2, 3)
	wants(t, err, ErrNoCodes)
	s.Lock()
	_, err = s.Divide(set.ID, 2, 3)
	wants(t, err, ErrLocked)
}

func TestDivideRefuses(t *testing.T) {
	for want, n := range map[error]New{
		ErrNoCodes: {Title: "x"}, ErrNoTitle: {Codes: codes("x")}, ErrUnprintable: {Title: "x", Codes: codes("\x00")},
		split.ErrSize: {Title: "x", Codes: func() (all []secret.Value) {
			for i := range MaxCodes {
				all = append(all, secret.FromString(strings.Repeat("x", i+1)))
			}
			return all
		}()},
	} {
		_, err := Divide(n, 2, 3)
		wants(t, err, want)
	}
	_, err := Divide(New{Title: "x", Codes: codes("x")}, 4, 3)
	wants(t, err, split.ErrCount)
	for _, text := range []string{"something else", "\ncode", "title\n", "title\nco\x07de", "a\xff\nb"} {
		shares, err := split.Make(secret.FromString(text), 2, 2)
		check(t, err)
		_, err = Rejoin(shares)
		wants(t, err, ErrNotSafe)
	}
}

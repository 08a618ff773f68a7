// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault"
)

func split(s string) []vault.ID {
	out := []vault.ID{}
	for _, r := range s {
		out = append(out, vault.ID(r))
	}
	return out
}

func TestMoved(t *testing.T) {
	for _, tc := range []struct {
		all, shown, id string
		by             int
		want           string
	}{
		{"abcd", "abcd", "b", 1, "acbd"},
		{"abcd", "abcd", "b", -1, "bacd"},
		{"abcd", "abcd", "d", 1, ""},
		{"abcd", "abcd", "a", -1, ""},
		{"abcd", "abcd", "x", 1, ""},
		{"abcd", "ad", "d", -1, "dabc"}, // over rows that a search hides
		{"abcd", "ad", "a", 1, "bcda"},
	} {
		got, ok := Moved(split(tc.all), split(tc.shown), vault.ID(tc.id), tc.by)
		if ok != (tc.want != "") || ok && !slices.Equal(got, split(tc.want)) {
			t.Errorf("Moved(%s of %s, %s by %d) = %v %v, want %s", tc.shown, tc.all, tc.id, tc.by, got, ok, tc.want)
		}
	}
}

func TestMovedKeepsEveryAccount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		all := split("abcdefghijkl"[:n])
		var shown []vault.ID
		for _, id := range all {
			if rapid.Bool().Draw(t, "shown") {
				shown = append(shown, id)
			}
		}
		id := rapid.SampledFrom(all).Draw(t, "id")
		got, ok := Moved(all, shown, id, rapid.SampledFrom([]int{-1, 1}).Draw(t, "by"))
		if !ok {
			return
		}
		a, b := slices.Clone(all), slices.Clone(got)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Fatalf("%v became %v", all, got)
		}
	})
}

// R20: many accounts of many services.
func many(n int) []vault.Account {
	as := make([]vault.Account, n)
	for i := range as {
		as[i] = totp(fmt.Sprint("id", i), fmt.Sprint("Service ", i%977), fmt.Sprintf("user%d@example.com", i), 6)
	}
	return as
}

// R20: a keystroke over 10,000 accounts is answered within 5 ms.
func TestSearchIsFast(t *testing.T) {
	m := newTestModel(t, nil, many(10_000)...)
	best := time.Hour
	for range 5 {
		start := time.Now()
		m.SetQuery("user99 service 7")
		best = min(best, time.Since(start))
	}
	if m.Len() == 0 {
		t.Fatal("nothing found")
	}
	if best > 5*time.Millisecond {
		t.Errorf("one keystroke takes %v at 10,000 accounts, want at most 5 ms", best)
	}
}

func BenchmarkSearch10000(b *testing.B) {
	m := NewModel(nil, nil)
	m.SetAccounts(many(10_000))
	b.ReportAllocs()
	for b.Loop() {
		m.SetQuery("user99 service 7")
	}
}

// BenchmarkRows10000 is one tick between two steps: the rows in view only.
func BenchmarkRows10000(b *testing.B) {
	m := NewModel(&fakeSource{}, nil)
	m.SetAccounts(many(10_000))
	for i := range 12 {
		m.Row(i, at(31))
	}
	m.Settle()
	b.ReportAllocs()
	for b.Loop() {
		for i := range 12 {
			m.Row(i, at(40))
		}
	}
}

func TestATickAllocatesNothing(t *testing.T) {
	m := newTestModel(t, &fakeSource{}, many(100)...)
	for i := range 12 {
		m.Row(i, at(31))
	}
	m.Settle()
	if n := testing.AllocsPerRun(100, func() {
		for i := range 12 {
			m.Row(i, at(40))
		}
	}); n != 0 {
		t.Errorf("a tick between steps allocates %v times", n)
	}
}

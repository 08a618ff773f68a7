// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const ms = time.Millisecond

func server(n int, offset, uncertainty time.Duration) Estimate {
	return Estimate{Offset: offset, Uncertainty: uncertainty, Kind: NTP, Name: fmt.Sprint("server", n), Operator: fmt.Sprint("operator", n%3)}
}

func TestAgree(t *testing.T) {
	smeared := func(n int, offset, uncertainty time.Duration) Estimate {
		e := server(n, offset, uncertainty)
		e.Smeared = true
		return e
	}
	one := func(e Estimate) Estimate {
		e.Operator = "one"
		return e
	}
	for _, tc := range []struct {
		name                string
		in                  []Estimate
		offset, uncertainty time.Duration
		majority            bool
		against             int
	}{
		{"one", []Estimate{server(0, 47*time.Second, 20*ms)}, 47 * time.Second, 20 * ms, false, 0},
		{"two", []Estimate{server(0, 0, 20*ms), server(1, 10*ms, 20*ms)}, 5 * ms, 15 * ms, false, 0},
		{"three", []Estimate{server(0, 0, 20*ms), server(1, 10*ms, 20*ms), server(2, -10*ms, 20*ms)}, 0, 10 * ms, true, 0},
		{"three of one operator", []Estimate{one(server(0, 0, 20*ms)), one(server(1, 10*ms, 20*ms)), one(server(2, 0, 20*ms))}, 5 * ms, 15 * ms, false, 0},
		{"one liar of four", []Estimate{server(0, 0, 20*ms), server(1, 10*ms, 20*ms), server(2, 0, 20*ms), server(3, time.Hour, 20*ms)}, 5 * ms, 15 * ms, true, 1},
		{"two liars of five", []Estimate{
			server(0, 0, 20*ms), server(1, time.Hour, 20*ms), server(2, 10*ms, 20*ms), server(3, time.Hour, 20*ms), server(4, 0, 20*ms),
		}, 5 * ms, 15 * ms, true, 2},
		{"three liars of five, each another", []Estimate{
			server(0, 0, 20*ms), server(1, time.Hour, 20*ms), server(2, 10*ms, 20*ms), server(3, 2*time.Hour, 20*ms), server(4, 3*time.Hour, 20*ms),
		}, 5 * ms, 15 * ms, false, 3},
		{"half and half", []Estimate{
			server(0, 0, 20*ms), server(1, 0, 20*ms), server(2, time.Hour, 10*ms), server(3, time.Hour, 10*ms),
		}, time.Hour, 10 * ms, false, 2},
		{"a leap second being spread", []Estimate{
			server(0, 0, 20*ms), server(1, 0, 20*ms), server(2, 0, 20*ms), smeared(3, 400*ms, 20*ms), smeared(4, 400*ms, 20*ms),
		}, 0, 20 * ms, true, 0},
		{"more that spread, and say something else", []Estimate{
			server(0, 47*time.Second, 20*ms), server(1, 47*time.Second, 20*ms), server(2, 47*time.Second, 20*ms),
			smeared(3, 0, 20*ms), smeared(4, 0, 20*ms), smeared(5, 0, 20*ms),
		}, 47 * time.Second, 20 * ms, false, 3},
		{"only spread ones", []Estimate{smeared(0, 400*ms, 20*ms), smeared(1, 400*ms, 20*ms), smeared(2, 400*ms, 20*ms)}, 400 * ms, 20 * ms, true, 0},
		{"too few of both", []Estimate{server(0, 0, 20*ms), smeared(1, 400*ms, 20*ms), smeared(2, 400*ms, 20*ms)}, 0, 20 * ms, true, 0},
		{"touching", []Estimate{server(0, 0, 10*ms), server(1, 20*ms, 10*ms), server(2, 10*ms, 10*ms)}, 10 * ms, 0, true, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ok := Agree(tc.in)
			if !ok || got.Offset != tc.offset || got.Uncertainty != tc.uncertainty || got.Majority != tc.majority || len(got.Against) != tc.against {
				t.Errorf("got %v ± %v, majority %v, %d against", got.Offset, got.Uncertainty, got.Majority, len(got.Against))
			}
		})
	}
	if _, ok := Agree(nil); ok {
		t.Error("nothing agrees on something")
	}
}

// Fewer liars than others say whatever they like: there is a majority all the
// same, and what comes out is possible by one at least that is right.
func TestMajorityIsRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "truth"))
		honest := rapid.IntRange(3, 8).Draw(t, "honest")
		right := map[string]bool{}
		var all []Estimate
		for i := range honest {
			u := time.Duration(rapid.Int64Range(1, int64(time.Second)).Draw(t, "uncertainty"))
			off := time.Duration(rapid.Int64Range(-int64(u), int64(u)).Draw(t, "error"))
			all = append(all, server(i, truth+off, u))
			right[all[i].Name] = true
		}
		for i := range rapid.IntRange(0, honest-1).Draw(t, "liars") {
			u := time.Duration(rapid.Int64Range(1, int64(time.Second)).Draw(t, "uncertainty"))
			off := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(time.Hour)).Draw(t, "lie"))
			all = append(all, server(honest+i, truth+off, u))
		}
		got, _ := Agree(rapid.Permutation(all).Draw(t, "order"))
		if !got.Majority {
			t.Fatalf("%d of %d are no majority", len(got.With), len(all))
		}
		if len(got.With) < honest {
			t.Fatalf("%d agree, and %d are honest", len(got.With), honest)
		}
		honestly := false
		for _, e := range got.With {
			honestly = honestly || right[e.Name]
			if got.Offset < e.Low() || got.Offset > e.High() {
				t.Fatal("one of those that agree does not allow it")
			}
		}
		if !honestly {
			t.Fatal("only liars allow it")
		}
	})
}

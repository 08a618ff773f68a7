// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package keystore

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestGrow(t *testing.T) {
	for _, tc := range []struct {
		took time.Duration
		want params
	}{
		{0, floor}, // a clock that stands still
		{time.Second, floor},
		{500 * time.Millisecond, floor},
		{300 * time.Millisecond, params{64 << 10, 5, 4}}, // + 2 × 100 ms
		{100 * time.Millisecond, params{256 << 10, 3, 4}},
		{60 * time.Millisecond, params{256 << 10, 6, 4}}, // 4 × 60, + 3 × 80
		{time.Microsecond, params{256 << 10, 16, 4}},
	} {
		if got := floor.grow(500*time.Millisecond, tc.took); got != tc.want {
			t.Errorf("floor takes %v: %+v, want %+v", tc.took, got, tc.want)
		}
	}
}

// Whatever the device, costs are at least the floor and a reader takes them.
func TestGrowStaysWithin(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		took := time.Duration(rapid.Int64Range(-1, int64(time.Hour)).Draw(r, "took"))
		target := time.Duration(rapid.Int64Range(-1, int64(time.Hour)).Draw(r, "target"))
		p := floor.grow(target, took)
		if p.check() != nil || p.memory < floor.memory || p.passes < floor.passes || p.lanes != floor.lanes {
			r.Fatalf("%+v", p)
		}
		if p != floor && took*time.Duration(p.memory/floor.memory)*time.Duration(p.passes)/time.Duration(floor.passes) > target+time.Duration(p.passes) {
			r.Fatalf("%+v takes longer than %v", p, target)
		}
	})
}

func TestEffort(t *testing.T) {
	SetEffort(0)
	t.Cleanup(func() { SetEffort(Usual) })
	if calibrated() != floor {
		t.Errorf("no effort: %+v", calibrated())
	}
	SetEffort(-1)
	if p := calibrated(); p != least || p.check() != nil {
		t.Errorf("for tests: %+v", p)
	}
	SetEffort(Usual)
	if p := calibrated(); p.memory < floor.memory || p.passes < floor.passes || p.check() != nil {
		t.Errorf("usual: %+v", p)
	}
}

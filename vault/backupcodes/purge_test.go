// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package backupcodes

import (
	"strconv"
	"testing"
	"time"
)

// A clock that is years fast for some days costs nothing that was removed.
func TestRemovedWhileTheClockIsWrong(t *testing.T) {
	s, w := made(t)
	here, there := keep(t, s, "here", ten("a")...), note(t, s, "there", 8)
	for _, set := range []Set{here, there} {
		check(t, s.Remove(t.Context(), set.ID))
	}
	years := 9 * 365 * 24 * time.Hour
	for range 2 {
		w.advance(years)
		for i := range 3 {
			keep(t, s, "fast", ten(strconv.Itoa(i))...)
			w.advance(24 * time.Hour)
		}
		w.advance(-years)
		keep(t, s, "right again", ten("x")...)
	}
	if got := s.Removed(); len(got) != 2 {
		t.Errorf("%v", got)
	}
	for _, set := range []Set{here, there} {
		if back, err := again(t, s, "one").Restore(t.Context(), set.ID); err != nil || back != set {
			t.Errorf("%+v, %v", back, err)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/ui/kit"
)

// Another place has the clock measured without the page: where the user lets it be, and
// it is told what was in the way.
func TestAsk(t *testing.T) {
	b := newBench(t)
	var told []*kit.Message
	ask := func() {
		b.s.Ask(func(m *kit.Message) { told = append(told, m) })
		b.settle()
	}
	for _, n := range []clock.Network{clock.Unasked, clock.Never} {
		_ = b.true.Allow(n, nil)
		if ask(); b.net.calls != 0 || len(told) != 1 || told[0] != nil {
			t.Fatalf("%q: asked %d times, told %v", n, b.net.calls, told)
		}
		told = nil
	}
	for i, n := range []clock.Network{clock.OnDemand, clock.Daily} {
		_ = b.true.Allow(n, nil)
		b.net.answer = func() (clock.Measurement, bool) { return agreed(47*time.Second, b.dev.read()), true }
		if ask(); b.net.calls != i+1 || len(told) != i+1 || told[i] != nil || b.true.Status().Applied != 47*time.Second {
			t.Fatalf("%q: asked %d times, told %v", n, b.net.calls, told)
		}
	}
	b.net.err = ErrNoAnswer
	if ask(); told[2] == nil || told[2].What == "" || told[2].Safe != "Nothing was changed." || b.true.Status().Applied != 47*time.Second {
		t.Errorf("told %+v", told[2])
	}
}

// Who asks while it is measured already waits for that, and is told where it is stopped.
func TestAskMeanwhile(t *testing.T) {
	b := newBench(t)
	_ = b.true.Allow(clock.Daily, nil)
	b.net.hang = make(chan struct{})
	b.s.Daily()
	<-b.net.hang
	told := 0
	for range 2 {
		b.s.Ask(func(m *kit.Message) {
			if told++; m != nil {
				t.Errorf("told %+v", m)
			}
		})
	}
	if b.net.calls != 1 || told != 0 {
		t.Errorf("asked %d times, told %d times", b.net.calls, told)
	}
	b.s.Lock()
	b.settle()
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}

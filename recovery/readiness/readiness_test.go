// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package readiness

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/vault/backupcodes"
)

func TestOf(t *testing.T) {
	copied := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		f     Facts
		count int
		good  bool
		next  Kind
	}{
		{"nothing known", Facts{}, 0, false, Codes},
		{"off", Facts{Method: Off}, 0, false, ""},
		{"only the key here", Facts{Method: App, KeyHere: true}, 0, false, Codes},
		{"codes beside the key", Facts{Method: App, KeyHere: true, CodesKnown: true, CodesHere: true, CodesLeft: 10}, 0, false, Codes}, // R65
		{"codes here, key on a phone", Facts{Method: App, CodesKnown: true, CodesHere: true, CodesLeft: 10}, 1, false, Device},
		{"no other device", Facts{Method: App, CodesKnown: true, CodesLeft: 10, OtherDevice: No, Contact: true}, 2, true, Device},
		{"this is the phone", Facts{Method: SMS, CodesKnown: true, CodesLeft: 10, OtherDevice: No}, 1, false, Helpdesk},
		{"codes elsewhere", Facts{Method: App, KeyHere: true, CodesKnown: true, CodesLeft: 10}, 1, false, Recovery}, // R68
		{"codes elsewhere, number unknown", Facts{Method: App, KeyHere: true, CodesKnown: true, CodesLeft: -1, Contact: true}, 2, true, Recovery},
		{"codes all used", Facts{Method: App, KeyHere: true, CodesKnown: true, Contact: true}, 1, false, Codes},
		{"administrator alone", Facts{Method: App, KeyHere: true, Contact: true}, 1, false, Codes}, // R58
		{"recovery key without a copy", Facts{Method: App, KeyHere: true, CodesKnown: true, CodesLeft: 3, RecoveryKey: true}, 1, false, Recovery},
		{"recovery key with a copy", Facts{Method: App, KeyHere: true, RecoveryKey: true, CopyAt: copied, Contact: true}, 2, true, Codes},
		{"a second device", Facts{Method: App, KeyHere: true, OtherDevice: Yes, CodesKnown: true, CodesLeft: 8, Contact: true}, 3, true, ""}, // R67
		{"a recovery key is no way for who has no key here", Facts{Method: SMS, RecoveryKey: true, CopyAt: copied}, 0, false, Codes},
	} {
		got := Of(c.f)
		if got.Count != c.count || got.Good != c.good || got.Next != c.next || (got.Missing == "") != (c.next == "") {
			t.Errorf("%s: %d ways, good %v, next %q: %q", c.name, got.Count, got.Good, got.Next, got.Missing)
		}
		if got.Headline == "" || len(got.Ways) != 4 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// Whatever is known: what is missing is one sentence about a way that is not
// there, nobody counts as safe without a way of their own, and codes that are lost
// with the device never count.
func TestAnyFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Facts{
			Method: rapid.SampledFrom([]Method{Unknown, Off, App, SMS}).Draw(t, "method"), KeyHere: rapid.Bool().Draw(t, "key"),
			CodesKnown: rapid.Bool().Draw(t, "known"), CodesHere: rapid.Bool().Draw(t, "here"), CodesLeft: rapid.IntRange(-1, 12).Draw(t, "left"),
			OtherDevice: rapid.SampledFrom([]Answer{"", Yes, No}).Draw(t, "other"), RecoveryKey: rapid.Bool().Draw(t, "recovery"),
			Contact: rapid.Bool().Draw(t, "contact"),
		}
		c := Of(f)
		have, own := 0, 0
		for _, w := range c.Ways {
			if w.Have {
				have++
				if w.Kind != Helpdesk {
					own++
				}
			}
			if w.Kind == c.Next && w.Have {
				t.Errorf("it asks for what is there: %q", c.Missing)
			}
			if w.Name == "" || w.Why == "" {
				t.Errorf("%q says nothing", w.Kind)
			}
		}
		if !c.Good && f.Method != Off && c.Missing == "" {
			t.Errorf("%d ways are too few, and nothing is missing", have)
		}
		if have != c.Count || c.Good && own == 0 {
			t.Errorf("%d of %d ways, good %v with %d of one's own", c.Count, have, c.Good, own)
		}
		if f.KeyHere && f.CodesHere && c.Ways[0].Have {
			t.Error("codes count that are lost with the device")
		}
		if strings.Count(c.Missing, ".") > 1 {
			t.Errorf("more than a sentence: %q", c.Missing)
		}
	})
}

// Of several sets the best one counts, in whatever order they come: one that lets
// somebody in, and elsewhere rather than here.
func TestCount(t *testing.T) {
	usedUp := backupcodes.Set{Place: backupcodes.Elsewhere, First: 10}
	sealed := backupcodes.Set{Place: backupcodes.Here, First: 10, Left: 4}
	copied := backupcodes.Set{Place: backupcodes.Here, Where: "on paper", First: 10, Left: 9}
	noted := backupcodes.Set{Place: backupcodes.Elsewhere}
	for _, c := range []struct {
		sets []backupcodes.Set
		here bool
		left int
	}{
		{[]backupcodes.Set{usedUp}, false, 0},
		{[]backupcodes.Set{usedUp, sealed}, true, 4},
		{[]backupcodes.Set{usedUp, sealed, copied}, false, 9},
		{[]backupcodes.Set{usedUp, sealed, noted}, false, -1},
	} {
		for range c.sets {
			c.sets = append(c.sets[1:], c.sets[0])
			var f Facts
			if f.Count(c.sets); !f.CodesKnown || f.CodesHere != c.here || f.CodesLeft != c.left {
				t.Errorf("%+v: %+v", c.sets, f)
			}
		}
	}
	var f Facts
	if f.Count(nil); f.CodesKnown {
		t.Errorf("of none: %+v", f)
	}
}

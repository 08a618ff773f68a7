// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"strings"
	"testing"

	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/link"
)

// What the finding comes to at the service is done before a bypass code, which leads
// further, or it is left out in writing. R59
func TestAdvised(t *testing.T) {
	slow := with(func(s *standing.Standing) { s.Clock = standing.Slow30 })
	shut := with(func(s *standing.Standing) { s.Enrolment = standing.Shut })
	lacking := func(c *Call, act link.DeskAct) string {
		for _, m := range c.Missing(act) {
			if m.Item == Advised {
				return m.What
			}
		}
		return ""
	}
	for _, tt := range []struct {
		heard   standing.Standing
		advised link.DeskAct
		what    string
	}{
		{slow, link.ActResync, "Two codes in a row, which the finding advises, or"},
		{shut, link.ActUnlock, "Unlocking, which the finding advises, or"},
	} {
		c := asked(t, link.RoleAdmin, user(link.RoleUser))
		if _, _, _ = c.Tick(Called, true), c.Tick(Boss, true), c.Tick(Met, true); c.Applies(Advised) || !c.Allowed(link.ActReset) {
			t.Errorf("nothing is advised: %+v", c.Missing(link.ActReset))
		}
		if err := c.Skip(Advised, "nothing is advised"); err != nil || strings.Contains(Note(c), "nothing is advised") {
			t.Errorf("what is not there is left out: %v\n%s", err, Note(c))
		}
		c.Hear(tt.heard, 1)
		for _, act := range []link.DeskAct{link.ActBypass, link.ActReset} {
			if got := lacking(c, act); !strings.HasPrefix(got, tt.what) || c.Verdict(act) != Lacking {
				t.Errorf("%s: %q", act, got)
			}
		}
		if !c.Applies(Advised) || !c.Allowed(link.ActUnlock) || !c.Allowed(link.ActResync) || c.Tick(Advised, true) == nil {
			t.Errorf("%s: %+v", tt.advised, c.Missing(tt.advised))
		}
		other := link.ActUnlock
		if tt.advised == other {
			other = link.ActResync
		}
		for _, d := range []Deed{{Act: tt.advised, Unknown: true}, {Act: tt.advised, Audit: 5, Earlier: true}, {Act: other, Audit: 7}} {
			if c.Did(d); c.Allowed(link.ActBypass) {
				t.Errorf("%+v is what %s was advised for", d, tt.advised)
			}
		}
		if c.Did(Deed{Act: tt.advised, Audit: 8}); !c.Allowed(link.ActBypass) || !c.Allowed(link.ActReset) || strings.Contains(Note(c), Label(Advised)) {
			t.Errorf("%s: %+v\n%s", tt.advised, c.Missing(link.ActReset), Note(c))
		}
		another := user(link.RoleUser)
		another.Who.ID = "ben"
		if c.Meet(another); lacking(c, link.ActBypass) == "" {
			t.Error("it was done for another")
		}
	}
}

// A reason why one thing was left out is none for another; where nothing is advised any
// more, it stays in the note.
func TestAdvisedOtherwise(t *testing.T) {
	c := asked(t, link.RoleAdmin, user(link.RoleUser))
	_, _, _ = c.Tick(Called, true), c.Tick(Boss, true), c.Tick(Met, true)
	c.Hear(with(func(s *standing.Standing) { s.Clock = standing.Slow30 }), 1)
	if err := c.Skip(Advised, "the device is broken"); err != nil || !c.Allowed(link.ActBypass) {
		t.Errorf("%v, %+v", err, c.Missing(link.ActBypass))
	}
	c.Hear(good(), 1)
	if r, err := c.Record(link.ActBypass); err != nil || !strings.Contains(r.Reason, "(the device is broken)") || !strings.Contains(Note(c), "Skipped: What the finding advises was done (the device is broken)") {
		t.Errorf("%+v, %v\n%s", r, err, Note(c))
	}
	c.Hear(with(func(s *standing.Standing) { s.Clock = standing.Fast60 }), 1)
	if !c.Allowed(link.ActBypass) {
		t.Error("the same is advised, and the reason does not count")
	}
	if c.Hear(with(func(s *standing.Standing) { s.Enrolment = standing.Shut }), 1); c.Allowed(link.ActBypass) || c.Next() != Advised && c.Next() != Video {
		t.Errorf("%+v, next %s", c.Missing(link.ActBypass), c.Next())
	}
	if c.Did(Deed{Act: link.ActUnlock, Audit: 7}); !c.Allowed(link.ActBypass) {
		t.Errorf("%+v", c.Missing(link.ActBypass))
	}
	if c.Hear(with(func(s *standing.Standing) { s.Clock = standing.Slow30 }), 1); c.Allowed(link.ActBypass) {
		t.Error("unlocking is what two codes were advised for")
	}
}

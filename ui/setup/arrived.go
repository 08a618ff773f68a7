// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import "github.com/kutano/authenticator/recovery/upkeep"

// renews are the steps to which a choice of the person's leads after a change by
// hand, with which Kutano gave new backup codes: those from before are worth
// nothing. The linked service leads there by an outcome, with the codes.
var renews = map[string]bool{"app-on": true, "other-on": true, "sms-on": true, "off-done": true}

// arrived notes what is known at a step.
func (p *Page) arrived(step string) {
	s, _ := p.guide.Step(step)
	if note := upkeep.Arrival(p.run.Entry().Name, s, p.Clock.Now()); note != nil {
		p.remember(note)
	}
}

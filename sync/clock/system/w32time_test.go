// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import "testing"

func TestWindowsTimeService(t *testing.T) {
	for _, tt := range []struct {
		policy, kind string
		start        uint64
		want         Answer
	}{
		{"", "NTP", 3, Yes},
		{"", "NT5DS", 2, Yes},
		{"", "AllSync", none, Yes},
		{"", "Nt5DS", 3, Yes},
		{"", "NoSync", 3, No},
		{"", "NTP", disabled, No},
		{"NoSync", "NTP", 3, No},
		{"NT5DS", "NoSync", 3, Yes},
		{"", "", none, NotKnown},
		{"", "something new", 3, NotKnown},
	} {
		if got := automatic(tt.policy, tt.kind, tt.start); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
	}
	for start, want := range map[uint64]Answer{3: Yes, 2: Yes, disabled: No, none: NotKnown} {
		if got := started(start); got != want {
			t.Errorf("a service's start %d: %v", start, got)
		}
	}
}

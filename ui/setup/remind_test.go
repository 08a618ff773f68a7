// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"
	"testing"
)

// R70: the workspace says how often, 0 is the usual, and less than 0 never.
func TestNextLook(t *testing.T) {
	for months, want := range map[int]string{0: "in 6 months", 1: "in 1 month.", 3: "in 3 months", -1: "wants no reminders"} {
		if got := nextLook(months); !strings.Contains(got, want) {
			t.Errorf("%d: %q", months, got)
		}
	}
}

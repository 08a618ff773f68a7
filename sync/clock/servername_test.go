// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"strings"
	"testing"
)

func TestIsServer(t *testing.T) {
	for name, want := range map[string]bool{
		"time.example": true, "time.example:123": true, "time.example.": true, "localhost": true, "192.0.2.1": true,
		"192.0.2.1:11123": true, "::1": true, "[::1]:123": true, strings.Repeat("a", 63) + ".example": true,
		"": false, "http://time.example": false, "time.example:0": false, "time.example:+1": false, "time.example:65536": false,
		"192.0.2.256": false, "-a.example": false, "a_b.example": false, "a b": false, "Time.example": false,
		strings.Repeat("a", 64) + ".example": false, "[::1]:0": false,
	} {
		if IsServer(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

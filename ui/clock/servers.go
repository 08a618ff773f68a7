// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package clock

import (
	"slices"
	"strings"

	"github.com/kutano/authenticator/sync/clock"
)

// mostServers is how many servers of their own a user may name.
const mostServers = 16

// servers reads names of servers, one a line, as "host" or "host:port". Empty
// lines and repetitions are left out. It returns the first line that can be no
// server's, or the first of too many.
func servers(text string) (list []string, bad string) {
	for line := range strings.Lines(text) {
		name := strings.ToLower(strings.TrimSpace(line))
		switch {
		case name == "" || slices.Contains(list, name):
		case !clock.IsServer(name) || len(list) == mostServers:
			return nil, strings.TrimSpace(line)
		default:
			list = append(list, name)
		}
	}
	return list, ""
}

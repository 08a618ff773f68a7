// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package system

import (
	"cmp"
	"math"
	"strings"
)

// How Windows starts a service (SERVICE_DISABLED), and a number it has not.
const (
	disabled = 4
	none     = math.MaxUint64
)

// automatic tells what Windows' time service does, from the type of its
// synchronisation (an organisation's comes first) and how it is started.
func automatic(policy, kind string, start uint64) Answer {
	switch strings.ToUpper(cmp.Or(policy, kind)) {
	case "NOSYNC":
		return No
	case "NTP", "NT5DS", "ALLSYNC":
		if start == disabled {
			return No
		}
		return Yes
	}
	return NotKnown
}

// started tells whether a service is started when it is needed.
func started(start uint64) Answer {
	switch {
	case start == none:
		return NotKnown
	case start == disabled:
		return No
	}
	return Yes
}

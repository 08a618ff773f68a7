// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"strconv"
	"strings"
)

// The largest version that can be told.
const (
	maxMajor = 3
	maxMinor = 31
)

// version reads the first two numbers of a version such as "0.1.0", "v1.2" or
// "0.1.0-dev". What is no version, or a larger one, is 0 and 0: not known.
func version(text string) (major, minor uint8) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(text, "v"), ".")
	second := rest
	if end := strings.IndexAny(rest, ".-+"); end >= 0 {
		second = rest[:end]
	}
	a, errA := strconv.ParseUint(first, 10, 8)
	b, errB := strconv.ParseUint(second, 10, 8)
	if errA != nil || errB != nil || a > maxMajor || b > maxMinor {
		return 0, 0
	}
	return uint8(a), uint8(b)
}

// versionText is the version as it can be told: "0.1".
func versionText(st Standing) string {
	return strconv.Itoa(int(st.Major)) + "." + strconv.Itoa(int(st.Minor))
}

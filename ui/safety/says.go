// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package safety

import (
	"fmt"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
)

// when writes a time as it reads the same everywhere.
func when(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// date writes a day.
func date(t time.Time) string { return t.Local().Format("2006-01-02") }

// size writes a number of bytes for a person.
func size(bytes int64) string {
	if bytes < 1<<20 {
		return words.T("{n} KB", "n", (bytes+1023)/1024)
	}
	return words.T("{n} MB", "n", fmt.Sprintf("%.1f", float64(bytes)/(1<<20)))
}

// grouped writes a fingerprint in groups of four, to be compared.
func grouped(fingerprint string) string {
	var groups []string
	for len(fingerprint) > 4 {
		groups = append(groups, fingerprint[:4])
		fingerprint = fingerprint[4:]
	}
	return strings.Join(append(groups, fingerprint), " ")
}

// accounts says how many there are.
func accounts(n int) string { return words.N(n, "1 account", "{n} accounts") }

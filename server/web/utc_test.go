// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/web"
)

// ASVS 16.2.2: the lines of instances in several zones follow each other.
func TestLogIsInUTC(t *testing.T) {
	var out logged
	at := time.Date(2026, 7, 1, 14, 30, 0, 0, time.FixedZone("CEST", 2*60*60))
	if err := web.LogHandler(slog.NewJSONHandler(&out.Buffer, nil)).Handle(t.Context(), slog.NewRecord(at, slog.LevelInfo, "m", 0)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"time":"2026-07-01T12:30:00Z"`) {
		t.Fatal(out.String())
	}
}

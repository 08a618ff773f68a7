// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/clock"
)

// ran is what a run printed with --json, of a report or a phrase.
type ran struct {
	Report struct {
		Store    struct{ Backend, State, Reason string }
		Accounts struct{ Count int }
		Standing map[string]string
	}
	Phrase struct {
		Words    []string
		Standing map[string]string
	}
}

func runJSON(t *testing.T, dir string, args ...string) (doc ran) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &App{Out: &out, Err: &errs, In: strings.NewReader(""), Clock: clock.Wall{}, Version: "0.1.0"}
	if exit := a.Run(t.Context(), append([]string{"--data", dir, "--json"}, args...)); exit != 0 {
		t.Fatalf("%q: exit %d: %s%s", args, exit, out.String(), errs.String())
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%q: %v: %s", args, err, out.String())
	}
	return doc
}

// Who has no home has a report all the same.
func TestReportWithoutAHome(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "KUTANO_DATA", "LocalAppData", "USERPROFILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	if doc := runJSON(t, "", "report"); doc.Report.Accounts.Count != 0 || doc.Report.Standing["enrolment"] != "none" {
		t.Errorf("%+v", doc)
	}
}

// Nothing is made by looking.
func TestReportLeavesNothing(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	dir := filepath.Join(t.TempDir(), "data")
	runJSON(t, dir, "report")
	runJSON(t, dir, "phrase")
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

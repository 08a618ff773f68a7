// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The report is shown whole before it is saved, in either form, and nothing of the
// account is in it.
func TestReport(t *testing.T) {
	r := newRig(t)
	r.add("ana@example.com", keyA)
	r.p.OpenCall()
	r.settle()
	r.folder = t.TempDir()
	for _, c := range []struct{ button, ext string }{{"Save as text", ".txt"}, {"Save for programs (.json)", ".json"}} {
		r.press("Save a report")
		r.mustSee("Report of Kutano Authenticator", "Figures for your helpdesk", "Check phrase")
		if got := files(t, r.folder); c.ext == ".txt" && len(got) != 0 {
			t.Fatalf("written before it was asked for: %q", got)
		}
		r.press(c.button)
		name := "kutano-report-" + noon.Local().Format("2006-01-02") + c.ext
		r.mustSee("The report is written", filepath.Join(r.folder, name))
		data, err := os.ReadFile(filepath.Join(r.folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "ana") || strings.Contains(string(data), keyA) {
			t.Errorf("it names the account: %s", data)
		}
		if c.ext == ".json" && !json.Valid(data) {
			t.Error("it is no JSON")
		}
		r.press("Done")
	}

	path := filepath.Join(r.folder, "kutano-report-"+noon.Local().Format("2006-01-02")+".txt")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.press("Save a report")
	r.press("Save as text")
	r.mustSee("Replace the file?")
	r.press("Cancel")
	if data, _ := os.ReadFile(path); string(data) != "mine" {
		t.Error("it was replaced")
	}
	r.press("Save a report")
	r.press("Save as text")
	r.press("Replace")
	r.mustSee("The report is written")
	r.press("Done")

	r.folder = ""
	r.press("Save a report")
	r.press("Save as text") // and thinks better of it
	r.at("call")
	r.folder = filepath.Join(t.TempDir(), "gone")
	r.press("Save a report")
	r.press("Save as text")
	r.mustSee("That did not work")
	r.press("Close")
	r.at("call")
}

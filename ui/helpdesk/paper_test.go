// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package helpdesk

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/kutano/authenticator/recovery/practice"
)

func TestRunbook(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct{ press, begins string }{
		"kutano-helpdesk.pdf":  {"Pages to print (PDF)", "%PDF-"},
		"kutano-helpdesk.html": {"A page for the browser", "<!"},
	} {
		r.press("Print the runbook")
		r.press(c.press)
		r.mustSee("The runbook is written. Nothing of it is secret.")
		path := filepath.Join(r.dir, name)
		data, err := os.ReadFile(path)
		if err != nil || !bytes.HasPrefix(data, []byte(c.begins)) {
			t.Fatalf("%v, %d bytes", err, len(data))
		}
		r.press("Done")
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		r.press("Print the runbook")
		r.press(c.press)
		r.mustSee("Replace the file?")
		if data, _ := os.ReadFile(path); string(data) != "mine" {
			t.Fatal("replaced before it was asked")
		}
		r.press("Replace")
		if data, _ := os.ReadFile(path); !bytes.HasPrefix(data, []byte(c.begins)) {
			t.Error("not replaced")
		}
		r.press("Done")
	}
	r.dir = ""
	r.press("Print the runbook")
	r.press("Pages to print (PDF)")
	if r.sheet() != "The runbook" {
		t.Errorf("%q", r.sheet())
	}
}

func TestTraining(t *testing.T) {
	r := newRig(t)
	r.press("Learn it with practice calls")
	r.hit("All of them")
	for r.r.training == nil { // it is awaited from then on
		r.app.Flush()
	}
	if r.started != practice.All || len(r.opened) != 1 || r.opened[0] != r.train.Address() {
		t.Errorf("started %q, opened %q", r.started, r.opened)
	}
	r.mustSee("The phone rings in your browser", r.train.Address())
	r.press("End the practice")
	r.mustSee("How it went", practice.Title("slow-clock")+": 80 of 100.")
	if r.r.training != nil {
		t.Error("it goes on")
	}
	r.press("Done")

	r.noTrain = practice.ErrNoProgram
	r.press("Learn it with practice calls")
	r.press("All of them")
	if r.sheet() != "That did not work" {
		t.Errorf("%q", r.sheet())
	}
}

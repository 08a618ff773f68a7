// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/vault/keystore/fakesecrets"
)

const kutanoKey = "otpauth://totp/Kutano:ana@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Kutano\n"

func addKutano(t *testing.T, dir string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &App{Out: &out, Err: &errs, In: strings.NewReader(kutanoKey), Clock: clock.Wall{}}
	if exit := a.Run(t.Context(), []string{"--data", dir, "add"}); exit != 0 {
		t.Fatalf("exit %d: %s", exit, errs.String())
	}
}

// However a keyring behaves, the report and the phrase say so, and no window of it
// is ever raised.
func TestReportOfAKeyring(t *testing.T) {
	fake := fakesecrets.Start(t)
	dir := t.TempDir()
	addKutano(t, dir)
	for _, c := range []struct {
		name          string
		set           func()
		state, reason string
	}{
		{"open", func() {}, "ok", ""},
		{"refuses", func() { fake.Set(fakesecrets.Deny) }, "denied", "denied"},
		{"is locked", func() { fake.Set(fakesecrets.Normal); fake.Lock() }, "locked", "locked"},
		{"does not answer", func() { fake.Set(fakesecrets.Hang) }, "no-backend", "timeout"},
	} {
		c.set()
		doc := runJSON(t, dir, "report")
		if s := doc.Report.Store; s.State != c.state || s.Reason != c.reason || s.Backend != "secret-service" || doc.Report.Accounts.Count != 1 {
			t.Errorf("%s: %+v", c.name, doc.Report)
		}
		if got := runJSON(t, dir, "phrase").Phrase; got.Standing["store"] != c.state || len(got.Words) != 6 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if n := fake.Prompts(); n != 0 {
		t.Errorf("%d windows were raised", n)
	}
}

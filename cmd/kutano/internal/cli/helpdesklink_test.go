// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// R58 R59: at a real service: allowed in the browser, found, helped, given back.
func TestHelpdeskAtAService(t *testing.T) {
	l := newLinking(t)
	at := func(email string) {
		b := l.Browser(t, email)
		l.browse = func(_ context.Context, url string) error { return b.Open(t, true)(url) }
	}
	l.says(l.run(3, "helpdesk", "find", "dan"), "This app is not allowed to help callers.", "kutano helpdesk link")
	l.says(l.run(0, "helpdesk", "link", "--end"), "is no longer allowed to help callers")
	at("hana@example.com")
	l.says(l.run(0, "helpdesk", "link", l.URL), "You are helping callers of 127.0.0.1", "hana@example.com")
	l.says(l.run(0, "helpdesk", "find", "dan@"), "dan@example.com")
	l.says(l.run(0, "helpdesk", "show", "dan@example.com"), "10 backup codes are left of 10", "You may: Sign out everywhere · Unlock")

	record := identified
	seen := slices.Concat([]string{"--check", "video-id"}, proofsAlone[2:], leftOut) // no number of hers is on record
	deed := func(exit int, args ...string) shownDeed {
		var doc struct{ Desk shownDeed }
		l.run(exit, append(append([]string{"helpdesk"}, args...), "--json")...)
		if err := json.Unmarshal(l.out.Bytes(), &doc); err != nil {
			t.Fatalf("%v: %s", err, l.out.String())
		}
		return doc.Desk
	}
	for _, act := range []string{"sign-out", "unlock", "resync"} {
		if d := deed(0, with(record, act, "dan@example.com")...); d.State != "done" || d.Audit < 1 || d.Case == "" || (d.Until > 0) != (act == "resync") {
			t.Errorf("%s: %+v", act, d)
		}
	}
	first := deed(0, with(record, "bypass", "dan@example.com", "--show-code")...)
	if len(first.Code) != 8 || len(first.Spelled) != 8 || first.Until == 0 {
		t.Errorf("%+v", first)
	}
	if again := deed(0, with(record, "bypass", "dan@example.com", "--show-code")...); !again.Earlier || again.Code != "" || again.Audit != first.Audit {
		t.Errorf("%+v", again)
	}
	l.says(l.run(0, "helpdesk", "show", "dan@"), "Make a bypass code, by Hana, carried out. Audit number ")
	l.says(l.run(6, append([]string{"helpdesk"}, with(record, "reset", "dan@example.com")...)...), "Only an administrator can reset.")
	l.says(l.run(6, append([]string{"helpdesk"}, with(seen, "unlock", "ada@example.com")...)...), "Your role does not allow this for that user.")

	l.Turn(t, 11*time.Minute)
	l.says(l.run(6, append([]string{"helpdesk"}, with(record, "unlock", "ela@example.com")...)...), "It was not done.", "kutano helpdesk link")
	at("hana@example.com") // signed in anew
	l.says(l.run(0, "helpdesk", "link"), "hana@example.com")
	l.Kill()
	l.says(l.run(1, append([]string{"helpdesk"}, with(record, "unlock", "ela@example.com")...)...), "cannot be reached")
	l.Run(t)
	if d := deed(0, with(record, "unlock", "ela@example.com")...); d.State != "done" || d.Earlier {
		t.Errorf("%+v", d)
	}
	l.says(l.run(0, "helpdesk", "link", "--end"), "is no longer allowed to help callers")
	l.says(l.run(3, "helpdesk", "find", "dan"), "kutano helpdesk link")

	at("olga@example.com")
	l.run(0, "helpdesk", "link", l.URL)
	if d := deed(0, with(seen, "reset", "ada@example.com")...); d.State != "waiting" || d.Audit < 1 {
		t.Errorf("%+v", d)
	}
	if d := deed(0, with(record, "reset", "dan@example.com")...); d.State != "done" {
		t.Errorf("%+v", d)
	}
	l.says(l.run(6, append([]string{"helpdesk"}, with(seen, "reset", "olga@example.com")...)...), "That is your own account.")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/store"
)

type noMail struct{}

func (noMail) Send(context.Context, outbox.Message) error {
	return &outbox.TroubleError{Word: "unreachable", Away: true}
}

func suspended(r *rig, q store.Q, address string) error {
	u, err := people.Create(r.Context(), q, address, "Sue", people.Member, r.now())
	if err != nil {
		return err
	}
	_, err = q.Exec(r.Context(), "UPDATE users SET suspended_at = 1 WHERE id = ?", u.ID)
	return err
}

// newRigFor is a rig on a database that has Ana already, perhaps.
func newRigFor(t *testing.T, db *store.DB) *rig {
	t.Helper()
	for _, table := range []string{"mail_flows", "limits", "outbox", "users"} {
		if _, err := db.Exec(t.Context(), "DELETE FROM "+table); err != nil {
			t.Fatal(err)
		}
	}
	return newRig(t, db)
}

// behaviour walks a sign-in by mail without its code and writes down what can be
// seen of it from outside, and what the database was asked.
func (r *rig) behaviour(address string) []string {
	r.Helper()
	r.exec("DELETE FROM limits")
	var seen []string
	note := func(what string, err error) {
		e := refusal.Of(err)
		if err != nil && e == nil {
			r.Fatal(err)
		}
		if e != nil {
			seen = append(seen, fmt.Sprintf("%s: %s, %d left, wait %v", what, e.Kind, e.Left, e.RetryAfter))
		} else {
			seen = append(seen, what+": done")
		}
	}
	before := r.rows()
	f, err := r.s.Email(r.Context(), address, here)
	note(fmt.Sprintf("email: %d, %v, %v", len(f.ID), f.Resend, f.Expires.Sub(r.now())), err)
	for range 7 {
		_, err := r.s.VerifyEmail(r.Context(), f.ID, r.wrong(f.ID), here)
		note("verify", err)
	}
	r.advance(time.Minute)
	again, err := r.s.Resend(r.Context(), f.ID, here)
	note(fmt.Sprintf("resend: %v, %v, %v", again.ID == f.ID, again.Resend, again.Expires.Sub(r.now())), err)
	_, err = r.s.VerifyEmail(r.Context(), f.ID, r.wrong(f.ID), here)
	note("verify", err)
	r.advance(10 * time.Minute)
	_, err = r.s.VerifyEmail(r.Context(), f.ID, r.wrong(f.ID), here)
	note("late", err)
	after := r.rows()
	for i := range after {
		seen = append(seen, fmt.Sprintf("rows: %+d", after[i]-before[i]))
	}
	r.inbox()
	return seen
}

// rows counts what each step leaves in the database: what is written for a known
// address is written for an unknown one too.
func (r *rig) rows() []int {
	r.Helper()
	var n []int
	for _, table := range []string{"mail_flows", "outbox", "audit", "limits", "sessions"} {
		n = append(n, r.count("SELECT COUNT(*) FROM "+table))
	}
	return n
}

// wrong is a code that is surely not that of a flow.
func (r *rig) wrong(flow string) string {
	r.Helper()
	var mac []byte
	if err := r.db.Row(r.Context(), "SELECT code_mac FROM mail_flows WHERE id = ?", []any{flow}, &mac); err != nil {
		r.Fatal(err)
	}
	if r.keys.Match(mac, "mail-code", flow, "123456") {
		return "654321"
	}
	return "123456"
}

// A code that is guessed for nobody signs nobody in.
func TestRightCodeOfNobody(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	f := r.email("nobody@example.org")
	r.exec("UPDATE mail_flows SET code_mac = ? WHERE id = ?", r.keys.MAC("mail-code", f.ID, "123456"), f.ID)
	_, err := r.s.VerifyEmail(t.Context(), f.ID, "123456", here)
	if e := r.refused(err, refusal.CodeWrong); e.Left != 4 {
		t.Fatalf("%d are left", e.Left)
	}
	if n := r.count("SELECT COUNT(*) FROM sessions"); n != 0 {
		t.Fatal("somebody is signed in")
	}
	if strings.Contains(fmt.Sprint(r.inbox()), "nobody") {
		t.Fatal("a mail went to nobody")
	}
}

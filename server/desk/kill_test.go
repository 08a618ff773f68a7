// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/desk"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

// A process that is to be killed finds in these where its database is, what time it is, and at which point it dies.
const (
	victimEnv = "KUTANO_TEST_VICTIM"
	nowEnv    = "KUTANO_TEST_NOW"
	pointEnv  = "KUTANO_TEST_POINT"
)

// Where a process dies in a reset.
const (
	atRemove = "remove" // the second factor was taken off just now
	atTell   = "tell"   // and the sessions ended, and the audit log written
	atEnd    = "end"    // and it was committed
)

// die ends this process at once: nothing deferred runs.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {} // it does not get further
}

type dyingFactors struct {
	fakeFactors
	point string
}

func (f dyingFactors) Remove(ctx context.Context, q store.Q, userID string) error {
	err := f.fakeFactors.Remove(ctx, q, userID)
	if f.point == atRemove {
		die()
	}
	return err
}

type dyingTeller struct{ point string }

func (d dyingTeller) Tell(context.Context, store.Q, people.User, notice.Event, notice.Facts, time.Time) error {
	if d.point == atTell {
		die()
	}
	return nil
}

// victim resets user 1 as admin 1, and dies of it.
func victim(dsn string) int {
	db, err := store.Open(dsn)
	if err != nil {
		return 1
	}
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		return 1
	}
	var ms int64
	if _, err := fmt.Sscan(os.Getenv(nowEnv), &ms); err != nil {
		return 1
	}
	now, point, ctx := store.Time(ms), os.Getenv(pointEnv), context.Background()
	all, err := people.Some(ctx, db, "name IN ('admin 1', 'user 1') ORDER BY name")
	if err != nil || len(all) != 2 {
		return 1
	}
	live, err := session.List(ctx, db, all[0].ID, now)
	if err != nil || len(live) == 0 {
		return 1
	}
	s := &desk.Service{
		DB: db, Keys: keys, Clock: func() time.Time { return now },
		Notices: dyingTeller{point}, Factors: dyingFactors{fakeFactors{db}, point},
	}
	_, err = s.Reset(ctx, desk.Agent{User: all[0], Session: live[0]}, all[1].ID, record())
	if point == atEnd && err == nil {
		die()
	}
	return 1
}

// TestKilled: killed in the middle of a reset, the account is as it was before or
// as it is after, and the reset can be asked for again.
func TestKilled(t *testing.T) {
	for _, point := range []string{atRemove, atTell, atEnd} {
		t.Run(point, func(t *testing.T) {
			t.Run("sqlite", func(t *testing.T) { killed(t, "sqlite:"+filepath.Join(t.TempDir(), "kutano.db"), point) })
			t.Run("postgres", func(t *testing.T) { killed(t, dbtest.PostgresDSN(t), point) })
		})
	}
}

func killed(t *testing.T, dsn, point string) {
	t.Helper()
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db)
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+dsn, nowEnv+"="+fmt.Sprint(w.now.UnixMilli()), pointEnv+"="+point)
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the process was not killed: %v", err)
	}
	f, s := w.has(t, "user 1")
	traces := w.count(t, "audit") + w.count(t, "cases") + w.count(t, "users WHERE enrol_by > 0")
	if before := f == 1 && s == 1 && traces == 0; point != atEnd && !before {
		t.Fatalf("%d factors, %d sessions, %d traces: half of it was done", f, s, traces)
	}
	if after := f == 0 && s == 0 && traces == 3; point == atEnd && !after {
		t.Fatalf("%d factors, %d sessions, %d traces: half of it was done", f, s, traces)
	}
	if done, err := w.Reset(w.ctx, w.agents["admin 1"], w.id("user 1"), record()); err != nil || done.Repeated != (point == atEnd) {
		t.Fatalf("afterwards: %+v, %v", done, err)
	}
}

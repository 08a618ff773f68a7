// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/outbox"
	"github.com/kutano/authenticator/server/outbox/keep"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// senderFunc is a Sender of one function.
type senderFunc func(context.Context, outbox.Message) error

func (f senderFunc) Send(ctx context.Context, m outbox.Message) error { return f(ctx, m) }

// rig is an outbox with its clock and a worker.
type rig struct {
	*testing.T
	db   *store.DB
	keys *seal.Keys
	ms   atomic.Int64
	box  *keep.Memory
	w    *outbox.Worker
}

func newKeys(t *testing.T, first byte, more ...byte) *seal.Keys {
	t.Helper()
	masters := [][]byte{bytes.Repeat([]byte{first}, seal.KeySize)}
	for _, b := range more {
		masters = append(masters, bytes.Repeat([]byte{b}, seal.KeySize))
	}
	keys, err := seal.New(masters...)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newRig(t *testing.T, db *store.DB) *rig {
	t.Helper()
	r := &rig{T: t, db: db, keys: newKeys(t, 5), box: keep.NewMemory(1000)}
	r.ms.Store(1_800_000_000_000)
	r.w = &outbox.Worker{DB: db, Keys: r.keys, Clock: r.now, Mail: r.box, SMS: r.box}
	return r
}

func (r *rig) now() time.Time            { return time.UnixMilli(r.ms.Load()).UTC() }
func (r *rig) advance(d time.Duration)   { r.ms.Add(d.Milliseconds()) }
func (r *rig) mail(i int) outbox.Message { return r.message(outbox.Mail, i) }

func (r *rig) message(c outbox.Channel, i int) outbox.Message {
	return outbox.Message{Channel: c, To: fmt.Sprintf("user%d@example.org", i), Subject: "s", Text: "canary", Dedupe: fmt.Sprintf("%s-%d", c, i)}
}

func (r *rig) put(all ...outbox.Message) {
	r.Helper()
	err := r.db.Tx(r.Context(), func(q store.Q) error {
		for _, m := range all {
			if err := outbox.Put(r.Context(), q, r.keys, m, r.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) once(want int) {
	r.Helper()
	if n, err := r.w.Once(r.Context()); err != nil || n != want {
		r.Fatalf("sent %d, not %d: %v", n, want, err)
	}
}

// row tells what the database has of a message.
func (r *rig) row(dedupe string) (body []byte, sent, failed, tries int64, trouble string) {
	r.Helper()
	err := r.db.Row(r.Context(), "SELECT body, sent_at, failed_at, tries, trouble FROM outbox WHERE dedupe = ?", []any{dedupe},
		&body, &sent, &failed, &tries, &trouble)
	if err != nil {
		r.Fatal(err)
	}
	return body, sent, failed, tries, trouble
}

func away() error { return &outbox.TroubleError{Word: "unreachable", Away: true} }

func TestSending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.put(r.mail(1), r.mail(1), r.message(outbox.SMS, 2))
		if body, _, _, _, _ := r.row("mail-1"); len(body) == 0 || bytes.Contains(body, []byte("canary")) || bytes.Contains(body, []byte("example")) {
			t.Fatal("a waiting message is not sealed")
		}
		r.once(2)
		r.once(0)
		for _, m := range r.box.Messages() {
			if m.Text != "canary" || !m.Written.Equal(r.now()) || m.Channel == outbox.SMS != (m.To == "user2@example.org") {
				t.Fatalf("sent %+v", m)
			}
		}
		if body, sent, failed, tries, _ := r.row("mail-1"); body != nil || sent != r.ms.Load() || failed != 0 || tries != 1 {
			t.Fatalf("afterwards: body %x, sent %d, failed %d, tries %d", body, sent, failed, tries)
		}
	})
}

func TestPutNeedsAName(t *testing.T) {
	if err := outbox.Put(t.Context(), nil, nil, outbox.Message{}, time.Time{}); err == nil {
		t.Fatal("a message that cannot be told from others was taken")
	}
}

// Several instances at once send each message exactly once.
func TestManyWorkers(t *testing.T) {
	const messages, workers = 40, 4
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		for i := range messages {
			r.put(r.mail(i))
		}
		var mu sync.Mutex
		got := map[string]int{}
		count := senderFunc(func(_ context.Context, m outbox.Message) error {
			mu.Lock()
			defer mu.Unlock()
			got[m.ID()]++
			return nil
		})
		var wg sync.WaitGroup
		for range workers {
			w := *r.w
			w.Mail = count
			wg.Go(func() {
				if _, err := w.Once(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for id, n := range got {
			if n != 1 {
				t.Errorf("message %s was sent %d times", id, n)
			}
		}
		if len(got) != messages {
			t.Fatalf("%d of %d messages were sent", len(got), messages)
		}
	})
}

// A provider that is away keeps everything, and everything is sent when it is back.
func TestProviderAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		for i := range 10 {
			r.put(r.mail(i))
		}
		r.put(r.message(outbox.SMS, 1))
		r.w.Mail = senderFunc(func(context.Context, outbox.Message) error { return away() })
		r.once(1) // the other channel is not held up
		for range 20 {
			r.advance(time.Hour)
			r.once(0)
		}
		r.w.Mail = r.box
		r.advance(time.Hour)
		r.once(10)
	})
}

func TestWaitsGrow(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	var tries int
	r.w.Mail = senderFunc(func(context.Context, outbox.Message) error { tries++; return away() })
	r.put(r.mail(1))
	for i, wait := range []time.Duration{
		0, 5 * time.Second, 15 * time.Second, 45 * time.Second, 135 * time.Second, 405 * time.Second, 15 * time.Minute, 15 * time.Minute,
	} {
		if wait > 0 {
			r.advance(wait - time.Millisecond)
			r.once(0)
			if tries != i {
				t.Fatalf("attempt %d came early", tries)
			}
			r.advance(time.Millisecond)
		}
		r.once(0)
		if tries != i+1 {
			t.Fatalf("%d attempts, not %d, after a wait of %v", tries, i+1, wait)
		}
	}
}

// What fails does not stand before others.
func TestFair(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.w.Mail = senderFunc(func(ctx context.Context, m outbox.Message) error {
		if m.To == "user0@example.org" {
			return errors.New("smtp: user0@example.org is over quota")
		}
		return r.box.Send(ctx, m)
	})
	var logged bytes.Buffer
	r.w.Log = slog.New(slog.NewTextHandler(&logged, nil))
	for i := range 5 {
		r.put(r.mail(i))
		r.advance(time.Second)
	}
	r.once(4)
	if _, sent, failed, _, trouble := r.row("mail-0"); sent != 0 || failed != 0 || trouble != "failed" {
		t.Fatalf("sent %d, failed %d, trouble %q", sent, failed, trouble)
	}
	if s := logged.String(); !strings.Contains(s, "trouble=failed") || strings.Contains(s, "user0") || strings.Contains(s, "canary") {
		t.Fatalf("the log says %s", s)
	}
}

func TestGivingUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		code, final := r.mail(1), r.mail(2)
		code.Expires = r.now().Add(10 * time.Minute)
		r.put(code, final, r.message(outbox.SMS, 3))
		r.w.SMS = nil
		r.w.Mail = senderFunc(func(_ context.Context, m outbox.Message) error {
			if m.Dedupe == final.Dedupe {
				return &outbox.TroubleError{Word: "smtp-550", Final: true}
			}
			return away()
		})
		r.once(0)
		if body, sent, failed, _, trouble := r.row("mail-2"); body != nil || sent != 0 || failed == 0 || trouble != "smtp-550" {
			t.Fatalf("a refused message: %x, %d, %d, %q", body, sent, failed, trouble)
		}
		r.w.Mail = r.box
		r.advance(10 * time.Minute)
		r.once(0) // a code that is late is not sent
		if body, sent, failed, _, trouble := r.row("mail-1"); body != nil || sent != 0 || failed == 0 || trouble != "unreachable" {
			t.Fatalf("a late message: %x, %d, %d, %q", body, sent, failed, trouble)
		}
		r.advance(outbox.Keep)
		r.once(0)
		if body, _, failed, tries, trouble := r.row("sms-3"); body != nil || failed == 0 || tries != 0 || trouble != "late" {
			t.Fatalf("one without a sender: %x, %d, %d, %q", body, failed, tries, trouble)
		}
	})
}

// What is written with an end before its beginning is never sent, and dropped without a word.
func TestNeverToBeSent(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	var logged bytes.Buffer
	r.w.Log = slog.New(slog.NewTextHandler(&logged, nil))
	m := r.mail(1)
	m.Expires = r.now().Add(-time.Hour)
	r.put(m)
	r.once(0)
	if body, sent, failed, tries, _ := r.row("mail-1"); body != nil || sent != 0 || failed == 0 || tries != 0 || logged.Len() != 0 {
		t.Fatalf("body %x, sent %d, failed %d, tries %d, log %s", body, sent, failed, tries, logged.String())
	}
}

// Killed after the provider took a message and before that was noted, the
// service sends it again under the same ID, and not before the claim is over.
func TestKilledBetweenSendingAndNoting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.put(r.mail(1))
		dying := *r.w
		var first outbox.Message
		dying.Mail = senderFunc(func(_ context.Context, m outbox.Message) error {
			first = m
			runtime.Goexit() // nothing after this line happens
			return nil
		})
		if n, err := dying.Once(t.Context()); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		r.once(0)
		r.advance(2*time.Minute - time.Millisecond)
		r.once(0)
		r.advance(time.Millisecond)
		r.once(1)
		if again := r.box.Messages(); len(again) != 1 || again[0].ID() != first.ID() || !again[0].Written.Equal(first.Written) {
			t.Fatalf("sent again: %+v, first %+v", again, first)
		}
	})
}

// A worker that was slow cannot undo what another did with its message meanwhile.
func TestSlowWorker(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, db *store.DB) {
		r := newRig(t, db)
		r.put(r.mail(1))
		slow := *r.w
		var began atomic.Bool
		slow.Mail = senderFunc(func(ctx context.Context, m outbox.Message) error {
			if !began.CompareAndSwap(false, true) { // a lane of its own that began late
				return r.w.Mail.Send(ctx, m)
			}
			r.advance(3 * time.Minute)
			if _, err := r.w.Once(t.Context()); err != nil { // another takes it over and sends it
				t.Error(err)
			}
			for sent := int64(0); sent == 0 && ctx.Err() == nil; runtime.Gosched() {
				_, sent, _, _, _ = r.row("mail-1")
			}
			return &outbox.TroubleError{Word: "timeout", Final: true}
		})
		if _, err := slow.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, sent, failed, _, _ := r.row("mail-1"); sent == 0 || failed != 0 {
			t.Fatalf("sent %d, failed %d", sent, failed)
		}
		if all := r.box.Messages(); len(all) != 1 {
			t.Fatalf("%d messages went out", len(all))
		}
	})
}

// With its key gone a message waits for it.
func TestKeyGoneAndBack(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.put(r.mail(1))
	r.w.Keys = newKeys(t, 6)
	r.once(0)
	if _, _, failed, _, trouble := r.row("mail-1"); failed != 0 || trouble != "unreadable" {
		t.Fatalf("failed %d, %q", failed, trouble)
	}
	r.w.Keys = newKeys(t, 6, 5)
	r.advance(time.Minute)
	r.once(1)
}

// Shutting down interrupts a sending, and what came of it is noted all the same.
func TestShutDown(t *testing.T) {
	r := newRig(t, dbtest.SQLite(t))
	r.put(r.mail(1))
	ctx, stop := context.WithCancel(t.Context())
	r.w.Mail = senderFunc(func(ctx context.Context, _ outbox.Message) error {
		stop()
		<-ctx.Done()
		return ctx.Err()
	})
	r.w.Run(ctx)
	if _, sent, failed, tries, trouble := r.row("mail-1"); sent != 0 || failed != 0 || tries != 1 || trouble != "interrupted" {
		t.Fatalf("sent %d, failed %d, tries %d, %q", sent, failed, tries, trouble)
	}
}

// A database that is away is told, and nothing is lost.
func TestDatabaseAway(t *testing.T) {
	server, dsn := dbtest.Private(t)
	db, err := store.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, db)
	r.put(r.mail(1))
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.w.Once(t.Context()); !errors.Is(err, store.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	r.once(1)
}

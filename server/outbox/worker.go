// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// How messages are sent.
const (
	// Every is how often Run looks for messages.
	Every = 500 * time.Millisecond
	// sendFor is how long one attempt may take, and lease how long a message belongs
	// to the worker that claimed it. The lease is longer, so that no two send at once.
	sendFor = 30 * time.Second
	lease   = 2 * time.Minute
	// lanes is how many messages of a channel are on their way at once.
	lanes = 4
)

// Worker sends what is in the outbox. Any number of them, in any number of
// instances, can work on one database.
type Worker struct {
	DB    *store.DB
	Keys  *seal.Keys
	Clock moment.Clock
	// Mail and SMS take the messages of their channel; what has no sender waits.
	Mail, SMS Sender
	// Log is told of what could not be sent, in the words of TroubleError; nil is silence.
	Log *slog.Logger
}

// Run sends until ctx is done. Trouble with the database is logged and passes.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	for {
		if _, err := w.Once(ctx); err != nil && ctx.Err() == nil {
			w.log().Warn("the outbox could not be worked on", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once tries what is due, the channels and several messages of each side by side,
// and returns how many messages were sent. It ends early with a provider that is away.
func (w *Worker) Once(ctx context.Context) (int, error) {
	if err := w.giveUp(ctx); err != nil {
		return 0, err
	}
	var mu sync.Mutex
	var sent int
	var failed error
	var wg sync.WaitGroup
	for channel, sender := range map[Channel]Sender{Mail: w.Mail, SMS: w.SMS} {
		if sender == nil {
			continue
		}
		for range lanes {
			wg.Go(func() {
				n, err := w.lane(ctx, channel, sender)
				mu.Lock()
				defer mu.Unlock()
				sent, failed = sent+n, errors.Join(failed, err)
			})
		}
	}
	wg.Wait()
	return sent, failed
}

// lane sends one message after the other until none is due.
func (w *Worker) lane(ctx context.Context, channel Channel, to Sender) (sent int, err error) {
	for ctx.Err() == nil {
		c, err := w.claim(ctx, channel)
		if errors.Is(err, store.ErrNone) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		trouble := w.try(ctx, c, to)
		// What happened is noted also while the service is shutting down.
		note, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendFor)
		err = w.note(note, c, trouble)
		cancel()
		if err != nil {
			return sent, err
		}
		if trouble == nil {
			sent++
		} else if trouble.Away {
			return sent, nil
		}
	}
	return sent, nil
}

// claimed is a message that belongs to this worker until a moment.
type claimed struct {
	id      int64
	message Message
	sealed  []byte
	tries   int // with this one
	until   int64
}

// claim takes the message that has been due the longest. A failed one is due again
// later, so that it does not stand before others.
func (w *Worker) claim(ctx context.Context, channel Channel) (claimed, error) {
	now := w.Clock()
	const due = "SELECT id FROM outbox WHERE sent_at = 0 AND failed_at = 0 AND due_at <= ? AND claimed_until <= ? AND expires_at > ? AND channel = ?" +
		" ORDER BY due_at, id LIMIT 1"
	at := store.Millis(now)
	args := []any{at, at, at, string(channel)}
	c := claimed{until: store.Millis(now.Add(lease))}
	// Looking first is cheap, and takes no turn at SQLite's one writer.
	if err := w.DB.Row(ctx, due, args, &c.id); err != nil {
		return c, claimError(err)
	}
	err := w.DB.Tx(ctx, func(q store.Q) error {
		lock := q.Lock()
		if q.Kind() == store.Postgres {
			lock += " SKIP LOCKED" // the others' messages are not waited for
		}
		if err := q.Row(ctx, due+lock, args, &c.id); err != nil {
			return err
		}
		var written, expires int64
		err := q.Row(ctx, "UPDATE outbox SET claimed_until = ?, tries = tries + 1 WHERE id = ? RETURNING dedupe, body, tries, created_at, expires_at",
			[]any{c.until, c.id}, &c.message.Dedupe, &c.sealed, &c.tries, &written, &expires)
		c.message.Channel, c.message.Written, c.message.Expires = channel, store.Time(written), store.Time(expires)
		return err
	})
	return c, claimError(err)
}

func claimError(err error) error {
	if err == nil || errors.Is(err, store.ErrNone) {
		return err
	}
	return fmt.Errorf("claim a message: %w", err)
}

// try sends a message; nil if the provider took it.
func (w *Worker) try(ctx context.Context, c claimed, to Sender) *TroubleError {
	plain, err := w.Keys.Open(place(c.message.Dedupe), c.sealed)
	if err != nil || json.Unmarshal(plain, &c.message) != nil {
		return &TroubleError{Word: "unreadable"} // it can be read again once its key is back
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	if err := to.Send(ctx, c.message); err != nil {
		return troubleOf(err)
	}
	return nil
}

// note writes down what became of an attempt, and drops the content of what needs no other.
func (w *Worker) note(ctx context.Context, c claimed, t *TroubleError) error {
	now := w.Clock()
	var err error
	switch {
	case t == nil:
		_, err = w.DB.Exec(ctx, "UPDATE outbox SET sent_at = ?, body = NULL, claimed_until = 0, trouble = '' WHERE id = ?", store.Millis(now), c.id)
	case t.Final:
		_, err = w.DB.Exec(ctx, "UPDATE outbox SET failed_at = ?, body = NULL, claimed_until = 0, trouble = ? WHERE id = ? AND claimed_until = ?",
			store.Millis(now), t.Word, c.id, c.until)
	default:
		_, err = w.DB.Exec(ctx, "UPDATE outbox SET due_at = ?, claimed_until = 0, trouble = ? WHERE id = ? AND claimed_until = ?",
			store.Millis(now.Add(wait(c.tries))), t.Word, c.id, c.until)
	}
	if err != nil {
		return fmt.Errorf("note what became of a message: %w", err)
	}
	if t != nil {
		w.log().Warn("a message was not taken", "channel", c.message.Channel, "message", c.id, "trouble", t.Word, "tries", c.tries, "final", t.Final)
	}
	return nil
}

// wait is how long to wait after the nth attempt: 5 s, 15 s, 45 s, … at most 15 minutes.
func wait(tries int) time.Duration {
	d := 5 * time.Second
	for range tries - 1 {
		if d *= 3; d >= 15*time.Minute {
			return 15 * time.Minute
		}
	}
	return d
}

// giveUp drops what came to its end unsent. What was never to be sent (its end was
// before its beginning) goes without a word.
func (w *Worker) giveUp(ctx context.Context) error {
	now := store.Millis(w.Clock())
	var n, wanted int
	const over = " FROM outbox WHERE sent_at = 0 AND failed_at = 0 AND expires_at <= ? AND claimed_until <= ?"
	if err := w.DB.Row(ctx, "SELECT COUNT(*), COUNT(CASE WHEN expires_at > created_at THEN 1 END)"+over, []any{now, now}, &n, &wanted); err != nil {
		return fmt.Errorf("look for late messages: %w", err)
	}
	if n == 0 {
		return nil
	}
	_, err := w.DB.Exec(ctx, "UPDATE outbox SET failed_at = ?, body = NULL, trouble = CASE WHEN trouble = '' THEN 'late' ELSE trouble END"+
		" WHERE id IN (SELECT id"+over+")", now, now, now)
	if err != nil {
		return fmt.Errorf("drop late messages: %w", err)
	}
	if wanted > 0 {
		w.log().Warn("messages were given up", "count", wanted)
	}
	return nil
}

func (w *Worker) log() *slog.Logger {
	if w.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return w.Log
}

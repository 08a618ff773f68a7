// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"time"

	"github.com/kutano/authenticator/ui/kit"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// maxQueue bounds what is asked for: who scrolls through thousands of rows
// wants the last few screens of them, not all.
const maxQueue = 64

// want is a code that a row waits for.
type want struct {
	id   vault.ID
	at   time.Time
	next bool // the code after the current one
	lock int  // how often the model had been locked when it was asked for
}

// ask puts w on the queue and sees that somebody works at it. The caller holds
// the lock.
func (m *Model) ask(w want, e *entry) {
	if m.src == nil || m.ctx.Err() != nil {
		return
	}
	e.pending = true
	m.queue = append(m.queue, w)
	if len(m.queue) > maxQueue {
		if old := m.entries[m.queue[0].id]; old != nil {
			old.pending = false
		}
		m.queue = append(m.queue[:0], m.queue[1:]...)
	}
	if !m.working {
		m.working = true
		m.busy.Go(m.work)
	}
}

// work answers the queue in order and ends. changed is called once for all that
// came in one go, at the latest after every 16 codes.
func (m *Model) work() {
	done := 0
	for {
		w, src, gen, ok := m.take()
		if !ok {
			break
		}
		code, err := src.Code(m.ctx, w.id, w.at)
		m.put(w, gen, code, err)
		if done++; done%16 == 0 {
			m.tell()
		}
	}
	m.tell()
}

func (m *Model) tell() {
	if m.changed != nil && m.ctx.Err() == nil {
		m.changed()
	}
}

func (m *Model) take() (want, Source, int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 || m.ctx.Err() != nil {
		m.queue, m.working = nil, false
		return want{}, nil, 0, false
	}
	w := m.queue[0]
	m.queue = append(m.queue[:0], m.queue[1:]...)
	return w, m.src, m.gen, true
}

// put keeps an answer. One that comes late, for an account that is gone or
// after the model was locked, is dropped; one for an older list is kept and asked for once more.
func (m *Model) put(w want, gen int, code otpauth.Code, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[w.id]
	if e == nil || w.lock != m.locks {
		return
	}
	e.pending = false
	if err != nil {
		e.err, e.retry = err, w.at.Add(retryAfter)
		if gen != e.gen {
			// The key may be another one by now: an old code must not stay.
			e.cur, e.next = coded{}, coded{}
		}
		e.gen = gen
		return
	}
	c := coded{code, kit.GroupCode(code.Value)}
	e.err, e.retry = nil, time.Time{}
	switch {
	case w.next:
		e.next = c
	case e.gen != gen && e.cur.Value != code.Value:
		e.cur, e.next, e.gen = c, coded{}, gen
	default:
		e.cur, e.gen = c, gen
	}
}

// Advance asks a counter's account for its next code, in the background. then
// is called from another goroutine with the code that is now shown; not when
// the model was locked meanwhile.
func (m *Model) Advance(id vault.ID, then func(otpauth.Code, error)) {
	m.mu.Lock()
	e := m.entries[id]
	if e == nil {
		e = &entry{gen: m.gen}
		m.entries[id] = e
	}
	if e.pending || m.src == nil {
		m.mu.Unlock()
		return
	}
	e.pending = true
	src, lock := m.src, m.locks
	m.mu.Unlock()
	m.busy.Go(func() {
		code, err := src.Advance(m.ctx, id)
		if !m.putCounter(id, lock, code, err) {
			return
		}
		m.tell()
		if then != nil {
			then(code, err)
		}
	})
}

// Settle waits until everything asked for has come. It is for tests.
func (m *Model) Settle() { m.busy.Wait() }

// putCounter keeps a counter's code. It reports false when the model was locked
// since it was asked for.
func (m *Model) putCounter(id vault.ID, lock int, code otpauth.Code, err error) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if lock != m.locks {
		return false
	}
	e := m.entries[id]
	if e == nil {
		return true
	}
	e.pending, e.err = false, err
	if err == nil {
		e.cur, e.kept = coded{code, kit.GroupCode(code.Value)}, true
	}
	return true
}

// Fetch returns the code of an account at a time, for a caller that may wait.
func (m *Model) Fetch(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error) {
	m.mu.Lock()
	src := m.src
	m.mu.Unlock()
	if src == nil {
		return otpauth.Code{}, keystore.ErrClosed
	}
	return src.Code(ctx, id, at)
}

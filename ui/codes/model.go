// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"context"
	"sync"
	"time"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Source makes codes. [*vault.Vault] is one.
type Source interface {
	Code(ctx context.Context, id vault.ID, at time.Time) (otpauth.Code, error)
	Advance(ctx context.Context, id vault.ID) (otpauth.Code, error)
}

// Settings is what the user chose about codes.
type Settings struct {
	Hide        bool // codes are dots until asked for
	WaitForNext bool // a code with less than 5 s left is not copied: the next one is
	Plain       bool // the seconds are a number instead of a ring
	Veil        bool // every code is dots, also one that was asked for
}

const (
	// nextFor is how long before its time the next code is shown.
	nextFor = 10 * time.Second
	// hurry is the time in which a code can hardly be typed any more.
	hurry = 5 * time.Second
	// retryAfter keeps a store that fails from being asked every second.
	retryAfter = 10 * time.Second
)

// Model is the list of accounts, what of it is shown, and the codes known so
// far. Its methods may be called from several goroutines; none of them waits
// for the store.
type Model struct {
	src     Source
	changed func()
	ctx     context.Context // ends the worker, see Close
	cancel  context.CancelFunc

	mu       sync.Mutex
	settings Settings
	accounts []vault.Account
	query    string
	shown    []vault.Account
	entries  map[vault.ID]*entry
	looked   time.Time // when any row was looked at last
	gen      int       // raised when the accounts are read again: older codes are asked for anew
	locks    int       // raised at each lock: what was asked for before it is dropped
	queue    []want
	working  bool
	busy     sync.WaitGroup
}

// entry is what is known of one account's codes.
type entry struct {
	cur, next coded
	err       error
	retry     time.Time // not asked again before, after an error
	pending   bool      // asked for and not answered
	gen       int
	revealed  time.Time // shown until then in hide mode
	seen      time.Time // when the row was looked at last
	kept      bool      // a counter's code: it stays until replaced
}

// coded is a code with the text that is shown, made once a step.
type coded struct {
	otpauth.Code
	text string
}

// NewModel returns a model without accounts. changed is called from another
// goroutine whenever codes came that a row waits for.
func NewModel(src Source, changed func()) *Model {
	ctx, cancel := context.WithCancel(context.Background())
	return &Model{src: src, changed: changed, ctx: ctx, cancel: cancel, entries: map[vault.ID]*entry{}}
}

// Close ends what runs in the background.
func (m *Model) Close() { m.cancel() }

// SetSource changes where codes come from, once the vault is open or unlocked.
func (m *Model) SetSource(src Source) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.src = src
}

// Lock forgets every code and what was asked for, and asks for nothing more
// until [Model.SetSource]. The accounts stay, and what is searched for.
func (m *Model) Lock() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.src, m.queue = nil, nil
	m.locks++
	clear(m.entries)
}

// Locked reports whether there is nowhere that codes could come from.
func (m *Model) Locked() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.src == nil
}

// SetSettings applies the user's choice.
func (m *Model) SetSettings(s Settings) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings = s
}

// SetAccounts takes over the accounts in their order. Codes that are known
// stay on show while they are asked for again, as a key may have changed.
func (m *Model) SetAccounts(as []vault.Account) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.accounts = as
	m.gen++
	alive := make(map[vault.ID]bool, len(m.entries))
	for i := range as {
		if m.entries[as[i].ID] != nil {
			alive[as[i].ID] = true
		}
	}
	for id := range m.entries {
		if !alive[id] {
			delete(m.entries, id)
		}
	}
	m.search()
}

// SetQuery shows only the accounts that match.
func (m *Model) SetQuery(q string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.query = q
	m.search()
}

func (m *Model) search() {
	if m.query == "" {
		m.shown = m.accounts
		return
	}
	m.shown = vault.Search(m.accounts, m.query)
}

// Query returns what is searched for.
func (m *Model) Query() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.query
}

// Len returns the number of rows.
func (m *Model) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.shown)
}

// Total returns the number of accounts, shown or not.
func (m *Model) Total() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.accounts)
}

// Account returns the account of row i.
func (m *Model) Account(i int) (vault.Account, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i < 0 || i >= len(m.shown) {
		return vault.Account{}, false
	}
	return m.shown[i], true
}

// Index returns the row of an account, or -1.
func (m *Model) Index(id vault.ID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.shown {
		if m.shown[i].ID == id {
			return i
		}
	}
	return -1
}

// Row returns what row i shows now. A code that is missing is asked for, and
// changed is called when it came.
func (m *Model) Row(i int, now time.Time) Row {
	m.mu.Lock()
	defer m.mu.Unlock()
	if i < 0 || i >= len(m.shown) {
		return Row{}
	}
	return m.row(&m.shown[i], now)
}

// Waits reports whether one of the first n rows has no code yet that is on its way.
func (m *Model) Waits(n int, now time.Time) bool {
	for i := range min(n, m.Len()) {
		if m.Row(i, now).State == Waiting {
			return true
		}
	}
	return false
}

// RowOf is Row for an account by its name.
func (m *Model) RowOf(id vault.ID, now time.Time) (Row, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.accounts {
		if m.accounts[i].ID == id {
			return m.row(&m.accounts[i], now), true
		}
	}
	return Row{}, false
}

func (m *Model) row(a *vault.Account, now time.Time) Row {
	e := m.entries[a.ID]
	if e == nil {
		e = &entry{gen: m.gen}
		m.entries[a.ID] = e
	}
	e.seen, m.looked = now, now
	m.refill(a, e, now)
	return derive(a, e, m.settings, now)
}

// refill moves the next code up when its time has come and asks for what is
// missing. In the last seconds of a step it asks for the next code, so that
// a new step starts with a code and not with a gap.
func (m *Model) refill(a *vault.Account, e *entry, now time.Time) {
	if a.Type == otpauth.HOTP {
		return
	}
	if !e.cur.valid(now) && e.next.valid(now) {
		e.cur, e.next = e.next, coded{}
	}
	if e.pending || now.Before(e.retry) {
		return
	}
	switch {
	case !e.cur.valid(now) || e.gen != m.gen:
		m.ask(want{a.ID, now, false, m.locks}, e)
	case e.cur.Until.Sub(now) <= nextFor && !e.next.From.Equal(e.cur.Until):
		m.ask(want{a.ID, e.cur.Until, true, m.locks}, e)
	}
}

func (c coded) valid(now time.Time) bool {
	return c.Value != "" && !now.Before(c.From) && now.Before(c.Until)
}

// Reveal shows the hidden code of an account until its step ends.
func (m *Model) Reveal(id vault.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[id]
	if e == nil || e.cur.Value == "" {
		return
	}
	e.revealed = e.cur.Until
}

// Forget drops what is known of an account's codes: its key was replaced.
func (m *Model) Forget(id vault.ID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, id)
}

// Turned drops what is known of codes that go by the clock: the time that they
// are made for has jumped. What a counter gave stays.
func (m *Model) Turned() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue, m.looked = nil, time.Time{}
	for i := range m.accounts {
		if m.accounts[i].Type != otpauth.HOTP {
			delete(m.entries, m.accounts[i].ID)
		}
	}
}

// Retry asks at once for the codes that failed: the store was unlocked.
func (m *Model) Retry() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		e.err, e.retry = nil, time.Time{}
	}
}

// Trouble returns an error that keeps a row in view from having its code, or
// nil. Of rows that have gone out of view since, nothing is said.
func (m *Model) Trouble() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		if e.err != nil && m.looked.Sub(e.seen) < 2*time.Second {
			return e.err
		}
	}
	return nil
}

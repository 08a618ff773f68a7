// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package session keeps who is signed in.
//
// A session is known by an opaque token of 256 bits, of which only a hash is
// kept. Proving a factor gives it a new token, so that one that was overheard
// or planted before is worth nothing after (OWASP ASVS 5, 7.2.4). It ends after
// 12 hours, after 30 minutes without use, or when it is ended; one that is not
// complete ends sooner.
package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// Limits of a session (docs of OWASP ASVS 5, 7.3).
const (
	Absolute = 12 * time.Hour
	Idle     = 30 * time.Minute
	// Fresh is how long a proof is good for changes to the second factor.
	Fresh = 10 * time.Minute
	// Pending is how long a sign-in may wait for its second factor.
	Pending = 15 * time.Minute
	// Enrolling is how long one may take that has to set up a second factor first.
	Enrolling = time.Hour
	// Most is how many sessions a user has at once; as many again may wait for their
	// second factor, so that whoever only passes the first step ends none that is in use.
	Most = 20
	// skew is how far ahead the clock of another instance may be.
	skew = time.Minute
	// seenEvery is how exactly the last use is kept.
	seenEvery = time.Minute
)

// Need is what a session still lacks before it can be used.
type Need string

// What a session can lack.
const (
	Nothing Need = ""
	Second  Need = "second" // the second factor
	Enrol   Need = "enrol"  // a second factor has to be set up first, nothing else can be done
)

// Scope is what a linked app may do; a session of a browser may do all of it.
type Scope string

// The scopes of linked apps.
const (
	Read      Scope = "status" // see status, time and own sessions: the default
	EnrolOnly Scope = "enrol"  // set up and change the second factor
	DeskWork  Scope = "desk"   // help callers, for an hour, and change something within Fresh alone
)

// Session is a sign-in, complete or not.
type Session struct {
	ID     string // not secret: names it in lists
	UserID string
	Via    string // email, google, apple
	Need   Need
	Device string
	First  time.Time // when the first factor was proved
	Second time.Time // when the second was, zero if it was not
	// Created, Seen and Ends bound its life; Ends is the earlier of the two limits.
	Created, Seen, Ends time.Time
	// App is set for a linked app: then Scopes says what it may do.
	App    string
	Scopes []Scope
}

// AAL is the number of factors that were proved, as the API tells it.
func (s Session) AAL() int {
	if s.Second.IsZero() {
		return 1
	}
	return 2
}

// Ready tells whether the session can be used for what it is for.
func (s Session) Ready() bool { return s.Need == Nothing }

// May tells whether the session has a scope; those of browsers have all.
func (s Session) May(scope Scope) bool {
	if s.App == "" {
		return true
	}
	for _, have := range s.Scopes {
		if have == scope {
			return true
		}
	}
	return false
}

// IsFresh tells whether both factors were proved within Fresh, so that the second
// factor may be changed. enrolled says whether the user has a second factor.
func (s Session) IsFresh(now time.Time, enrolled bool) bool {
	if s.Need == Enrol { // it was proved just now that there is no other way
		return true
	}
	return s.Ready() && recent(s.First, now) && (!enrolled || recent(s.Second, now))
}

// IsRecent tells whether one of the factors was proved within Fresh: enough to end
// other sessions, not to change the second factor (OWASP ASVS 5, 7.5.2).
func (s Session) IsRecent(now time.Time) bool {
	return s.Ready() && (recent(s.First, now) || recent(s.Second, now))
}

// recent is not what lies ahead: where the clock was set back, one proves again.
func recent(t, now time.Time) bool {
	age := now.Sub(t)
	return !t.IsZero() && age < Fresh && age >= -skew
}

// ErrEnded means that there is no such session, or that it ended.
var ErrEnded = errors.New("the session has ended")

const columns = "s.id, s.user_id, s.via, s.need, s.device, s.first_at, s.second_at, s.created_at, s.seen_at"

func scan(read func(...any) error, more ...any) (Session, error) {
	var s Session
	var first, second, created, seen int64
	err := read(append([]any{&s.ID, &s.UserID, &s.Via, &s.Need, &s.Device, &first, &second, &created, &seen}, more...)...)
	s.First, s.Second = store.Time(first), store.Time(second)
	s.Created, s.Seen = store.Time(created), store.Time(seen)
	s.Ends = s.ends()
	return s, err
}

func (s Session) ends() time.Time {
	life, idle := Absolute, Idle
	switch s.Need {
	case Second:
		life = Pending
	case Enrol:
		life = Enrolling
	case Nothing:
	}
	return earlier(s.Created.Add(life), s.Seen.Add(idle))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Start begins a session after a first factor and returns its token. Where the user
// has more than Most, the one that was not used for the longest ends.
func Start(ctx context.Context, q store.Q, userID, via, device string, need Need, now time.Time) (Session, string, error) {
	token := seal.Token()
	s := Session{ID: seal.NewID(), UserID: userID, Via: via, Need: need, Device: device, First: now, Created: now, Seen: now}
	s.Ends = s.ends()
	_, err := q.Exec(ctx, "INSERT INTO sessions (id, user_id, token_hash, via, need, device, first_at, second_at, created_at, seen_at)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
		s.ID, userID, seal.Hash(token), via, string(need), device, store.Millis(now), store.Millis(now), store.Millis(now))
	if err != nil {
		return Session{}, "", fmt.Errorf("begin a session: %w", err)
	}
	return s, token, crowd(ctx, q, s, now)
}

// crowd ends what is more than Most, beside s and of its sort.
func crowd(ctx context.Context, q store.Q, s Session, now time.Time) error {
	sort := "need <> 'second'"
	if s.Need == Second {
		sort = "need = 'second'"
	}
	live := "user_id = ? AND id <> ? AND ended_at = 0 AND " + sort
	_, err := q.Exec(ctx, "UPDATE sessions SET ended_at = ? WHERE "+live+
		" AND id NOT IN (SELECT id FROM sessions WHERE "+live+" ORDER BY seen_at DESC, id LIMIT ?)",
		store.Millis(now), s.UserID, s.ID, s.UserID, s.ID, Most-1)
	if err != nil {
		return fmt.Errorf("end the oldest sessions: %w", err)
	}
	return nil
}

// Find returns the session of a token and its user; ErrEnded if there is none.
// It notes the use, to the minute.
func Find(ctx context.Context, q store.Q, token string, now time.Time) (Session, people.User, error) {
	var email, name, role string
	var by, reported, suspended, since, created, ended int64
	s, err := scan(func(dest ...any) error {
		return q.Row(ctx, "SELECT "+columns+", s.ended_at, u.email, u.name, u.role, u.enrol_by, u.reported_at, u.suspended_at, u.contact_since, u.created_at"+
			" FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = ?", []any{seal.Hash(token)}, dest...)
	}, &ended, &email, &name, &role, &by, &reported, &suspended, &since, &created)
	if errors.Is(err, store.ErrNone) || err == nil && (ended != 0 || suspended != 0 || !now.Before(s.Ends)) {
		return Session{}, people.User{}, ErrEnded
	}
	if err != nil {
		return Session{}, people.User{}, fmt.Errorf("find a session: %w", err)
	}
	u := people.User{
		ID: s.UserID, Email: email, Name: name, Role: people.Role(role), EnrolBy: store.Time(by), Reported: store.Time(reported),
		ContactSince: store.Time(since), Created: store.Time(created),
	}
	if now.Sub(s.Seen) >= seenEvery {
		if _, err := q.Exec(ctx, "UPDATE sessions SET seen_at = ? WHERE id = ? AND seen_at < ?", store.Millis(now), s.ID, store.Millis(now)); err != nil {
			return Session{}, people.User{}, fmt.Errorf("note the use of a session: %w", err)
		}
		s.Seen = now
		s.Ends = s.ends()
	}
	return s, u, nil
}

// ByID returns a live session by its id; ErrEnded if there is none. It is for what
// was begun in a session and comes back without its token.
func ByID(ctx context.Context, q store.Q, id string, now time.Time) (Session, error) {
	var ended int64
	s, err := scan(func(dest ...any) error {
		return q.Row(ctx, "SELECT "+columns+", s.ended_at FROM sessions s WHERE s.id = ?"+q.Lock(), []any{id}, dest...)
	}, &ended)
	if errors.Is(err, store.ErrNone) || err == nil && (ended != 0 || !now.Before(s.Ends)) {
		return Session{}, ErrEnded
	}
	if err != nil {
		return Session{}, fmt.Errorf("find a session: %w", err)
	}
	return s, nil
}

// Raise notes that factors of a session were proved, and gives it a new token:
// the old one is worth nothing from then on. first and second are when each was
// proved; a zero time leaves what is there. The life of a session that was
// waiting for its second factor begins anew. A linked app keeps its tokens, which
// it renews itself; the new token is "" then.
func Raise(ctx context.Context, q store.Q, s Session, need Need, first, second, now time.Time) (Session, string, error) {
	token := seal.Token()
	waited := s.Need == Second
	if waited {
		s.Created = now
	}
	s.Need, s.Seen = need, now
	if !first.IsZero() {
		s.First = first
	}
	if !second.IsZero() {
		s.Second = second
	}
	if s.App != "" {
		return s, "", raiseApp(ctx, q, s)
	}
	// How many the user has comes back with it: nearly always few enough, and then nothing more has to be asked.
	var live int
	err := q.Row(ctx, "UPDATE sessions SET token_hash = ?, need = ?, first_at = ?, second_at = ?, created_at = ?, seen_at = ? WHERE id = ? AND ended_at = 0"+
		" RETURNING (SELECT COUNT(*) FROM sessions l WHERE l.user_id = ? AND l.ended_at = 0)",
		[]any{seal.Hash(token), string(need), store.Millis(s.First), store.Millis(s.Second), store.Millis(s.Created), store.Millis(now), s.ID, s.UserID}, &live)
	if errors.Is(err, store.ErrNone) {
		return Session{}, "", ErrEnded
	}
	if err != nil {
		return Session{}, "", fmt.Errorf("raise a session: %w", err)
	}
	s.Ends = s.ends()
	if waited && live > Most {
		err = crowd(ctx, q, s, now)
	}
	return s, token, err
}

func raiseApp(ctx context.Context, q store.Q, s Session) error {
	n, err := q.Exec(ctx, "UPDATE links SET first_at = ?, second_at = ? WHERE id = ? AND ended_at = 0", store.Millis(s.First), store.Millis(s.Second), s.ID)
	if err != nil {
		return fmt.Errorf("raise a linked app: %w", err)
	}
	if n == 0 {
		return ErrEnded
	}
	return nil
}

// Live tells whether a session, or the link of an app, has not been ended since it was found.
func Live(ctx context.Context, q store.Q, in Session) (bool, error) {
	query := "SELECT COUNT(*) FROM sessions WHERE id = ? AND user_id = ? AND ended_at = 0"
	if in.App != "" {
		query = "SELECT COUNT(*) FROM links WHERE id = ? AND user_id = ? AND ended_at = 0"
	}
	var n int
	if err := q.Row(ctx, query, []any{in.ID, in.UserID}, &n); err != nil {
		return false, fmt.Errorf("look at a session: %w", err)
	}
	return n > 0, nil
}

// Stale takes from all linked apps of a user but one, and from what was allowed to
// apps and not fetched yet, that its factors were proved a moment ago: they see the
// status still, and can change nothing. It is for when the second factor changes.
func Stale(ctx context.Context, q store.Q, userID, but string) error {
	// What is not fetched yet first: an app that fetches at the same time has made its link then.
	for _, query := range []string{
		"UPDATE link_codes SET first_at = 0, second_at = 0 WHERE user_id = ?",
		"UPDATE link_devices SET first_at = 0, second_at = 0 WHERE user_id = ?",
	} {
		if _, err := q.Exec(ctx, query, userID); err != nil {
			return fmt.Errorf("take a proof from linked apps: %w", err)
		}
	}
	if _, err := q.Exec(ctx, "UPDATE links SET first_at = 0, second_at = 0 WHERE user_id = ? AND id <> ?", userID, but); err != nil {
		return fmt.Errorf("take a proof from linked apps: %w", err)
	}
	return nil
}

// List returns the live sessions of a user, the last used first.
func List(ctx context.Context, q store.Q, userID string, now time.Time) ([]Session, error) {
	var all []Session
	err := q.Rows(ctx, "SELECT "+columns+" FROM sessions s WHERE s.user_id = ? AND s.ended_at = 0 ORDER BY s.seen_at DESC, s.id", []any{userID},
		func(read func(...any) error) error {
			s, err := scan(read)
			if err == nil && now.Before(s.Ends) {
				all = append(all, s)
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return all, nil
}

// End ends one session of a user; ErrEnded if there is no such live one.
func End(ctx context.Context, q store.Q, userID, id string, now time.Time) error {
	n, err := q.Exec(ctx, "UPDATE sessions SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at = 0", store.Millis(now), id, userID)
	if err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if n == 0 {
		return ErrEnded
	}
	return nil
}

// EndAll ends all sessions of a user but one; "" spares none. It returns how many ended.
func EndAll(ctx context.Context, q store.Q, userID, but string, now time.Time) (int64, error) {
	n, err := q.Exec(ctx, "UPDATE sessions SET ended_at = ? WHERE user_id = ? AND id <> ? AND ended_at = 0", store.Millis(now), userID, but)
	if err != nil {
		return 0, fmt.Errorf("end sessions: %w", err)
	}
	return n, nil
}

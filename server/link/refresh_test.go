// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func TestRefresh(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		first := b.linked(t, "enrol")
		b.now = b.now.Add(89 * 24 * time.Hour)
		second, err := b.refresh(first.Refresh)
		if err != nil || second.Access == first.Access || second.Refresh == first.Refresh || len(second.Scopes) != 2 {
			t.Fatalf("%+v, %v", second, err)
		}
		if !b.ended(t, first.Access) || b.ended(t, second.Access) {
			t.Fatal("the new access token is not the only one")
		}
		b.now = b.now.Add(90*24*time.Hour - time.Millisecond)
		if second, err = b.refresh(second.Refresh); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(90 * 24 * time.Hour)
		_, err = b.refresh(second.Refresh)
		wantOAuth(t, err, "invalid_grant")
	})
}

// TestLinkEnds: however often it is renewed, a link ends a year after it was allowed. ASVS 10.4.8
func TestLinkEnds(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		began, tokens := b.now, b.linked(t, "")
		var err error
		for b.now.Add(80 * 24 * time.Hour).Before(began.Add(link.LinkLife)) {
			b.now = b.now.Add(80 * 24 * time.Hour)
			if tokens, err = b.refresh(tokens.Refresh); err != nil {
				t.Fatal(err)
			}
		}
		b.now = began.Add(link.LinkLife - time.Minute)
		if tokens, err = b.refresh(tokens.Refresh); err != nil || tokens.ExpiresIn != time.Minute {
			t.Fatalf("%v, %v", tokens.ExpiresIn, err)
		}
		b.now = began.Add(link.LinkLife)
		_, err = b.refresh(tokens.Refresh)
		wantOAuth(t, err, "invalid_grant")
		if !b.ended(t, tokens.Access) {
			t.Fatal("the access token outlives the link")
		}
	})
}

func TestRefreshOfAnyAgeEndsTheLink(t *testing.T) {
	for turns := 1; turns <= 3; turns++ {
		each(t, func(t *testing.T, b *bench) {
			stolen, other := b.linked(t, ""), b.linked(t, "")
			live := stolen
			for range turns {
				var err error
				if live, err = b.refresh(live.Refresh); err != nil {
					t.Fatal(err)
				}
			}
			_, err := b.refresh(stolen.Refresh)
			wantOAuth(t, err, "invalid_grant")
			if !b.ended(t, live.Access) {
				t.Fatalf("after %d turns the link lives on", turns)
			}
			_, err = b.refresh(live.Refresh)
			wantOAuth(t, err, "invalid_grant")
			if b.ended(t, other.Access) {
				t.Fatal("another link ended")
			}
			if n := b.count(t, "audit WHERE action = 'link.ended'"); n != 1 {
				t.Fatalf("%d entries in the audit log", n)
			}
		})
	}
}

// However often it is refreshed, a link ends a year after it was made (OWASP ASVS 5, 10.4.8).
func TestLinkEndsAfterAYear(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "")
		made := b.now
		for b.now.Sub(made) < 360*24*time.Hour {
			b.now = b.now.Add(60 * 24 * time.Hour)
			var err error
			if tokens, err = b.refresh(tokens.Refresh); err != nil {
				t.Fatalf("after %v: %v", b.now.Sub(made), err)
			}
		}
		b.now = made.Add(365 * 24 * time.Hour)
		_, err := b.refresh(tokens.Refresh)
		wantOAuth(t, err, "invalid_grant")
	})
}

// TestRefreshForged: who only knows the id of a link cannot end it.
func TestRefreshForged(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "")
		at := strings.LastIndexByte(tokens.Refresh, '.')
		id, _, _ := strings.Cut(tokens.Refresh, ".")
		for _, forged := range []string{
			id, id + "." + seal.Token(), id + "." + seal.Token() + tokens.Refresh[at:], "x" + tokens.Refresh, tokens.Refresh[:at], tokens.Refresh[:at+1], ".",
		} {
			_, err := b.refresh(forged)
			wantOAuth(t, err, "invalid_grant")
			if err := b.Revoke(b.ctx, forged); err != nil {
				t.Fatal(err)
			}
		}
		if b.ended(t, tokens.Access) {
			t.Fatal("a forged token ended the link")
		}
	})
}

// TestRefreshAfterRotation: a token outlives the key that its reuse would be known by.
func TestRefreshAfterRotation(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "")
		var err error
		if b.Keys, err = seal.New(bytes.Repeat([]byte{2}, seal.KeySize)); err != nil {
			t.Fatal(err)
		}
		if _, err := b.refresh(tokens.Refresh); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRefreshScope(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "status")
		for _, scope := range []string{"enrol", "status enrol", "admin"} {
			_, err := b.refresh(tokens.Refresh, "scope", scope)
			wantOAuth(t, err, "invalid_scope")
		}
		_, err := b.refresh(tokens.Refresh, "client_id", "x")
		wantOAuth(t, err, "invalid_client")
		_, err = b.refresh("")
		wantOAuth(t, err, "invalid_request")
		if _, err := b.refresh(tokens.Refresh, "scope", "status"); err != nil {
			t.Fatal(err)
		}
	})
}

// race runs f so many times at once and counts how often it succeeds.
func race(n int, f func() error) int64 {
	var wg sync.WaitGroup
	var won atomic.Int64
	for range n {
		wg.Go(func() {
			if f() == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	return won.Load()
}

func TestRaces(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		code := b.allow(t, "")
		if won := race(8, func() error { _, err := b.Token(b.ctx, codeForm(code)); return err }); won != 1 {
			t.Fatalf("one code brought tokens %d times", won)
		}
		if n := b.count(t, "links WHERE ended_at = 0"); n != 0 {
			t.Fatal("a code was used twice, and its link lives on")
		}
		tokens := b.linked(t, "")
		if won := race(8, func() error { _, err := b.refresh(tokens.Refresh); return err }); won != 1 {
			t.Fatalf("one refresh token brought tokens %d times", won)
		}
		d := b.device(t)
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, true); err != nil {
			t.Fatal(err)
		}
		if won := race(8, func() error { _, err := b.poll(d); return err }); won != 1 {
			t.Fatalf("one device code brought tokens %d times", won)
		}
	})
}

func TestAllowRefused(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		r, err := b.Parse(query())
		if err != nil {
			t.Fatal(err)
		}
		enrol, err := b.Parse(query("scope", "enrol"))
		if err != nil {
			t.Fatal(err)
		}
		allow := func(in session.Session, r link.Request) error { _, err := b.Allow(b.ctx, in, r); return err }
		wantKind(t, allow(b.signIn(t, session.Second, time.Time{}), r), refusal.NeedsSecond)
		wantKind(t, allow(b.signIn(t, session.Enrol, time.Time{}), r), refusal.NeedsEnrolment)
		wantKind(t, allow(b.signIn(t, session.Nothing, time.Time{}), r), refusal.NeedsSecond)
		wantKind(t, allow(b.signIn(t, session.Nothing, b.now.Add(-session.Fresh)), enrol), refusal.NeedsElevation)
		tokens := b.linked(t, "enrol")
		linked, _, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, allow(linked, r), refusal.Forbidden)
		b.tx(t, func(q store.Q) error { return session.End(b.ctx, q, b.ana.ID, b.in.ID, b.now) })
		if err := allow(b.in, r); !errors.Is(err, session.ErrEnded) {
			t.Fatalf("a session that ended: %v", err)
		}
	})
}

func TestEnrolIsFreshForTenMinutes(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.now = b.now.Add(4 * time.Minute)
		tokens := b.linked(t, "enrol")
		for after, want := range map[time.Duration]bool{0: true, 6*time.Minute - 1: true, 6 * time.Minute: false} {
			in, _, err := b.Find(b.ctx, tokens.Access, b.now.Add(after))
			if err != nil || in.IsFresh(b.now.Add(after), true) != want || !in.May(session.EnrolOnly) {
				t.Fatalf("after %v: %+v, %v", after, in, err)
			}
		}
		b.now = b.now.Add(10 * time.Minute)
		tokens, err := b.refresh(tokens.Refresh)
		if err != nil {
			t.Fatal(err)
		}
		if in, _, err := b.Find(b.ctx, tokens.Access, b.now); err != nil || in.IsFresh(b.now, true) {
			t.Fatalf("refreshing made it fresh: %+v, %v", in, err)
		}
	})
}

// TestRaised: an app that set a method up keeps its tokens.
func TestRaised(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "enrol")
		in, _, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(5 * time.Minute)
		b.tx(t, func(q store.Q) error {
			_, token, err := session.Raise(b.ctx, q, in, session.Nothing, time.Time{}, b.now, b.now)
			if token != "" {
				t.Errorf("a token of a session: %q", token)
			}
			return err
		})
		if in, _, err = b.Find(b.ctx, tokens.Access, b.now); err != nil || !in.Second.Equal(b.now) || in.First.Equal(b.now) {
			t.Fatalf("%+v, %v", in, err)
		}
	})
}

func TestEnding(t *testing.T) {
	for name, end := range map[string]func(b *bench, id string, tokens link.Tokens) error{
		"by its user":            func(b *bench, id string, _ link.Tokens) error { return b.End(b.ctx, b.ana.ID, id) },
		"by its access token":    func(b *bench, _ string, t link.Tokens) error { return b.Revoke(b.ctx, t.Access) },
		"by its refresh token":   func(b *bench, _ string, t link.Tokens) error { return b.Revoke(b.ctx, t.Refresh) },
		"with all others":        func(b *bench, _ string, _ link.Tokens) error { return b.endAll() },
		"by an account's ending": func(b *bench, _ string, _ link.Tokens) error { return b.suspend() },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, b *bench) {
				tokens := b.linked(t, "")
				in, _, err := b.Find(b.ctx, tokens.Access, b.now)
				if err != nil {
					t.Fatal(err)
				}
				if err := end(b, in.ID, tokens); err != nil {
					t.Fatal(err)
				}
				if !b.ended(t, tokens.Access) {
					t.Fatal("it lives on")
				}
				_, err = b.refresh(tokens.Refresh)
				wantOAuth(t, err, "invalid_grant")
			})
		})
	}
}

func (b *bench) endAll() error {
	return b.DB.Tx(b.ctx, func(q store.Q) error { return link.EndAll(b.ctx, q, b.ana.ID, b.now) })
}

func (b *bench) suspend() error {
	_, err := b.DB.Exec(b.ctx, "UPDATE users SET suspended_at = 1")
	return err
}

func TestEndOfAnother(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "")
		in, _, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.End(b.ctx, "someone else", in.ID); !errors.Is(err, session.ErrEnded) || b.ended(t, tokens.Access) {
			t.Fatalf("%v", err)
		}
		if err := b.Revoke(b.ctx, "unknown"); err != nil {
			t.Fatalf("RFC 7009, 2.2: %v", err)
		}
	})
}

// TestEndAllReachesWhatWasNotFetched: what was allowed before everything ended brings nothing after it.
func TestEndAllReachesWhatWasNotFetched(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		code, d := b.allow(t, ""), b.device(t)
		if err := b.DecideDevice(b.ctx, b.in, d.UserCode, true); err != nil {
			t.Fatal(err)
		}
		if err := b.endAll(); err != nil {
			t.Fatal(err)
		}
		_, err := b.Token(b.ctx, codeForm(code))
		wantOAuth(t, err, "invalid_grant")
		_, err = b.poll(d)
		wantOAuth(t, err, "access_denied")
	})
}

// TestEndAllRaced: an exchange and the end of everything at once leave no link.
func TestEndAllRaced(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for range 10 {
			code := b.allow(t, "")
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = b.Token(b.ctx, codeForm(code)) })
			wg.Go(func() {
				if err := b.endAll(); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if n := b.count(t, "links WHERE ended_at = 0"); n != 0 {
				t.Fatal("a link outlived the end of all")
			}
		}
	})
}

// FuzzToken: no form brings tokens that nobody allowed, and none is a fault.
func FuzzToken(f *testing.F) {
	f.Add(url.Values(codeForm("x")).Encode())
	f.Add("grant_type=refresh_token&client_id=kutano-companion&refresh_token=a.b.c")
	f.Add("grant_type=refresh_token&client_id=kutano-companion&refresh_token=%00&scope=%ff")
	f.Add("grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=kutano-companion&device_code=%27")
	b := newBench(f)
	f.Fuzz(func(t *testing.T, raw string) {
		form, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		var e *link.OAuthError
		if tokens, err := b.Token(b.ctx, form); !errors.As(err, &e) || tokens.Access != "" || e.Redirect != "" {
			t.Fatalf("%+v, %v", tokens, err)
		}
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package link_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/dbtest"
	"github.com/kutano/authenticator/server/link"
	"github.com/kutano/authenticator/server/notice"
	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

const (
	app      = "kutano-companion"
	redirect = "http://127.0.0.1:40123/back"
	verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	sum      = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// bench is a service with a user, ana, who has a second factor and is signed in freshly.
type bench struct {
	*link.Service
	ctx  context.Context
	ana  people.User
	in   session.Session
	now  time.Time
	told []notice.Event
}

func (b *bench) Tell(_ context.Context, _ store.Q, u people.User, e notice.Event, f notice.Facts, _ time.Time) error {
	if u.ID == b.ana.ID && f.Device == "Kutano Authenticator" {
		b.told = append(b.told, e)
	}
	return nil
}

func each(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *store.DB) { f(t, benchOn(t, db)) })
}

// newBench is a bench on SQLite, for what the database has no part in.
func newBench(t testing.TB) *bench {
	t.Helper()
	return benchOn(t, dbtest.SQLite(t))
}

func benchOn(t testing.TB, db *store.DB) *bench {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{ctx: context.Background(), now: time.UnixMilli(1_800_000_000_000).UTC()}
	b.Service = &link.Service{DB: db, Keys: keys, Clock: func() time.Time { return b.now }, Notices: b, BaseURL: "https://app.kutano.example"}
	b.tx(t, func(q store.Q) error {
		if b.ana, err = people.Create(b.ctx, q, "ana@kutano.example", "Ana", people.Member, b.now); err != nil {
			return err
		}
		_, err := q.Exec(b.ctx, "INSERT INTO factors (user_id, method, created_at) VALUES (?, 'totp', 0)", b.ana.ID)
		return err
	})
	b.in = b.signIn(t, session.Nothing, b.now)
	return b
}

func (b *bench) tx(t testing.TB, f func(store.Q) error) {
	t.Helper()
	if err := b.DB.Tx(b.ctx, f); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) signIn(t testing.TB, need session.Need, second time.Time) (in session.Session) {
	t.Helper()
	b.tx(t, func(q store.Q) (err error) {
		if in, _, err = session.Start(b.ctx, q, b.ana.ID, "email", "Firefox", need, b.now); err != nil {
			return err
		}
		in, _, err = session.Raise(b.ctx, q, in, need, time.Time{}, second, b.now)
		return err
	})
	return in
}

func (b *bench) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := b.DB.Row(b.ctx, "SELECT COUNT(*) FROM "+query, args, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func query(change ...string) map[string][]string {
	q := map[string][]string{
		"client_id": {app}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {"x y"},
		"code_challenge": {sum}, "code_challenge_method": {"S256"},
	}
	return with(q, change...)
}

func with(q map[string][]string, change ...string) map[string][]string {
	for i := 0; i+1 < len(change); i += 2 {
		if change[i+1] == "" {
			delete(q, change[i])
		} else {
			q[change[i]] = []string{change[i+1]}
		}
	}
	return q
}

// allow brings a code for a scope.
func (b *bench) allow(t *testing.T, scope string) string {
	t.Helper()
	r, err := b.Parse(query("scope", scope))
	if err != nil {
		t.Fatal(err)
	}
	back, err := b.Allow(b.ctx, b.in, r)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil || !strings.HasPrefix(back, redirect+"?") || u.Query().Get("state") != "x y" || u.Query().Get("iss") != b.BaseURL {
		t.Fatalf("sent to %q, %v", back, err)
	}
	return u.Query().Get("code")
}

func codeForm(code string, change ...string) map[string][]string {
	return with(map[string][]string{
		"grant_type": {"authorization_code"}, "client_id": {app}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	}, change...)
}

func (b *bench) refresh(token string, change ...string) (link.Tokens, error) {
	return b.Token(b.ctx, with(map[string][]string{"grant_type": {"refresh_token"}, "client_id": {app}, "refresh_token": {token}}, change...))
}

func (b *bench) linked(t *testing.T, scope string) link.Tokens {
	t.Helper()
	tokens, err := b.Token(b.ctx, codeForm(b.allow(t, scope)))
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func wantOAuth(t *testing.T, err error, code string) {
	t.Helper()
	var e *link.OAuthError
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func wantKind(t *testing.T, err error, k refusal.Kind) {
	t.Helper()
	if !refusal.Is(err, k) {
		t.Fatalf("got %v, want %s", err, k)
	}
}

func (b *bench) ended(t *testing.T, access string) bool {
	t.Helper()
	_, _, err := b.Find(b.ctx, access, b.now)
	if err != nil && !errors.Is(err, session.ErrEnded) {
		t.Fatal(err)
	}
	return err != nil
}

func TestCode(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		tokens := b.linked(t, "")
		if tokens.ExpiresIn != time.Hour || len(tokens.Scopes) != 1 || tokens.Scopes[0] != session.Read {
			t.Fatalf("%+v", tokens)
		}
		in, u, err := b.Find(b.ctx, tokens.Access, b.now)
		if err != nil || u.ID != b.ana.ID || in.App != app || !in.Ready() || in.AAL() != 2 || !in.May(session.Read) || in.May(session.EnrolOnly) {
			t.Fatalf("%+v, %+v, %v", in, u, err)
		}
		if len(b.told) != 1 || b.told[0] != notice.AppLinked {
			t.Fatalf("told %v", b.told)
		}
		if n := b.count(t, "audit WHERE action = 'link.made' AND subject = ?", b.ana.ID); n != 1 {
			t.Fatalf("%d entries in the audit log", n)
		}
		all, err := b.List(b.ctx, b.ana.ID)
		if err != nil || len(all) != 1 || all[0].Name != "Kutano Authenticator" || all[0].ID != in.ID {
			t.Fatalf("%+v, %v", all, err)
		}
		b.now = b.now.Add(time.Hour)
		if !b.ended(t, tokens.Access) {
			t.Fatal("an access token is good for more than an hour")
		}
	})
}

func TestNothingReadableIsStored(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		code := b.allow(t, "")
		tokens, err := b.Token(b.ctx, codeForm(code))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{code, tokens.Access, tokens.Refresh} {
			n := b.count(t, "link_codes c, links l WHERE c.code_hash = ? OR l.access_hash = ? OR l.refresh_hash = ?", []byte(secret), []byte(secret), []byte(secret))
			if n != 0 {
				t.Fatal("a secret is stored as it is")
			}
		}
	})
}

func TestCodeRefused(t *testing.T) {
	other := base64.RawURLEncoding.EncodeToString(sha256.New().Sum(nil))
	cases := map[string]struct {
		change []string
		want   string
	}{
		"no grant":        {[]string{"grant_type", ""}, "invalid_request"},
		"other grant":     {[]string{"grant_type", "password"}, "unsupported_grant_type"},
		"no client":       {[]string{"client_id", ""}, "invalid_client"},
		"other client":    {[]string{"client_id", "x"}, "invalid_client"},
		"no code":         {[]string{"code", ""}, "invalid_request"},
		"wrong code":      {[]string{"code", "x"}, "invalid_grant"},
		"no redirect":     {[]string{"redirect_uri", ""}, "invalid_request"},
		"other port":      {[]string{"redirect_uri", "http://127.0.0.1:40124/back"}, "invalid_grant"},
		"no verifier":     {[]string{"code_verifier", ""}, "invalid_request"},
		"short verifier":  {[]string{"code_verifier", verifier[:42]}, "invalid_request"},
		"other verifier":  {[]string{"code_verifier", other}, "invalid_grant"},
		"the challenge":   {[]string{"code_verifier", sum}, "invalid_grant"},
		"verifier's case": {[]string{"code_verifier", strings.ToLower(verifier)}, "invalid_grant"},
	}
	each(t, func(t *testing.T, b *bench) {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				code, before := b.allow(t, ""), b.count(t, "links")
				_, err := b.Token(b.ctx, codeForm(code, c.change...))
				wantOAuth(t, err, c.want)
				if b.count(t, "links") != before {
					t.Fatal("linked all the same")
				}
				if _, err := b.Token(b.ctx, codeForm(code)); err != nil {
					t.Fatalf("and what was allowed is lost: %v", err)
				}
			})
		}
	})
}

func TestTwiceInOneForm(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		form := codeForm(b.allow(t, ""))
		form["code"] = append(form["code"], "x")
		_, err := b.Token(b.ctx, form)
		wantOAuth(t, err, "invalid_request")
	})
}

func TestCodeExpires(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		late, just := b.allow(t, ""), b.allow(t, "")
		b.now = b.now.Add(time.Minute - time.Millisecond)
		if _, err := b.Token(b.ctx, codeForm(just)); err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(time.Millisecond)
		_, err := b.Token(b.ctx, codeForm(late))
		wantOAuth(t, err, "invalid_grant")
	})
}

func TestCodeTwiceEndsTheLink(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		code := b.allow(t, "")
		tokens, err := b.Token(b.ctx, codeForm(code))
		if err != nil {
			t.Fatal(err)
		}
		again := b.allow(t, "")
		other, err := b.Token(b.ctx, codeForm(again))
		if err != nil {
			t.Fatal(err)
		}
		b.now = b.now.Add(2 * time.Minute) // also when it has expired
		_, err = b.Token(b.ctx, codeForm(code))
		wantOAuth(t, err, "invalid_grant")
		if !b.ended(t, tokens.Access) {
			t.Fatal("the link lives on")
		}
		if _, err := b.refresh(tokens.Refresh); err == nil {
			t.Fatal("the link can be refreshed")
		}
		if b.ended(t, other.Access) {
			t.Fatal("another link ended")
		}
	})
}

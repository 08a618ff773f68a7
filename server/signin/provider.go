// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/kutano/authenticator/server/audit"
	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
)

const (
	// abroad is how long a sign-in at a provider may take.
	abroad = 10 * time.Minute
	// recently is how old a sign-in at the provider may be that proves the first factor again.
	recently = 5 * time.Minute
)

// Back is what a provider's redirect came back with (RFC 6749, 4.1.2).
type Back struct {
	State, Code string
	// Issuer is "iss" (RFC 9207), "" where it was not given: another one is refused.
	Issuer string
}

// Begin returns where to send the browser for a provider, and a mark for a cookie that End wants back.
// elevate is a ready session that proves its first factor again, or nil. returnTo is a path of this site;
// anything else is left out. Refusals: NotFound for a provider that is not configured, ProviderAway,
// TooManySent, and as of Elevate.
func (s *Service) Begin(ctx context.Context, provider, returnTo string, elevate *session.Session, from Browser) (address, mark string, err error) {
	f := providerFlow{purpose: forSignIn, returnTo: returnTo}
	if elevate != nil {
		if err := elevatable(*elevate); err != nil {
			return "", "", err
		}
		f.purpose, f.session = forElevation, elevate.ID
	}
	return s.send(ctx, provider, f, from)
}

// BeginLink is Begin for a user who wants to sign in with a provider from now on, also
// where it names another address than theirs. End then brings the session as it is,
// without a new token. Refusals besides: NeedsElevation unless both factors are fresh.
func (s *Service) BeginLink(ctx context.Context, provider, returnTo string, in session.Session, from Browser) (address, mark string, err error) {
	err = s.commit(ctx, func(q store.Q) error {
		_, err := s.changer(ctx, q, in, s.Clock())
		return err
	})
	if err != nil {
		return "", "", err
	}
	return s.send(ctx, provider, providerFlow{purpose: forLinking, session: in.ID, returnTo: returnTo}, from)
}

// send writes a new flow down and returns where to send the browser.
func (s *Service) send(ctx context.Context, provider string, f providerFlow, from Browser) (address, mark string, err error) {
	f.returnTo, f.nonce, f.verifier = local(f.returnTo), seal.Token(), oauth2.GenerateVerifier()
	p, err := s.issuer(ctx, provider)
	if err != nil {
		return "", "", err
	}
	state, mark := seal.Token(), seal.Token()
	err = s.commit(ctx, func(q store.Q) error {
		now := s.Clock()
		if err := s.fromIP(ctx, q, providerFromIP, from, now); err != nil {
			return err
		}
		hash := seal.Hash(state)
		_, err := q.Exec(ctx, "INSERT INTO provider_flows (state_hash, provider, purpose, session_id, browser_hash, nonce, verifier, return_to, expires_at)"+
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			hash, provider, f.purpose, f.session, seal.Hash(mark), f.nonce, s.Keys.Seal(verifierPlace(hash), []byte(f.verifier)), f.returnTo,
			store.Millis(now.Add(abroad)))
		if err != nil {
			return fmt.Errorf("begin a sign-in at a provider: %w", err)
		}
		return nil
	})
	if err != nil {
		return "", "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier)}
	if provider == "apple" { // it answers no other way where the address is asked for
		options = append(options, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	options = append(options, askFor(provider, f.purpose)...)
	return p.config("").AuthCodeURL(state, options...), mark, nil
}

// askFor says what the user has to do at the provider. Apple asks each time. At
// Google they choose an account, so that nobody is signed in without an act of theirs
// (OWASP ASVS 5, 7.6.2). Google knows no prompt for signing in there anew and refuses
// what it does not know ("login"), but it tells when they did where its client is set
// up for that, and arrive looks at it. A provider that tells nothing is believed: the
// second factor is asked for besides.
func askFor(provider, purpose string) []oauth2.AuthCodeOption {
	if provider == "apple" {
		return nil
	}
	prompt := oauth2.SetAuthURLParam("prompt", "select_account")
	if purpose != forElevation {
		return []oauth2.AuthCodeOption{prompt}
	}
	return []oauth2.AuthCodeOption{
		prompt, oauth2.SetAuthURLParam("max_age", "0"),
		oauth2.SetAuthURLParam("claims", `{"id_token":{"auth_time":{"essential":true}}}`),
	}
}

func verifierPlace(stateHash []byte) seal.Place {
	return seal.Place{Table: "provider_flows", Row: hex.EncodeToString(stateHash), Column: "verifier"}
}

// local returns a path of this site, and "" for anything that leads elsewhere.
func local(to string) string {
	if len(to) > 1024 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, func(r rune) bool {
		return r <= ' ' || r == '\\' || r == 0x7f
	}) {
		return ""
	}
	return to
}

// providerFlow is a row of provider_flows.
type providerFlow struct {
	purpose, session, nonce, verifier, returnTo string
}

// claim ends a flow, whatever comes of it: a state is good once.
func (s *Service) claim(ctx context.Context, provider, state, mark string) (providerFlow, error) {
	var f providerFlow
	err := s.commit(ctx, func(q store.Q) error {
		hash := seal.Hash(state)
		var name string
		var browser, verifier []byte
		var expires int64
		err := q.Row(ctx, "DELETE FROM provider_flows WHERE state_hash = ? RETURNING provider, purpose, session_id, browser_hash, nonce, verifier, return_to, expires_at",
			[]any{hash}, &name, &f.purpose, &f.session, &browser, &f.nonce, &verifier, &f.returnTo, &expires)
		if errors.Is(err, store.ErrNone) {
			return refusal.New(refusal.FlowEnded)
		}
		if err != nil {
			return fmt.Errorf("end a sign-in at a provider: %w", err)
		}
		// Another provider's answer, or one in another browser, is someone else's doing.
		if name != provider || subtle.ConstantTimeCompare(browser, seal.Hash(mark)) != 1 || !s.Clock().Before(store.Time(expires)) {
			return refusal.New(refusal.FlowEnded)
		}
		plain, err := s.Keys.Open(verifierPlace(hash), verifier)
		if err != nil {
			return fmt.Errorf("end a sign-in at a provider: %w", err)
		}
		f.verifier = string(plain)
		return nil
	})
	return f, err
}

// End ends a sign-in at a provider with what came back.
func (s *Service) End(ctx context.Context, provider, state, code, mark string, from Browser) (In, error) {
	return s.Return(ctx, provider, Back{State: state, Code: code}, mark, from)
}

// Return is End with all that came back. Refusals: FlowEnded (late, used, or begun in another browser),
// ProviderRefused (also for an empty code: the user said no there), ProviderAway, EnrolClosed, and
// IdentityUnlinked with In.Flow.
func (s *Service) Return(ctx context.Context, provider string, back Back, mark string, from Browser) (In, error) {
	p, err := s.issuer(ctx, provider)
	if err != nil {
		return In{}, err
	}
	f, err := s.claim(ctx, provider, back.State, mark)
	if err != nil {
		return In{}, err
	}
	c, reason, err := s.redeem(ctx, p, f, back)
	if err != nil {
		return In{}, err
	}
	if reason != "" {
		return In{}, s.providerRefused(ctx, provider, reason)
	}
	var in In
	err = s.commit(ctx, func(q store.Q) error {
		in, err = s.arrive(ctx, q, f, c, from, s.Clock())
		return err
	})
	if errors.Is(err, store.ErrTaken) { // another flow bound the identity at the same moment
		err = refusal.New(refusal.FlowEnded)
	}
	if err != nil && !refusal.Is(err, refusal.IdentityUnlinked) {
		return In{}, err
	}
	in.ReturnTo = f.returnTo
	return in, err
}

func (s *Service) providerRefused(ctx context.Context, provider, reason string) error {
	err := s.DB.Tx(ctx, func(q store.Q) error {
		_, err := audit.Write(ctx, q, audit.Event{
			At: s.Clock(), Action: audit.SignInRefused, Detail: map[string]string{"via": provider, "reason": reason},
		})
		return err
	})
	if err != nil {
		return err
	}
	return refusal.New(refusal.ProviderRefused)
}

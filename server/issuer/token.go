// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package issuer

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/kutano/authenticator/server/seal"
)

// token trades a code for an ID token (OpenID Connect Core 1.0, 3.1.3).
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	k := i.misbehaviour()
	if k.TokenStatus != 0 {
		reply(w, k.TokenStatus, map[string]string{"error": "invalid_request"})
		return
	}
	if err := r.ParseForm(); err != nil || r.PostForm.Get("grant_type") != "authorization_code" {
		reply(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if id != i.config.ClientID || subtle.ConstantTimeCompare([]byte(secret), []byte(i.config.ClientSecret)) != 1 {
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	g, ok := i.take(r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if !ok || g.redirect != r.PostForm.Get("redirect_uri") || g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	answer := map[string]any{"access_token": seal.Token(), "token_type": "Bearer", "expires_in": 300}
	if !k.NoIDToken {
		token, err := i.sign(g, k)
		if err != nil {
			reply(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
			return
		}
		answer["id_token"] = token
	}
	reply(w, http.StatusOK, answer)
}

// take ends a code: it is good once.
func (i *Issuer) take(code string) (grant, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, ok := i.codes[code]
	delete(i.codes, code)
	return g, ok && i.config.Clock().Before(g.expires)
}

func (i *Issuer) sign(g grant, k Knobs) (string, error) {
	now := i.config.Clock()
	claims := map[string]any{
		"iss": or(k.Issuer, i.config.URL), "sub": or(k.Subject, g.user.Subject), "aud": or(k.Audience, i.config.ClientID),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": or(k.Nonce, g.nonce),
		"email": g.user.Email, "email_verified": !g.user.Unverified, "name": g.user.Name,
	}
	if i.config.TextVerified {
		claims["email_verified"] = map[bool]string{true: "true", false: "false"}[!g.user.Unverified]
	}
	if k.Party != "" {
		claims["azp"] = k.Party
	}
	if k.Expired {
		claims["exp"] = now.Add(-time.Second).Unix()
	}
	if g.authTime {
		claims["auth_time"] = now.Add(-k.SignedIn).Unix()
	}
	key := i.keys[0]
	if k.OtherKey {
		key = i.keys[1]
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: keyID}}, nil)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize() //nolint:misspell // as the library writes it
}

func or(given, usual string) string {
	if given != "" {
		return given
	}
	return usual
}

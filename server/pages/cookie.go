// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/kutano/authenticator/server/seal"
)

// names are the cookies. Under TLS they are bound to this very host (RFC 6265bis, 4.1.3.2).
type names struct{ session, before, device, mark string }

func namesFor(secure bool) names {
	prefix := ""
	if secure {
		prefix = "__Host-"
	}
	return names{
		session: prefix + "kutano", before: prefix + "kutano-before",
		device: prefix + "kutano-device", mark: prefix + "kutano-mark",
	}
}

func (p *site) setCookie(w http.ResponseWriter, name, value string, life time.Duration) {
	c := &http.Cookie{ //nolint:gosec // Secure wherever there is TLS; without it browsers would drop the cookie
		Name: name, Value: value, Path: "/", HttpOnly: true, Secure: p.secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(life / time.Second),
	}
	if life < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// note is something that one page leaves for the next, sealed in a cookie: the
// address that a code went to, what was refused, backup codes until they are
// saved. It opens only for the session or the visitor that it was left for.
type note string

// The notes.
const (
	flowNote   note = "flow"   // a sign-in by e-mail that waits for its code
	sentNote   note = "sent"   // when a text message can be sent again
	sayNote    note = "say"    // what the next page says once
	codesNote  note = "codes"  // new backup codes
	bypassNote note = "bypass" // a bypass code
	findNote   note = "find"   // what an agent looks for
	wayNote    note = "way"    // where to go after the second factor
)

// envelope bounds the life of a note, whatever the browser does.
type envelope struct {
	Until time.Time       `json:"u"`
	Value json.RawMessage `json:"v"`
}

func (v *visit) noteName(n note) string { return v.cookies.session + "-" + string(n) }

func (v *visit) place(n note) seal.Place {
	owner := v.session.ID
	if owner == "" {
		owner = v.before
	}
	return seal.Place{Table: "cookie", Row: owner, Column: string(n)}
}

// leave leaves a note for a while.
func (v *visit) leave(n note, value any, life time.Duration) {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err) // notes are plain structs of this package
	}
	sealed, err := json.Marshal(envelope{Until: v.now.Add(life), Value: raw})
	if err != nil {
		panic(err) // likewise
	}
	text := base64.RawURLEncoding.EncodeToString(v.Keys.Seal(v.place(n), sealed))
	v.setCookie(v.w, v.noteName(n), text, life)
	v.left[n] = raw
}

// read reads a note into value, and tells whether there is one.
func (v *visit) read(n note, value any) bool {
	if raw, ok := v.left[n]; ok {
		return raw != nil && json.Unmarshal(raw, value) == nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(cookie(v.r, v.noteName(n)))
	if err != nil || len(sealed) == 0 {
		return false
	}
	plain, err := v.Keys.Open(v.place(n), sealed)
	if err != nil {
		return false
	}
	var e envelope
	if json.Unmarshal(plain, &e) != nil || !v.now.Before(e.Until) {
		return false
	}
	return json.Unmarshal(e.Value, value) == nil
}

// drop takes a note away.
func (v *visit) drop(n note) {
	if cookie(v.r, v.noteName(n)) != "" || v.left[n] != nil {
		v.setCookie(v.w, v.noteName(n), "", -1)
	}
	v.left[n] = nil
}

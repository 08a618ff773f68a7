// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault/secret"
)

// mostSecret is the longest of a permission's two secrets, in bytes: both have to
// fit into an item of a keyring under a passphrase.
const mostSecret = 440

// permissionVersion is of what is kept in the vault.
const permissionVersion = 1

type permissionJSON struct {
	Version int          `json:"version"`
	Address string       `json:"address"`
	Scopes  []link.Scope `json:"scopes"`
	Made    int64        `json:"made"`  // Unix time
	Until   int64        `json:"until"` // Unix time
	Refresh string       `json:"refresh"`
	Access  string       `json:"access"`
}

// encodePermission writes what is kept in the vault.
func encodePermission(p link.Permission) (secret.Value, error) {
	b, err := json.Marshal(permissionJSON{
		Version: permissionVersion, Address: p.Address, Scopes: p.Scopes, Made: p.Made.Unix(), Until: p.Until.Unix(),
		Refresh: string(p.Refresh.Bytes()), Access: string(p.Access.Bytes()),
	})
	if err != nil {
		return secret.Value{}, link.ErrStrange
	}
	return secret.New(b), nil
}

// decodePermission reads it; ErrNotLinked for nothing, ErrUnreadable or ErrNewer else.
func decodePermission(v secret.Value) (link.Permission, error) {
	if v.Len() == 0 {
		return link.Permission{}, link.ErrNotLinked
	}
	var j permissionJSON
	d := json.NewDecoder(bytes.NewReader(v.Bytes()))
	if err := d.Decode(&j); err != nil || d.More() {
		return link.Permission{}, link.ErrUnreadable // the error of package json quotes what it reads
	}
	if j.Version > permissionVersion {
		return link.Permission{}, link.ErrNewer
	}
	base, err := link.ParseAddress(j.Address)
	if err != nil || base != j.Address || j.Version < 1 || !token(j.Refresh) || !token(j.Access) || !scopesOK(j.Scopes) {
		return link.Permission{}, link.ErrUnreadable
	}
	return link.Permission{
		Address: j.Address, Scopes: j.Scopes, Made: time.Unix(j.Made, 0).UTC(), Until: time.Unix(j.Until, 0).UTC(),
		Refresh: secret.FromString(j.Refresh), Access: secret.FromString(j.Access),
	}, nil
}

// token tells whether a text can be a secret of a permission: visible ASCII (RFC 6749, A.12).
func token(s string) bool {
	return s != "" && len(s) <= mostSecret && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' })
}

func scopesOK(all []link.Scope) bool {
	return len(all) > 0 && len(all) <= 3 && !slices.ContainsFunc(all, func(s link.Scope) bool { return !s.Known() })
}

// mostLife is how long an access permission is believed to be good.
const mostLife = 24 * time.Hour

// permission asks the endpoint that gives permissions.
func (c *Client) permission(ctx context.Context, m metadata, form url.Values) (link.Permission, error) {
	form.Set("client_id", link.ClientID)
	a, err := c.form(ctx, m.Token, form)
	if err != nil {
		return link.Permission{}, err
	}
	defer clear(a.body)
	if err := a.oauth(); err != nil {
		return link.Permission{}, err
	}
	return decodeTokens(a.body, strings.TrimRight(m.Issuer, "/"), c.Clock.Now())
}

type tokensJSON struct {
	Access  string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int64  `json:"expires_in"`
	Refresh string `json:"refresh_token"`
	Scope   string `json:"scope"`
}

// decodeTokens reads a token endpoint's answer (RFC 6749, 5.1).
func decodeTokens(body []byte, address string, now time.Time) (link.Permission, error) {
	var v tokensJSON
	if err := decodeInto(body, &v); err != nil {
		return link.Permission{}, err
	}
	p := link.Permission{Address: address, Made: now}
	for one := range strings.FieldsSeq(v.Scope) {
		p.Scopes = append(p.Scopes, link.Scope(one))
		if len(p.Scopes) > 8 {
			return link.Permission{}, strange("scope")
		}
	}
	p.Scopes = slices.DeleteFunc(p.Scopes, func(s link.Scope) bool { return !s.Known() }) // a newer one is no use here
	slices.Sort(p.Scopes)
	p.Scopes = slices.Compact(p.Scopes)
	switch {
	case !strings.EqualFold(v.Type, "Bearer"):
		return link.Permission{}, strange("token_type")
	case !token(v.Access), !token(v.Refresh):
		return link.Permission{}, strange("access_token")
	case v.Expires < 1:
		return link.Permission{}, strange("expires_in")
	case !scopesOK(p.Scopes):
		return link.Permission{}, strange("scope")
	}
	p.Until = now.Add(min(time.Duration(min(v.Expires, int64(mostLife/time.Second)))*time.Second, mostLife))
	p.Refresh, p.Access = secret.FromString(v.Refresh), secret.FromString(v.Access)
	return p, nil
}

// renew makes a permission new. The one before is worth nothing then.
func (c *Client) renew(ctx context.Context, p link.Permission) (link.Permission, error) {
	m, err := c.metadata(ctx, p.Address)
	if err != nil {
		return link.Permission{}, err
	}
	fresh, err := c.permission(ctx, m, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {string(p.Refresh.Bytes())}})
	fresh.Made = p.Made
	return fresh, err
}

// granted refuses what is less than was asked for.
func granted(p link.Permission, asked []link.Scope) (link.Permission, error) {
	for _, s := range asked {
		if !p.May(s) {
			p.Clear()
			return link.Permission{}, fmt.Errorf("%w: %s", link.ErrScope, s)
		}
	}
	return p, nil
}

func scopeText(all []link.Scope) string {
	if len(all) == 0 {
		all = []link.Scope{link.ReadStatus}
	}
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = string(s)
	}
	return strings.Join(texts, " ")
}

// call asks with a permission.
func (c *Client) call(ctx context.Context, p link.Permission, method, path string, body []byte) (answer, error) {
	q := request{method: method, url: p.Address + path, body: body, bearer: p.Access.Bytes()}
	if method == http.MethodPost && body != nil {
		q.kind = jsonType
	}
	return c.ask(ctx, q)
}

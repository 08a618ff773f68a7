// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/people"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// trial is one request that is wrong in one way.
type trial struct {
	name, path, kind, body string
	content, token         string
	header                 http.Header
}

// R46, and every endpoint of the document: what is wrong is refused as the
// document says, never with 5xx, and nothing is changed.
func TestBadRequests(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss := w.enrolled("boss", people.Owner)
		reader := w.linked(boss.User, session.Read)
		before := w.everything()
		for name, op := range operations(t) {
			method, pattern, _ := strings.Cut(name, " ")
			for _, c := range slices.Concat(bodyTrials(op), placeTrials(op, pattern), tokenTrials(op, reader)) {
				if c.path == "" {
					c.path = op.path(pattern)
				}
				if c.token == "" && c.header == nil && op.Needs != "open" {
					c.token = boss.token
				}
				a := w.try(method, c)
				kind := a.kind()
				if e, ok := a.body["error"].(string); ok {
					kind = "oauth " + e
				}
				if kind != c.kind || a.status < 400 || a.status > 499 {
					t.Errorf("%s, %s: %d %s, not %s", name, c.name, a.status, a.raw, c.kind)
				}
			}
			if after := w.everything(); after != before {
				t.Errorf("%s changed the database", name)
				before = after
			}
		}
	})
}

func (w *world) try(method string, c trial) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, w.server.URL+c.path, strings.NewReader(c.body))
	if err != nil {
		w.t.Fatal(err)
	}
	if c.header != nil {
		r.Header = c.header
	}
	if c.content != "" {
		r.Header.Set("Content-Type", c.content)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return w.send(r)
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	invalid  = "invalid-request"
)

// tokenTrials are requests of nobody, and of an app that was not allowed to.
func tokenTrials(op operation, reader string) []trial {
	if op.Needs == "open" {
		return nil
	}
	body, _ := json.Marshal(op.example())
	content := ""
	if op.example() != nil {
		content = jsonType
	} else {
		body = nil
	}
	all := []trial{
		{name: "no token", kind: "sign-in-required", header: http.Header{}},
		{name: "another token", kind: "sign-in-required", token: strings.Repeat("x", 43)},
		{name: "an odd token", kind: "sign-in-required", header: http.Header{"Authorization": {"Bearer é\x80"}}},
		{name: "another scheme", kind: "sign-in-required", header: http.Header{"Authorization": {"Basic " + reader}}},
		{name: "two tokens", kind: "sign-in-required", header: http.Header{"Authorization": {"Bearer " + reader, "Bearer " + reader}}},
		{name: "a cookie", kind: "sign-in-required", header: http.Header{"Cookie": {"kutano=" + reader + "; __Host-kutano=" + reader}}},
		{name: "in the address", kind: "sign-in-required", header: http.Header{}, path: ""},
	}
	for i := range all {
		all[i].body, all[i].content = string(body), content
	}
	if !slices.ContainsFunc(op.Security, func(s map[string][]string) bool {
		scopes, ok := s["app"]
		return ok && !slices.Contains(scopes, "enrol")
	}) {
		all = append(all, trial{name: "an app without the scope", kind: "insufficient-scope", token: reader, body: string(body), content: content})
	}
	return all
}

// placeTrials are ids and parameters of a query that cannot be.
func placeTrials(op operation, pattern string) []trial {
	var all []trial
	body, content := "", ""
	if e := op.example(); e != nil {
		b, _ := json.Marshal(e)
		body, content = string(b), jsonType
	}
	add := func(name, path, kind string) {
		all = append(all, trial{name: name, path: path, kind: kind, body: body, content: content})
	}
	for _, p := range op.Parameters {
		if p.In != "path" {
			value := func(v string) string { return pattern + "?" + p.Name + "=" + v }
			add("a NUL in "+p.Name, value("a%00"), invalid)
			add("no UTF-8 in "+p.Name, value("%ff"), invalid)
			add("too long a "+p.Name, value(strings.Repeat("9", 501)), invalid)
			add("twice "+p.Name, value("1")+"&"+p.Name+"=1", invalid)
			add("no escape in "+p.Name, value("%zz"), invalid)
			add("another beside "+p.Name, value("1")+"&canary=1", invalid)
			if p.Name != "query" && p.Name != "subject" {
				add("no number "+p.Name, value("x"), invalid)
				add("too small a "+p.Name, value("0"), invalid)
				add("too large a "+p.Name, value("99999999999999999999"), invalid)
			}
			if p.Required {
				add("no "+p.Name, pattern, invalid)
			}
			continue
		}
		for _, odd := range []string{"%00", "%ff", strings.Repeat("a", 65), "a%2Fb", "%20", "é"} {
			path := strings.ReplaceAll(strings.Replace(pattern, "{"+p.Name+"}", odd, 1), "{", "")
			add("an odd "+p.Name, strings.ReplaceAll(path, "}", ""), "not-found")
		}
	}
	return all
}

// bodyTrials are bodies that cannot be.
func bodyTrials(op operation) []trial {
	if _, ok := op.Body.Content[formType]; ok {
		return formTrials(op)
	}
	large := `{"code":"` + strings.Repeat("x", web.MostBody) + `"}`
	content, ok := op.Body.Content[jsonType]
	if !ok {
		if len(op.Responses) > 0 && op.Responses["415"] == nil { // GET: it has no body
			return nil
		}
		return []trial{
			{name: "a body", kind: "unsupported-media-type", body: "{}"},
			{name: "a member", kind: invalid, body: `{"canary":1}`, content: jsonType},
			{name: "no JSON", kind: invalid, body: "x", content: jsonType},
			{name: "too large", kind: "too-large", body: large, content: jsonType},
		}
	}
	good, _ := json.Marshal(content.Example)
	all := []trial{
		{name: "no body", kind: invalid},
		{name: "an array", kind: invalid, body: "[" + string(good) + "]"},
		{name: "a text", kind: invalid, body: `"x"`},
		{name: "null", kind: invalid, body: "null"},
		{name: "truncated", kind: invalid, body: string(good[:len(good)-1])},
		{name: "something after it", kind: invalid, body: string(good) + "{}"},
		{name: "a member that is not known", kind: invalid, body: strings.Replace(string(good), "{", `{"canary":1,`, 1)},
		{name: "no UTF-8", kind: invalid, body: strings.Replace(string(good), `:"`, ":\"\xff", 1) + "\xff"},
		{name: "deep", kind: invalid, body: strings.Repeat(`{"a":`, 10_000)},
		{name: "deep in a member", kind: invalid, body: strings.Replace(string(good), "{", `{"canary":`+strings.Repeat("[", 9000)+strings.Repeat("]", 9000)+`,`, 1)},
	}
	for name := range content.Schema["properties"].(map[string]any) {
		all = append(all, memberTrials(content.Example, content.Schema, name)...)
	}
	for i := range all {
		all[i].content = jsonType
	}
	return append(all,
		trial{name: "too large", kind: "too-large", body: large, content: jsonType},
		trial{name: "a form", kind: "unsupported-media-type", body: string(good), content: formType},
		trial{name: "another charset", kind: "unsupported-media-type", body: string(good), content: jsonType + "; charset=utf-16"},
		trial{name: "no type", kind: "unsupported-media-type", body: string(good)})
}

// memberTrials are bodies with one member that cannot be.
func memberTrials(example, schema map[string]any, name string) []trial {
	with := func(value any) string {
		b := m{}
		for k, v := range example {
			b[k] = v
		}
		b[name] = value
		text, _ := json.Marshal(b)
		return string(text)
	}
	property := schema["properties"].(map[string]any)[name].(map[string]any)
	values := map[string]any{"null": nil, "a number": 7, "an object": m{}, "a list of lists": [][]string{{}}}
	if property["type"] != "boolean" {
		values["a truth"] = true
	}
	if property["type"] == "string" {
		values["too long"], values["a NUL"], values["a line break"] = strings.Repeat("x", 501), "a\x00", "a\nb"
	} else {
		values["a text"] = "true"
	}
	if property["type"] == "array" {
		values["a list with null"], values["too many"], values["a list of numbers"] = []any{nil}, make([]string, 21), []int{1}
	}
	if property["enum"] != nil {
		values["none of those"] = "canary"
	}
	var all []trial
	for what, v := range values {
		all = append(all, trial{name: name + " is " + what, kind: invalid, body: with(v)})
	}
	again := strings.Replace(with("x"), "{", `{"`+name+`":"x",`, 1)
	all = append(all, trial{name: name + " is there twice", kind: invalid, body: again},
		trial{name: name + " in capitals", kind: invalid, body: strings.Replace(with("x"), `"`+name+`"`, `"`+strings.ToUpper(name)+`"`, 1)})
	required, _ := schema["required"].([]any)
	if slices.Contains(required, any(name)) {
		rest := m{}
		for k, v := range example {
			if k != name {
				rest[k] = v
			}
		}
		text, _ := json.Marshal(rest)
		all = append(all, trial{name: name + " is missing", kind: invalid, body: string(text)})
	}
	return all
}

func formTrials(op operation) []trial {
	example := url.Values{}
	for k, v := range op.Body.Content[formType].Example {
		example.Set(k, v.(string))
	}
	form := func(name, kind, body string) trial {
		return trial{name: name, kind: kind, body: body, content: formType}
	}
	all := []trial{
		{name: "JSON", kind: "unsupported-media-type", body: "{}", content: jsonType},
		{name: "no type", kind: "unsupported-media-type", body: example.Encode()},
		form("too large", "too-large", "token="+strings.Repeat("x", web.MostBody)),
		form("no escape", "oauth invalid_request", "client_id=%zz"),
		form("twice", "oauth invalid_request", example.Encode()+"&client_id=x"),
		form("no UTF-8", "oauth invalid_request", "client_id=%ff"),
		form("a NUL", "oauth invalid_request", "client_id=%00"),
	}
	if _, ok := op.Body.Content[formType].Schema["properties"].(map[string]any)["grant_type"]; ok {
		with := func(grant string) string { return "client_id=kutano-companion&grant_type=" + grant }
		all = append(all, form("no grant", "oauth invalid_request", "client_id=kutano-companion"),
			form("another grant", "oauth unsupported_grant_type", with("password")),
			form("no code", "oauth invalid_request", with("authorization_code")),
			form("another token", "oauth invalid_grant", with("refresh_token")+"&refresh_token=x"),
			form("another device", "oauth invalid_grant", with("urn:ietf:params:oauth:grant-type:device_code")+"&device_code=x"))
	}
	if required, _ := op.Body.Content[formType].Schema["required"].([]any); slices.Contains(required, any("client_id")) {
		all = append(all, form("another app", "oauth invalid_client", "grant_type=refresh_token&refresh_token=x&client_id=canary"))
	} else {
		all = append(all, form("no token", "oauth invalid_request", "client_id=kutano-companion"))
	}
	return all
}

// What is not there, and methods that are not: problems too.
func TestNoSuchEndpoint(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	for _, path := range []string{"/v1/", "/v1/me/", "/v1/nothing", "/problems/", "/problems/canary", "/oauth/token/x"} {
		w.refused("not-found", "GET", path, "", nil)
	}
	for name, op := range operations(t) {
		_, path, _ := strings.Cut(name, " ")
		a := w.refused("method-not-allowed", "PATCH", op.path(path), "", nil)
		if allow := a.header.Get("Allow"); a.status != 405 || !strings.Contains(allow, strings.Fields(name)[0]) {
			t.Errorf("%s: %d, Allow: %s", name, a.status, allow)
		}
	}
}

// everything is a hash of all rows of all tables.
func (w *world) everything() string {
	w.t.Helper()
	ctx := context.Background()
	tables := w.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
	sum := sha256.New()
	for _, table := range tables {
		query := "SELECT COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM " + table + " t"
		if w.db.Kind() == store.SQLite {
			columns := w.texts("SELECT 'quote(' || name || ')' FROM pragma_table_info('" + table + "')")
			query = "SELECT COALESCE(group_concat(" + strings.Join(columns, " || ',' || ") + ", '|'), '') FROM " + table
		}
		var all string
		if err := w.db.Row(ctx, query, nil, &all); err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintln(sum, table, all)
	}
	return string(sum.Sum(nil))
}

func (w *world) texts(query string) []string {
	w.t.Helper()
	if w.db.Kind() == store.Postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
	}
	var all []string
	err := w.db.Rows(context.Background(), query, nil, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		all = append(all, s)
		return err
	})
	if err != nil || len(all) == 0 {
		w.t.Fatalf("%s: %d rows, %v", query, len(all), err)
	}
	return all
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practicetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Document is the service's description of itself, server/api/openapi.yaml.
type Document struct{ root map[string]any }

// Describe reads it.
func Describe(t testing.TB) *Document {
	t.Helper()
	at, err := root()
	var b []byte
	if err == nil {
		b, err = os.ReadFile(filepath.Join(at, "server", "api", "openapi.yaml"))
	}
	d := &Document{}
	if err == nil {
		err = yaml.Unmarshal(b, &d.root)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *Document) at(path ...string) map[string]any {
	v := d.root
	for _, p := range path {
		next, _ := v[p].(map[string]any)
		v = d.follow(next)
	}
	return v
}

// follow returns what a $ref names.
func (d *Document) follow(v map[string]any) map[string]any {
	for v != nil {
		ref, ok := v["$ref"].(string)
		if !ok {
			return v
		}
		v = d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return nil
}

// Schema is one of the named schemas, and nil where there is none.
func (d *Document) Schema(name string) map[string]any { return d.at("components", "schemas", name) }

// Properties are the members that a schema names.
func (d *Document) Properties(schema map[string]any) map[string]any {
	p, _ := d.follow(schema)["properties"].(map[string]any)
	return p
}

// Operation finds what answers a request; nil where nothing does.
func (d *Document) Operation(method, path string) map[string]any {
	for template := range d.at("paths") {
		form := regexp.MustCompile("^" + regexp.MustCompile(`\\{\w+\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[A-Za-z0-9_-]{1,64}`) + "$")
		if form.MatchString(path) {
			if op := d.at("paths", template, strings.ToLower(method)); op != nil {
				return op
			}
		}
	}
	return nil
}

// Content is the schema of a body of some media type, and false where there is none of it.
func (d *Document) Content(of map[string]any, kind string) (map[string]any, bool) {
	content, _ := d.follow(of)["content"].(map[string]any)
	media, ok := content[kind].(map[string]any)
	if !ok {
		return nil, false
	}
	schema, _ := media["schema"].(map[string]any)
	return d.follow(schema), true
}

// Fits tells what is wrong with a value; nil for nothing.
func (d *Document) Fits(where string, v any, schema map[string]any) error {
	schema = d.follow(schema)
	if err := typeFits(where, v, schema["type"]); err != nil {
		return err
	}
	if all, ok := schema["enum"].([]any); ok && !slices.Contains(all, v) {
		return fmt.Errorf("%s: %v is none of %v", where, v, all)
	}
	if want, ok := schema["const"]; ok && want != v {
		return fmt.Errorf("%s: %v is not %v", where, v, want)
	}
	switch v := v.(type) {
	case string:
		return textFits(where, v, schema)
	case float64:
		return numberFits(where, v, schema)
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, one := range v {
			if err := d.Fits(where+"/"+strconv.Itoa(i), one, items); err != nil {
				return err
			}
		}
	case map[string]any:
		return d.objectFits(where, v, schema)
	}
	return nil
}

func typeFits(where string, v, want any) error {
	is := ""
	switch n := v.(type) {
	case string:
		is = "string"
	case bool:
		is = "boolean"
	case []any:
		is = "array"
	case map[string]any:
		is = "object"
	case float64:
		is = "number"
		if want == "integer" && n == math.Trunc(n) {
			is = "integer"
		}
	}
	if want != nil && is != want {
		return fmt.Errorf("%s: %s, not %v", where, is, want)
	}
	return nil
}

func textFits(where, v string, schema map[string]any) error {
	if most, ok := schema["maxLength"].(int); ok && utf8.RuneCountInString(v) > most {
		return fmt.Errorf("%s: longer than %d", where, most)
	}
	if form, ok := schema["pattern"].(string); ok && !regexp.MustCompile(form).MatchString(v) {
		return fmt.Errorf("%s: does not match %s", where, form)
	}
	var err error
	switch schema["format"] {
	case "date-time":
		_, err = time.Parse(time.RFC3339, v)
	case "uri":
		_, err = url.ParseRequestURI(v)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

func numberFits(where string, v float64, schema map[string]any) error {
	if least, ok := schema["minimum"].(int); ok && v < float64(least) {
		return fmt.Errorf("%s: below %d", where, least)
	}
	if most, ok := schema["maximum"].(int); ok && v > float64(most) {
		return fmt.Errorf("%s: above %d", where, most)
	}
	return nil
}

func (d *Document) objectFits(where string, v, schema map[string]any) error {
	properties := d.Properties(schema)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if name, ok := name.(string); ok && v[name] == nil {
			return fmt.Errorf("%s: no %s", where, name)
		}
	}
	for name, one := range v {
		p, known := properties[name].(map[string]any)
		if !known {
			if schema["additionalProperties"] == false {
				return fmt.Errorf("%s: there is no %s", where, name)
			}
			continue
		}
		if err := d.Fits(where+"/"+name, one, p); err != nil {
			return err
		}
	}
	return nil
}

// Watcher holds what goes over the wire against the document.
type Watcher struct {
	t   testing.TB
	doc *Document
	mu  sync.Mutex
	// Break is called with each request before it is made and with its answer after
	// that, which it can take away by an error; nil for nothing.
	Break func(r *http.Request, answer *http.Response) error
	seen  []string
}

// Watch makes a Watcher, to be given to link.Client.Via.
func Watch(t testing.TB) *Watcher {
	t.Helper()
	return &Watcher{t: t, doc: Describe(t)}
}

// Via is what requests go by.
func (w *Watcher) Via(next http.RoundTripper) http.RoundTripper { return via{w, next} }

// Seen are the operations that were asked for so far.
func (w *Watcher) Seen() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

type via struct {
	*Watcher
	next http.RoundTripper
}

// RoundTrip makes a request.
func (v via) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = b
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	op := v.request(r, body)
	if v.Break != nil {
		if err := v.Break(r, nil); err != nil {
			return nil, err
		}
	}
	resp, err := v.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := v.response(r, resp, op); err != nil {
		return nil, err
	}
	if v.Break != nil {
		if err := v.Break(r, resp); err != nil {
			_ = resp.Body.Close()
			return nil, err
		}
	}
	return resp, nil
}

// request holds a request against the document.
func (v via) request(r *http.Request, body []byte) map[string]any {
	what := r.Method + " " + r.URL.Path
	op := v.doc.Operation(r.Method, r.URL.Path)
	if op == nil {
		v.t.Errorf("%s: the service has no such thing", what)
		return nil
	}
	v.mu.Lock()
	v.seen = append(v.seen, fmt.Sprint(op["operationId"]))
	v.mu.Unlock()
	if security, _ := op["security"].([]any); len(security) == 0 != (r.Header.Get("Authorization") == "") {
		v.t.Errorf("%s: a permission is sent, or not, against the document", what)
	}
	for name := range r.Header {
		if !slices.Contains([]string{"Accept", "Authorization", "Content-Type", "User-Agent"}, name) {
			v.t.Errorf("%s: header %s", what, name)
		}
	}
	wanted, has := op["requestBody"].(map[string]any)
	if !has {
		if len(body) > 0 {
			v.t.Errorf("%s: it has a body", what)
		}
		return op
	}
	kind := r.Header.Get("Content-Type")
	schema, ok := v.doc.Content(wanted, kind)
	if !ok {
		v.t.Errorf("%s: a body of %q", what, kind)
		return op
	}
	if err := v.doc.Fits(what, parsed(kind, body), schema); err != nil {
		v.t.Errorf("request: %v", err)
	}
	return op
}

func parsed(kind string, body []byte) any {
	if kind == "application/x-www-form-urlencoded" {
		form, _ := url.ParseQuery(string(body))
		m := map[string]any{}
		for name := range form {
			m[name] = form.Get(name)
		}
		return m
	}
	var v any
	_ = json.Unmarshal(body, &v)
	return v
}

// response holds an answer against the document.
func (v via) response(r *http.Request, resp *http.Response, op map[string]any) error {
	b, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(b))
	if err != nil || op == nil {
		return err
	}
	what := fmt.Sprintf("%s %s: %d", r.Method, r.URL.Path, resp.StatusCode)
	responses, _ := op["responses"].(map[string]any)
	one, ok := responses[strconv.Itoa(resp.StatusCode)].(map[string]any)
	if !ok {
		v.t.Errorf("%s is not in the document", what)
		return nil
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	schema, ok := v.doc.Content(one, kind)
	if !ok {
		if len(b) > 0 {
			v.t.Errorf("%s: a body of %q is not in the document", what, kind)
		}
		return nil
	}
	if err := v.doc.Fits(what, parsed(kind, b), schema); err != nil {
		v.t.Errorf("answer: %v", err)
	}
	if kind != "application/problem+json" {
		return nil
	}
	problem, _ := parsed(kind, b).(map[string]any)
	text, _ := problem["type"].(string)
	if err := v.doc.Fits(what+": type", text[strings.LastIndexByte(text, '/')+1:], v.doc.Schema("Kind")); err != nil {
		v.t.Errorf("answer: %v", err)
	}
	return nil
}

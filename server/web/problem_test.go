// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/session"
	"github.com/kutano/authenticator/server/store"
	"github.com/kutano/authenticator/server/web"
)

// kinds are the constants of type Kind in the source of package refusal.
func kinds(t *testing.T) []refusal.Kind {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../refusal/refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []refusal.Kind
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Kind" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, refusal.Kind(text))
		}
		return true
	})
	return all
}

// Every refusal has words, and a status that says whose turn it is: 4xx, but where Google or Apple are away.
func TestEveryKindIsAProblem(t *testing.T) {
	all := kinds(t)
	if len(all) < 20 {
		t.Fatalf("only %d kinds were found in the source", len(all))
	}
	for _, k := range all {
		about, ok := web.Problems[k]
		if !ok {
			t.Errorf("%s has no status", k)
			continue
		}
		if status, kind := web.Fault(fmt.Errorf("outside: %w", refusal.New(k))); status != about.Status || kind != string(k) || status < 400 || (status > 499) != (k == refusal.ProviderAway) {
			t.Errorf("%s: %d %s", k, status, kind)
		}
		if about.Title == "" || about.Advice == "" {
			t.Errorf("%s has no words", k)
		}
	}
}

func TestFault(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		kind   string
	}{
		{refusal.New(refusal.CodeWrong), 422, "code-wrong"},
		{refusal.After(refusal.TooManyTries, time.Second), 429, "too-many-tries"},
		{refusal.New("of tomorrow"), 500, "internal"},
		{session.ErrEnded, 401, "sign-in-required"},
		{fmt.Errorf("find: %w", store.ErrUnavailable), 503, "unavailable"},
		{context.DeadlineExceeded, 503, "unavailable"},
		{&http.MaxBytesError{Limit: 1}, 413, "too-large"},
		{store.ErrNone, 500, "internal"},
		{errors.New("any"), 500, "internal"},
	} {
		if status, kind := web.Fault(c.err); status != c.status || kind != c.kind {
			t.Errorf("%v: %d %s, not %d %s", c.err, status, kind, c.status, c.kind)
		}
	}
}

func TestProblem(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/v1/me", nil)
	for _, c := range []struct {
		err         error
		retry, body string
	}{
		{
			refusal.After(refusal.TooManySent, 1500*time.Millisecond), "2",
			`{"type":"https://k.example/problems/too-many-sent","title":"A code was sent a moment ago","status":429,"detail":"Wait as long as Retry-After says before another is sent.","retry_after":2}`,
		},
		{
			&refusal.Error{Kind: refusal.CodeWrong, Left: 0}, "",
			`{"type":"https://k.example/problems/code-wrong","title":"The code is wrong","status":422,"detail":"Wait for the next code, or check that the newest one was typed.","tries_left":0}`,
		},
		{
			refusal.Field("phone", "is missing"), "",
			`{"type":"https://k.example/problems/invalid-request","title":"The request is not understood","status":400,"detail":"is missing","field":"phone"}`,
		},
		{
			fmt.Errorf("secret canary: %w", store.ErrUnavailable), "5",
			`{"type":"https://k.example/problems/unavailable","title":"The service cannot answer now","status":503,"detail":"Try again. Nothing was lost; look whether it was done before it is done again.","retry_after":5}`,
		},
	} {
		w := httptest.NewRecorder()
		web.ProblemOf(r, "https://k.example", c.err).Write(w)
		if got := w.Body.String(); got != c.body+"\n" || w.Header().Get("Retry-After") != c.retry || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v: %q\n%s", c.err, w.Header(), got)
		}
	}
}

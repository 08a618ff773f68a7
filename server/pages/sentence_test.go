// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/refusal"
)

// kinds reads the kinds out of their source, so that a new one cannot be forgotten.
func kinds(t *testing.T) []refusal.Kind {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../refusal/refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []refusal.Kind
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Kind" {
			return true
		}
		for _, v := range spec.Values {
			s, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, refusal.Kind(s))
		}
		return true
	})
	if len(all) < 20 {
		t.Fatalf("only %d kinds were found", len(all))
	}
	return all
}

func TestEachRefusalHasItsSentence(t *testing.T) {
	all := kinds(t)
	for _, k := range all {
		s, ok := sentences[k]
		if !ok {
			t.Errorf("no sentence for %s", k)
		}
		wellSaid(t, string(k), s)
	}
	if len(sentences) != len(all) {
		t.Errorf("%d sentences for %d kinds", len(sentences), len(all))
	}
	for name, s := range map[string]sentence{"unavailable": unavailable, "broken": broken, "too large": tooLarge, "foreign": foreignForm, "app": badApp} {
		wellSaid(t, name, s)
	}
}

// wellSaid: what happened, nothing is lost, what to do next; no exclamation, no jargon.
func wellSaid(t *testing.T, name string, s sentence) {
	t.Helper()
	for _, part := range []string{s.What, s.Safe, s.Next} {
		if len(part) < 10 || !strings.HasSuffix(part, ".") {
			t.Errorf("%s: %q is no sentence", name, part)
		}
		for _, word := range []string{"!", "token", "skew", "seed", "payload", "invalid", "error"} {
			if strings.Contains(strings.ToLower(part), word) {
				t.Errorf("%s says %q", name, word)
			}
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "a moment", 0: "a moment", time.Millisecond: "1 second", 58 * time.Second: "58 seconds", 90 * time.Second: "90 seconds",
		91 * time.Second: "2 minutes", 15 * time.Minute: "15 minutes", 2 * time.Hour: "2 hours", 24 * time.Hour: "24 hours", 72 * time.Hour: "3 days",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, not %q", d, got, want)
		}
	}
}

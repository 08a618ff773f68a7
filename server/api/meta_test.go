// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/server/web"
)

// The companion's clock is checked by it: no database, no cache, and the time of the answer.
func TestTime(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		w.pass(1234 * time.Millisecond)
		a := w.must(200, "GET", "/v1/time", "", nil)
		if a.body["unix_ms"] != float64(w.now().UnixMilli()) || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Age") != "" {
			t.Fatalf("%s %v", a.raw, a.header)
		}
	}
}

func TestDocumentIsServed(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	if a := w.must(200, "GET", "/v1/openapi.json", "", nil); a.text("openapi") != "3.1.0" {
		t.Fatal(a.raw[:40])
	}
	if a := w.must(200, "GET", "/v1/openapi.yaml", "", nil); !strings.Contains(a.raw, "\nopenapi: 3.1.0\n") || a.header.Get("Content-Type") != "application/yaml" {
		t.Fatal(a.raw[:40])
	}
	if a := w.ask(http.MethodHead, "/v1/time", "", nil); a.status != 200 || a.raw != "" {
		t.Fatal(a)
	}
}

// The type of each problem can be opened.
func TestProblemTypes(t *testing.T) {
	w := newWorld(t, sqliteOf(t))
	for kind, about := range web.Problems {
		a := w.must(200, "GET", "/problems/"+string(kind), "", nil)
		if a.text("title") != about.Title || a.text("type") != base+"/problems/"+string(kind) {
			t.Error(a.raw)
		}
	}
}

// Whatever the body, the answer is no fault.
func FuzzBodies(f *testing.F) {
	ops := operations(f)
	for _, op := range ops {
		if e := op.example(); e != nil {
			b, err := json.Marshal(e)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	w := newWorld(f, sqliteOf(f))
	boss := w.enrolled("boss", "owner")
	w.client = w.server.Client() // the document is not what is tested here
	f.Fuzz(func(t *testing.T, body []byte) {
		w.t = t
		for name, op := range ops {
			if op.example() == nil {
				continue
			}
			method, path, _ := strings.Cut(name, " ")
			token := boss.token
			if op.Needs == "open" {
				token = ""
			}
			if a := w.ask(method, op.path(path), token, string(body)); a.status >= 500 || a.status == 0 {
				t.Fatalf("%s: %d %s", name, a.status, a.raw)
			}
		}
	})
}

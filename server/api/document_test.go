// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
	"github.com/pb33f/libopenapi/utils"

	"github.com/kutano/authenticator/server/web"
)

var update = flag.Bool("update", false, "write openapi.json anew from openapi.yaml")

func TestDocumentJSON(t *testing.T) {
	made, err := utils.ConvertYAMLtoJSON(documentYAML)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, made); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(b.Bytes(), documentJSON) {
		t.Error("openapi.json is not what openapi.yaml says: go test ./api -run TestDocumentJSON -update")
	}
}

func document(t testing.TB) (libopenapi.Document, *v3.Document) {
	t.Helper()
	d, err := libopenapi.NewDocument(documentYAML)
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	return d, &m.Model
}

func TestDocumentIsValid(t *testing.T) {
	d, _ := document(t)
	v, errs := validator.NewValidator(d)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, wrong := v.ValidateDocument(); !ok {
		for _, w := range wrong {
			t.Error(w)
		}
	}
}

// operations are all operations of the document: "POST /v1/…".
func operations(t testing.TB) map[string]*v3.Operation {
	t.Helper()
	_, m := document(t)
	all := map[string]*v3.Operation{}
	for path, item := range m.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

func TestDocumentAndRoutesAgree(t *testing.T) {
	ops := operations(t)
	levels := map[level]string{open: "open", pending: "pending", enrolling: "enrolling", ready: "ready"}
	for _, rt := range routes() {
		name := rt.method + " " + rt.path
		op := ops[name]
		delete(ops, name)
		if op == nil {
			t.Errorf("%s is not in the document", name)
			continue
		}
		if needs, _ := op.Extensions.Get("x-needs"); needs == nil || needs.Value != levels[rt.need] {
			t.Errorf("%s: x-needs is not %s", name, levels[rt.need])
		}
		if op.Responses.FindResponseByCode(rt.status) == nil {
			t.Errorf("%s: the document has no %d", name, rt.status)
		}
		if got, want := securityOf(op), securityFor(rt); got != want {
			t.Errorf("%s: the document says security %q, the route %q", name, got, want)
		}
	}
	for name := range ops {
		t.Errorf("%s is in the document and has no handler", name)
	}
}

func securityOf(op *v3.Operation) string {
	var all []string
	for _, s := range op.Security {
		for name, scopes := range s.Requirements.FromOldest() {
			all = append(all, name+"("+strings.Join(scopes, " ")+")")
		}
	}
	return strings.Join(all, " or ")
}

func securityFor(rt route) string {
	switch {
	case rt.need == open:
		return ""
	case rt.scope == noApp:
		return "session()"
	case rt.scope == anyApp:
		return "session() or app()"
	}
	return "session() or app(" + string(rt.scope) + ")"
}

// Every endpoint is reached by the mux under its own pattern, and by no other method.
func TestMux(t *testing.T) {
	mux := New(Services{}).(*http.ServeMux)
	for _, rt := range routes() {
		path := wildcard.ReplaceAllString(rt.path, "x")
		r, err := http.NewRequestWithContext(t.Context(), rt.method, path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := mux.Handler(r); pattern != rt.method+" "+rt.path {
			t.Errorf("%s %s is served by %q", rt.method, rt.path, pattern)
		}
		inside := slices.ContainsFunc(Paths, func(p string) bool { return p == path || strings.HasSuffix(p, "/") && strings.HasPrefix(path, p) })
		if !inside {
			t.Errorf("%s is not under Paths", rt.path)
		}
	}
}

func TestKindsAreInTheDocument(t *testing.T) {
	_, m := document(t)
	s, _ := m.Components.Schemas.Get("Kind")
	var said []string
	for _, n := range s.Schema().Enum {
		said = append(said, n.Value)
	}
	var have []string
	for k := range web.Problems {
		have = append(have, string(k))
	}
	slices.Sort(said)
	slices.Sort(have)
	if !slices.Equal(said, have) {
		t.Errorf("the document's kinds are\n%v\nand those of the code\n%v", said, have)
	}
}

// Each example is what its schema says, in requests and in answers.
func TestExamples(t *testing.T) {
	check := schema_validation.NewSchemaValidator(config.WithFormatAssertions())
	seen := 0
	look := func(where string, content *orderedmap.Map[string, *v3.MediaType]) {
		for kind, media := range content.FromOldest() {
			if media.Example == nil {
				continue
			}
			var value any
			if err := media.Example.Decode(&value); err != nil {
				t.Fatal(err)
			}
			seen++
			if ok, wrong := check.ValidateSchemaObjectWithVersion(media.Schema.Schema(), value, 3.1); !ok {
				t.Errorf("%s, %s: %v", where, kind, wrong[0])
			}
		}
	}
	for name, op := range operations(t) {
		if op.RequestBody != nil {
			look(name, op.RequestBody.Content)
		}
		for status, r := range op.Responses.Codes.FromOldest() {
			if r.Content != nil {
				look(name+" "+status, r.Content)
			}
		}
	}
	if seen < 200 {
		t.Errorf("only %d examples were seen", seen)
	}
}

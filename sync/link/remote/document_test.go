// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/sync/link/practicetest"
)

// members are the names of a struct's members in JSON.
func members(v any) []string {
	var all []string
	for i, s := 0, reflect.TypeOf(v); i < s.NumField(); i++ {
		name, _, _ := strings.Cut(s.Field(i).Tag.Get("json"), ",")
		all = append(all, name)
	}
	return all
}

// whoAndRole are the members of userJSON.
type whoAndRole struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
	Role  string `json:"role"`
}

// What the desk knows is what the service's document says there is.
func TestDeskNamesAreInTheDocument(t *testing.T) {
	doc := practicetest.Describe(t)
	list := func(of map[string]any, name string) []any {
		p, _ := doc.Properties(of)[name].(map[string]any)
		if items, ok := p["items"].(map[string]any); ok {
			p = items
		}
		all, _ := p["enum"].([]any)
		return all
	}
	for _, c := range checks {
		if !slices.Contains(list(doc.Schema("Record"), "checks"), any(string(c))) {
			t.Errorf("the service has no check %s", c)
		}
	}
	for _, a := range acts {
		if !slices.Contains(list(doc.Schema("Subject"), "may"), any(string(a))) {
			t.Errorf("the service has no %s", a)
		}
	}
	if got := list(doc.Schema("User"), "role"); len(got) != len(roles) {
		t.Errorf("the service has the roles %v", got)
	}
	if got := list(doc.Schema("Case"), "state"); len(got) != len(states) {
		t.Errorf("the service has the states %v", got)
	}
	for _, f := range fields {
		if doc.Properties(doc.Schema("Record"))[f] == nil {
			t.Errorf("a record has no %s", f)
		}
	}
}

// What is read of an answer is what the service's document says there is.
func TestMembersAreInTheDocument(t *testing.T) {
	doc := practicetest.Describe(t)
	metadataSchema, ok := doc.Content(response(doc, "GET", wellKnown, "200"), jsonType)
	if !ok {
		t.Fatal("the document does not describe the service")
	}
	status := doc.Properties(doc.Schema("Status"))
	codes, _ := status["backup_codes"].(map[string]any)
	for name, tc := range map[string]struct {
		read   any
		schema map[string]any
	}{
		"who":        {whoJSON{}, doc.Schema("User")},
		"status":     {statusJSON{}, doc.Schema("Status")},
		"codes":      {codesJSON{}, codes},
		"enrolment":  {pendingJSON{}, doc.Schema("Enrolment")},
		"problem":    {problemJSON{}, doc.Schema("Problem")},
		"metadata":   {metadata{}, metadataSchema},
		"permission": {tokensJSON{}, doc.Schema("Tokens")},
		"user":       {whoAndRole{}, doc.Schema("User")},
		"subject":    {subjectJSON{}, doc.Schema("Subject")},
		"case":       {caseJSON{}, doc.Schema("Case")},
		"record":     {recordJSON{}, doc.Schema("Record")},
		"deed":       {deedJSON{}, doc.Schema("Done")},
	} {
		there := doc.Properties(tc.schema)
		if len(there) == 0 {
			t.Errorf("%s: the document has no such schema", name)
		}
		for _, m := range members(tc.read) {
			if there[m] == nil {
				t.Errorf("%s: the service has no %s", name, m)
			}
		}
	}
	for _, path := range []string{
		"GET " + pathMe, "GET " + pathStatus, "POST " + pathEnrolments, "POST " + pathConfirm, "POST " + pathEnrolments + "/x/verify",
		"POST " + pathEnrolments + "/x/resend", "DELETE " + pathEnrolments + "/x", "GET " + pathEnrolments + "/x", "GET /v1/time",
		"POST " + pathFind, "GET " + pathUsers + "x", "POST " + pathUsers + "x/2fa/unlock", "POST " + pathUsers + "x/2fa/resync",
		"POST " + pathUsers + "x/2fa/bypass-code", "POST " + pathUsers + "x/2fa/reset", "POST " + pathUsers + "x/sign-out",
	} {
		method, at, _ := strings.Cut(path, " ")
		if doc.Operation(method, at) == nil {
			t.Errorf("the service has no %s", path)
		}
	}
}

// Every problem of the service has a meaning here, and none is made up.
func TestKindsAreInTheDocument(t *testing.T) {
	doc := practicetest.Describe(t)
	all, _ := doc.Schema("Kind")["enum"].([]any)
	known := map[any]bool{}
	for _, k := range all {
		known[k] = true
	}
	for _, all := range []map[string]error{kinds, deskKinds} {
		for kind := range all {
			if !known[kind] {
				t.Errorf("the service has no problem %s", kind)
			}
		}
	}
	if len(known) < 30 {
		t.Errorf("%d problems", len(known))
	}
}

func response(doc *practicetest.Document, method, path, status string) map[string]any {
	responses, _ := doc.Operation(method, path)["responses"].(map[string]any)
	one, _ := responses[status].(map[string]any)
	return one
}

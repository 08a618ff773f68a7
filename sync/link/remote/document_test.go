// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package remote

import (
	"reflect"
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
	for kind := range kinds {
		if !known[kind] {
			t.Errorf("the service has no problem %s", kind)
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

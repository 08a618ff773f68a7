// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Every field of a report stands in docs/formats.md.
func TestFieldsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## The report\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("there is no section on the report")
	}
	documented(t, section, reflect.TypeFor[Report]())
}

func documented(t *testing.T, section string, in reflect.Type) {
	t.Helper()
	for in.Kind() == reflect.Slice {
		in = in.Elem()
	}
	if in.Kind() != reflect.Struct {
		return
	}
	for i := range in.NumField() {
		f := in.Field(i)
		name := f.Tag.Get("json")
		if name == "" {
			continue // what is not written, and the numbers of a version
		}
		if !strings.Contains(section, "`"+name+"`") {
			t.Errorf("nothing is said of %s.%s", in.Name(), name)
		}
		documented(t, section, f.Type)
	}
}

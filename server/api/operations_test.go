// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// operation is what the tests need of an operation of the document.
type operation struct {
	Needs      string                `json:"x-needs"`
	Security   []map[string][]string `json:"security"`
	Parameters []struct {
		Name    string `json:"name"`
		In      string `json:"in"`
		Example any    `json:"example"`
		// Required parameters of the query have an example.
		Required bool `json:"required"`
	} `json:"parameters"`
	Body struct {
		Content map[string]struct {
			Schema  map[string]any `json:"schema"`
			Example map[string]any `json:"example"`
		} `json:"content"`
	} `json:"requestBody"`
	Responses map[string]map[string]any `json:"responses"`
}

type document struct {
	Paths      map[string]map[string]operation `json:"paths"`
	Components struct {
		Schemas map[string]map[string]any `json:"schemas"`
	} `json:"components"`
}

func readDocument(t testing.TB) document {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// operations are all operations: "POST /v1/…".
func operations(t testing.TB) map[string]operation {
	t.Helper()
	d := readDocument(t)
	all := map[string]operation{}
	for path, item := range d.Paths {
		for method, op := range item {
			for kind, content := range op.Body.Content {
				if ref, ok := content.Schema["$ref"].(string); ok {
					content.Schema = d.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
					op.Body.Content[kind] = content
				}
			}
			all[strings.ToUpper(method)+" "+path] = op
		}
	}
	return all
}

// path is where an operation is asked, with the examples of the document.
func (o operation) path(path string) string {
	query := ""
	for _, p := range o.Parameters {
		value, _ := p.Example.(string)
		switch {
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", value, 1)
		case p.Required:
			query += "&" + p.Name + "=" + value
		}
	}
	return path + strings.Replace(query, "&", "?", 1)
}

// example is a body that the document shows: what ask takes.
func (o operation) example() any {
	if content, ok := o.Body.Content["application/json"]; ok {
		return content.Example
	}
	return nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	_ "embed"
	"net/http"
)

// The document of the API. The JSON is made of the YAML by a test.
var (
	//go:embed openapi.yaml
	documentYAML []byte
	//go:embed openapi.json
	documentJSON []byte
)

func metaRoutes() []route {
	return []route{
		{http.MethodGet, "/v1/time", open, noApp, http.StatusOK, asks(tell)},
		{http.MethodGet, "/v1/openapi.yaml", open, noApp, http.StatusOK, asks(func(*call) (file, error) { return file{"application/yaml", documentYAML}, nil })},
		{http.MethodGet, "/v1/openapi.json", open, noApp, http.StatusOK, asks(func(*call) (file, error) { return file{jsonType, documentJSON}, nil })},
		{http.MethodGet, "/problems/{kind}", open, noApp, http.StatusOK, asks(describe)},
	}
}

type timeView struct {
	Unix int64 `json:"unix_ms"`
}

// tell tells the service's time, as late as possible. It asks no database, so
// that a clock can be checked also while that is away.
func tell(c *call) (timeView, error) { return timeView{c.Clock().UnixMilli()}, nil }

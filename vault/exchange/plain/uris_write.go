// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"context"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// uriWriter writes key URIs, one a line: what nearly every app reads, and what has
// a place for all of a key.
type uriWriter struct{}

func (uriWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "uri-list", App: "otpauth://"}, ID: "uris", Ext: ".txt", Locking: foreign.NeverLocked,
		Holds: foreign.Parameters,
	}
}

func (uriWriter) Fits(otpauth.Key) error { return nil }

func (uriWriter) Write(ctx context.Context, entries []foreign.Entry, _ secret.Value) ([]foreign.Output, error) {
	var b bytes.Buffer
	for _, e := range entries {
		uri := e.Key.URI()
		b.Write(uri.Bytes())
		b.WriteByte('\n')
		uri.Clear()
	}
	return []foreign.Output{{Data: b.Bytes()}}, ctx.Err()
}

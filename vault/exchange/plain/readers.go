// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package plain

import "github.com/kutano/authenticator/vault/exchange/foreign"

// Readers are the readers of this room, those that people ask for most first.
var Readers = []foreign.Reader{
	texts{foreign.Format{ID: "google-authenticator", App: "Google Authenticator"}, true},
	texts{foreign.Format{ID: "uri-list", App: "otpauth://"}, false},
	pictures{},
}

// Writers are the writers of this room.
var Writers = []foreign.Writer{uriWriter{}, googleWriter{}}

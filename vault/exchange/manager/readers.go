// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"slices"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Readers are the readers of this room, those that people ask for most first.
var Readers = slices.Concat([]foreign.Reader{
	bitwarden{},
	protonPass{},
	keepass{},
	keepassExport{},
	onePassword{},
	pgp{},
	winAuth{},
	winAuthConfig{},
	enpass{},
	twoFA{},
}, tables, []foreign.Reader{archive{}})

// Writers are the writers of this room.
var Writers = []foreign.Writer{bitwardenWriter{}, keepassWriter{}}

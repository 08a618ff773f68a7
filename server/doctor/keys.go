// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"fmt"

	"github.com/kutano/authenticator/server/rotate"
	"github.com/kutano/authenticator/server/seal"
	"github.com/kutano/authenticator/server/store"
)

// keys checks that the keys can be read, and open what is in the database.
func (e *Examination) keys(ctx context.Context) []Finding {
	const check = "keys"
	keys, err := e.Config.OpenKeys()
	if err != nil {
		return one(check, Bad, err.Error(), "")
	}
	text := fmt.Sprintf("%d, in use is %x", len(e.Config.KeyFiles()), keys.Current())
	looked, unreadable, err := e.sample(ctx, keys)
	switch {
	case err != nil: // another check says what is wrong with the database
		return one(check, Warn, text+"; not tried on the database", "")
	case looked == 0:
		return one(check, Fine, text+"; nothing is sealed yet", "")
	case unreadable > 0:
		return one(check, Bad, fmt.Sprintf("%s; %d of %d sealed values that were tried do not open", text, unreadable, looked),
			"put the key they were sealed with back into keys.files, after the one in use: without it these users' apps do not work")
	}
	return one(check, Fine, fmt.Sprintf("%s; %d sealed values were tried, all open", text, looked), "")
}

func (e *Examination) sample(ctx context.Context, keys *seal.Keys) (looked, unreadable int, err error) {
	db, err := e.open()
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	return rotate.Sample(ctx, db, keys)
}

// open opens the database, but does not make one that is not there.
func (e *Examination) open() (*store.DB, error) {
	dsn, err := e.Config.DSN()
	if err != nil {
		return nil, err
	}
	if path, isFile := file(dsn); isFile && missing(path) {
		return nil, missingError{path}
	}
	return store.Open(dsn)
}

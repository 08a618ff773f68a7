// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/kutano/authenticator/server/drift"
	"github.com/kutano/authenticator/server/moment"
	"github.com/kutano/authenticator/server/store"
)

func (e *Examination) clock(ctx context.Context) []Finding {
	const check = "clock"
	if len(e.Config.TimeServers) == 0 {
		return one(check, Warn, "not compared: no time servers are set", "set time_servers, for example [\"0.pool.ntp.org\", \"1.pool.ntp.org\"]")
	}
	ahead, err := drift.Measure(ctx, e.Clock, e.Config.TimeServers)
	if err != nil {
		return one(check, Warn, "not compared: no time server answered", "look whether UDP port 123 is let through")
	}
	way := "ahead"
	if ahead < 0 {
		way = "behind"
	}
	text := fmt.Sprintf("%.3f seconds %s", ahead.Abs().Seconds(), way)
	if ahead.Abs() > drift.Most {
		return one(check, Bad, text+": right codes will be refused", "let this machine keep its time by NTP (timedatectl set-ntp true)")
	}
	return one(check, Fine, text, "")
}

// database checks that the database answers, is up to date, and can be written.
func (e *Examination) database(ctx context.Context) []Finding {
	const check = "database"
	db, err := e.open()
	var gone missingError
	if errors.As(err, &gone) {
		return one(check, Warn, gone.Error(), "serve makes it, in a folder that is there and that its account may write")
	}
	if err != nil {
		return one(check, Bad, err.Error(), "")
	}
	defer func() { _ = db.Close() }() // nothing was written
	elapsed := moment.Watch()
	if err := db.Ping(ctx); err != nil {
		return one(check, Bad, db.String()+" does not answer: "+err.Error(), "start it; look at its address, its account and the firewall")
	}
	took := elapsed()
	now, newest, err := db.Version(ctx)
	if err != nil {
		return one(check, Bad, "the version of its tables cannot be read: "+err.Error(), "")
	}
	found := one(check, Fine, fmt.Sprintf("%s answers in %d ms, tables at version %d", db, took.Milliseconds(), now), "")
	switch {
	case now > newest:
		return one(check, Bad, fmt.Sprintf("the tables are at version %d, this program knows %d", now, newest), "use the newer program that made them")
	case now < newest:
		found = one(check, Warn, fmt.Sprintf("%s: tables at version %d of %d", db, now, newest), "serve brings them up to date, and so does  kutano-2fa migrate")
	}
	if now == 0 {
		return found
	}
	if err := canWrite(ctx, db); err != nil {
		return append(found, one(check, Bad, "it cannot be written: "+err.Error(), "look at its rights and the space on its disk")...)
	}
	return found
}

// canWrite writes a row and takes it back.
func canWrite(ctx context.Context, db *store.DB) error {
	back := errors.New("taken back")
	err := db.Tx(ctx, func(q store.Q) error {
		if _, err := q.Exec(ctx, "INSERT INTO limits (name, hash, window_start, n, expires_at) VALUES ('doctor', ?, 0, 0, 0)", []byte{0}); err != nil {
			return err
		}
		return back
	})
	if errors.Is(err, back) {
		return nil
	}
	return err
}

// missingError names a file of SQLite that is not there: asking would make it.
type missingError struct{ path string }

func (e missingError) Error() string { return e.path + " is not there yet" }

// file is the file of an SQLite database.
func file(dsn string) (path string, ok bool) { return strings.CutPrefix(dsn, "sqlite:") }

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

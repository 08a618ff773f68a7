// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// readers is how many connections read an SQLite database beside its one writer.
const readers = 4

// openSQLite opens the database in the file path, which is made if it is not there.
// Every commit reaches the disk before it is answered (synchronous=FULL): after a
// loss of power no code that was used can be used again.
func openSQLite(path string) (*DB, error) {
	if path == "" {
		return nil, errors.New("sqlite: needs the path of a file")
	}
	open := func(extra string, most int) (*sql.DB, error) {
		q := "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" + extra
		db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+q)
		if err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
		db.SetMaxOpenConns(most)
		db.SetMaxIdleConns(most)
		return db, nil
	}
	write, err := open("&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	read, err := open("&_pragma=query_only(1)", readers)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &DB{kind: SQLite, write: write, read: read, dsn: path}, nil
}

// sortOfSQLite is what a caller can act on in an error of SQLite, or nil.
func sortOfSQLite(err *sqlite.Error) error {
	switch err.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return ErrTaken
	}
	switch err.Code() & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return errAgain
	case lib.SQLITE_CANTOPEN, lib.SQLITE_IOERR, lib.SQLITE_FULL, lib.SQLITE_READONLY, lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
		return ErrUnavailable
	}
	return nil
}

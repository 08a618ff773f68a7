// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package store is the service's way to its database: SQLite in one file as
// the embedded default, PostgreSQL where one machine is outgrown.
//
// It promises that a transaction happens as a whole or not at all, also when
// the process is killed in it, that it is tried again where the database asks
// for that, and that a database that is away is told apart from every other
// trouble (ErrUnavailable), so that callers can answer "later" truthfully.
//
// The rooms above write their own queries, with ? for parameters, in the SQL
// that both databases have in common. Times are stored as Unix milliseconds.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Errors of this package. They are wrapped with what was attempted.
var (
	// ErrUnavailable means that the database cannot be reached or does not answer.
	// Nothing was changed, or it is not known whether it was: a caller must not
	// say that anything succeeded.
	ErrUnavailable = errors.New("the database is unavailable")
	// ErrNone means that there is no such row.
	ErrNone = errors.New("no such row")
	// ErrTaken means that a row with this unique value exists.
	ErrTaken = errors.New("taken already")
)

// Kind is one of the databases that the service runs on.
type Kind string

// The databases.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	kind  Kind
	write *sql.DB // SQLite: one connection, since it has one writer
	read  *sql.DB
	dsn   string
}

// Kind tells which database this is.
func (d *DB) Kind() Kind { return d.kind }

// Q asks and changes the database: a DB outside of transactions, a Tx in one.
type Q interface {
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	// Row reads one row into dest; ErrNone if there is none.
	Row(ctx context.Context, query string, args []any, dest ...any) error
	// Rows calls each for every row; scan reads the row into its arguments.
	// The connection is busy until Rows returns: each must not use Q.
	Rows(ctx context.Context, query string, args []any, each func(scan func(dest ...any) error) error) error
	// Lock is what to append to a SELECT whose rows are to be changed in the same
	// transaction, or nothing where transactions stand in line. On PostgreSQL it is
	// " FOR NO KEY UPDATE": others who lock the row wait, while a row of another table
	// can still be added that refers to it (manual, 13.3.2). With FOR UPDATE two who
	// each hold a user and tell the other would wait for each other.
	Lock() string
	// Kind tells which database this is.
	Kind() Kind
}

// Open opens the database that dsn names: "sqlite:PATH" or
// "postgres://user@host/name". It does not ask whether the database is there
// or up to date; Ping and Migrate do.
func Open(dsn string) (*DB, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite:"):
		return openSQLite(strings.TrimPrefix(dsn, "sqlite:"))
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(dsn)
	}
	return nil, errors.New("the database is given as sqlite:PATH or postgres://USER@HOST/NAME")
}

// Ping asks whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.Row(ctx, "SELECT 1", nil, &one)
}

// Close closes all connections.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Exec is Q's: one statement, a transaction of its own.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = d.retry(ctx, func() error {
		n, err = conn{d.write, d.kind}.Exec(ctx, query, args...)
		return err
	})
	return n, err
}

// Row is Q's.
func (d *DB) Row(ctx context.Context, query string, args []any, dest ...any) error {
	return d.retry(ctx, func() error { return conn{d.read, d.kind}.Row(ctx, query, args, dest...) })
}

// Rows is Q's.
func (d *DB) Rows(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	return conn{d.read, d.kind}.Rows(ctx, query, args, each)
}

// Lock is Q's.
func (d *DB) Lock() string { return "" }

// Tx runs f in one transaction and commits it if f returns nil. f may run more
// than once: what it does outside of the database it must be able to do again.
// Transactions of SQLite stand in line from their first statement on, so f
// must be short and must not wait for anything else.
func (d *DB) Tx(ctx context.Context, f func(Q) error) error {
	return d.retry(ctx, func() error {
		tx, err := d.write.BeginTx(ctx, nil)
		if err != nil {
			return explain(err)
		}
		defer func() { _ = tx.Rollback() }() // after a commit it does nothing
		if err := f(conn{tx, d.kind}); err != nil {
			return err
		}
		return explain(tx.Commit())
	})
}

// tries is how often a transaction is tried that others keep getting in the way of.
const tries = 8

func (d *DB) retry(ctx context.Context, f func() error) error {
	var err error
	for i := range tries {
		if err = f(); !errors.Is(err, errAgain) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(1<<i) * time.Millisecond):
		}
	}
	return fmt.Errorf("%w: others are in the way: %w", ErrUnavailable, err)
}

// Millis is a time as it is stored; the zero Time is stored as 0.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Time is what Millis stored.
func Time(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// runner is what *sql.DB and *sql.Tx have in common.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// conn is a Q over a connection or a transaction.
type conn struct {
	runner
	kind Kind
}

func (c conn) Kind() Kind { return c.kind }

func (c conn) Lock() string {
	if c.kind == Postgres {
		return " FOR NO KEY UPDATE"
	}
	return ""
}

func (c conn) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := c.ExecContext(ctx, c.kind.bind(query), args...)
	if err != nil {
		return 0, explain(err)
	}
	n, err := res.RowsAffected()
	return n, explain(err)
}

func (c conn) Row(ctx context.Context, query string, args []any, dest ...any) error {
	return explain(c.QueryRowContext(ctx, c.kind.bind(query), args...).Scan(dest...))
}

func (c conn) Rows(ctx context.Context, query string, args []any, each func(scan func(...any) error) error) error {
	rows, err := c.QueryContext(ctx, c.kind.bind(query), args...)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = rows.Close() }() // Err has what matters
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

var bound sync.Map // query → query with $1, $2, …

// bind writes the parameters of a query as the database wants them. A question
// mark in a query is always a parameter: texts come as parameters too.
func (k Kind) bind(query string) string {
	if k != Postgres || !strings.Contains(query, "?") {
		return query
	}
	if done, ok := bound.Load(query); ok {
		return done.(string)
	}
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	bound.Store(query, b.String())
	return b.String()
}

// errAgain marks what the database asks to be tried again.
var errAgain = errors.New("the database asks to try again")

// explain says what an error of a driver means to a caller.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNone
	case errors.Is(err, context.Canceled):
		return err
	}
	if sort := sortOf(err); sort != nil {
		return fmt.Errorf("%w: %w", sort, err)
	}
	return err
}

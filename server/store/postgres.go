// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"
)

// connections is how many connections an instance holds to PostgreSQL. More do
// not make it faster: the database works on as many at a time as it has cores.
const connections = 16

// openPostgres opens a PostgreSQL database.
func openPostgres(dsn string) (*DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's own words can hold the password.
		return nil, errors.New("open the database: the address of the PostgreSQL database is not understood; it looks like postgres://USER@HOST/NAME")
	}
	if err := checkTLS(config.Config); err != nil {
		return nil, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{kind: Postgres, write: db, read: db, dsn: dsn}, nil
}

// checkTLS refuses a way to the database on which what it holds could be read: TLS
// with the server's certificate checked is for everything but this machine. The
// driver's default ("prefer") would fall back to plain text (OWASP ASVS 5, 12.3.1).
func checkTLS(c pgconn.Config) error {
	ways := []*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}
	for _, way := range append(ways, c.Fallbacks...) {
		t := way.TLSConfig
		checked := t != nil && (!t.InsecureSkipVerify || t.VerifyPeerCertificate != nil) // verify-full or verify-ca
		if !checked && !here(way.Host) {
			return errors.New("open the database: PostgreSQL on another machine is reached by TLS: add sslmode=verify-full to its address, and sslrootcert if its certificate is your own")
		}
	}
	return nil
}

// here tells whether a host is this machine: a folder with a socket, or loopback.
func here(host string) bool {
	ip := net.ParseIP(host)
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" || ip != nil && ip.IsLoopback()
}

// sortOf is what a caller can act on in an error of a driver, or nil.
func sortOf(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return sortOfSQLite(lite)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return sortOfPostgres(pg)
	}
	var refused *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &refused) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, net.ErrClosed) || pgconn.Timeout(err) || errors.Is(err, context.DeadlineExceeded) {
		return ErrUnavailable
	}
	return nil
}

// sortOfPostgres goes by SQLSTATE, PostgreSQL manual, appendix A.
func sortOfPostgres(err *pgconn.PgError) error {
	switch err.Code {
	case "23505": // unique_violation
		return ErrTaken
	case "40001", "40P01": //nolint:misspell // serialization_failure, deadlock_detected: as PostgreSQL writes it
		return errAgain
	case "25006": // read_only_sql_transaction: this server is no longer the one that writes
		return ErrUnavailable
	}
	switch err.Code[:min(2, len(err.Code))] {
	case "08", "53", "57", "58": // connection, resources, operator's intervention, system
		return ErrUnavailable
	}
	return nil
}

// redacted is the address of a database as it may be shown.
func redacted(dsn string) string {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return "postgres"
	}
	return fmt.Sprintf("postgres://%s:%d/%s", config.Host, config.Port, config.Database)
}

// String names the database, without a password.
func (d *DB) String() string {
	if d.kind == Postgres {
		return redacted(d.dsn)
	}
	return "sqlite:" + d.dsn
}

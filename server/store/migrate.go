// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Migrate brings the tables to the newest version, forward only. Where several
// instances start at once, one does it and the others wait.
func (d *DB) Migrate(ctx context.Context) error { return d.MigrateTo(ctx, 0) }

// MigrateTo brings the tables to a version, 0 for the newest. Tests use it to
// start from each earlier one.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.goose()
	if err != nil {
		return err
	}
	if version == 0 {
		_, err = p.Up(ctx)
	} else {
		_, err = p.UpTo(ctx, version)
	}
	if err != nil {
		return fmt.Errorf("bring the tables up to date: %w", explain(err))
	}
	return nil
}

// Version tells the version of the tables, and the newest that this program has.
func (d *DB) Version(ctx context.Context) (now, newest int64, err error) {
	p, err := d.goose()
	if err != nil {
		return 0, 0, err
	}
	now, newest, err = p.GetVersions(ctx)
	return now, newest, explain(err)
}

func (d *DB) goose() (*goose.Provider, error) {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	options := []goose.ProviderOption{goose.WithVerbose(false), goose.WithDisableGlobalRegistry(true)}
	if d.kind == Postgres {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("prepare the tables: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	p, err := goose.NewProvider(dialect, d.write, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

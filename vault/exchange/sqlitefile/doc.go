// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package sqlitefile reads the tables of a SQLite 3 database that somebody else made, and
// opens those that SQLCipher has encrypted.
//
// It knows no SQL: [DB.Rows] goes through a table from its first row to its last. It reads
// ordinary tables in UTF-8 and UTF-16 with any page size; tables without rowid, virtual
// tables and computed columns are refused. What is still in a write-ahead log is in another
// file and is not seen.
//
// The file may be hostile. Each page is used at most once in a walk, so neither a cycle nor a
// length that lies makes it go on for longer than the file is large.
//
// The reader is our own because the alternative, SQLite itself, would run a database engine
// on such a file and take longer to start than a command line may.
//
// The format is described at https://www.sqlite.org/fileformat2.html.
package sqlitefile

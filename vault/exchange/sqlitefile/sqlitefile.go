// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package sqlitefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// What a caller can act on, beside the errors of package foreign: ErrDamaged is a file that
// contradicts itself, ErrCutShort one whose end is missing.
var (
	ErrNoTable     = errors.New("there is no such table")
	ErrUnsupported = errors.New("a kind of table that is not read")
)

const magic = "SQLite format 3\x00"

// Sizes of the header and of what is in it.
const (
	headerSize = 100
	minPage    = 512
	minUsable  = 480
)

// Is reports whether data begins as a database does that is not encrypted.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }

// DB is a database in memory.
type DB struct {
	data     []byte
	pageSize int
	usable   int // of each page
	encoding uint32
	tables   map[string]table // by name in lower case
}

// table is what the schema says of one.
type table struct {
	root int64
	sql  string
}

// Limits of the schema. The databases of phone apps have some dozens of tables.
const (
	maxTables = 10_000
	maxSQL    = 1 << 20
)

// Open reads the header and the schema. It keeps data.
func Open(data []byte) (*DB, error) {
	if !Is(data) {
		return nil, foreign.ErrDamaged
	}
	if len(data) < headerSize {
		return nil, foreign.ErrCutShort
	}
	db := &DB{data: data, pageSize: int(binary.BigEndian.Uint16(data[16:]))}
	if db.pageSize == 1 {
		db.pageSize = 1 << 16
	}
	db.usable = db.pageSize - int(data[20])
	db.encoding = binary.BigEndian.Uint32(data[56:])
	if db.encoding == 0 {
		db.encoding = utf8Text // a database that nothing was written to yet
	}
	if db.pageSize < minPage || db.pageSize&(db.pageSize-1) != 0 || db.usable < minUsable || db.encoding > utf16Big {
		return nil, foreign.ErrDamaged
	}
	return db, db.schema()
}

// schemaColumns are those of the table that lists all tables.
var schemaColumns = []column{{name: "type"}, {name: "name"}, {name: "tbl_name"}, {name: "rootpage"}, {name: "sql"}}

func (db *DB) schema() error {
	db.tables = map[string]table{}
	w := walk{db: db, columns: schemaColumns}
	return w.run(1, func(r Row) error {
		if !strings.EqualFold(r.Text("type"), "table") {
			return nil
		}
		name := strings.ToLower(r.Text("name"))
		if _, twice := db.tables[name]; twice {
			return foreign.ErrDamaged
		}
		if len(db.tables) == maxTables {
			return ErrUnsupported
		}
		n := r.Number("rootpage") // 0 for a virtual table
		db.tables[name] = table{n.Value, r.Text("sql")}
		return nil
	})
}

// Has reports whether there is a table of that name, in any case, with these columns, in
// lower case.
func (db *DB) Has(name string, columns ...string) bool {
	t, ok := db.tables[strings.ToLower(name)]
	if !ok {
		return false
	}
	there, err := t.columns()
	for _, c := range columns {
		ok = ok && find(there, c) >= 0
	}
	return ok && err == nil
}

// Rows calls each for the rows of a table in the order of their rowid, until it returns an
// error, which is returned. The row is valid during the call.
func (db *DB) Rows(name string, each func(Row) error) error {
	t, ok := db.tables[strings.ToLower(name)]
	if !ok {
		return ErrNoTable
	}
	columns, err := t.columns()
	if err != nil {
		return err
	}
	w := walk{db: db, columns: columns}
	return w.run(uint32(t.root), each)
}

func (t table) columns() ([]column, error) {
	if t.root <= 0 || t.root > math.MaxUint32 || len(t.sql) > maxSQL {
		return nil, ErrUnsupported
	}
	return parseTable(t.sql)
}

// page returns page n, of which the first is 1.
func (db *DB) page(n uint32) ([]byte, error) {
	if n == 0 {
		return nil, foreign.ErrDamaged
	}
	from := int64(n-1) * int64(db.pageSize)
	if from+int64(db.usable) > int64(len(db.data)) {
		if n > binary.BigEndian.Uint32(db.data[28:]) {
			return nil, foreign.ErrDamaged // the header knows of no such page
		}
		return nil, foreign.ErrCutShort
	}
	return db.data[from : from+int64(db.usable)], nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"context"
	"strconv"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/sqlitefile"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// schema is a table of accounts that an app keeps.
type schema struct {
	format  foreign.Format
	table   string
	columns []string // by which the table is told from other apps'
	without string   // a column that another app's table has beside them
	entry   func(sqlitefile.Row, tags) foreign.Entry
	tags    func(*sqlitefile.DB) (tags, error) // or nil
}

// tags are the groups of accounts, by what the app knows an account by.
type tags map[string][]string

func (s *schema) Format() foreign.Format { return s.format }

// Detect looks at the tables.
func (s *schema) Detect(src *foreign.Source) foreign.Match {
	if db, err := sqlitefile.Open(src.Data); err == nil && s.fits(db) {
		return foreign.Sure
	}
	return foreign.No
}

func (s *schema) fits(db *sqlitefile.DB) bool {
	return db.Has(s.table, s.columns...) && (s.without == "" || !db.Has(s.table, s.without))
}

func (s *schema) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

// Read reports each row.
func (s *schema) Read(ctx context.Context, src *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	db, err := sqlitefile.Open(src.Data)
	if err != nil {
		return err
	}
	return s.read(ctx, db, add)
}

func (s *schema) read(ctx context.Context, db *sqlitefile.DB, add func(foreign.Entry)) error {
	var groups tags
	var err error
	if s.tags != nil {
		groups, err = s.tags(db)
	}
	torn := db.Rows(s.table, func(r sqlitefile.Row) error {
		add(s.entry(r, groups))
		return ctx.Err()
	})
	if torn != nil {
		return torn
	}
	return err
}

// The apps' databases that are not encrypted as a whole.
var (
	googleDB = &schema{
		format: foreign.Format{ID: "google-authenticator", App: "Google Authenticator"},
		table:  "accounts", columns: []string{"email", "secret"}, without: "category", entry: googleEntry,
	}
	microsoft = &schema{
		format: foreign.Format{ID: "microsoft-authenticator", App: "Microsoft Authenticator"},
		table:  "accounts", columns: []string{"name", "username", "oath_secret_key"}, entry: microsoftEntry,
	}
	plusDB = &schema{
		format: foreign.Format{ID: "authenticator-plus", App: "Authenticator Plus"},
		table:  "accounts", columns: []string{"email", "secret", "category"}, entry: plusEntry,
	}
	stratumDB = &schema{
		format: foreign.Format{ID: "stratum", App: "Stratum"},
		table:  "authenticator", columns: []string{"issuer", "username", "secret", "algorithm"}, entry: stratumEntry, tags: stratumTags,
	}
)

// Types of codes in Google Authenticator's database and in those made like it.
const (
	typeTOTP = iota
	typeHOTP
	typeBlizzard
)

// googleEntry reads an account of Google Authenticator. It keeps neither algorithm nor
// digits nor period. Since version 5.20 the phone encrypts the secrets with a key of its own.
func googleEntry(r sqlitefile.Row, _ tags) foreign.Entry {
	issuer, name := otpauth.SplitLabel(r.Text("email"), r.Text("issuer"))
	if n := r.Number("isencrypted"); n.Bad || n.Value != 0 {
		return foreign.Refused(issuer, name, foreign.ErrRestricted)
	}
	f := foreign.Fields{Issuer: issuer, Name: name, Secret: r.Text("secret"), Counter: r.Number("counter")}
	return typed(f, r.Number("type"))
}

// typed makes an entry of fields and the type's number.
func typed(f foreign.Fields, kind foreign.Number) foreign.Entry {
	switch {
	case !kind.Set, kind == foreign.Int(typeTOTP):
	case kind == foreign.Int(typeHOTP):
		f.Type = "hotp"
	default:
		return foreign.Refused(f.Issuer, f.Name, &foreign.TypeError{Type: numeral(kind)})
	}
	return assumed(f.Entry())
}

// numeral names a type that is only a number.
func numeral(n foreign.Number) string {
	if n.Bad {
		return ""
	}
	return strconv.FormatInt(n.Value, 10)
}

// assumed adds what is not in the file and was assumed.
func assumed(e foreign.Entry) foreign.Entry {
	if e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.AssumedSHA1, foreign.Assumed6x30)
	}
	return e
}

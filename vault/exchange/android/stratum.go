// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/sqlitefile"
)

// stratumTypes and stratumAlgorithms are what Stratum has numbers for.
var (
	stratumTypes      = map[int64]string{1: "hotp", 2: "totp", 3: "motp", 4: "steam", 5: "yandex"}
	stratumAlgorithms = map[int64]string{0: "SHA1", 1: "SHA256", 2: "SHA512"}
)

// stratumEntry reads an account of Stratum, once Authenticator Pro.
func stratumEntry(r sqlitefile.Row, groups tags) foreign.Entry {
	f := foreign.Fields{
		Issuer: r.Text("issuer"), Name: r.Text("username"), Secret: r.Text("secret"),
		Digits: r.Number("digits"), Period: r.Number("period"), Counter: r.Number("counter"),
	}
	kind := r.Number("type")
	f.Type = stratumTypes[kind.Value]
	if f.Type == "" || kind.Bad {
		return foreign.Refused(f.Issuer, f.Name, &foreign.TypeError{Type: numeral(kind)})
	}
	if n := r.Number("algorithm"); n.Set {
		f.Algorithm = stratumAlgorithms[n.Value]
		if f.Algorithm == "" || n.Bad {
			f.Algorithm = "unknown"
		}
	}
	e := f.Entry()
	if e.Err == nil {
		e.Tags = groups[f.Secret]
	}
	return e
}

// stratumTags reads the categories: an account is known by its secret.
func stratumTags(db *sqlitefile.DB) (tags, error) {
	names, all := map[string]string{}, tags{}
	if !db.Has("category", "id", "name") || !db.Has("authenticatorcategory", "categoryid", "authenticatorsecret") {
		return all, nil
	}
	err := db.Rows("category", func(r sqlitefile.Row) error {
		names[r.Text("id")] = r.Text("name")
		return nil
	})
	if err != nil {
		return all, err
	}
	return all, db.Rows("authenticatorcategory", func(r sqlitefile.Row) error {
		if name := names[r.Text("categoryid")]; name != "" {
			account := r.Text("authenticatorsecret")
			all[account] = append(all[account], name)
		}
		return nil
	})
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// BitwardenAuthenticator reads what Bitwarden Authenticator exports, as JSON and
// as the CSV that it writes on Android. Its CSV from iOS is that of Bitwarden.
var BitwardenAuthenticator foreign.Reader = &reader{
	format: foreign.Format{ID: "bitwarden-authenticator", App: "Bitwarden Authenticator"},
	detect: func(s *foreign.Source) bool { return detectBitwardenJSON(s.Shape()) || bitwardenCSV(s.Data) },
	read: unlocked(func(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
		if bitwardenCSV(s.Data) {
			return readBitwardenCSV(ctx, s.Data, add)
		}
		return foreign.Elements(ctx, s.Data, each(add, bitwardenItem.entry), "items")
	}),
}

// bitwardenHeader is the first line of the CSV. The other lines have more fields.
const bitwardenHeader = "folder,favorite,type,name,login_uri,login_totp"

// bitwardenItem is an account, in the manner of Bitwarden's own export.
type bitwardenItem struct {
	Name     text `json:"name"`
	Notes    text `json:"notes"`
	Favorite flag `json:"favorite"`
	Login    struct {
		TOTP     text `json:"totp"`
		Username text `json:"username"`
	} `json:"login"`
}

// detectBitwardenJSON tells it from the export of the password manager, whose
// items have a password or a history, or lie in folders or collections.
func detectBitwardenJSON(shape foreign.Shape) bool {
	items := shape.At("items")
	if shape.At("encrypted").Scalar != "false" || shape.Has("folders") || shape.Has("collections") || !items.Has("login", "name", "type") {
		return false
	}
	for _, field := range []string{"reprompt", "fields", "passwordHistory", "revisionDate", "creationDate", "deletedDate", "key"} {
		if items.Has(field) {
			return false
		}
	}
	return true
}

func bitwardenCSV(data []byte) bool {
	line, _, _ := bytes.Cut(foreign.Bare(data), []byte("\n"))
	line = bytes.TrimRight(line, "\r ")
	return string(line) == bitwardenHeader || bytes.HasPrefix(line, []byte(bitwardenHeader+",issuer"))
}

func (b bitwardenItem) entry() foreign.Entry {
	e := bitwardenKey(string(b.Login.TOTP), string(b.Name), string(b.Login.Username))
	e.Note, e.Favourite = string(b.Notes), bool(b.Favorite)
	return e
}

// bitwardenEntities undoes what the app does on Android to a label before it is
// put into a URI.
var bitwardenEntities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'")

// bitwardenKey reads a key, which is a URI or a secret alone.
func bitwardenKey(totp, issuer, name string) foreign.Entry {
	if !strings.Contains(totp, "://") {
		return foreign.Fields{Issuer: issuer, Name: name, Secret: totp}.Entry()
	}
	e := foreign.FromURI(totp)
	e.Key.Account = bitwardenEntities.Replace(e.Key.Account)
	if e.Err == nil && strings.EqualFold(totp[:strings.Index(totp, "://")], "steam") {
		e.Key.Issuer = "" // such a link has no name
		issuer = cmp.Or(issuer, "Steam")
	}
	return e.Named(issuer, name)
}

// readBitwardenCSV reads the CSV. The app does not quote: a comma in a name makes
// more fields of its line, and a quote in one must not swallow the lines after it.
func readBitwardenCSV(ctx context.Context, data []byte, add func(foreign.Entry)) error {
	_, rows, _ := bytes.Cut(foreign.Bare(data), []byte("\n"))
	for line := range bytes.Lines(rows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if text := strings.TrimRight(string(line), "\r\n"); strings.TrimSpace(text) != "" {
			add(bitwardenRecord(bitwardenFields(text)))
		}
	}
	return nil
}

// bitwardenFields splits a line, which may have been quoted by another program.
func bitwardenFields(line string) []string {
	if record, err := csv.NewReader(strings.NewReader(line)).Read(); err == nil {
		return record
	}
	return strings.Split(line, ",")
}

func bitwardenRecord(record []string) foreign.Entry {
	const nameAt, totpAt = 3, 5
	for i := totpAt; i < len(record); i++ {
		if !strings.Contains(record[i], "://") {
			continue
		}
		e := bitwardenKey(record[i], strings.Join(record[nameAt:i-1], ","), "")
		e.Favourite = record[1] == "1" || strings.EqualFold(record[1], "true")
		return e
	}
	if len(record) <= totpAt {
		return foreign.Refused("", "", foreign.ErrCutShort)
	}
	return bitwardenKey(record[totpAt], record[nameAt], "")
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// enpass reads the JSON export.
//
// Source: the importers of bitwarden/clients and ProtonMail/WebClients.
type enpass struct{}

func (enpass) Format() foreign.Format { return foreign.Format{ID: "enpass", App: "Enpass"} }

func (enpass) Detect(s *foreign.Source) foreign.Match {
	if s.Shape().At("items").Has("template_type", "trashed", "uuid") {
		return foreign.Sure
	}
	return foreign.No
}

func (enpass) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

// enpassItem is what counts of an item. Flags are 0 or 1.
type enpassItem struct {
	Title             string
	Subtitle          string // most often the login
	Favorite, Trashed foreign.Number
	Folders           []string
	Fields            []struct {
		Type, Value string
		Deleted     foreign.Number
	}
}

func (enpass) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	folders := map[string]string{}
	text := func() *bytes.Reader { return bytes.NewReader(foreign.Bare(s.Data)) }
	err := walk(ctx, text(), func(raw json.RawMessage) {
		var f struct{ UUID, Title string }
		if json.Unmarshal(raw, &f) == nil {
			folders[f.UUID] = f.Title
		}
	}, "folders", every)
	if err != nil {
		return err
	}
	return walk(ctx, text(), func(raw json.RawMessage) {
		var e enpassItem
		err := json.Unmarshal(raw, &e)
		i := e.item(folders)
		if err != nil {
			add(i.refused(foreign.ErrDamaged))
			return
		}
		i.add(add)
	}, "items", every)
}

func (e enpassItem) item(folders map[string]string) item {
	i := item{title: e.Title, favourite: e.Favorite.Value != 0, trashed: e.Trashed.Value != 0}
	for _, id := range e.Folders {
		i.tags = append(i.tags, folders[id])
	}
	email := ""
	for _, f := range e.Fields {
		switch {
		case f.Deleted.Value != 0:
		case f.Type == "totp":
			i.codes = append(i.codes, f.Value)
		case f.Type == "username" && i.user == "":
			i.user = f.Value
		case f.Type == "email" && email == "":
			email = f.Value
		}
	}
	if i.user == "" {
		i.user = email
	}
	return i
}

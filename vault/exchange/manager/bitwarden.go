// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// bitwarden reads the vault's JSON, also under a password, and the zip archive
// that holds it beside attachments.
//
// Source: the export and import services of bitwarden/clients.
type bitwarden struct{}

func (bitwarden) Format() foreign.Format { return foreign.Format{ID: "bitwarden", App: "Bitwarden"} }

const bitwardenFile = "data.json"

func (b bitwarden) Detect(s *foreign.Source) foreign.Match {
	inside, err := b.inside(context.Background(), s)
	if err != nil {
		return foreign.Maybe // what is wrong with it is said when it is read
	}
	shape := inside.Shape()
	if inside != s { // many an archive has a file of that name
		defer inside.Clear()
	}
	if shape.Kind == foreign.Object && shape.Has("encrypted") && (shape.Has("items") || shape.Has("data", "kdfType") || shape.Has("encKeyValidation_DO_NOT_EDIT")) {
		return foreign.Sure
	}
	return foreign.No
}

// inside returns the JSON, out of its archive where it is in one.
func (bitwarden) inside(ctx context.Context, s *foreign.Source) (*foreign.Source, error) {
	f := fileIn(s, "", bitwardenFile)
	if f == nil {
		return s, nil
	}
	data, err := f.Read(ctx, nil)
	return foreign.NewSource(s.Name, data), err
}

func (b bitwarden) Lock(s *foreign.Source) (foreign.Lock, error) {
	inside, err := b.inside(context.Background(), s)
	if err != nil {
		return foreign.Open, err
	}
	if inside != s {
		defer inside.Clear()
	}
	return b.lock(inside)
}

func (bitwarden) lock(s *foreign.Source) (foreign.Lock, error) {
	shape := s.Shape()
	switch {
	case shape.At("encrypted").Scalar != "true":
		return foreign.Open, nil
	case shape.At("passwordProtected").Scalar != "true":
		return foreign.Password, foreign.ErrRestricted
	}
	var box bitwardenBox
	if err := foreign.Decode(s.Data, &box); err != nil {
		return foreign.Password, err
	}
	return foreign.Password, box.check()
}

func (b bitwarden) Read(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	inside, err := b.inside(ctx, s)
	if err != nil {
		return err
	}
	if inside != s {
		defer inside.Clear()
	}
	s = inside
	lock, err := b.lock(s)
	if err != nil {
		return err
	}
	if lock == foreign.Open {
		return readBitwarden(ctx, s, add)
	}
	var box bitwardenBox
	if err := foreign.Decode(s.Data, &box); err != nil {
		return err
	}
	plain, err := box.open(ctx, pass.Bytes())
	if err != nil {
		return err
	}
	defer clear(plain)
	return readBitwarden(ctx, foreign.NewSource(s.Name, plain), add)
}

// bitwardenItem is what counts of an item.
type bitwardenItem struct {
	Name          string
	FolderID      string `json:"folderId"`
	CollectionIDs []string
	DeletedDate   string
	Favorite      bool
	Login         struct{ Username, TOTP string }
	Fields        []struct{ Value string }
}

func readBitwarden(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	groups := map[string]string{}
	for _, list := range []string{"folders", "collections"} { // a person has the first, an organisation the second
		if !s.Shape().Has(list) {
			continue
		}
		err := foreign.Elements(ctx, s.Data, func(raw json.RawMessage) {
			var g struct{ ID, Name string }
			if json.Unmarshal(raw, &g) == nil && g.ID != "" { // "No folder" has none
				groups[g.ID] = g.Name
			}
		}, list)
		if err != nil {
			return err
		}
	}
	return foreign.Elements(ctx, s.Data, func(raw json.RawMessage) {
		var b bitwardenItem
		err := json.Unmarshal(raw, &b)
		i := b.item(groups)
		if err != nil {
			add(i.refused(foreign.ErrDamaged))
			return
		}
		i.add(add)
	}, "items")
}

func (b bitwardenItem) item(groups map[string]string) item {
	i := item{title: b.Name, user: b.Login.Username, favourite: b.Favorite, trashed: b.DeletedDate != ""}
	for _, id := range append([]string{b.FolderID}, b.CollectionIDs...) {
		i.tags = append(i.tags, groups[id])
	}
	i.codes = append(i.codes, b.Login.TOTP)
	for _, f := range b.Fields { // where people put a second one
		if isKeyURI(f.Value) {
			i.codes = append(i.codes, f.Value)
		}
	}
	return i
}

// isKeyURI tells whether a field that may hold anything holds a key.
func isKeyURI(text string) bool {
	const scheme = "otpauth://"
	return len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme)
}

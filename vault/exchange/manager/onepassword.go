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

// onePassword reads the export in 1Password's own format, 1PUX.
//
// Source: https://support.1password.com/1pux-format/
type onePassword struct{}

const onePasswordFile = "export.data"

func (onePassword) Format() foreign.Format { return foreign.Format{ID: "1password", App: "1Password"} }

func (onePassword) Detect(s *foreign.Source) foreign.Match {
	if fileIn(s, "", onePasswordFile) != nil {
		return foreign.Sure
	}
	return foreign.No
}

func (onePassword) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (onePassword) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	f := fileIn(s, "", onePasswordFile)
	if f == nil {
		return foreign.ErrDamaged
	}
	text, err := f.Read(ctx, nil)
	if err != nil {
		return err
	}
	defer clear(text)
	return walk(ctx, bytes.NewReader(text), func(raw json.RawMessage) { readOnePasswordItem(raw, add) }, "accounts", every, "vaults", every, "items", every)
}

// onePasswordItem is what counts of an item.
type onePasswordItem struct {
	Item     *onePasswordItem // the first version put each in one more object
	FavIndex int              // 0 for none
	State    string
	Trashed  bool // in the first version
	Overview struct {
		Title string
		Tags  []string
	}
	Details struct {
		LoginFields []struct{ Value, Designation string }
		Sections    []struct{ Fields []onePasswordField }
	}
}

// onePasswordField is a field of a section. What its value is called tells its
// kind, and what is in there is of many shapes.
type onePasswordField struct{ Value map[string]json.RawMessage }

func readOnePasswordItem(raw json.RawMessage, add func(foreign.Entry)) {
	var o onePasswordItem
	err := json.Unmarshal(raw, &o)
	if o.Item != nil {
		o = *o.Item
	}
	i := item{title: o.Overview.Title, favourite: o.FavIndex != 0, trashed: o.Trashed || o.State == "deleted", tags: o.Overview.Tags}
	for _, f := range o.Details.LoginFields {
		if f.Designation == "username" {
			i.user = f.Value
		}
	}
	if err != nil {
		add(i.refused(foreign.ErrDamaged))
		return
	}
	for _, section := range o.Details.Sections {
		for _, f := range section.Fields {
			value, ok := f.Value["totp"]
			var text string
			if ok && json.Unmarshal(value, &text) != nil {
				add(i.refused(foreign.ErrDamaged))
				continue
			}
			i.codes = append(i.codes, text)
		}
	}
	i.add(add)
}

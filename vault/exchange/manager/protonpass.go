// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// protonPass reads the export: a zip file, or the JSON out of it. Under a
// passphrase the JSON is an OpenPGP message, see pgp.
//
// Source: packages/pass/lib/export and lib/import of ProtonMail/WebClients.
type protonPass struct{}

const (
	protonPassFolder = "Proton Pass"
	protonPassFile   = "data.json"
	protonPassSealed = "data.pgp"
)

func (protonPass) Format() foreign.Format {
	return foreign.Format{ID: "proton-pass", App: "Proton Pass"}
}

func (protonPass) Detect(s *foreign.Source) foreign.Match {
	if s.Shape().Has("vaults", "userId") || fileIn(s, protonPassFolder, protonPassFile) != nil || fileIn(s, protonPassFolder, protonPassSealed) != nil {
		return foreign.Sure
	}
	return foreign.No
}

// Runs tells whether gpg has to decrypt it.
func (protonPass) Runs(s *foreign.Source) bool {
	return fileIn(s, protonPassFolder, protonPassFile) == nil && fileIn(s, protonPassFolder, protonPassSealed) != nil
}

func (protonPass) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (protonPass) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	text := foreign.Bare(s.Data)
	open, sealed := fileIn(s, protonPassFolder, protonPassFile), fileIn(s, protonPassFolder, protonPassSealed)
	if f := cmp.Or(open, sealed); f != nil {
		var err error
		if text, err = f.Read(ctx, nil); err != nil {
			return err
		}
		if open == nil {
			if text, err = decryptPGP(ctx, text); err != nil {
				return err
			}
		}
		defer clear(text)
	}
	return walk(ctx, bytes.NewReader(text), func(raw json.RawMessage) { readProtonItem(raw, add) }, "vaults", every, "items", every)
}

// protonItem is what counts of an item. An older field is named beside its heir.
type protonItem struct {
	State  int // 1 active, 2 in the bin
	Pinned bool
	Data   struct {
		Metadata    struct{ Name string }
		ExtraFields []protonField
		Content     struct {
			ItemUsername, ItemEmail string
			Username                string
			TOTPURI                 string        `json:"totpUri"`
			Sections                []protonGroup // of items that a person designs
		}
	}
}

type protonGroup struct{ SectionFields []protonField }

type protonField struct {
	Type string
	Data struct {
		TOTPURI string `json:"totpUri"`
	}
}

func readProtonItem(raw json.RawMessage, add func(foreign.Entry)) {
	var p protonItem
	err := json.Unmarshal(raw, &p)
	c := p.Data.Content
	i := item{
		title: p.Data.Metadata.Name, user: cmp.Or(c.ItemUsername, c.Username, c.ItemEmail),
		favourite: p.Pinned, trashed: p.State == 2, codes: []string{c.TOTPURI},
	}
	if err != nil {
		add(i.refused(foreign.ErrDamaged))
		return
	}
	fields := p.Data.ExtraFields
	for _, g := range c.Sections {
		fields = append(fields, g.SectionFields...)
	}
	for _, f := range fields {
		i.codes = append(i.codes, f.Data.TOTPURI)
	}
	i.add(add)
}

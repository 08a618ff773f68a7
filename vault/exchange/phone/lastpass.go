// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// LastPass reads what LastPass Authenticator exports on Android and iOS.
var LastPass foreign.Reader = &reader{
	format: foreign.Format{ID: "lastpass", App: "LastPass Authenticator"},
	detect: func(s *foreign.Source) bool {
		shape := s.Shape()
		return shape.At("accounts").Has("issuerName", "userName", "secret") || shape.Has("accounts", "localDeviceId", "folders")
	},
	read: unlocked(readLastPass),
}

const lastPassVersion = 3 // the newest that is known

// lastPassAccount is an account. The original names are those of the QR code.
type lastPassAccount struct {
	IssuerName text           `json:"issuerName"`
	UserName   text           `json:"userName"`
	Secret     text           `json:"secret"`
	TimeStep   foreign.Number `json:"timeStep"`
	Digits     foreign.Number `json:"digits"`
	Algorithm  text           `json:"algorithm"`
	IsFavorite flag           `json:"isFavorite"`
	FolderData struct {
		FolderID foreign.Number `json:"folderId"`
	} `json:"folderData"`
}

// lastPassFolder is a folder. The one of number 0 is for what is in none.
type lastPassFolder struct {
	ID   foreign.Number `json:"id"`
	Name text           `json:"name"`
}

func readLastPass(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
	folders := map[int64]text{}
	if s.Shape().Has("folders") {
		_ = foreign.Elements(ctx, s.Data, func(raw json.RawMessage) {
			if f, ok := decoded[lastPassFolder](raw); ok && f.ID.Value != 0 {
				folders[f.ID.Value] = f.Name
			}
		}, "folders")
	}
	version := foreign.ParseNumber(s.Shape().At("version").Scalar)
	return newest(version, lastPassVersion, add, func(add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, func(a lastPassAccount) foreign.Entry {
			e := a.entry()
			e.Tags = texts{folders[a.FolderData.FolderID.Value]}.strings()
			return e
		}), "accounts")
	})
}

func (a lastPassAccount) entry() foreign.Entry {
	e := foreign.Fields{
		Issuer: string(a.IssuerName), Name: string(a.UserName), Secret: strings.TrimSpace(string(a.Secret)),
		Algorithm: string(a.Algorithm), Digits: a.Digits, Period: a.TimeStep,
	}.Entry()
	e.Favourite = bool(a.IsFavorite)
	return e
}

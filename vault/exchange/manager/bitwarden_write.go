// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// bitwardenWriter writes a vault of Bitwarden's with a login for each account.
type bitwardenWriter struct{}

func (bitwardenWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "bitwarden", App: "Bitwarden"}, ID: "bitwarden", Ext: ".json", Locking: foreign.MayBeLocked,
		Holds: foreign.FirstTag | foreign.Note | foreign.Favourite | foreign.Parameters,
	}
}

// Bitwarden's server refuses a whole import for one field whose encrypted text is
// longer than 1,000 characters, or 10,000 for notes: with AES in CBC mode, its
// vector and HMAC and all in base64, so many bytes before.
const (
	bitwardenField = 687
	bitwardenNote  = 7439
)

func (bitwardenWriter) Fits(k otpauth.Key) error {
	switch {
	case k.Type == otpauth.HOTP:
		return foreign.NoPlace("type", "Bitwarden has no codes that go by a counter")
	case k.Type == otpauth.Steam && k.Issuer == "":
		return foreign.NoPlace("issuer", "Bitwarden keeps a Steam account under a name of its own")
	case k.Issuer == "" && k.Account == "":
		return foreign.NoPlace("account", "Bitwarden wants a name")
	case len(k.Issuer) > bitwardenField:
		return foreign.NoPlace("issuer", "Bitwarden takes 687 bytes")
	case len(k.Account) > bitwardenField:
		return foreign.NoPlace("account", "Bitwarden takes 687 bytes")
	}
	totp := bitwardenTOTP(k)
	defer totp.Clear()
	if totp.Len() > bitwardenField {
		return foreign.NoPlace("", "Bitwarden takes a key of 687 characters, with its names")
	}
	return nil
}

// Changes knows what Bitwarden's server would refuse, and that a Steam link has
// nothing but the secret.
func (bitwardenWriter) Changes(e foreign.Entry) bool {
	return len(e.Note) > bitwardenNote || len(e.Tags) > 0 && len(e.Tags[0]) > bitwardenField ||
		e.Key.Type == otpauth.Steam && len(e.Key.Extra) > 0
}

// bitwardenTOTP writes the key as it stands in a login: a key URI, or for Steam
// nothing but the secret.
func bitwardenTOTP(k otpauth.Key) secret.Value {
	if k.Type == otpauth.Steam {
		return secret.FromString("steam://" + foreign.SecretText(k))
	}
	return k.URI()
}

// What the file holds.
type (
	bitwardenOutFile struct {
		Encrypted bool                 `json:"encrypted"`
		Folders   []bitwardenOutFolder `json:"folders"`
		Items     []bitwardenOutItem   `json:"items"`
	}
	bitwardenOutFolder struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	bitwardenOutItem struct {
		ID             string            `json:"id"`
		OrganizationID *string           `json:"organizationId"`
		FolderID       *string           `json:"folderId"`
		Type           int               `json:"type"`
		Reprompt       int               `json:"reprompt"`
		Name           string            `json:"name"`
		Notes          *string           `json:"notes"`
		Favorite       bool              `json:"favorite"`
		Login          bitwardenOutLogin `json:"login"`
		CollectionIDs  []string          `json:"collectionIds"`
	}
	bitwardenOutLogin struct {
		URIs     []string `json:"uris"`
		Username *string  `json:"username"`
		Password *string  `json:"password"`
		TOTP     string   `json:"totp"`
	}
	bitwardenOutLocked struct {
		Encrypted         bool   `json:"encrypted"`
		PasswordProtected bool   `json:"passwordProtected"`
		Salt              string `json:"salt"`
		KDFType           int    `json:"kdfType"`
		KDFIterations     int    `json:"kdfIterations"`
		Validation        string `json:"encKeyValidation_DO_NOT_EDIT"`
		Data              string `json:"data"`
	}
)

func (bitwardenWriter) Write(ctx context.Context, entries []foreign.Entry, pass secret.Value) ([]foreign.Output, error) {
	data, err := json.MarshalIndent(bitwardenContent(entries), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a Bitwarden file: %w", err)
	}
	if pass.Len() > 0 {
		defer clear(data)
		locked, err := bitwardenLock(ctx, data, pass, bitwardenRounds)
		if err != nil {
			return nil, err
		}
		if data, err = json.MarshalIndent(locked, "", "  "); err != nil {
			return nil, fmt.Errorf("write a Bitwarden file: %w", err)
		}
	}
	return []foreign.Output{{Data: data}}, ctx.Err()
}

func bitwardenContent(entries []foreign.Entry) bitwardenOutFile {
	file := bitwardenOutFile{Folders: []bitwardenOutFolder{}, Items: make([]bitwardenOutItem, len(entries))}
	folders := map[string]string{} // ids by name
	for i, e := range entries {
		totp := bitwardenTOTP(e.Key)
		item := bitwardenOutItem{
			ID: foreign.NewUUID(), Type: 1, Name: cmp.Or(e.Key.Issuer, e.Key.Account), Favorite: e.Favourite,
			Login: bitwardenOutLogin{URIs: []string{}, TOTP: totp.Reveal()},
		}
		totp.Clear()
		if e.Key.Account != "" {
			item.Login.Username = &e.Key.Account
		}
		if e.Note != "" && len(e.Note) <= bitwardenNote {
			item.Notes = &e.Note
		}
		if len(e.Tags) > 0 && len(e.Tags[0]) <= bitwardenField { // a login is in one folder
			name := e.Tags[0]
			if folders[name] == "" {
				folders[name] = foreign.NewUUID()
				file.Folders = append(file.Folders, bitwardenOutFolder{folders[name], name})
			}
			id := folders[name]
			item.FolderID = &id
		}
		file.Items[i] = item
	}
	return file
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// aegisWriter writes Aegis's vault file: format 1, database 3, which Aegis
// writes since 3.0 and of which older ones read all but the groups.
type aegisWriter struct{}

func (aegisWriter) Target() foreign.Target {
	return foreign.Target{
		Format: foreign.Format{ID: "aegis", App: "Aegis"}, ID: "aegis", Ext: ".json", Locking: foreign.MayBeLocked,
		Holds: foreign.Tags | foreign.Note | foreign.Favourite,
	}
}

func (aegisWriter) Fits(k otpauth.Key) error {
	if k.Counter > math.MaxInt64 {
		return foreign.NoPlace("counter", "Aegis has no such large one")
	}
	return nil
}

// What the file holds. Aegis wants every field to be there.
type (
	aegisOutFile struct {
		Version int             `json:"version"`
		Header  aegisOutHeader  `json:"header"`
		DB      json.RawMessage `json:"db"`
	}
	aegisOutHeader struct {
		Slots  []aegisOutSlot  `json:"slots"`
		Params *aegisOutParams `json:"params"`
	}
	aegisOutSlot struct {
		Type      int            `json:"type"`
		UUID      string         `json:"uuid"`
		Key       string         `json:"key"`
		KeyParams aegisOutParams `json:"key_params"`
		N         int            `json:"n"`
		R         int            `json:"r"`
		P         int            `json:"p"`
		Salt      string         `json:"salt"`
		Repaired  bool           `json:"repaired"`
		IsBackup  bool           `json:"is_backup"`
	}
	aegisOutParams struct {
		Nonce string `json:"nonce"`
		Tag   string `json:"tag"`
	}
	aegisOutDB struct {
		Version int             `json:"version"`
		Entries []aegisOutEntry `json:"entries"`
		Groups  []aegisOutGroup `json:"groups"`
	}
	aegisOutEntry struct {
		Type     string       `json:"type"`
		UUID     string       `json:"uuid"`
		Name     string       `json:"name"`
		Issuer   string       `json:"issuer"`
		Note     string       `json:"note"`
		Favorite bool         `json:"favorite"`
		Icon     *string      `json:"icon"`
		Info     aegisOutInfo `json:"info"`
		Groups   []string     `json:"groups"`
	}
	aegisOutInfo struct {
		Secret  string  `json:"secret"`
		Algo    string  `json:"algo"`
		Digits  int     `json:"digits"`
		Period  int     `json:"period,omitempty"`
		Counter *uint64 `json:"counter,omitempty"`
	}
	aegisOutGroup struct {
		UUID string `json:"uuid"`
		Name string `json:"name"`
	}
)

func (aegisWriter) Write(ctx context.Context, entries []foreign.Entry, pass secret.Value) ([]foreign.Output, error) {
	db, err := json.Marshal(aegisContent(entries))
	if err != nil {
		return nil, fmt.Errorf("write an Aegis file: %w", err)
	}
	file := aegisOutFile{Version: 1, DB: db}
	if pass.Len() > 0 {
		defer clear(db)
		if file, err = aegisLocked(ctx, db, pass, aegisCost); err != nil {
			return nil, err
		}
	}
	data, err := json.MarshalIndent(file, "", "    ")
	if err != nil {
		return nil, fmt.Errorf("write an Aegis file: %w", err)
	}
	return []foreign.Output{{Data: data}}, nil
}

func aegisContent(entries []foreign.Entry) aegisOutDB {
	db := aegisOutDB{Version: 3, Entries: make([]aegisOutEntry, len(entries)), Groups: []aegisOutGroup{}}
	groups := map[string]string{} // UUIDs by name
	for i, e := range entries {
		k := e.Key
		out := aegisOutEntry{
			Type: k.Type.String(), UUID: foreign.NewUUID(), Name: k.Account, Issuer: k.Issuer, Note: e.Note, Favorite: e.Favourite,
			Info: aegisOutInfo{
				Secret: foreign.SecretText(k), Algo: k.Algorithm.String(), Digits: k.Digits, Period: k.Period,
			},
			Groups: []string{},
		}
		if k.Type == otpauth.HOTP {
			out.Info.Counter = &k.Counter
		}
		for _, tag := range e.Tags {
			if groups[tag] == "" {
				groups[tag] = foreign.NewUUID()
				db.Groups = append(db.Groups, aegisOutGroup{groups[tag], tag})
			}
			out.Groups = append(out.Groups, groups[tag])
		}
		db.Entries[i] = out
	}
	return db
}

// aegisCost is scrypt's N that Aegis uses.
const aegisCost = 1 << 15

// aegisLocked encrypts a database under a random key, and that under the password.
func aegisLocked(ctx context.Context, db []byte, pass secret.Value, cost int) (aegisOutFile, error) {
	const r, p = 8, 1
	salt, master := foreign.RandomBytes(32), foreign.RandomBytes(32)
	defer clear(master)
	phrase := pass.Clone()
	key, err := foreign.Scrypt(ctx, phrase.Bytes(), salt, cost, r, p, 32)
	if err != nil {
		return aegisOutFile{}, err
	}
	phrase.Clear()
	defer clear(key)
	slot := aegisOutSlot{
		Type: 1, UUID: foreign.NewUUID(), N: cost, R: r, P: p, Salt: hex.EncodeToString(salt), Repaired: true,
	}
	var sealed []byte
	if sealed, slot.KeyParams, err = aegisSeal(key, master); err != nil {
		return aegisOutFile{}, err
	}
	slot.Key = hex.EncodeToString(sealed)
	content, params, err := aegisSeal(master, db)
	if err != nil {
		return aegisOutFile{}, err
	}
	file := aegisOutFile{Version: 1, Header: aegisOutHeader{Slots: []aegisOutSlot{slot}, Params: &params}}
	file.DB, err = json.Marshal(content) // base64
	return file, err
}

// aegisSeal encrypts with AES-GCM, and keeps the tag apart as Aegis does.
func aegisSeal(key, plain []byte) ([]byte, aegisOutParams, error) {
	nonce, sealed, err := gcmSealed(key, plain)
	if err != nil {
		return nil, aegisOutParams{}, err
	}
	cut := len(sealed) - gcmTag
	return sealed[:cut], aegisOutParams{hex.EncodeToString(nonce), hex.EncodeToString(sealed[cut:])}, nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/exchange/zipfile"
	"github.com/kutano/authenticator/vault/secret"
)

// Raivo reads what Raivo OTP exports: a zip archive under a password, or the JSON
// in it.
var Raivo foreign.Reader = &reader{
	format: foreign.Format{ID: "raivo", App: "Raivo OTP"},
	detect: func(s *foreign.Source) bool {
		shape := s.Shape()
		return shape.Kind == foreign.Array && shape.Has("secret", "kind", "timer") || raivoFile(s.Data) != nil
	},
	lock: func(s *foreign.Source) (foreign.Lock, error) {
		if f := raivoFile(s.Data); f != nil && f.Locked() {
			return foreign.Password, nil
		}
		return foreign.Open, nil
	},
	read: readRaivo,
}

const raivoName = "raivo-otp-export.json"

// raivoFile returns the file in the archive, or nil.
func raivoFile(data []byte) *zipfile.File {
	if !zipfile.Is(data) {
		return nil
	}
	a, err := zipfile.Open(data)
	if err != nil {
		return nil
	}
	return a.Named(raivoName)
}

// raivoPassword is an account. All values are texts.
type raivoPassword struct {
	Pinned    flag           `json:"pinned"`
	Secret    text           `json:"secret"`
	Issuer    text           `json:"issuer"`
	Account   text           `json:"account"`
	Algorithm text           `json:"algorithm"`
	Kind      text           `json:"kind"`
	Digits    foreign.Number `json:"digits"`
	Timer     foreign.Number `json:"timer"` // the period
	Counter   foreign.Number `json:"counter"`
}

func readRaivo(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	data := s.Data
	if f := raivoFile(data); f != nil {
		var err error
		if data, err = f.Read(ctx, pass.Bytes()); err != nil {
			return err
		}
		defer clear(data)
	}
	return foreign.Elements(ctx, data, each(add, raivoPassword.entry))
}

func (r raivoPassword) entry() foreign.Entry {
	e := foreign.Fields{
		Type: strings.ToLower(string(r.Kind)), Issuer: string(r.Issuer), Name: string(r.Account), Secret: string(r.Secret),
		Algorithm: string(r.Algorithm), Digits: r.Digits, Period: r.Timer, Counter: r.Counter,
	}.Entry()
	e.Favourite = bool(r.Pinned)
	return e
}

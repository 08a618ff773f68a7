// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// Aegis reads what Aegis exports as JSON, plain or encrypted, and the file that
// the app itself keeps (docs/vault.md of its repository).
var Aegis foreign.Reader = &reader{
	format: foreign.Format{ID: "aegis", App: "Aegis"},
	detect: detectAegis,
	lock:   lockAegis,
	read:   readAegis,
}

const (
	aegisVersion = 3 // the newest of the content that is known
	aegisOuter   = 1 // and of what is around it
	// aegisSlots is how many passwords are tried. Aegis makes one, and one for backups.
	aegisSlots = 8
)

// aegisFile is the whole file.
type aegisFile struct {
	Version foreign.Number  `json:"version"`
	Header  aegisHeader     `json:"header"`
	DB      json.RawMessage `json:"db"` // an object, or base64 of one that is encrypted
}

// aegisHeader has no slots in a plain file.
type aegisHeader struct {
	Slots  []aegisSlot  `json:"slots"`
	Params *aegisParams `json:"params"`
}

// aegisParams belong to an AES-GCM ciphertext.
type aegisParams struct {
	Nonce hexBytes `json:"nonce"`
	Tag   hexBytes `json:"tag"`
}

// aegisSlot holds the master key, encrypted.
type aegisSlot struct {
	Type      int         `json:"type"`
	UUID      string      `json:"uuid"`
	Key       hexBytes    `json:"key"`
	KeyParams aegisParams `json:"key_params"`
	N         int         `json:"n,omitempty"`
	R         int         `json:"r,omitempty"`
	P         int         `json:"p,omitempty"`
	Salt      hexBytes    `json:"salt,omitempty"`
	Repaired  bool        `json:"repaired,omitempty"`
	IsBackup  bool        `json:"is_backup,omitempty"`
}

// aegisPassword is the type of slots that a password opens; the others are for
// the phone's own keys.
const aegisPassword = 1

// aegisEntry is an account. Until version 2 it names its group itself.
type aegisEntry struct {
	Type     text      `json:"type"`
	UUID     text      `json:"uuid"`
	Name     text      `json:"name"`
	Issuer   text      `json:"issuer"`
	Note     text      `json:"note"`
	Favorite flag      `json:"favorite"`
	Info     aegisInfo `json:"info"`
	Groups   texts     `json:"groups"`
	Group    text      `json:"group,omitempty"`
}

// aegisInfo is what makes its codes.
type aegisInfo struct {
	Secret  text           `json:"secret"`
	Algo    text           `json:"algo"`
	Digits  foreign.Number `json:"digits"`
	Period  foreign.Number `json:"period,omitzero"`
	Counter foreign.Number `json:"counter,omitzero"`
}

func detectAegis(s *foreign.Source) bool {
	shape := s.Shape()
	return shape.At("header").Has("slots") || shape.At("db").Has("entries") && shape.Has("header") || innerAegis(shape)
}

// innerAegis tells whether it is the content alone, as tools that decrypt leave it.
func innerAegis(shape foreign.Shape) bool { return shape.At("entries").Has("uuid", "info", "issuer") }

func lockAegis(s *foreign.Source) (foreign.Lock, error) {
	if s.Shape().At("db").Kind != foreign.Text {
		return foreign.Open, nil
	}
	var f aegisFile
	if err := foreign.Decode(s.Data, &f); err != nil {
		return foreign.Password, err
	}
	_, err := f.slots()
	return foreign.Password, err
}

func readAegis(ctx context.Context, s *foreign.Source, pass secret.Value, add func(foreign.Entry)) error {
	shape := s.Shape()
	switch {
	case innerAegis(shape):
		return aegisEntries(ctx, s, nil, add)
	case shape.At("db").Kind != foreign.Text:
		return aegisEntries(ctx, s, []string{"db"}, add)
	}
	var f aegisFile
	if err := foreign.Decode(s.Data, &f); err != nil {
		return err
	}
	plain, err := f.open(ctx, pass.Bytes())
	if err != nil {
		return err
	}
	defer clear(plain)
	return newest(f.Version, aegisOuter, add, func(add func(foreign.Entry)) error {
		return aegisEntries(ctx, foreign.NewSource("", plain), nil, add)
	})
}

// aegisEntries reads the content, which stands under path.
func aegisEntries(ctx context.Context, s *foreign.Source, path []string, add func(foreign.Entry)) error {
	db := s.Shape().At(path...)
	groups := map[text]text{}
	if db.Has("groups") {
		groups = nameList(ctx, s.Data, append(path, "groups")...)
	}
	version := foreign.ParseNumber(db.At("version").Scalar)
	return newest(version, aegisVersion, add, func(add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, func(a aegisEntry) foreign.Entry { return a.entry(groups) }), append(path, "entries")...)
	})
}

func (a aegisEntry) entry(groups map[text]text) foreign.Entry {
	e := foreign.Fields{
		Type: string(a.Type), Issuer: string(a.Issuer), Name: string(a.Name),
		Secret: string(a.Info.Secret), Algorithm: string(a.Info.Algo),
		Digits: a.Info.Digits, Period: a.Info.Period, Counter: a.Info.Counter,
	}.Entry()
	tags := texts{a.Group}
	for _, id := range a.Groups {
		tags = append(tags, groups[id])
	}
	e.Tags, e.Note, e.Favourite = tags.strings(), string(a.Note), bool(a.Favorite)
	return e
}

// slots returns those that a password may open, or why none can. Together they
// cost no more than one may: a password is tried on each.
func (f *aegisFile) slots() ([]aegisSlot, error) {
	var slots []aegisSlot
	reason := foreign.ErrRestricted // only a phone's own key opens it
	spent := uint64(0)
	for _, s := range f.Header.Slots {
		if s.Type != aegisPassword || len(slots) == aegisSlots {
			continue
		}
		err := foreign.CheckScrypt(s.N, s.R, s.P)
		if err == nil {
			spent += uint64(s.N) * uint64(s.R) * uint64(s.P)
			if len(slots) > 0 {
				err = foreign.Afford(foreign.Rounds, spent, foreign.MaxRounds)
			}
		}
		if err != nil {
			reason = err
			continue
		}
		slots = append(slots, s)
	}
	if len(slots) == 0 {
		return nil, reason
	}
	return slots, nil
}

// open decrypts the content.
func (f *aegisFile) open(ctx context.Context, pass []byte) ([]byte, error) {
	slots, err := f.slots()
	if err != nil {
		return nil, err
	}
	var db base64Bytes
	if err := foreign.Decode(f.DB, &db); err != nil || f.Header.Params == nil {
		return nil, foreign.ErrDamaged
	}
	for _, s := range slots {
		master, err := s.open(ctx, pass)
		if errors.Is(err, foreign.ErrPassword) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer clear(master)
		plain, err := f.Header.Params.open(master, db)
		if errors.Is(err, foreign.ErrPassword) {
			return nil, foreign.ErrDamaged // the key was right
		}
		return plain, err
	}
	return nil, foreign.ErrPassword
}

// open returns the master key.
func (s *aegisSlot) open(ctx context.Context, pass []byte) ([]byte, error) {
	master, err := s.try(ctx, pass)
	if old := oldAegisPassword(pass); !s.Repaired && len(old) > 64 && errors.Is(err, foreign.ErrPassword) {
		defer clear(old)
		return s.try(ctx, old)
	}
	return master, err
}

func (s *aegisSlot) try(ctx context.Context, pass []byte) ([]byte, error) {
	key, err := foreign.Scrypt(ctx, pass, s.Salt, s.N, s.R, s.P, keySize)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return s.KeyParams.open(key, s.Key)
}

// oldAegisPassword returns what Aegis made of a password before it marked slots
// as repaired: Android's encoder leaves zeros behind the text, which HMAC does
// not notice up to 64 bytes.
func oldAegisPassword(pass []byte) []byte {
	old := make([]byte, max(len(pass), 2*utf8.RuneCount(pass)))
	copy(old, pass)
	return old
}

func (p *aegisParams) open(key, sealed []byte) ([]byte, error) {
	return openGCM(key, p.Nonce, slices.Concat(sealed, p.Tag), nil)
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"context"
	"errors"
	"fmt"

	"github.com/kutano/authenticator/vault/statefile"
)

// ErrKept says that the profile that is kept cannot be read, so that the usual
// one is used.
var ErrKept = errors.New("the kept profile cannot be read")

// Trust is what is to be told of a profile's signature before it is used.
type Trust uint8

// The sorts of trust.
const (
	Unsigned  Trust = iota // nobody signed it, and no signer is remembered
	First                  // signed, and the first signer here
	Known                  // signed by the remembered signer
	Other                  // signed by another than the remembered one: ask
	NotSigned              // not signed, though a signer is remembered: ask
)

// Asks tells whether a person has to decide before the profile is used.
func (t Trust) Asks() bool { return t == Other || t == NotSigned }

// Keeper is the profile that a data folder uses. The file is profile.json.
type Keeper struct{ dir string }

// In returns the keeper of a data folder, which need not be there.
func In(dir string) Keeper { return Keeper{dir} }

// kept is what stands in profile.json.
type kept struct {
	Signer  string `json:"signer,omitempty"`  // base64 of the remembered key
	Profile string `json:"profile,omitempty"` // the file, "" for the usual profile
}

// Current returns the profile in use; own is false for the usual one. With
// an error, which says why what is kept cannot be used, comes the usual one, too:
// ErrKept, or those of package statefile.
func (k Keeper) Current() (p Profile, own bool, err error) {
	f, err := k.read()
	if err != nil || f.Profile == "" {
		return Default(), false, err
	}
	p, err = Parse([]byte(f.Profile))
	if err != nil {
		return Default(), false, fmt.Errorf("%w: %w", ErrKept, err)
	}
	return p, true, nil
}

// Signer returns the remembered signer, nil for none.
func (k Keeper) Signer() (Key, error) {
	f, err := k.read()
	if err != nil {
		return nil, err
	}
	return f.signer(), nil
}

func (f kept) signer() Key {
	key, err := encoding.DecodeString(f.Signer)
	if err != nil || len(key) == 0 {
		return nil
	}
	return key
}

// Trust tells what is to be said of a profile's signature here.
func (k Keeper) Trust(p Profile) (Trust, error) {
	f, err := k.read()
	if err != nil {
		return Unsigned, err
	}
	return f.trust(p), nil
}

func (f kept) trust(p Profile) Trust {
	known := f.signer()
	switch {
	case !p.Signed() && known == nil:
		return Unsigned
	case !p.Signed():
		return NotSigned
	case known == nil:
		return First
	case p.Signer.Is(known):
		return Known
	}
	return Other
}

// Use keeps a profile. Its signer is remembered from now on; that of an unsigned
// one stays as it is. Ask the person first where Trust says so.
func (k Keeper) Use(p Profile) error {
	data, err := p.TOML()
	if err != nil {
		return err
	}
	return k.change(func(f *kept) {
		f.Profile = string(data)
		if p.Signed() {
			f.Signer = encoding.EncodeToString(p.Signer)
		}
	})
}

// Reset goes back to the usual profile. The remembered signer stays, unless
// forget is set.
func (k Keeper) Reset(forget bool) error {
	return k.change(func(f *kept) {
		f.Profile = ""
		if forget {
			f.Signer = ""
		}
	})
}

func (k Keeper) file() *statefile.File[kept] {
	return statefile.New[kept](k.dir, "profile.json", Version)
}

// read returns what is kept. A file that cannot be read is put aside as
// profile.json.damaged, which is ErrKept, once.
func (k Keeper) read() (kept, error) {
	f, damaged, err := k.file().Load()
	switch {
	case err != nil:
		return kept{}, fmt.Errorf("read profile: %w", err)
	case damaged:
		return kept{}, ErrKept
	}
	return f, nil
}

func (k Keeper) change(do func(*kept)) error {
	_, err := k.file().Change(context.Background(), func(f *kept) error {
		do(f)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep profile: %w", err)
	}
	return nil
}

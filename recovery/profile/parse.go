// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Why a profile is refused.
var (
	ErrFormat    = errors.New("not a profile")
	ErrTooLarge  = errors.New("the profile is larger than 16 KiB")
	ErrNewer     = errors.New("the profile is of a newer version")
	ErrText      = errors.New("a text of the profile is too long, or has characters that cannot be seen")
	ErrAddress   = errors.New("an address of the profile is not a plain https address")
	ErrSignature = errors.New("the profile was changed after it was signed")
)

// file is the profile as TOML.
type file struct {
	Version      int        `toml:"version"`
	Name         string     `toml:"name,omitempty"`
	Issuers      []string   `toml:"issuers,omitempty"`
	Settings     string     `toml:"settings,omitempty"`
	Help         string     `toml:"help,omitempty"`
	Service      string     `toml:"service,omitempty"`
	Contact      string     `toml:"contact,omitempty"`
	ReviewMonths *int       `toml:"review_months,omitempty"`
	Notes        []Note     `toml:"note,omitempty"`
	Signature    *signature `toml:"signature,omitempty"`
}

// signature is base64 (RFC 4648, section 5, without padding).
type signature struct {
	Key   string `toml:"key"`
	Value string `toml:"value"`
}

// Parse reads a profile: a TOML file, or the text of a QR code. What it does not
// say is as in the usual profile. The errors are this package's sentinels, and
// repeat nothing of what was read.
func Parse(data []byte) (Profile, error) {
	if len(data) > MaxBytes {
		return Profile{}, ErrTooLarge
	}
	if text := bytes.TrimSpace(data); bytes.HasPrefix(text, []byte(qrPrefix)) {
		unpacked, err := unpack(string(text))
		if err != nil {
			return Profile{}, err
		}
		data = unpacked
	}
	var head struct {
		Version int `toml:"version"`
	}
	if err := toml.Unmarshal(data, &head); err != nil || head.Version < 1 {
		return Profile{}, ErrFormat
	}
	if head.Version > Version {
		return Profile{}, ErrNewer
	}
	var f file
	meta, err := toml.Decode(string(data), &f)
	// A field that is not known is not covered by the signature either.
	if err != nil || len(meta.Undecoded()) > 0 || slices.ContainsFunc(meta.Keys(), hasCapitals) {
		return Profile{}, ErrFormat
	}
	return f.profile()
}

// hasCapitals finds names that the reader would take for a field all the same,
// so that "name" and "Name" cannot both stand in a file.
func hasCapitals(k toml.Key) bool { return strings.ToLower(k.String()) != k.String() }

func (f file) profile() (Profile, error) {
	p := Profile{
		Name: f.Name, Issuers: f.Issuers, Settings: f.Settings, Help: f.Help, Service: f.Service, Contact: f.Contact,
		ReviewMonths: 6, Notes: f.Notes,
	}
	if f.ReviewMonths != nil {
		p.ReviewMonths = *f.ReviewMonths
	}
	if len(p.Issuers) == 0 {
		p.Issuers = []string{"Kutano"}
	}
	if p.Settings == "" {
		p.Settings = "https://app.kutano.com"
	}
	if err := p.check(); err != nil {
		return Profile{}, err
	}
	if f.Signature != nil {
		if err := p.verify(*f.Signature); err != nil {
			return Profile{}, err
		}
	}
	return p, nil
}

// check holds the limits and the plainness of everything that is said.
func (p Profile) check() error {
	if len(p.Issuers) > maxIssuers || len(p.Notes) > maxNotes || p.ReviewMonths < 0 || p.ReviewMonths > maxMonths {
		return ErrFormat
	}
	texts := []bool{plain(p.Name, 0, maxName), plain(p.Contact, 0, maxContact)}
	for _, s := range p.Issuers {
		texts = append(texts, plain(s, minIssuer, maxName))
	}
	for _, n := range p.Notes {
		texts = append(texts, stepID(n.Step), plain(n.Text, 1, maxNote))
	}
	for _, ok := range texts {
		if !ok {
			return ErrText
		}
	}
	for _, a := range []string{p.Settings, p.Help, p.Service} {
		if a != "" && !address(a) {
			return ErrAddress
		}
	}
	return nil
}

// TOML returns the profile as a file, signed where it is.
func (p Profile) TOML() ([]byte, error) {
	months := p.ReviewMonths
	f := file{
		Version: Version, Name: p.Name, Issuers: p.Issuers, Settings: p.Settings, Help: p.Help, Service: p.Service, Contact: p.Contact,
		ReviewMonths: &months, Notes: p.Notes,
	}
	if p.Signed() {
		f.Signature = &signature{Key: encoding.EncodeToString(p.Signer), Value: encoding.EncodeToString(p.signature)}
	}
	var b bytes.Buffer
	enc := toml.NewEncoder(&b)
	enc.Indent = ""
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("write profile: %w", err)
	}
	if b.Len() > MaxBytes {
		return nil, ErrTooLarge
	}
	return b.Bytes(), nil
}

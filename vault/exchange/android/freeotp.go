// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package android

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

var freeotpFormat = foreign.Format{ID: "freeotp", App: "FreeOTP"}

// freeotp1 reads the preferences of FreeOTP 1: tokens.xml.
type freeotp1 struct{}

func (freeotp1) Format() foreign.Format { return freeotpFormat }

func (freeotp1) Detect(s *foreign.Source) foreign.Match {
	if isPrefs(s.Data, "tokenOrder") {
		return foreign.Sure
	}
	return foreign.No
}

func (freeotp1) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (freeotp1) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	prefs, err := parsePrefs(s.Data)
	for _, p := range prefs {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case p.name == "tokenOrder":
		case strings.HasPrefix(p.value, "otpauth://"): // as the oldest versions wrote it
			add(foreign.FromURI(p.value))
		default:
			add(freeotp1Entry(p))
		}
	}
	return err
}

// token is what FreeOTP keeps of an account. FreeOTP 2 keeps the secret apart.
type token struct {
	Algo      string         `json:"algo"`
	Type      string         `json:"type"`
	Secret    javaBytes      `json:"secret"`
	IssuerExt string         `json:"issuerExt"` // the label's prefix
	IssuerInt string         `json:"issuerInt"` // the URI's parameter
	IssuerAlt string         `json:"issuerAlt"` // what a person made of it, in FreeOTP 1
	Label     string         `json:"label"`
	LabelAlt  string         `json:"labelAlt"`
	Digits    foreign.Number `json:"digits"`
	Period    foreign.Number `json:"period"`
	Counter   foreign.Number `json:"counter"`
}

func freeotp1Entry(p pref) foreign.Entry {
	var t token
	if err := foreign.Decode([]byte(p.value), &t); err != nil {
		return foreign.Refused("", p.name, err)
	}
	e := t.fields(cmp.Or(t.IssuerAlt, t.IssuerExt, t.IssuerInt), cmp.Or(t.LabelAlt, t.Label), t.Secret).Entry()
	if strings.EqualFold(t.Type, "hotp") && e.Err == nil {
		// It counts up before it makes a code, not after.
		e.Key.Counter++
		e.Remarks = append(e.Remarks, foreign.RaisedCounter)
	}
	return e
}

// fields makes an entry of a token. FreeOTP tells Steam's codes by the name.
func (t *token) fields(issuer, name string, key []byte) foreign.Fields {
	f := foreign.Fields{
		Type: t.Type, Issuer: issuer, Name: name, Raw: key, Algorithm: t.Algo,
		Digits: t.Digits, Period: t.Period, Counter: t.Counter,
	}
	if t.IssuerExt == "Steam" && !strings.EqualFold(t.Type, "hotp") {
		f.Type = "steam"
	}
	if f.Raw == nil {
		f.Raw = []byte{} // so that it is missing, and not sought in base32
	}
	return f
}

// javaBytes are bytes as Java's JSON libraries write them: numbers from -128 to 127.
type javaBytes []byte

// UnmarshalJSON reads an array; null is none.
func (b *javaBytes) UnmarshalJSON(text []byte) error {
	if string(bytes.TrimSpace(text)) == "null" {
		*b = nil
		return nil
	}
	var numbers []int16
	if err := json.Unmarshal(text, &numbers); err != nil {
		return foreign.ErrDamaged
	}
	defer clear(numbers)
	out := make([]byte, len(numbers))
	for i, n := range numbers {
		if n < -128 || n > 255 {
			return foreign.ErrDamaged
		}
		out[i] = byte(n)
	}
	*b = out
	return nil
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// FreeOTPPlus reads the JSON that FreeOTP+ exports.
var FreeOTPPlus foreign.Reader = &reader{
	format: foreign.Format{ID: "freeotp-plus", App: "FreeOTP+"},
	detect: func(s *foreign.Source) bool {
		shape := s.Shape()
		return shape.Has("tokens", "tokenOrder") || shape.At("tokens").Has("secret", "issuerExt")
	},
	read: unlocked(func(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, freeOTPToken.entry), "tokens")
	}),
}

// freeOTPToken is an account. The names that end in Alt are its owner's. The
// secret's bytes are signed, and the counter is one lower than the next code's.
type freeOTPToken struct {
	Algo      text           `json:"algo"`
	Counter   foreign.Number `json:"counter"`
	Digits    foreign.Number `json:"digits"`
	IssuerAlt text           `json:"issuerAlt,omitempty"`
	IssuerExt text           `json:"issuerExt"`
	IssuerInt text           `json:"issuerInt"`
	LabelAlt  text           `json:"labelAlt,omitempty"`
	Label     text           `json:"label"`
	Period    foreign.Number `json:"period"`
	Secret    javaBytes      `json:"secret"`
	Type      text           `json:"type"`
}

func (t freeOTPToken) entry() foreign.Entry {
	f := foreign.Fields{
		Type:      strings.ToLower(string(t.Type)),
		Issuer:    string(cmp.Or(t.IssuerAlt, t.IssuerExt, t.IssuerInt)),
		Name:      string(cmp.Or(t.LabelAlt, t.Label)),
		Algorithm: string(t.Algo), Digits: t.Digits, Period: t.Period, Counter: t.Counter,
	}
	if t.Secret.bad {
		return foreign.Refused(f.Issuer, f.Name, otpauth.ErrBadSecret)
	}
	if f.Raw = t.Secret.bytes; f.Raw == nil {
		f.Raw = []byte{} // so that it is missing, and not sought in base32
	}
	switch {
	case f.Type == "hotp" && !f.Counter.Bad:
		f.Counter = foreign.Int(f.Counter.Value + 1)
	case t.IssuerExt == "Steam" && (f.Type == "totp" || f.Type == ""): // by which the app knows it
		f.Type = "steam"
	}
	e := f.Entry()
	if f.Type == "hotp" && e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.RaisedCounter)
	}
	return e
}

// javaBytes are bytes as Java writes them, numbers from -128 to 127, or unsigned.
type javaBytes struct {
	bytes []byte
	bad   bool
}

// javaLongest is more than the text of any key takes, however it is indented.
const javaLongest = 1 << 20

// UnmarshalJSON never fails: what is no list of bytes is bad.
func (j *javaBytes) UnmarshalJSON(text []byte) error {
	*j = javaBytes{}
	var numbers []foreign.Number
	if len(text) > javaLongest || json.Unmarshal(text, &numbers) != nil {
		j.bad = true
		return nil
	}
	j.bytes = make([]byte, len(numbers))
	for i, n := range numbers {
		if !n.Set || n.Bad || n.Value < math.MinInt8 || n.Value > math.MaxUint8 {
			clear(j.bytes)
			*j = javaBytes{bad: true}
			break
		}
		j.bytes[i] = byte(n.Value)
	}
	clear(numbers)
	return nil
}

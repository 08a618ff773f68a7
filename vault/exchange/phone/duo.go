// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"context"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// Duo reads the file in which Duo Mobile keeps its accounts on Android. Those
// that are approved by a touch have no codes.
var Duo foreign.Reader = &reader{
	format: foreign.Format{ID: "duo", App: "Duo Mobile"},
	detect: func(s *foreign.Source) bool {
		shape := s.Shape()
		return shape.Kind == foreign.Array && (shape.Has("accountType", "pkey") || shape.Has("otpGenerator"))
	},
	read: unlocked(func(ctx context.Context, s *foreign.Source, add func(foreign.Entry)) error {
		return foreign.Elements(ctx, s.Data, each(add, duoAccount.entry))
	}),
}

// duoAccount is an account. With a counter it is HOTP.
type duoAccount struct {
	Name         text `json:"name"`
	OTPGenerator *struct {
		OTPSecret text           `json:"otpSecret"`
		Counter   foreign.Number `json:"counter"`
	} `json:"otpGenerator"`
}

func (d duoAccount) entry() foreign.Entry {
	if d.OTPGenerator == nil {
		return foreign.Refused("", string(d.Name), foreign.ErrNotOTP)
	}
	f := foreign.Fields{Name: string(d.Name), Secret: string(d.OTPGenerator.OTPSecret)}
	if d.OTPGenerator.Counter.Set {
		f.Type, f.Counter = "hotp", d.OTPGenerator.Counter
	}
	e := f.Entry()
	if e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.AssumedSHA1, foreign.Assumed6x30)
	}
	return e
}

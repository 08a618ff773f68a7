// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"bytes"
	"context"
	"math"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// twoFA reads the file of the program 2fa, ~/.2fa: "NAME DIGITS KEY" a line, and
// the last counter after it where there is one.
//
// Source: https://github.com/rsc/2fa
type twoFA struct{}

func (twoFA) Format() foreign.Format { return foreign.Format{ID: "2fa", App: "2fa"} }

// twoFALongest is more bytes than any line has: a key URI holds no longer key.
const twoFALongest = 2 * otpauth.MaxURI

// twoFACounter is how long a counter is there.
const twoFACounter = 20

func (twoFA) Detect(s *foreign.Source) foreign.Match {
	found := foreign.No
	for line := range bytes.Lines(bytes.TrimSpace(s.Data)) {
		if len(line) > twoFALongest {
			return foreign.No
		}
		switch parts := bytes.Fields(line); {
		case len(parts) == 0:
		case twoFALine(parts):
			found = max(found, twoFAKey(parts[2]))
		default:
			return foreign.No
		}
	}
	return found
}

// twoFAKey tells how surely a word is a key: the program pads them to whole groups
// of 8 characters. Of such lines one at least has to have one.
func twoFAKey(word []byte) foreign.Match {
	key, err := otpauth.ParseSecret(string(word))
	key.Clear()
	switch {
	case err != nil || len(word)%8 != 0:
		return foreign.No
	case len(word) == 8: // as many words have
		return foreign.Maybe
	}
	return foreign.Sure
}

func twoFALine(parts [][]byte) bool {
	if len(parts) < 3 || len(parts) > 4 || len(parts[1]) != 1 || parts[1][0] < '6' || parts[1][0] > '8' {
		return false
	}
	return len(parts) == 3 || len(parts[3]) == twoFACounter && foreign.ParseNumber(string(parts[3])).Set
}

func (twoFA) Lock(*foreign.Source) (foreign.Lock, error) { return foreign.Open, nil }

func (twoFA) Read(ctx context.Context, s *foreign.Source, _ secret.Value, add func(foreign.Entry)) error {
	for line := range bytes.Lines(s.Data) {
		if err := ctx.Err(); err != nil {
			return err
		}
		parts := bytes.Fields(line)
		if !twoFALine(parts) {
			continue // blank, see Detect
		}
		e := twoFAEntry(parts)
		whole := bytes.HasSuffix(line, []byte("\n")) || len(parts) == 4 || len(parts[2])%8 == 0 // keys are padded
		if !whole {
			e.Clear()
			add(foreign.Refused("", string(parts[0]), foreign.ErrCutShort))
			return foreign.ErrCutShort
		}
		add(e)
	}
	return nil
}

func twoFAEntry(parts [][]byte) foreign.Entry {
	f := foreign.Fields{Name: string(parts[0]), Digits: foreign.ParseNumber(string(parts[1])), Secret: string(parts[2])}
	if len(parts) == 3 {
		return f.Entry()
	}
	f.Type, f.Counter = otpauth.HOTP.String(), foreign.ParseNumber(string(parts[3]))
	if f.Counter.Value == math.MaxInt64 {
		f.Counter.Bad = true
	}
	f.Counter.Value++ // the program notes the last one that it used
	e := f.Entry()
	if e.Err == nil {
		e.Remarks = append(e.Remarks, foreign.RaisedCounter)
	}
	return e
}

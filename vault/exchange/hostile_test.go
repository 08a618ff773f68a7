// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build !race

package exchange

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/secret"
)

// TestCorpusDamaged breaks every file of the corpus: cut at each KiB, with
// bytes turned, with a wrong password. Nothing may panic, nothing may come out
// as another key than it went in, and no text may hold a secret.
func TestCorpusDamaged(t *testing.T) {
	for _, s := range manifest(t) {
		t.Run(s.File, func(t *testing.T) {
			t.Parallel()
			whole := s.source(t).Data
			dear := s.Encrypted // each try derives a key
			for _, b := range damaged(whole, dear) {
				s.tryDamaged(t, b)
			}
			if s.Encrypted && len(s.Expected) > 0 { // nothing comes out of a version that is not read
				s.tryWrongPassword(t, whole)
			}
		})
	}
}

type broken struct {
	what string
	data []byte
	cut  bool
}

// damaged returns versions of a file; of one that is dear to open, few.
func damaged(whole []byte, dear bool) []broken {
	var all []broken
	step, flips := 1<<10, 40
	if dear {
		step, flips = max(step, len(whole)/2), 1
	}
	step = max(step, len(whole)/64)
	for n := step; n < len(whole); n += step {
		all = append(all, broken{fmt.Sprintf("cut at %d", n), whole[:n], true})
	}
	if len(whole) > 0 {
		all = append(all, broken{"without its last byte", whole[:len(whole)-1], true})
	}
	r := rand.New(rand.NewPCG(1, uint64(len(whole))))
	for range min(flips, len(whole)) {
		at, bit := r.IntN(len(whole)), byte(1)<<r.IntN(8)
		turned := bytes.Clone(whole)
		turned[at] ^= bit
		all = append(all, broken{fmt.Sprintf("byte %d turned by %#x", at, bit), turned, false})
	}
	return all
}

func (s sample) tryDamaged(t *testing.T, b broken) {
	t.Helper()
	asked := 0
	r, err := Read(t.Context(), []*foreign.Source{foreign.NewSource("", b.data)}, func(context.Context, Question) (secret.Value, error) {
		if asked++; asked > 1 || s.Password == nil {
			return secret.Value{}, nil
		}
		return secret.FromString(*s.Password), nil
	}, nil)
	if err != nil {
		t.Fatalf("%s: %v", b.what, err)
	}
	defer r.Clear()
	s.sayNothing(t, b.what, r)
	if !b.cut {
		return
	}
	whole := map[string]bool{}
	for _, e := range s.Expected {
		whole[strings.ToLower(e.SecretHex)] = true
	}
	for _, e := range r.Entries {
		if key := hex.EncodeToString(e.Key.Secret.Bytes()); e.Err == nil && !whole[key] && r.Files[0].Err == nil {
			t.Errorf("%s: %s came in with another key, and nothing was said", b.what, e.Key.Account)
		}
	}
}

func (s sample) tryWrongPassword(t *testing.T, whole []byte) {
	t.Helper()
	asked := 0
	r, err := Read(t.Context(), []*foreign.Source{foreign.NewSource("", whole)}, func(context.Context, Question) (secret.Value, error) {
		if asked++; asked > 1 {
			return secret.Value{}, nil
		}
		return secret.FromString("it is not this"), nil
	}, nil)
	if err != nil || !errors.Is(r.Files[0].Err, foreign.ErrPassword) || len(r.Entries) > 0 || asked != 2 {
		t.Errorf("wrong password: %v, %v, %d entries, asked %d times", err, r.Files, len(r.Entries), asked)
	}
}

// sayNothing looks for secrets in all that is said.
func (s sample) sayNothing(t *testing.T, what string, r Result) {
	t.Helper()
	var said strings.Builder
	fmt.Fprintf(&said, "%v ", r.Files[0].Err)
	for _, e := range r.Entries {
		fmt.Fprintf(&said, "%s %v ", e.Label, e.Err)
	}
	text := strings.ToUpper(said.String())
	for _, e := range s.Expected {
		key, err := hex.DecodeString(e.SecretHex)
		if err != nil || len(key) < 5 {
			continue
		}
		if b32 := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(key); strings.Contains(text, b32) || strings.Contains(text, strings.ToUpper(e.SecretHex)) {
			t.Errorf("%s: a secret is in %q", what, said.String())
		}
	}
	if s.Password != nil && len(*s.Password) > 6 && strings.Contains(text, strings.ToUpper(*s.Password)) {
		t.Errorf("%s: the password is in %q", what, said.String())
	}
}

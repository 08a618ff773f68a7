// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/facebook/time/ntp/protocol/nts/aessiv"

	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
)

// What of an answer of chrony's is changed on the way. The answer is the header,
// the id, and the authenticator with cookies in it.
func TestProof(t *testing.T) {
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[at] ^= 1; return b }
	}
	const afterID = headerSize + fieldHead + idSize
	kissed := func(code string) func([]byte) []byte {
		return func(b []byte) []byte {
			b[1] = 0
			copy(b[12:], code)
			return b[:afterID]
		}
	}
	nonced := afterID + fieldHead + 4
	r := chronytest.Start(t, chronytest.Server{NTS: true, Offset: time.Minute})
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"nothing":                   {nil, nil},
		"a field behind":            {func(b []byte) []byte { return append(b, field(0x4000, nil)...) }, nil},
		"the time":                  {flip(43), ErrForged},
		"the stratum":               {flip(1), ErrForged},
		"the question's time":       {flip(24), ErrForged},
		"the id":                    {flip(headerSize + fieldHead), ErrForged},
		"the id's kind":             {flip(headerSize), ErrForged},
		"the authenticator's kind":  {flip(afterID), ErrForged},
		"the nonce":                 {flip(nonced), ErrForged},
		"the proof":                 {func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, ErrForged},
		"without any field":         {func(b []byte) []byte { return b[:headerSize] }, ErrForged},
		"without the authenticator": {func(b []byte) []byte { return b[:afterID] }, ErrForged},
		"without the id":            {func(b []byte) []byte { return append(b[:headerSize], b[afterID:]...) }, ErrForged},
		"a field more":              {func(b []byte) []byte { return slices.Insert(b, afterID, field(0x4000, nil)...) }, ErrForged},
		"the id twice":              {func(b []byte) []byte { return slices.Insert(b, headerSize, b[headerSize:afterID]...) }, ErrForged},
		"cut":                       {func(b []byte) []byte { return b[:len(b)-4] }, ErrForged},
		"cut in the header":         {func(b []byte) []byte { return b[:20] }, ErrForged},
		"all of it":                 {func([]byte) []byte { return nil }, ErrForged},
		"it knows no such cookie":   {kissed("NTSN"), errCookie},
		"it says DENY, unproven":    {kissed("DENY"), errUnproven},
		"it says RATE, unproven":    {kissed("RATE"), errUnproven},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := Asker{Roots: r.Authority.Roots, Timeout: 5 * time.Second}
			keys, err := a.exchange(t.Context(), r.KeyExchange)
			if err != nil {
				t.Fatal(err)
			}
			if len(keys.cookies) != maxCookies || keys.server != r.Addr {
				t.Errorf("%d cookies for %s", len(keys.cookies), keys.server)
			}
			got, err := a.best(t.Context(), lietest.Relay(t, r.Addr, lietest.Path{Change: test.change}), keys)
			if !errors.Is(err, test.want) || err != nil && (!errors.Is(err, ErrForged) || final(err)) {
				t.Fatalf("got %+v and %v, want %v", got, err, test.want)
			}
			if err == nil && (got.offset-time.Minute).Abs() > got.uncertainty {
				t.Errorf("got %+v", got)
			}
			if tried := maxCookies - len(keys.cookies); err != nil && tried != usualTries {
				t.Errorf("tried %d times", tried)
			}
		})
	}
}

// selfKeys are keys of one who answers itself.
func selfKeys(t testing.TB) *session {
	t.Helper()
	key, err := aessiv.NewAESSIV(bytes.Repeat([]byte{7}, aessiv.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return &session{out: key, in: key, cookies: [][]byte{bytes.Repeat([]byte("c"), 101)}}
}

// A question has the fields in the order and the sizes of section 5.7.
func TestQuestion(t *testing.T) {
	p := selfKeys(t).proof()
	buf := bytes.NewBuffer(make([]byte, headerSize))
	if err := p.ProcessQuery(buf); err != nil {
		t.Fatal(err)
	}
	b := buf.Bytes()[headerSize:]
	for _, want := range []struct{ kind, length uint16 }{{fieldID, 36}, {fieldCookie, 108}, {fieldAuthenticator, 40}} {
		kind, length := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		if kind != want.kind || length != want.length {
			t.Fatalf("field %#x of %d bytes, want %#x of %d", kind, length, want.kind, want.length)
		}
		b = b[length:]
	}
	if len(b) != 0 {
		t.Errorf("%d bytes more", len(b))
	}
	if err := p.ProcessResponse(buf.Bytes()); err != nil {
		t.Errorf("the same keys do not open it: %v", err)
	}
	other := selfKeys(t).proof()
	if err := other.ProcessResponse(buf.Bytes()); !errors.Is(err, ErrForged) {
		t.Errorf("an answer to another question: %v", err)
	}
}

func FuzzReadFields(f *testing.F) {
	header := make([]byte, headerSize)
	buf := bytes.NewBuffer(slices.Clone(header))
	if err := selfKeys(f).proof().ProcessQuery(buf); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add(header)
	f.Add(header[:12])
	f.Add(slices.Concat(header, field(fieldID, make([]byte, idSize))))
	f.Add(slices.Concat(header, field(fieldAuthenticator, []byte{0xff, 0xff, 0xff, 0xff})))
	f.Add(slices.Concat(header, field(fieldAuthenticator, []byte{0, 3, 0, 5, 1, 2, 3, 0, 1, 2, 3, 4, 5})))
	p := selfKeys(f).proof()
	f.Fuzz(func(t *testing.T, packet []byte) {
		got, err := readFields(packet)
		if err == nil && got.sealed != nil && (len(got.nonce) == 0 || len(got.bound) < headerSize || len(got.bound)+len(got.nonce)+len(got.sealed)+8 > len(packet)) {
			t.Fatalf("took %+v", got)
		}
		if err := p.ProcessResponse(packet); !errors.Is(err, ErrForged) {
			t.Fatalf("took a packet without the id: %v", err)
		}
	})
}

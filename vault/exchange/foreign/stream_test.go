// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

func TestElements(t *testing.T) {
	for _, c := range []struct {
		text  string
		names []string
		want  []string
		err   error
	}{
		{"[1, {\"a\": 2}, \"x\"]", nil, []string{"1", "{\"a\": 2}", "\"x\""}, nil},
		{"\xEF\xBB\xBF[1]", nil, []string{"1"}, nil},
		{"{\"skip\": [0], \"list\": [1, 2], \"after\": {}}", []string{"list"}, []string{"1", "2"}, nil},
		{"{\"a\": {\"x\": 1, \"b\": [true]}}", []string{"a", "b"}, []string{"true"}, nil},
		{"{\"a\": {}}", []string{"a", "b"}, nil, nil},
		{"{\"a\": null}", []string{"a"}, nil, nil},
		{"{\"a\": null}", []string{"a", "b"}, nil, nil},
		{"{\"a\": 3}", []string{"a"}, nil, ErrDamaged},
		{"{\"a\": 3}", []string{"a", "b"}, nil, ErrDamaged},
		{"{\"list\": [1, 2", []string{"list"}, []string{"1", "2"}, ErrCutShort},
		{"{\"list\": [1, {\"a\":", []string{"list"}, []string{"1"}, ErrCutShort},
		{"{\"list\": [1, nonsense]}", []string{"list"}, []string{"1"}, ErrDamaged},
		{"", nil, nil, ErrCutShort},
	} {
		var got []string
		err := Elements(t.Context(), []byte(c.text), func(e json.RawMessage) { got = append(got, string(e)) }, c.names...)
		if !errors.Is(err, c.err) || err == nil && c.err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, %v; want %q, %v", c.text, got, err, c.want, c.err)
		}
	}
}

func TestElementsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := Elements(ctx, []byte("[1,2,3]"), func(json.RawMessage) { n++; cancel() })
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%d elements, %v", n, err)
	}
}

func TestDecode(t *testing.T) {
	var v struct{ A int }
	for text, want := range map[string]error{
		"{\"a\": 1}": nil, "{\"a\": 1": ErrCutShort, "{\"a\"": ErrCutShort, "{]": ErrDamaged, "{\"a\": \"text\"}": ErrDamaged, "": ErrCutShort,
	} {
		if err := Decode([]byte(text), &v); !errors.Is(err, want) || err == nil && want != nil {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}

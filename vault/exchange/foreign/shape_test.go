// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestShape(t *testing.T) {
	const text = "\xEF\xBB\xBF \n{\"a\\u0062\": {\"list\": [{\"x\": 1, \"y\": [[{}]]}, 7], \"none\": []}, \"t\": \"v\\\"w\", \"n\": -1.5e3, \"f\": false," +
		"\"deep\": {\"er\": {\"and\": {\"out\": 1}}}, \"t\": \"again\"}"
	s := NewSource("", []byte(text)).Shape()
	for _, c := range []struct {
		names  []string
		kind   Kind
		scalar string
	}{
		{nil, Object, ""},
		{[]string{"ab"}, Object, ""},
		{[]string{"ab", "list"}, Array, ""},
		{[]string{"ab", "none"}, Array, ""},
		{[]string{"ab", "none", "x"}, NoJSON, ""},
		{[]string{"t"}, Text, "v\\\"w"},
		{[]string{"n"}, Numeric, "-1.5e3"},
		{[]string{"f"}, Word, "false"},
		{[]string{"deep", "er"}, Object, ""},
		{[]string{"deep", "er", "and", "out"}, NoJSON, ""},
		{[]string{"missing", "too"}, NoJSON, ""},
	} {
		got := s.At(c.names...)
		if got.Kind != c.kind || got.Scalar != c.scalar {
			t.Errorf("%v: kind %d %q, want %d %q", c.names, got.Kind, got.Scalar, c.kind, c.scalar)
		}
	}
	if !s.Has("ab", "t") || s.Has("ab", "u") {
		t.Error("what is there is not told from what is not")
	}
	if list := s.At("ab", "list"); list.First == nil || list.First.Kind != Object {
		t.Errorf("first element: %+v", list.First)
	}
}

func TestShapeOfArray(t *testing.T) {
	s := NewSource("", []byte("[{\"issuer\": \"x\", \"n\": {\"m\": 1}}, {\"other\": 1}]")).Shape()
	if s.Kind != Array || !s.Has("issuer") || s.Has("other") || s.At("n", "m").Scalar != "1" {
		t.Errorf("%+v", s)
	}
}

func TestShapeOfTornText(t *testing.T) {
	for text, has := range map[string]string{
		"{\"a\": [{\"b\": \"unfinished":          "a",
		"{\"a\": {\"b\": 1}, \"c\": tru":         "c",
		"{\"a\": 1 nonsense":                     "a",
		"{\"a\": [1, {\"b\": \"x]\"}], \"c\": 2": "c",
	} {
		if s := NewSource("", []byte(text)).Shape(); s.Kind != Object || !s.Has(has) {
			t.Errorf("%q: %+v", text, s)
		}
	}
	for _, text := range []string{"", "  ", "hello", "\"text\"", "17", "otpauth://totp/a?secret=AA"} {
		if s := NewSource("", []byte(text)).Shape(); s.Kind != NoJSON {
			t.Errorf("%q is taken for JSON", text)
		}
	}
}

// The outline of proper JSON has just the names that the JSON has.
func TestShapeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyJSON(3).Draw(t, "value")
		text, err := json.Marshal(map[string]any{"top": v})
		if err != nil {
			t.Fatal(err)
		}
		s := NewSource("", text).Shape().At("top")
		switch v := v.(type) {
		case map[string]any:
			if s.Kind != Object || len(s.Fields) != len(v) {
				t.Fatalf("%s: %+v", text, s)
			}
			for name := range v {
				if !s.Has(name) {
					t.Fatalf("%s lacks %q", text, name)
				}
			}
		case []any:
			if s.Kind != Array || (s.First == nil) != (len(v) == 0) {
				t.Fatalf("%s: %+v", text, s)
			}
		case string:
			if s.Kind != Text {
				t.Fatalf("%s: %+v", text, s)
			}
		}
	})
}

func anyJSON(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		kinds := 5
		if depth == 0 {
			kinds = 3
		}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return rapid.String().Draw(t, "text")
		case 1:
			return rapid.Float64Range(-1e6, 1e6).Draw(t, "number")
		case 2:
			return nil
		case 3:
			return rapid.MapOfN(rapid.String(), anyJSON(depth-1), 0, 4).Draw(t, "object")
		default:
			return rapid.SliceOfN(anyJSON(depth-1), 0, 4).Draw(t, "array")
		}
	})
}

func FuzzShape(f *testing.F) {
	f.Add([]byte("{\"a\":[{\"b\":\"c\"}],\"d\":null}"))
	f.Add([]byte("[[[[[[[[[[1]]]]]]]]]]"))
	f.Add([]byte("{\"a\\"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := NewSource("", data).Shape()
		if json.Valid(Bare(data)) && s.Kind == NoJSON {
			var v any
			_ = json.Unmarshal(Bare(data), &v)
			switch v.(type) {
			case map[string]any, []any:
				t.Fatal("proper JSON without an outline")
			}
		}
	})
}

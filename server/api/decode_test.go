// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kutano/authenticator/server/refusal"
)

type inner struct {
	Words []string `json:"words"`
}

type sample struct {
	Name string `json:"name"`
	More string `json:"more,omitempty"`
	Sure bool   `json:"sure,omitempty"`
	inner
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ body, field, detail string }{
		{`{"name":"a","words":[]}`, "", ""},
		{" {\n\"words\" : [ \"x\" ], \"name\":\"\\u00e9\", \"more\":\"\", \"sure\":true } ", "", ""},
		{`{"words":[]}`, "name", "is missing"},
		{`{"name":"a"}`, "words", "is missing"},
		{`{"Name":"a","words":[]}`, "name", "is missing"},
		{`{"name":"a","words":[],"NAME":"b"}`, "NAME", "is not known here"},
		{`{"name":"a","name":"a","words":[]}`, "name", "is there twice"},
		{`{"name":"a","words":[],"<b>":1}`, "", "is not known here"},
		{`{"name":1,"words":[]}`, "name", "must be a text"},
		{`{"name":null,"words":[]}`, "name", "must be a text"},
		{`{"name":"a","words":null}`, "words", "must be a list of texts"},
		{`{"name":"a","words":[null]}`, "words", "must be a list of texts"},
		{`{"name":"a","words":"x"}`, "words", "must be a list of texts"},
		{`{"name":"a","words":[],"sure":"true"}`, "sure", "must be true or false"},
		{`{"name":"a","words":[],"sure":null}`, "sure", "must be true or false"},
		{`{"name":"a\u0000","words":[]}`, "name", "has a character that cannot be in it"},
		{`{"name":"\ud800","words":[]}`, "name", "has a character that cannot be in it"},
		{`{"name":"a","words":["` + strings.Repeat("é", 501) + `"]}`, "words", "is longer than 500 characters"},
		{`{"name":"` + strings.Repeat("é", 500) + `","words":[]}`, "", ""},
		{`{"name":"a","words":[` + strings.Repeat(`"",`, 20) + `""]}`, "words", "has too many items"},
		{`{"name":"a","words":[]}{}`, "", "something follows the object"},
		{`{"name":"a","words":[]`, "", "the body is not a JSON object"},
		{`{"name":"a","words":[],}`, "", "the body is not a JSON object"},
		{`{"name":"a" "words":[]}`, "", "the body is not a JSON object"},
		{`[]`, "", "the body is not a JSON object"},
		{``, "", "the body is not a JSON object"},
		{"{\"name\":\"\xff\"}", "", "the body is not UTF-8"},
	} {
		var got sample
		err := decode([]byte(c.body), &got)
		e := refusal.Of(err)
		switch {
		case c.detail == "" && err != nil:
			t.Errorf("%.60s: %v", c.body, err)
		case c.detail != "" && (e == nil || e.Kind != refusal.Invalid || e.Field != c.field || e.Detail != c.detail):
			t.Errorf("%.60s: %+v, not %q %q", c.body, e, c.field, c.detail)
		}
	}
}

// What is taken is what encoding/json reads too, and nothing but known members.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"name":"a","words":["b"],"sure":true,"more":"c"}`))
	f.Add([]byte(`{"name":"a","name":"b","words":[]}`))
	f.Add([]byte("{\"name\":\"\xff\",\"words\":[null]}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		var got sample
		err := decode(body, &got)
		if err != nil {
			if refusal.Of(err) == nil {
				t.Fatalf("a fault: %v", err)
			}
			return
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(body, &members); err != nil {
			t.Fatalf("taken, though it is no JSON: %v", err)
		}
		var want struct {
			Name  string   `json:"name"`
			More  string   `json:"more"`
			Sure  bool     `json:"sure"`
			Words []string `json:"words"`
		}
		if err := json.Unmarshal(body, &want); err != nil || want.Name != got.Name || want.More != got.More || want.Sure != got.Sure || len(want.Words) != len(got.Words) {
			t.Fatalf("%+v, not %+v: %v", got, want, err)
		}
	})
}

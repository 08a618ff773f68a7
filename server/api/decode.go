// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kutano/authenticator/server/refusal"
	"github.com/kutano/authenticator/server/web"
)

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	// mostText is how many characters a text in a request may have.
	mostText = 500
	// mostList is how many items a list in a request may have.
	mostList = 20
)

// content reads the body of a request that must be of a type.
func content(r *http.Request, kind string) ([]byte, error) {
	got, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || got != kind || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return nil, refusal.New(web.MediaType)
	}
	return all(r)
}

func all(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, err
	}
	if err != nil {
		return nil, refusal.Field("", "the body ended before it was whole")
	}
	return body, nil
}

// readBody reads a JSON object into the struct that into points to.
func readBody(r *http.Request, into any) error {
	body, err := content(r, jsonType)
	if err != nil {
		return err
	}
	return decode(body, into)
}

// readNothing makes sure that a request says nothing that would be overlooked.
func readNothing(r *http.Request) error {
	body, err := all(r)
	if err != nil || len(body) == 0 {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return readBody(r, &none{})
}

// decode reads a JSON object (RFC 8259) into the struct that into points to.
// It is stricter than encoding/json: members have the exact names of the
// struct's tags and occur once, those without omitempty are there, none is
// null, and nothing follows. Texts are valid UTF-8 of at most 500 characters
// without control characters. What is wrong is a refusal that names the member.
func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return refusal.Field("", "the body is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	members, err := object(d)
	if err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return refusal.Field("", "something follows the object")
	}
	v := reflect.ValueOf(into).Elem()
	for _, f := range reflect.VisibleFields(v.Type()) {
		name, optional := tag(f)
		if name == "" {
			continue
		}
		raw, there := members[name]
		delete(members, name)
		if !there && !optional {
			return refusal.Field(name, "is missing")
		}
		if there {
			if err := assign(name, raw, v.FieldByIndex(f.Index)); err != nil {
				return err
			}
		}
	}
	for name := range members {
		return refusal.Field(shown(name), "is not known here")
	}
	return nil
}

func tag(f reflect.StructField) (name string, optional bool) {
	name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name, strings.Contains(rest, "omitempty")
}

// object reads the members of an object, each as it was written.
func object(d *json.Decoder) (map[string]json.RawMessage, error) {
	notJSON := refusal.Field("", "the body is not a JSON object")
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil, notJSON
	}
	members := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		var raw json.RawMessage
		if err != nil || !ok || d.Decode(&raw) != nil {
			return nil, notJSON
		}
		if _, twice := members[name]; twice {
			return nil, refusal.Field(shown(name), "is there twice")
		}
		members[name] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON
	}
	return members, nil
}

// assign reads one member. Requests are made of texts, yes or no, and lists of texts: they nest no deeper.
func assign(name string, raw json.RawMessage, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		var b *bool // nil for null, which encoding/json takes for anything
		if json.Unmarshal(raw, &b) != nil || b == nil {
			return refusal.Field(name, "must be true or false")
		}
		v.SetBool(*b)
	case reflect.Slice:
		return assignList(name, raw, v)
	default:
		var s *string
		if json.Unmarshal(raw, &s) != nil || s == nil {
			return refusal.Field(name, "must be a text")
		}
		v.SetString(*s)
		return text(name, *s)
	}
	return nil
}

func assignList(name string, raw json.RawMessage, v reflect.Value) error {
	var items []*string
	if json.Unmarshal(raw, &items) != nil || items == nil || slices.Contains(items, nil) {
		return refusal.Field(name, "must be a list of texts")
	}
	if len(items) > mostList {
		return refusal.Field(name, "has too many items")
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, s := range items {
		if err := text(name, *s); err != nil {
			return err
		}
		v.Index(i).SetString(*s)
	}
	return nil
}

// text refuses what no text of a request is, and PostgreSQL would not store.
func text(name, s string) error {
	if utf8.RuneCountInString(s) > mostText {
		return refusal.Field(name, "is longer than 500 characters")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }) {
		return refusal.Field(name, "has a character that cannot be in it")
	}
	return nil
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// shown is a member's name as it may be sent back.
func shown(name string) string {
	if nameForm.MatchString(name) {
		return name
	}
	return ""
}

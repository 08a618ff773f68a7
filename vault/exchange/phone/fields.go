// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phone

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
)

// text is a text that may be missing or null. It reads a number too: some apps
// write a name of digits as one. Anything else is "".
type text string

// UnmarshalJSON never fails: one odd field is no reason to lose an entry's name.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0, string(b) == "null", b[0] == '{', b[0] == '[':
	case b[0] == '"':
		var s string
		if json.Unmarshal(b, &s) == nil {
			*t = text(s)
		}
	default:
		*t = text(b)
	}
	return nil
}

// flag is true or false, also as text or number; missing and null are false.
type flag bool

// UnmarshalJSON never fails.
func (f *flag) UnmarshalJSON(b []byte) error {
	s := strings.Trim(string(b), "\"")
	*f = flag(strings.EqualFold(s, "true") || s == "1")
	return nil
}

// texts is a list of texts that may be missing or null.
type texts []text

// UnmarshalJSON never fails.
func (l *texts) UnmarshalJSON(b []byte) error {
	var list []text
	if json.Unmarshal(b, &list) != nil {
		list = nil
	}
	*l = list
	return nil
}

// strings returns the texts without blanks around them and without empty ones.
func (l texts) strings() []string {
	var all []string
	for _, t := range l {
		if s := strings.TrimSpace(string(t)); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// each returns a function for foreign.Elements that makes an entry of every
// element. One that is no object is refused.
func each[T any](add func(foreign.Entry), entry func(T) foreign.Entry) func(json.RawMessage) {
	return func(raw json.RawMessage) {
		v, ok := decoded[T](raw)
		if !ok {
			add(foreign.Refused("", "", foreign.ErrDamaged))
			return
		}
		add(entry(v))
	}
}

// decoded reads an object. Fields of another kind than expected stay empty.
func decoded[T any](raw json.RawMessage) (v T, ok bool) {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '{' {
		return v, false
	}
	err := json.Unmarshal(raw, &v)
	var kind *json.UnmarshalTypeError
	return v, err == nil || errors.As(err, &kind)
}

// named is an element of a list of groups, folders or the like.
type named struct {
	ID   text `json:"id"`
	UUID text `json:"uuid"`
	Name text `json:"name"`
}

// mostNames is more groups than anybody has.
const mostNames = 100_000

// nameList reads such a list: names by ID. What is wrong with it is left out: it
// only sorts the entries.
func nameList(ctx context.Context, data []byte, path ...string) map[text]text {
	names := map[text]text{}
	_ = foreign.Elements(ctx, data, func(raw json.RawMessage) {
		if n, ok := decoded[named](raw); ok && len(names) < mostNames {
			names[n.ID+n.UUID] = n.Name
		}
	}, path...)
	return names
}

func damaged(err error) bool { return errors.Is(err, foreign.ErrDamaged) }

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package otpauth

import "strings"

// maxText bounds the text that Find looks through.
const maxText = 8 << 20

// Find returns every key in a text, in order and each once: key URIs, steam://
// links and Google Authenticator exports, one a line or in the middle of prose, JSON or a page's source.
// What looks like a key but is refused is returned with the reason. A text in
// which nothing looks like a key gives nil.
//
// Text of more than 8 MiB is refused, as one Found with ErrTooLong.
func Find(text string) []Found {
	if len(text) > maxText {
		return []Found{{Err: refuse("", ErrTooLong, "more than 8 MiB of text")}}
	}
	var f finder
	for c := range candidates(text) {
		f.add(c)
	}
	return f.found
}

// finder collects what is found, each once.
type finder struct {
	found []Found
	texts set // candidates as they stand in the text
	keys  set // canonical URIs of what was found
}

type set map[string]bool

// first reports whether s is new, and remembers it.
func (s *set) first(text string) bool {
	if *s == nil {
		*s = set{}
	}
	known := (*s)[text]
	(*s)[text] = true
	return !known
}

func (f *finder) add(c candidate) {
	if !f.texts.first(c.text()) {
		return
	}
	for _, e := range c.mention().Found {
		f.entry(e)
	}
}

func (f *finder) entry(e Found) {
	if e.Err != nil {
		f.found = append(f.found, e)
		return
	}
	u := e.Key.URI()
	defer u.Clear()
	if f.keys.first(u.Reveal()) {
		f.found = append(f.found, e)
	}
}

// key reads a candidate that is not an export, and returns the reading that held.
func (c candidate) key() (Key, string, error) {
	if c.scheme == schemeSteam && !c.alone && !likeSecret(strings.TrimSuffix(c.text()[len("steam://"):], "/")) {
		return Key{}, "", refuse("", ErrNotKeyURI, "a link to the Steam program")
	}
	return either(c, Parse)
}

func (c candidate) migration() (Batch, string, error) { return either(c, ParseMigration) }

// either reads the candidate in the wider reading, else in the narrower one, and
// returns the one that held. The error is that of the wider, if there is one.
func either[T any](c candidate, read func(string) (T, error)) (v T, text string, err error) {
	if c.wide != "" {
		if v, err = read(c.wide); err == nil {
			return v, c.wide, nil
		}
	}
	torn := c.torn()
	if torn == nil {
		var w T
		if w, torn = read(c.narrow()); torn == nil {
			return w, c.narrow(), nil
		}
	}
	if err == nil {
		err = torn
	}
	return v, "", err
}

// serious reports whether the candidate means to be a key, and is not just a
// mention of the scheme.
func (c candidate) serious() bool {
	text := c.text()
	rest := text[strings.Index(text, "://")+3:]
	switch {
	case c.scheme == schemeSteam:
		return c.alone && rest != ""
	case containsFold(rest, "secret="), c.scheme == schemeMigration && containsFold(rest, "data="):
		return true
	}
	return c.wide != "" && rest != "" && !strings.ContainsAny(rest, " \t")
}

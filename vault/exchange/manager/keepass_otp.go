// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package manager

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
)

// The fields that count, by their names in lower case. Programs and plugins for
// KeePass keep keys in four ways.
const (
	fieldTitle    = "title"
	fieldUser     = "username"
	fieldOTP      = "otp"           // KeePassXC and others: a key URI; KeeOtp: a query
	fieldSeed     = "totp seed"     // KeeTrayTOTP and older KeePassXC
	fieldSettings = "totp settings" // "30;6", "30;S"
	timePrefix    = "timeotp-"      // KeePass from 2.47 on
	countPrefix   = "hmacotp-"
)

func (e *keepassEntry) set(key, value string) {
	name := strings.ToLower(key)
	switch {
	case slices.Contains([]string{fieldTitle, fieldUser, fieldOTP, fieldSeed, fieldSettings}, name),
		strings.HasPrefix(name, timePrefix), strings.HasPrefix(name, countPrefix):
		e.fields[name] = value
	case isKeyURI(value):
		e.links = append(e.links, value)
	}
}

// add adds an entry for each key. The same key kept in two ways is one.
func (e *keepassEntry) add(path string, add func(foreign.Entry)) {
	i := item{title: e.fields[fieldTitle], user: e.fields[fieldUser]}
	i.tags = append([]string{path}, strings.FieldsFunc(e.tags, func(r rune) bool { return r == ';' || r == ',' })...)
	var all []foreign.Entry
	for _, found := range e.codes(i) {
		same := func(o foreign.Entry) bool { return found.Err == nil && o.Err == nil && o.Key.Same(found.Key) }
		if slices.ContainsFunc(all, same) {
			found.Clear()
			continue
		}
		all = append(all, found)
	}
	if len(all) == 0 && e.damaged {
		all = append(all, i.refused(foreign.ErrDamaged))
	}
	i.addEntries(all, add)
}

func (e *keepassEntry) codes(i item) (all []foreign.Entry) {
	otp := strings.TrimSpace(e.fields[fieldOTP])
	switch {
	case otp == "":
	case strings.Contains(otp, "://"):
		all = append(all, i.fromText(otp))
	case strings.Contains(otp, "key="):
		all = append(all, keeOtp(i, otp).Entry())
	default:
		all = append(all, settings(i, otp, e.fields[fieldSettings]).Entry())
	}
	if seed := strings.TrimSpace(e.fields[fieldSeed]); seed != "" {
		all = append(all, settings(i, seed, e.fields[fieldSettings]).Entry())
	}
	for _, prefix := range []string{timePrefix, countPrefix} {
		if found, ok := e.builtIn(i, prefix); ok {
			all = append(all, found)
		}
	}
	for _, link := range e.links {
		all = append(all, i.fromText(link))
	}
	return all
}

// settings makes fields of a seed and of "period;digits". An S in place of the
// digits is Steam's code, and what comes after a second semicolon is a server
// that corrects the clock.
func settings(i item, seed, text string) foreign.Fields {
	f := foreign.Fields{Issuer: i.title, Name: i.user, Secret: seed}
	parts := strings.Split(text, ";")
	f.Period = foreign.ParseNumber(parts[0])
	if len(parts) < 2 {
		return f
	}
	if digits := strings.TrimSpace(parts[1]); strings.EqualFold(digits, "S") {
		f.Type = otpauth.Steam.String()
	} else {
		f.Digits = foreign.ParseNumber(digits)
	}
	return f
}

// keeOtp makes fields of a query as the plugin KeeOtp writes it.
func keeOtp(i item, text string) foreign.Fields {
	values := map[string]string{}
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		if plain, err := url.PathUnescape(value); err == nil {
			value = plain
		}
		values[strings.ToLower(strings.TrimSpace(name))] = value
	}
	f := foreign.Fields{
		Issuer: i.title, Name: i.user, Type: values["type"], Algorithm: values["otphashmode"],
		Digits: foreign.ParseNumber(values["size"]), Period: foreign.ParseNumber(values["step"]),
		Counter: foreign.ParseNumber(values["counter"]),
	}
	encoded(&f, values["encoding"], values["key"])
	return f
}

// builtIn reads the fields of KeePass itself. Of several secrets the first one counts there too.
func (e *keepassEntry) builtIn(i item, prefix string) (found foreign.Entry, ok bool) {
	for _, way := range []string{"utf8", "hex", "base32", "base64"} {
		name := prefix + "secret-" + way
		if way == "utf8" {
			name = prefix + "secret"
		}
		text := e.fields[name]
		if text == "" {
			continue
		}
		f := foreign.Fields{
			Issuer: i.title, Name: i.user, Algorithm: e.fields[prefix+"algorithm"],
			Digits:  foreign.ParseNumber(e.fields[prefix+"length"]),
			Period:  foreign.ParseNumber(e.fields[prefix+"period"]),
			Counter: foreign.ParseNumber(e.fields[prefix+"counter"]),
		}
		if prefix == countPrefix {
			f.Type = otpauth.HOTP.String()
		}
		encoded(&f, way, text)
		return f.Entry(), true
	}
	return found, false
}

// encoded sets the key from a text in any of the encodings that KeePass knows.
// What is wrong in its encoding makes a key that is refused.
func encoded(f *foreign.Fields, way, text string) {
	switch strings.ToLower(way) {
	case "", "base32":
		f.Secret = text
		return
	case "utf8":
		f.Raw = []byte(text)
	case "hex":
		f.Raw, _ = hex.DecodeString(strings.Join(strings.Fields(text), "")) // none where it is wrong
	case "base64":
		f.Raw, _ = base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(text), "="))
	}
	if len(f.Raw) == 0 {
		f.Raw, f.Secret = nil, "0" // no base32
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// Entry is an account of another app's export.
type Entry struct {
	// Key is normal and valid where Err is nil, and else without a secret.
	Key otpauth.Key
	// Label is what a refused entry is called, as far as it can be told, fit to
	// be shown and never a secret; "" for one that came in, whose Key has names.
	Label string
	Err   error // why there is no key

	Tags      []string // groups, folders, categories and tags, in the file's order
	Note      string
	Favourite bool
	Trashed   bool // it was in the other app's bin
	Remarks   []Remark
}

// Remark is something that a person may want to know about an entry that came in.
type Remark uint8

// The remarks.
const (
	AssumedSHA1   Remark = iota + 1 // the format has no place for the algorithm
	OddSecret                       // the secret's length is none that base32 has: a character may be missing
	RaisedCounter                   // the app notes the HOTP counter one lower
	FromLink                        // a name is missing and was taken from the link the account was made from
	OneOfSeveral                    // the item holds more than one key
	DroppedPIN                      // the app asks for a PIN before it shows the code
	Assumed6x30                     // the format has no place for digits and period
)

// Clear overwrites the entry's key.
func (e Entry) Clear() { e.Key.Secret.Clear() }

// Fields is an entry as most files hold it. What is missing gets its default;
// what is there and wrong is refused, never mended.
type Fields struct {
	Type      string // any case; "" is TOTP
	Issuer    string
	Name      string
	Secret    string // base32, as people write it
	Raw       []byte // the key itself, where the file has no base32; kept
	Algorithm string // any of the usual spellings
	Digits    Number
	Period    Number // seconds
	Counter   Number
}

// Entry makes an entry of the fields.
func (f Fields) Entry() Entry {
	k := otpauth.Key{Issuer: f.Issuer, Account: f.Name}
	err := f.fill(&k)
	if err == nil {
		k = k.Normal()
		err = k.Validate()
	}
	if err != nil {
		k.Secret.Clear()
		clear(f.Raw)
		return Refused(f.Issuer, f.Name, err)
	}
	e := Entry{Key: k}
	if f.Raw == nil && otpauth.OddLength(f.Secret) {
		e.Remarks = append(e.Remarks, OddSecret)
	}
	return e
}

func (f Fields) fill(k *otpauth.Key) (err error) {
	var ok bool
	if k.Type, ok = otpauth.ParseType(cmp.Or(f.Type, "totp")); !ok {
		return &TypeError{Type: f.Type}
	}
	if k.Algorithm, err = otpauth.ParseAlgorithm(f.Algorithm); err != nil {
		return err
	}
	if k.Type != otpauth.Steam { // whose parameters are always the same
		if k.Digits, err = f.Digits.within(otpauth.DefaultDigits, otpauth.MinDigits, otpauth.MaxDigits, otpauth.ErrDigits); err != nil {
			return err
		}
	}
	switch k.Type {
	case otpauth.TOTP:
		k.Period, err = f.Period.within(otpauth.DefaultPeriod, 1, otpauth.MaxPeriod, otpauth.ErrPeriod)
	case otpauth.HOTP:
		k.Counter, err = f.Counter.counter()
	}
	if err != nil {
		return err
	}
	if f.Raw != nil {
		k.Secret = secret.New(f.Raw)
		return nil
	}
	k.Secret, err = otpauth.ParseSecret(f.Secret)
	return err
}

// Refused is an entry that cannot come in.
func Refused(issuer, name string, err error) Entry {
	return Entry{Label: otpauth.ShownName(issuer, name), Err: err}
}

// FromURI makes an entry of one key URI or steam:// link.
func FromURI(uri string) Entry {
	k, err := otpauth.Parse(uri)
	return FromFound(otpauth.Found{Name: otpauth.URIName(uri), Key: k, Err: err}, uri)
}

// FromFound makes an entry of what was found in a text. The URI is the key's, or ""
// where there was none.
func FromFound(f otpauth.Found, uri string) Entry {
	k, err := f.Key, f.Err
	if err == nil {
		k = k.Normal()
		err = k.Validate()
	}
	if err != nil {
		k.Secret.Clear()
		e := refusedURI(uri, err)
		e.Label = cmp.Or(e.Label, f.Name)
		return e
	}
	e := Entry{Key: k}
	if otpauth.OddLength(secretIn(uri)) {
		e.Remarks = append(e.Remarks, OddSecret)
	}
	return e
}

// refusedURI names the kinds of code that have URIs of their own.
func refusedURI(uri string, err error) Entry {
	e := Entry{Label: otpauth.URIName(uri), Err: err}
	scheme, rest, _ := strings.Cut(strings.TrimSpace(uri), "://")
	kind, _, _ := strings.Cut(rest, "/")
	switch {
	case strings.EqualFold(scheme, "motp"): // motp://ISSUER:NAME?secret=…
		e.Err = &TypeError{Type: "motp"}
		if label, _, ok := strings.Cut(rest, "?"); ok {
			e.Label = otpauth.URIName("otpauth://totp/" + label + "?")
		}
	case strings.EqualFold(scheme, "otpauth") && (strings.EqualFold(kind, "yaotp") || strings.EqualFold(kind, "motp")):
		e.Err = &TypeError{Type: strings.Replace(strings.ToLower(kind), "yaotp", "yandex", 1)}
	}
	return e
}

// secretIn returns the secret's text in a key URI or a steam:// link, or "".
func secretIn(uri string) string {
	if scheme, rest, _ := strings.Cut(strings.TrimSpace(uri), "://"); strings.EqualFold(scheme, "steam") {
		return strings.TrimSuffix(rest, "/")
	}
	_, query, _ := strings.Cut(uri, "?")
	for part := range strings.SplitSeq(query, "&") {
		if name, value, _ := strings.Cut(part, "="); strings.EqualFold(name, "secret") {
			text, err := url.QueryUnescape(value)
			if err != nil {
				return ""
			}
			return text
		}
	}
	return ""
}

// Named returns the entry with these names where it has none of its own. A
// remark is not added.
func (e Entry) Named(issuer, name string) Entry {
	if e.Err != nil {
		e.Label = cmp.Or(e.Label, otpauth.ShownName(issuer, name))
		return e
	}
	named := e.Key
	named.Issuer, named.Account = cmp.Or(named.Issuer, issuer), cmp.Or(named.Account, name)
	named = named.Normal()
	if err := named.Validate(); err != nil {
		e.Clear()
		return Refused(issuer, name, err)
	}
	e.Key = named
	return e
}

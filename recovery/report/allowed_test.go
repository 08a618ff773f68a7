// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

// texts are the types of texts that a report may hold: each is held to a list by
// [TestOnlyOurNames].
var texts = []reflect.Type{reflect.TypeFor[Name](), reflect.TypeFor[Sentence](), reflect.TypeFor[Word]()}

// A report is made of numbers, yes and no, and texts of ours: no other type, ours or
// another room's, can get in without this failing.
func TestOnlyAllowedTypes(t *testing.T) { allowed(t, "Report", reflect.TypeFor[Report]()) }

func allowed(t *testing.T, path string, in reflect.Type) {
	t.Helper()
	if in.PkgPath() != "" && in.PkgPath() != reflect.TypeFor[Report]().PkgPath() {
		t.Errorf("%s is of another room: %v", path, in)
	}
	switch in.Kind() {
	case reflect.Bool, reflect.Int, reflect.Float64, reflect.Uint8:
	case reflect.String:
		if !slices.Contains(texts, in) {
			t.Errorf("%s can hold any text: %v", path, in)
		}
	case reflect.Slice, reflect.Array:
		allowed(t, path+"[]", in.Elem())
	case reflect.Struct:
		for i := range in.NumField() {
			allowed(t, path+"."+in.Field(i).Name, in.Field(i).Type)
		}
	default:
		t.Errorf("%s is a %v", path, in.Kind())
	}
}

// values walks through all that a report holds.
func values(v reflect.Value, see func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			values(v.Index(i), see)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			values(v.Field(i), see)
		}
	default:
		see(v)
	}
}

// ours are all names that there are.
func ours() map[string]bool {
	all := map[string]bool{"": true}
	add := func(names ...string) {
		for _, n := range names {
			all[n] = true
		}
	}
	for _, s := range everyStanding() {
		v := reflect.ValueOf(s)
		for i := range v.NumField() {
			if n, ok := v.Field(i).Interface().(interface{ String() string }); ok {
				add(n.String())
			}
		}
	}
	for _, l := range standing.Say(standing.Standing{}) {
		add(l.Field)
	}
	for _, r := range slices.Concat(storeReasons, linkReasons) {
		add(string(r.name))
	}
	for _, a := range arches {
		add(string(a))
	}
	for _, k := range kinds {
		add(string(k))
	}
	add(words.Languages()...)
	for _, e := range linkEvents {
		add(string(e))
	}
	add("other", "none", "secret-service", "keychain", "credential-manager", "sealed-file")
	add("totp", "hotp", "steam", "sms", "off", "SHA1", "SHA256", "SHA512")
	add("unasked", "never", "demand", "daily", "yes", "no", "unknown", "stepped", "restarted")
	add("older-folder", "older-keys", "unguarded", "correction-dropped", "correction-wanted", "clock-file-damaged", "clock-file-newer", "number-changed-here")
	return all
}

var linkEvents = []link.Event{
	link.LinkEnded, link.Reset, link.TurnedOff, link.AccountShut, link.SwitchedToSMS, link.SwitchedToApp, link.NumberChanged,
	link.TurnedOn, link.CodesNew, link.CodeUsed, link.CodesLow,
}

// everyStanding has each value of each field at least once.
func everyStanding() []standing.Standing {
	var all []standing.Standing
	for i := range reflect.TypeFor[standing.Standing]().NumField() {
		for n := range uint64(32) {
			var st standing.Standing
			reflect.ValueOf(&st).Elem().Field(i).SetUint(n)
			all = append(all, st)
		}
	}
	for major := range uint8(4) {
		for minor := range uint8(32) {
			all = append(all, standing.Standing{Major: major, Minor: minor})
		}
	}
	return all
}

// Whatever stands in what the app knows, strange values of its enumerations and any
// texts included: the texts of a report are names and sentences of ours.
func TestOnlyOurNames(t *testing.T) {
	names, sentences := ours(), map[string]bool{}
	for _, st := range everyStanding() {
		for _, l := range standing.Say(st) {
			sentences[l.Text], sentences[l.Name] = true, true
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r := New(anything(t))
		values(reflect.ValueOf(r), func(v reflect.Value) {
			if v.Kind() != reflect.String {
				return
			}
			text := v.String()
			switch v.Type() {
			case reflect.TypeFor[Name]():
				if !names[text] {
					t.Errorf("the name %q", text)
				}
			case reflect.TypeFor[Sentence]():
				if !sentences[text] {
					t.Errorf("the sentence %q", text)
				}
			case reflect.TypeFor[Word]():
				if phrase.Look(text, words.English).Word != text {
					t.Errorf("the word %q", text)
				}
			}
		})
		if !strings.HasSuffix(r.Text(), "\n") || len(r.JSON()) == 0 {
			t.Error("it cannot be written")
		}
	})
}

func anything(t *rapid.T) Sources {
	text := func(label string, some ...string) string {
		return rapid.OneOf(rapid.SampledFrom(append(some, "ana@example.com")), rapid.StringN(0, 24, -1)).Draw(t, label)
	}
	number := func(label string, most int) int { return rapid.IntRange(0, most).Draw(t, label) }
	flip := func(label string) bool { return rapid.Bool().Draw(t, label) }
	account := func(label string) vault.Account {
		return vault.Account{
			ID: vault.ID(text(label + " id")), Issuer: text(label+" issuer", "Kutano"), Name: text(label + " name"), Note: text(label + " note"),
			Tags: []string{text(label + " tag")}, Type: otpauth.Type(number(label+" type", 9)), Algorithm: otpauth.Algorithm(number(label+" algorithm", 9)),
			Digits: number(label+" digits", 12), Period: number(label+" period", 90), Counter: uint64(number(label+" counter", 9)),
		}
	}
	estimate := clock.Estimate{Kind: clock.Kind(text("kind", "ntp")), Name: text("server"), Operator: text("operator"), Offset: time.Duration(number("offset", 1<<40))}
	fails := append([]error{nil, errors.New(text("error"))}, every(storeReasons, linkReasons)...)
	s := Sources{
		Sources: standing.Sources{
			GOOS: text("goos", "darwin", "windows"), Version: text("version", "0.1.0"), Profile: profile.Default(),
			Accounts: []vault.Account{account("first"), account("second")}, Removed: []vault.Account{account("removed")},
			Kind: keystore.Kind(text("store", "keyring", "file")), StoreErr: rapid.SampledFrom(fails).Draw(t, "store error"),
			Now:    now,
			Clock:  clock.Status{Network: clock.Network(text("network", "daily")), Stale: clock.Why(text("stale", "stepped")), Servers: []string{text("own server")}},
			Hint:   system.Hint{Zone: text("zone"), Automatic: system.Answer(number("automatic", 5)), Synced: system.Answer(number("synced", 5))},
			Upkeep: upkeepOf(text("method", "sms")), LinkErr: rapid.SampledFrom(fails).Draw(t, "link error"),
			Sets: []backupcodes.Set{{ID: backupcodes.ID(text("set")), Title: text("title", "Kutano"), Where: text("where"), Place: backupcodes.Place(text("place", "here"))}},
			Last: standing.Last(number("last", 9)), Camera: standing.Camera(number("camera", 9)),
		},
		Running: Running{Arch: text("arch", "arm64")},
		Notices: []vault.Notice{{Kind: vault.NoticeKind(text("notice", "older_keys"))}}, Aside: number("aside", 3),
	}
	if flip("measured") {
		s.Clock.Measured = &clock.Measurement{Agreement: clock.Agreement{Offset: estimate.Offset, With: []clock.Estimate{estimate}, Against: []clock.Estimate{estimate}}}
	}
	if flip("linked") {
		s.Linked = &link.Linked{
			Address: text("address"), Who: link.Who{ID: text("user"), Email: text("email"), Name: text("user's name")}, SeenAt: now.Add(-time.Duration(number("seen", 1<<40))),
			Seen:   link.Status{Enabled: flip("enabled"), Method: link.Method(text("link method", "totp")), PhoneHint: text("phone")},
			Untold: []link.Event{link.Event(text("event", "reset"))},
		}
	}
	return s
}

func every(lists ...[]reason) []error {
	var all []error
	for _, r := range slices.Concat(lists...) {
		all = append(all, r.err)
	}
	return all
}

func upkeepOf(method string) (s upkeep.State) {
	s.Method = readiness.Method(method)
	return s
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

var update = flag.Bool("update-golden", false, "write the golden reports anew")

var now = time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC)

// sampleSources are those of a report with something in every field.
func sampleSources() Sources {
	account := func(id, issuer string, alg otpauth.Algorithm, digits int) vault.Account {
		return vault.Account{ID: vault.ID(id), Issuer: issuer, Name: "ana@example.com", Type: otpauth.TOTP, Algorithm: alg, Digits: digits, Period: 30}
	}
	counter := account("cccccccccccc", "Bank", otpauth.SHA1, 6)
	counter.Type, counter.Period, counter.Counter = otpauth.HOTP, 0, 77
	kutano := account("aaaaaaaaaaaa", "Kutano", otpauth.SHA1, 6)
	kutano.Verified = now.AddDate(0, -1, 0)
	estimate := func(k clock.Kind, off time.Duration) clock.Estimate {
		return clock.Estimate{Kind: k, Offset: off, Uncertainty: 40 * time.Millisecond, Name: "time.example.com", Operator: "Example"}
	}
	m := clock.Measurement{Agreement: clock.Agreement{
		Offset: 47*time.Second + 230*time.Millisecond, Uncertainty: 30 * time.Millisecond, Majority: true,
		With:    []clock.Estimate{estimate(clock.Service, 47200*time.Millisecond), estimate(clock.NTP, 47260*time.Millisecond)},
		Against: []clock.Estimate{estimate(clock.NTP, -3600*time.Second)},
	}}
	m.With[1].Proven = true
	return Sources{
		Sources: standing.Sources{
			GOOS: "linux", Version: "0.1.0-dev", Profile: profile.Default(), Kind: keystore.Keyring, StoreErr: fmt.Errorf("read page-0: %w", keystore.ErrLocked),
			Accounts: []vault.Account{
				account("eeeeeeeeeeee", "Zebra", otpauth.SHA256, 8), counter, kutano, account("bbbbbbbbbbbb", "Acme", otpauth.SHA1, 6),
				account("dddddddddddd", "Zebra", otpauth.SHA1, 6),
			},
			Removed: []vault.Account{account("ffffffffffff", "Gone", otpauth.SHA1, 6)}, Now: now,
			Clock: clock.Status{Network: clock.OnDemand, Measured: &m, Age: 20 * time.Hour, Uncertainty: time.Second, Applied: m.Offset},
			Hint:  system.Hint{Automatic: system.No, Synced: system.No, Zone: "Africa/Nairobi"},
			Linked: &link.Linked{
				Address: "https://app.example.com", Who: link.Who{ID: "1", Email: "ana@example.com", Name: "Ana"}, SeenAt: now.AddDate(0, 0, -3),
				Seen:   link.Status{Enabled: true, Method: link.TOTP, PhoneHint: "…67", Codes: link.Codes{Left: 2, All: 10, Saved: true}},
				Untold: []link.Event{link.CodesLow, link.CodeUsed},
			},
			LinkErr: fmt.Errorf("look: %w", link.ErrTLS), Last: standing.RefusedWrong, Camera: standing.CameraNA,
			Sets: []backupcodes.Set{{Title: "Kutano", Where: "in the drawer", Place: backupcodes.Elsewhere}},
		},
		Running: Running{Arch: "amd64", Go: Number{1, 25, 3}, Commit: commit("0123456789abcdef0123456789abcdef01234567"), Modified: true, System: Number{6, 8, 0}},
		Guarded: true, Aside: 1, Notices: []vault.Notice{{Kind: vault.NoticeOlderKeys, At: now.Unix()}},
		KeyBytes: map[vault.ID]int{"aaaaaaaaaaaa": 20, "bbbbbbbbbbbb": 20, "dddddddddddd": 20, "eeeeeeeeeeee": 32},
	}
}

// The two forms, byte by byte. The names in JSON never change.
func TestGolden(t *testing.T) {
	r := New(sampleSources())
	for name, got := range map[string]string{"report-v1.json": string(r.JSON()), "report-v1.txt": r.Text()} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// Nothing known makes a report, too, and every list in it is there.
func TestOfNothing(t *testing.T) {
	r := New(Sources{Sources: standing.Sources{Now: now}})
	if text := string(r.JSON()); strings.Contains(text, "null") {
		t.Errorf("a list is missing:\n%s", text)
	}
	if !strings.Contains(r.Text(), "\nCheck phrase\n") {
		t.Errorf("%s", r.Text())
	}
	if r.Store.Backend != "none" || r.Link.Days != -1 || r.Clock.Days != -1 || len(r.Events) != 0 {
		t.Errorf("%+v", r)
	}
}

// In which order accounts were added, or sources asked, does not show.
func TestOrderTellsNothing(t *testing.T) {
	s := sampleSources()
	want := string(New(s).JSON())
	slices.Reverse(s.Accounts)
	slices.Reverse(s.Clock.Measured.With)
	slices.Reverse(s.Linked.Untold)
	if got := string(New(s).JSON()); got != want {
		t.Errorf("turned round:\n%s\nwant\n%s", got, want)
	}
}

func TestInOtherLanguages(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	for _, lang := range words.Languages() {
		words.Use(lang)
		if r := New(sampleSources()); string(r.Language) != lang || !json.Valid(r.JSON()) {
			t.Errorf("%s: %s", lang, r.JSON())
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]Number{
		"0.1.0": {0, 1, 0}, "v1.2.3": {1, 2, 3}, "0.1.0-dev": {0, 1, 0}, "1.25": {1, 25, 0}, "7": {7, 0, 0},
		"": {}, "devel": {}, "1.2.3.4": {}, "1.x": {}, "100000": {}, "-1": {}, "1..2": {},
	} {
		if got := number(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	for text, want := range map[string]bool{"0.1.0": true, "v1.2": true, "0.1.0-dev": false, "dev": false, "": false, "1.0+x": false} {
		if released(text) != want {
			t.Errorf("%q is a release: %v", text, !want)
		}
	}
	for text, want := range map[string]Number{"6.8.0-31-generic": {6, 8, 0}, "14.5": {14, 5, 0}, "5.15.": {5, 15, 0}, "x": {}} {
		if got := leading(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if commit("xyz") != (Commit{}) || commit(strings.Repeat("ab", 32)) != (Commit{}) || (Commit{}).String() != "" {
		t.Error("what is no commit is taken for one")
	}
}

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]float64{
		0: 0, 49 * time.Millisecond: 0, 50 * time.Millisecond: 0.1, -40 * time.Millisecond: 0, -1260 * time.Millisecond: -1.3, 47230 * time.Millisecond: 47.2,
	} {
		if got := seconds(d); got != want || math.Signbit(got) != (want < 0) {
			t.Errorf("%v: %v, want %v", d, got, want)
		}
	}
	if days(-time.Hour) != 0 || days(day-1) != 0 || days(day) != 1 {
		t.Error("days are not rounded down, or are less than none")
	}
}

// The phrase is that of the standing, in the language in use, and can be read back.
func TestPhrase(t *testing.T) {
	t.Cleanup(func() { words.Use(words.English) })
	s := sampleSources()
	for _, lang := range words.Languages() {
		words.Use(lang)
		r := New(s)
		var text, digits []string
		for i, w := range r.Phrase.Words {
			text, digits = append(text, string(w)), append(digits, r.Phrase.Digits[i].String())
		}
		for _, said := range [][]string{text, digits} {
			d, err := phrase.Decode(strings.Join(said, " "), lang)
			if err != nil || d.Standing != standing.Of(s.Sources) {
				t.Errorf("%s: %q: %+v, %v", lang, said, d.Standing, err)
			}
		}
	}
	s.Last = 9
	if p := New(s).Phrase; p.Words == nil || len(p.Words) != 0 || len(p.Digits) != 0 {
		t.Errorf("of what there is not: %+v", p)
	}
}

func TestHere(t *testing.T) {
	r := Here()
	if arch(r.Arch) == other || r.System == (Number{}) {
		t.Errorf("%+v", r)
	}
}

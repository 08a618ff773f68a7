// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kutano/authenticator/assets/words"
	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/otpauth"
)

// Sources are what a report is drawn from. What is not known stays zero.
type Sources struct {
	standing.Sources

	Running Running // what runs, see [Here]

	Guarded bool // the keys are under a passphrase
	Aside   int  // entries that cannot be read
	Notices []vault.Notice
	// KeyBytes is how many bytes keys have, as far as that is known.
	KeyBytes map[vault.ID]int
}

// New makes a report in the language in use.
func New(s Sources) Report {
	st := standing.Of(s.Sources)
	return Report{
		Version: Version,
		App: App{
			Version: number(s.Version), Development: !released(s.Version), Go: s.Running.Go,
			Commit: s.Running.Commit, Modified: s.Running.Modified,
		},
		System:   System{Name: Name(st.Platform.String()), Version: s.Running.System, Arch: arch(s.Running.Arch)},
		Language: language(),
		Phrase:   spoken(st),
		Standing: Standing{
			Platform: Name(st.Platform.String()), Clock: Name(st.Clock.String()), Source: Name(st.Source.String()),
			Store: Name(st.Store.String()), Enrolment: Name(st.Enrolment.String()), Link: Name(st.Link.String()),
			Codes: Name(st.Codes.String()), Automatic: Name(st.Automatic.String()), Last: Name(st.Last.String()),
			Camera: Name(st.Camera.String()),
		},
		Says:     says(st),
		Store:    Store{Backend: backend(s), State: Name(st.Store.String()), Reason: storeReason(s.StoreErr), Guarded: s.Guarded},
		Accounts: accounts(s),
		Clock:    clocks(s),
		Link:     links(s, st.Link),
		Events:   events(s),
	}
}

func says(st standing.Standing) []Line {
	all := standing.Say(st)
	lines := make([]Line, len(all))
	for i, l := range all {
		lines[i] = Line{Field: Name(l.Field), Text: Sentence(l.Text), title: Sentence(l.Name)}
	}
	return lines
}

func language() Name {
	if in := words.Current(); slices.Contains(words.Languages(), in) {
		return Name(in)
	}
	return words.English
}

// number reads up to three numbers from the beginning of a version. What is none is 0.
func number(version string) Number {
	version, _, _ = strings.Cut(strings.TrimPrefix(version, "v"), "-")
	var n [3]int
	for i, part := range strings.SplitN(version, ".", 3) {
		v, err := strconv.ParseUint(part, 10, 32)
		if err != nil || v > 99999 {
			return Number{}
		}
		n[i] = int(v)
	}
	return Number{n[0], n[1], n[2]}
}

// released tells whether a version is that of a release: numbers and dots alone.
func released(version string) bool {
	return number(version) != Number{} && strings.Trim(version, "v.0123456789") == ""
}

// spoken is the check phrase in the language in use. A standing that it cannot say has
// none.
func spoken(st standing.Standing) Phrase {
	said := Phrase{Words: []Word{}, Digits: []Group{}}
	p, err := phrase.Encode(st)
	if err != nil {
		return said
	}
	for i, w := range p.Words(words.Current()) {
		said.Words, said.Digits = append(said.Words, Word(w)), append(said.Digits, Group(p[i]))
	}
	return said
}

// accounts counts the accounts by their sort, and puts the sorts into an order that
// tells nothing.
func accounts(s Sources) Accounts {
	a := Accounts{Count: len(s.Accounts), Removed: len(s.Removed), SetAside: s.Aside, Sorts: []Sort{}}
	count := map[Sort]int{}
	for _, acc := range s.Accounts {
		one := Sort{
			Kutano: s.Ours(acc), Type: typeName(acc.Type), Algorithm: algorithmName(acc.Algorithm),
			Digits: acc.Digits, Period: acc.Period, KeyBytes: s.KeyBytes[acc.ID],
		}
		if one.Kutano {
			a.Kutano++
		}
		count[one]++
	}
	for one, n := range count {
		one.Count = n
		a.Sorts = append(a.Sorts, one)
	}
	slices.SortFunc(a.Sorts, func(x, y Sort) int {
		return cmp.Or(
			cmp.Compare(number01(y.Kutano), number01(x.Kutano)), cmp.Compare(x.Type, y.Type), cmp.Compare(x.Algorithm, y.Algorithm),
			cmp.Compare(x.Digits, y.Digits), cmp.Compare(x.Period, y.Period), cmp.Compare(x.KeyBytes, y.KeyBytes),
		)
	})
	return a
}

func number01(b bool) int {
	if b {
		return 1
	}
	return 0
}

func typeName(t otpauth.Type) Name {
	switch t {
	case otpauth.TOTP, otpauth.HOTP, otpauth.Steam:
		return Name(t.String())
	}
	return other
}

func algorithmName(a otpauth.Algorithm) Name {
	switch a {
	case otpauth.SHA1, otpauth.SHA256, otpauth.SHA512:
		return Name(a.String())
	}
	return other
}

// seconds rounds to tenths. There is no zero below zero.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*10)/10 + 0 }

const day = 24 * time.Hour

// days are whole ones, rounded down; never less than none.
func days(d time.Duration) int { return max(int(d/day), 0) }

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package phrase

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/kutano/authenticator/assets"
	"github.com/kutano/authenticator/recovery/standing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// golden is the file of vectors: whoever writes another program against the format
// checks it with these.
type golden struct {
	Version int
	Lists   map[string]string // SHA-256 of each list: none ever changes
	Phrases []vector
}

type vector struct {
	Standing standing.Standing
	Digits   []string
	Words    map[string][]string
}

// examples are ordinary standings, and the two ends of every field.
var examples = []standing.Standing{
	{},
	{
		Platform: standing.Linux, Clock: standing.Slow30, Source: standing.NTP, Enrolment: standing.Active, Codes: standing.CodesNoted,
		Automatic: standing.AutomaticOff, Last: standing.RefusedOld, Minor: 8,
	},
	{
		Platform: standing.Windows, Clock: standing.ClockRight, Source: standing.ServerTime, Store: standing.StoreLocked,
		Enrolment: standing.Replaced, Link: standing.LinkOK, Codes: standing.NeverSaved, Automatic: standing.AutomaticOn,
		Last: standing.RefusedWrong, Camera: standing.NoCamera, Major: 1,
	},
	{
		Platform: standing.Android, Clock: standing.WholeHours, Source: standing.OtherDevice, Enrolment: standing.Shut, Link: standing.LinkExpired,
		Codes: standing.FewLeft, Automatic: standing.AutomaticOff, Last: standing.Accepted, Major: 1, Minor: 12,
	},
	{
		Platform: standing.OtherPlatform, Clock: standing.WrongYear, Source: standing.OtherDevice, Store: standing.SealedFile,
		Enrolment: standing.InBin, Link: standing.AppTooOld, Codes: standing.NeverSaved, Automatic: standing.AutomaticOff,
		Last: standing.RefusedWrong, Camera: standing.CameraNA, Major: 3, Minor: 31,
	},
}

func TestGolden(t *testing.T) {
	have := golden{Version: Version, Lists: map[string]string{}}
	for _, lang := range Languages() {
		sum := sha256.Sum256(assets.PhraseWords(lang))
		have.Lists[lang] = hex.EncodeToString(sum[:])
	}
	for _, s := range examples {
		p, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		v := vector{Standing: s, Digits: p.Digits(), Words: map[string][]string{}}
		for _, lang := range Languages() {
			v.Words[lang] = p.Words(lang)
		}
		have.Phrases = append(have.Phrases, v)
	}
	got, err := json.MarshalIndent(have, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const name = "testdata/phrase-v1.json"
	if *update {
		if err := os.WriteFile(name, append(got, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Error("the phrases or the lists are others than those of the golden file: older apps would be misread")
	}
	for _, v := range have.Phrases {
		for lang, words := range v.Words {
			d, err := Decode(strings.Join(words, " "), lang)
			if err != nil || d.Standing != v.Standing || d.Lang != lang || d.Version != Version || d.Newer {
				t.Errorf("%q: %+v, %v", words, d, err)
			}
		}
	}
}

// The bits stand where docs/formats.md says: computed by hand.
func TestBits(t *testing.T) {
	p, err := Encode(standing.Standing{
		Platform: standing.Windows, Clock: standing.Slow30, Source: standing.NTP, Store: standing.EntryMissing, Enrolment: standing.ByText,
		Link: standing.LinkTLS, Codes: standing.ManyLeft, Automatic: standing.AutomaticOff, Last: standing.Accepted,
		Camera: standing.CameraDenied, Major: 1, Minor: 17,
	})
	// 001 001 10|01 10 101 0|110 100 10|1 10 01 10 0|1 10001 00
	want := []string{"038", "106", "210", "204", "196"}
	if err != nil || !slices.Equal(p.Digits()[:5], want) {
		t.Errorf("%v, want %v: %v", p.Digits(), want, err)
	}
	if got := crc([]byte("123456789")); got != 0x4B {
		t.Errorf("the checksum of the standard's own example is %#x", got) // SAE J1850
	}
}

func anyStanding(t *rapid.T) standing.Standing {
	var v [fields]uint8
	for i, f := range layout {
		v[i] = rapid.Uint8Range(0, f.known).Draw(t, "field")
	}
	return standingOf(v)
}

// What is said is what is heard, in every language and in digits, whatever the
// values. The same standing makes the same phrase, and another one another.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, other := anyStanding(t), anyStanding(t)
		p, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if q, err := Encode(other); err != nil || (p == q) != (s == other) {
			t.Fatalf("%v and %v: %v", p, q, err)
		}
		for _, lang := range Languages() {
			d, err := Decode(p.Text(lang), lang)
			if err != nil || d.Standing != s || d.Phrase != p || d.Lang != lang {
				t.Fatalf("%s: %+v, %v", p.Text(lang), d, err)
			}
		}
		if d, err := Decode(strings.Join(p.Digits(), " "), "de"); err != nil || d.Standing != s || d.Lang != "" {
			t.Fatalf("%v: %+v, %v", p.Digits(), d, err)
		}
	})
}

func TestEveryValueOfEveryField(t *testing.T) {
	for i, f := range layout {
		for v := range 256 {
			var all [fields]uint8
			all[i] = uint8(v)
			p, err := Encode(standingOf(all))
			if v > int(f.known) {
				if !errors.Is(err, ErrRange) {
					t.Fatalf("field %d = %d: %v", i, v, err)
				}
				continue
			}
			if d, err2 := p.decode(); err != nil || err2 != nil || values(d.Standing) != all {
				t.Fatalf("field %d = %d: %v, %v", i, v, err, err2)
			}
		}
	}
}

func TestLines(t *testing.T) {
	p, err := Encode(examples[1])
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range p.Lines("pt-BR") {
		if line != (Line{i + 1, p.Words("pt_BR")[i], p.Digits()[i]}) {
			t.Errorf("line %d is %+v", i, line)
		}
	}
	if !slices.Equal(p.Words("ja"), p.Words("en")) || p.Text("en") != strings.Join(p.Words("en"), " ") {
		t.Error("a language without a list is not English")
	}
}

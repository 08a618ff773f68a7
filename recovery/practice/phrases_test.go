// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package practice

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/kutano/authenticator/recovery/phrase"
	"github.com/kutano/authenticator/recovery/standing"
)

// said is what the callers' check phrases mean, by their names in the service.
var said = map[string]standing.Standing{
	"clock-slow": {
		Platform: standing.Android, Clock: standing.Slow90, Source: standing.ServerTime, Enrolment: standing.Active, Link: standing.LinkOK,
		Codes: standing.CodesNoted, Automatic: standing.AutomaticOff, Last: standing.RefusedWrong, Major: 1,
	},
	"clock-set": {
		Platform: standing.Android, Clock: standing.ClockRight, Source: standing.ServerTime, Enrolment: standing.Active, Link: standing.LinkOK,
		Codes: standing.CodesNoted, Automatic: standing.AutomaticOn, Last: standing.RefusedWrong, Major: 1,
	},
	"text-message": {
		Platform: standing.Windows, Clock: standing.ClockRight, Source: standing.ServerTime, Enrolment: standing.ByText, Link: standing.LinkOK,
		Automatic: standing.AutomaticOn, Camera: standing.CameraNA, Major: 1,
	},
	"app-empty": {
		Platform: standing.Android, Clock: standing.ClockRight, Source: standing.NTP, Enrolment: standing.NoAccount,
		Automatic: standing.AutomaticOn, Major: 1,
	},
	"all-is-well": {
		Platform: standing.Android, Clock: standing.ClockRight, Source: standing.ServerTime, Enrolment: standing.Active, Link: standing.LinkOK,
		Codes: standing.ManyLeft, Automatic: standing.AutomaticOn, Last: standing.Accepted, Major: 1,
	},
}

// What callers read out are check phrases as the app makes them, in English, and say
// what their scenario means.
func TestPhrasesMeanTheirScenario(t *testing.T) {
	got := phrases(t)
	if len(got) != len(said) {
		t.Errorf("%d phrases, want %d", len(got), len(said))
	}
	for name, want := range said {
		if d, err := phrase.Decode(got[name], "en"); err != nil || d.Standing != want || d.Newer {
			t.Errorf("%s says %+v, %v, want %+v", name, d.Standing, err, want)
		}
		if p, err := phrase.Encode(want); err != nil || p.Text("en") != got[name] {
			t.Errorf("%s is %q, want %q, %v", name, got[name], p.Text("en"), err)
		}
	}
}

// phrases are those of the service's training.
func phrases(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "server", "practice", "phrases.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, kerr := strconv.Unquote(pair.Key.(*ast.BasicLit).Value)
		value, verr := strconv.Unquote(pair.Value.(*ast.BasicLit).Value)
		if kerr != nil || verr != nil {
			t.Fatal(kerr, verr)
		}
		all[key] = value
		return true
	})
	return all
}

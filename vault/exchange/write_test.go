// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault/exchange/foreign"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
)

// linesWriter writes what lines reads, and may be made to go wrong.
type linesWriter struct {
	lock  foreign.Locking
	spoil func(text string) string
	wrote [][]byte
}

func (*linesWriter) Target() foreign.Target {
	return foreign.Target{Format: foreign.Format{ID: "first"}, ID: "lines", Holds: foreign.FirstTag | foreign.Note}
}

func (*linesWriter) Fits(k otpauth.Key) error {
	if k.Type == otpauth.HOTP {
		return foreign.NoPlace("type", "there are no counters")
	}
	return nil
}

func (*linesWriter) Mark(k otpauth.Key) (string, error) {
	return strings.ToLower(k.Account), foreign.NoPlace("account", "capitals are not told apart")
}

// locked is a linesWriter with another rule for passwords.
type locked struct{ *linesWriter }

func (l locked) Target() foreign.Target {
	t := l.linesWriter.Target()
	t.Locking = l.lock
	return t
}

func (l *linesWriter) Write(ctx context.Context, entries []foreign.Entry, pass secret.Value) ([]foreign.Output, error) {
	var out []foreign.Output
	for _, e := range entries {
		text := "first " + pass.Reveal() + "\n" + e.Key.URI().Reveal()
		if l.spoil != nil {
			text = l.spoil(text)
		}
		l.wrote = append(l.wrote, []byte(text))
		out = append(out, foreign.Output{Data: l.wrote[len(l.wrote)-1]})
	}
	return out, ctx.Err()
}

func entriesOf(uris ...string) []foreign.Entry {
	var all []foreign.Entry
	for _, u := range uris {
		all = append(all, foreign.FromURI(u))
	}
	return all
}

func TestWrite(t *testing.T) {
	all := entriesOf(uri("a"), uri("b"), uri("A"), "otpauth://hotp/Shop:c?secret=JBSWY3DPEHPK3PXP&counter=1", uri("d")+"&x=y")
	all[0].Tags = []string{"one", "two"}
	all[1].Tags, all[1].Note = []string{"one"}, "kept"
	all = append(all, foreign.Entry{Key: otpauth.Key{Account: "empty"}})
	w := locked{&linesWriter{lock: foreign.MayBeLocked}}
	for _, pass := range []string{"", "pw"} {
		out, err := write(t.Context(), w, known, all, secret.FromString(pass))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(out.Fitting, []int{0, 1, 4}) {
			t.Errorf("in it are %v", out.Fitting)
		}
		if out.In != 3 || len(out.Files) != 3 || out.Encrypted != (pass != "") || out.Lacking != 2 || out.Target.ID != "lines" {
			t.Errorf("%+v", out)
		}
		var left []string
		for _, e := range out.Left {
			if e.Key.Secret.Len() > 0 || e.Err == nil {
				t.Errorf("left out: %+v", e)
			}
			left = append(left, e.Label)
		}
		if want := []string{"Shop:A", "Shop:c", "empty"}; !slices.Equal(left, want) {
			t.Errorf("left out: %q, want %q", left, want)
		}
		if !errors.Is(out.Left[0].Err, foreign.ErrNoPlace) || !errors.Is(out.Left[1].Err, foreign.ErrNoPlace) || !errors.Is(out.Left[2].Err, otpauth.ErrNoSecret) {
			t.Errorf("reasons: %v", out.Left)
		}
		out.Clear()
		if bytes.ContainsFunc(out.Files[0].Data, func(r rune) bool { return r != 0 }) {
			t.Error("not cleared")
		}
	}
}

// What does not read back is no success, and nothing of it is left.
func TestWriteReadsBack(t *testing.T) {
	for name, spoil := range map[string]func(string) string{
		"a secret":            func(s string) string { return strings.Replace(s, "JBSW", "JBSX", 1) },
		"a name":              func(s string) string { return strings.Replace(s, ":b", ":c", 1) },
		"an issuer":           func(s string) string { return strings.ReplaceAll(s, "Shop", "shop") },
		"digits":              func(s string) string { return s + "&digits=8" },
		"a period":            func(s string) string { return s + "&period=60" },
		"one too many":        func(s string) string { return s + "\n" + uri("other") },
		"one twice":           func(s string) string { return s + s[strings.Index(s, "\n"):] },
		"one refused":         func(s string) string { return s + "\nnonsense" },
		"cut short":           func(s string) string { return s + "\ntorn" },
		"none":                func(string) string { return "first" },
		"of no known format":  func(s string) string { return "x" + s },
		"another password":    func(s string) string { return strings.Replace(s, "pw", "wp", 1) },
		"without a password":  func(s string) string { return strings.Replace(s, " pw", "", 1) },
		"costly to be opened": func(s string) string { return strings.Replace(s, "pw", "costly", 1) },
	} {
		w := &linesWriter{lock: foreign.MayBeLocked, spoil: spoil}
		out, err := write(t.Context(), locked{w}, known, entriesOf(uri("a"), uri("b")), secret.FromString("pw"))
		if !errors.Is(err, foreign.ErrReadBack) || out.Files != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, b := range w.wrote {
			if bytes.ContainsFunc(b, func(r rune) bool { return r != 0 }) {
				t.Errorf("%s: not cleared", name)
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	one := entriesOf(uri("a"))
	for _, tc := range []struct {
		lock foreign.Locking
		pass string
		in   []foreign.Entry
		want error
	}{
		{foreign.NeverLocked, "pw", one, foreign.ErrNeverLocked},
		{foreign.AlwaysLocked, "", one, foreign.ErrNoPassword},
		{foreign.NeverLocked, "", nil, foreign.ErrNothing},
		{foreign.NeverLocked, "", entriesOf("otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1"), foreign.ErrNothing},
		{foreign.NeverLocked, "", one, nil},
		{foreign.AlwaysLocked, "pw", one, nil},
	} {
		out, err := write(t.Context(), locked{&linesWriter{lock: tc.lock}}, known, tc.in, secret.FromString(tc.pass))
		if !errors.Is(err, tc.want) || err != nil && tc.want == nil {
			t.Errorf("%v with %q: %v, want %v", tc.lock, tc.pass, err, tc.want)
		}
		if len(out.Left)+out.In != len(tc.in) && !errors.Is(err, foreign.ErrNeverLocked) && !errors.Is(err, foreign.ErrNoPassword) {
			t.Errorf("%d in and %d left out of %d", out.In, len(out.Left), len(tc.in))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := write(ctx, &linesWriter{}, known, one, secret.Value{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Write(t.Context(), "nonsense", one, secret.Value{}); !errors.Is(err, foreign.ErrUnknown) {
		t.Errorf("no such target: %v", err)
	}
}

// Fit says beforehand what Write does.
func TestFit(t *testing.T) {
	all := entriesOf(uri("a"), "otpauth://hotp/Shop:c?secret=JBSWY3DPEHPK3PXP&counter=1", uri("b")+"&period=77")
	for _, target := range Targets() {
		plan, err := Fit(target.ID, all)
		if err != nil || plan.Files != nil || plan.In != len(plan.Fitting) || plan.In+len(plan.Left) != len(all) || plan.In == 0 || plan.Target != target {
			t.Errorf("%s: %+v, %v", target.ID, plan, err)
		}
		for _, e := range plan.Left {
			if !errors.Is(e.Err, foreign.ErrNoPlace) {
				t.Errorf("%s: %q is left out: %v", target.ID, e.Label, e.Err)
			}
		}
	}
	if _, err := Fit("no such format", all); !errors.Is(err, foreign.ErrUnknown) {
		t.Errorf("no such format: %v", err)
	}
}

// What a format has a place for, but not for all of it, is told beforehand.
func TestFitTellsWhatIsChanged(t *testing.T) {
	steam, hotp := "otpauth://steam/Steam:a?secret=JBSWY3DPEHPK3PXP&image=x", "otpauth://hotp/Shop:a?secret=JBSWY3DPEHPK3PXP&counter=1&image=x"
	for name, c := range map[string]struct {
		uri, tag, note     string
		bitwarden, keepass int
	}{
		"nothing odd":       {uri("a") + "&image=x", "work", "a\nnote", 0, 0},
		"steam parameter":   {steam, "", "", 1, 0},
		"counter parameter": {hotp, "", "", 0, 1}, // the first takes none
		"long note":         {uri("a"), "", strings.Repeat("n", 20_000), 1, 0},
		"long tag":          {uri("a"), strings.Repeat("t", 1000), "", 1, 0},
		"sign in a tag":     {uri("a"), "a;b", "", 0, 1},
		"control in a tag":  {uri("a"), "a\x01b", "", 0, 1},
		"control in a note": {uri("a"), "", "a\x01b", 0, 1},
		"no character":      {uri("a"), "", "a\uFFFEb", 0, 1},
	} {
		e := foreign.FromURI(c.uri)
		if e.Note = c.note; c.tag != "" {
			e.Tags = []string{c.tag}
		}
		for id, want := range map[string]int{"bitwarden": c.bitwarden, "keepass": c.keepass} {
			if w, err := Fit(id, []foreign.Entry{e}); err != nil || w.Lacking != want {
				t.Errorf("%s, %s: %d lacking, want %d, %v", name, id, w.Lacking, want, err)
			}
		}
	}
}

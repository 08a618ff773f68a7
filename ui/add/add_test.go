// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package add

import (
	"context"
	"errors"
	"image"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/clipboard"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/scan"
)

const (
	keyA = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	keyB = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

func link(issuer, name, key string) string {
	return "otpauth://totp/" + issuer + ":" + name + "?secret=" + key + "&issuer=" + issuer
}

// fakeVault keeps keys in memory and behaves as API says a vault does.
type fakeVault struct {
	accounts []vault.Account
	keys     map[vault.ID]otpauth.Key
	order    []vault.ID
	fail     error
}

func newFakeVault(t *testing.T, links ...string) *fakeVault {
	t.Helper()
	v := &fakeVault{keys: map[vault.ID]otpauth.Key{}}
	for _, l := range links {
		k, err := otpauth.Parse(l)
		if err != nil {
			t.Fatal(err)
		}
		v.put(k)
	}
	return v
}

func (v *fakeVault) put(k otpauth.Key) vault.Account {
	a := vault.Account{
		ID: vault.ID(string(rune('a' + len(v.accounts)))), Issuer: k.Issuer, Name: k.Account,
		Kutano: strings.Contains(strings.ToLower(k.Issuer), "kutano"),
	}
	v.accounts = append(v.accounts, a)
	v.keys[a.ID] = k
	return a
}

func (v *fakeVault) Accounts() []vault.Account { return v.accounts }

func (v *fakeVault) Compare(_ context.Context, k otpauth.Key) (vault.Status, vault.Account, error) {
	if v.fail != nil {
		return vault.New, vault.Account{}, v.fail
	}
	for _, a := range v.accounts {
		if a.Issuer != k.Issuer || a.Name != k.Account {
			continue
		}
		if v.keys[a.ID].Same(k) {
			return vault.Same, a, nil
		}
		return vault.Differs, a, nil
	}
	return vault.New, vault.Account{}, nil
}

func (v *fakeVault) AddAll(_ context.Context, ks []otpauth.Key) ([]vault.Account, error) {
	if v.fail != nil {
		return nil, v.fail
	}
	var out []vault.Account
	for _, k := range ks {
		out = append(out, v.put(k))
	}
	return out, nil
}

func (v *fakeVault) Replace(_ context.Context, id vault.ID, k otpauth.Key) (vault.Account, error) {
	v.keys[id] = k
	i := slices.IndexFunc(v.accounts, func(a vault.Account) bool { return a.ID == id })
	return v.accounts[i], v.fail
}

func (v *fakeVault) Reorder(_ context.Context, ids []vault.ID) error {
	v.order = ids
	return v.fail
}

func TestInspect(t *testing.T) {
	v := newFakeVault(t, link("Kutano", "ana", keyA), link("GitHub", "ana", keyA))
	f, err := Inspect(t.Context(), []string{
		link("Kutano", "ana", keyA),
		link("GitHub", "ana", keyB),
		link("Mail", "ana", keyA),
		link("Mail", "ana", keyA), // the same code twice on the screen
		link("Mail", "ana", keyB), // another key under the same names
		"otpauth://totp/Bad:ana?secret=1",
		"https://example.com",
	}, v)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		name   string
		status Status
		ticked bool
	}
	want := []line{
		{"Kutano · ana", Same, false},
		{"GitHub · ana", Differs, false},
		{"Mail · ana", New, true},
		{"Mail · ana (2)", New, true},
		{"Bad:ana", Refused, false},
	}
	if len(f.Candidates) != len(want) {
		t.Fatalf("%d candidates, want %d: %+v", len(f.Candidates), len(want), f.Candidates)
	}
	for i, c := range f.Candidates {
		if got := (line{c.Name, c.Status, c.Ticked}); got != want[i] {
			t.Errorf("candidate %d is %+v, want %+v", i, got, want[i])
		}
	}
	if !errors.Is(f.Candidates[4].Err, otpauth.ErrBadSecret) {
		t.Errorf("the reason is %v", f.Candidates[4].Err)
	}
	if a, r := f.Wanted(); a != 2 || r != 0 {
		t.Errorf("wanted %d and %d", a, r)
	}
	for i := range f.Candidates {
		f.Tick(i, true)
	}
	f.Tick(99, true)
	if a, r := f.Wanted(); a != 2 || r != 1 {
		t.Errorf("with everything ticked: %d and %d, want 2 and 1", a, r)
	}
}

func TestInspectNothing(t *testing.T) {
	f, err := Inspect(t.Context(), []string{"hello", "https://example.com/?a=otp"}, newFakeVault(t))
	if err != nil || !f.Nothing() || f.Texts != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestInspectSaysWhatTheVaultSays(t *testing.T) {
	v := newFakeVault(t)
	v.fail = keystore.ErrLocked
	if _, err := Inspect(t.Context(), []string{link("A", "b", keyA)}, v); !errors.Is(err, keystore.ErrLocked) {
		t.Errorf("error %v", err)
	}
}

// R36: batches of a transfer come in any order, one at a time.
func TestInspectTransferInParts(t *testing.T) {
	var keys []otpauth.Key
	for i := range 12 {
		k, err := otpauth.Parse(link("Service", string(rune('a'+i)), keyA))
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, k)
	}
	uris, rest := otpauth.Migration(keys)
	if len(uris) != 2 || len(rest) != 0 {
		t.Fatalf("%d parts", len(uris))
	}
	f, err := Inspect(t.Context(), []string{uris[1].Reveal()}, newFakeVault(t))
	if err != nil || missingParts(f.Missing) != 1 {
		t.Fatalf("%d parts missing, want 1; %v", missingParts(f.Missing), err)
	}
	f, err = Inspect(t.Context(), []string{uris[1].Reveal(), uris[0].Reveal()}, newFakeVault(t))
	if err != nil || missingParts(f.Missing) != 0 || len(f.Candidates) != 12 {
		t.Errorf("%d missing, %d candidates, %v", missingParts(f.Missing), len(f.Candidates), err)
	}
}

// R55: only what the user ticked is replaced.
func TestKeep(t *testing.T) {
	v := newFakeVault(t, link("GitHub", "ana", keyA))
	f, err := Inspect(t.Context(), []string{link("GitHub", "ana", keyB), link("Kutano", "ana", keyA)}, v)
	if err != nil {
		t.Fatal(err)
	}
	k, err := Keep(t.Context(), f, v)
	if err != nil || len(k.Added) != 1 || len(k.Replaced) != 0 {
		t.Fatalf("%+v, %v", k, err)
	}
	if a, ok := k.First(); !ok || a.Issuer != "Kutano" {
		t.Errorf("first is %+v", a)
	}
	if want := []vault.ID{"b", "a"}; !slices.Equal(v.order, want) {
		t.Errorf("order %v, want Kutano first", v.order)
	}
	f.Candidates = f.Candidates[:1]
	f.Tick(0, true)
	v.order = nil
	if k, err = Keep(t.Context(), f, v); err != nil || len(k.Replaced) != 1 {
		t.Fatalf("%+v, %v", k, err)
	}
	if v.order != nil {
		t.Error("replacing moved the accounts")
	}
	v.fail = vault.ErrReadOnly
	f.Candidates[0].Status = New
	if _, err = Keep(t.Context(), f, v); !errors.Is(err, vault.ErrReadOnly) {
		t.Errorf("error %v", err)
	}
	if _, ok := (Kept{}).First(); ok {
		t.Error("an account out of nothing")
	}
}

func TestForm(t *testing.T) {
	base := Form{Issuer: "GitHub", Account: "ana", Key: "jbsw y3dp-ehpk 3pxp", Type: otpauth.TOTP, Algorithm: otpauth.SHA1}
	with := func(change func(*Form)) Form {
		f := base
		change(&f)
		return f
	}
	for name, tc := range map[string]struct {
		form  Form
		ok    bool
		field Field
		says  string
	}{
		"plain":         {form: base, ok: true},
		"no key":        {form: with(func(f *Form) { f.Key = " " })},
		"no names":      {form: with(func(f *Form) { f.Issuer, f.Account = " ", "" })},
		"bad key":       {form: with(func(f *Form) { f.Key = "ABC1" }), field: FieldKey, says: "A to Z"},
		"digits":        {form: with(func(f *Form) { f.Digits = "3" }), field: FieldDigits, says: "4 to 10"},
		"digits text":   {form: with(func(f *Form) { f.Digits = "six" }), field: FieldDigits, says: "4 to 10"},
		"period":        {form: with(func(f *Form) { f.Period = "0" }), field: FieldPeriod, says: "seconds"},
		"period high":   {form: with(func(f *Form) { f.Period = "86401" }), field: FieldPeriod, says: "seconds"},
		"counter":       {form: with(func(f *Form) { f.Type, f.Counter = otpauth.HOTP, "-1" }), field: FieldCounter, says: "whole number"},
		"counter blank": {form: with(func(f *Form) { f.Type, f.Counter = otpauth.HOTP, " 7 " }), ok: true},
		"steam":         {form: with(func(f *Form) { f.Type, f.Digits, f.Period = otpauth.Steam, "99", "x" }), ok: true},
	} {
		k, problems, ok := tc.form.Read()
		if ok != tc.ok {
			t.Errorf("%s: ok %v, problems %v", name, ok, problems)
			continue
		}
		if tc.says == "" != (len(problems) == 0) {
			t.Errorf("%s: problems %v", name, problems)
			continue
		}
		if tc.says != "" && (problems[0].Field != tc.field || !strings.Contains(problems[0].Sentence, tc.says)) {
			t.Errorf("%s: %+v, want %q", name, problems[0], tc.says)
		}
		if ok && k.Validate() != nil {
			t.Errorf("%s: a key that is not valid: %v", name, k.Validate())
		}
	}
	if !with(func(f *Form) { f.Key = " OTPAUTH://totp/x" }).Link() || base.Link() {
		t.Error("Link does not tell a link from a key")
	}
}

type eyes struct {
	screens []image.Image
	texts   []string
	clip    clipboard.Clip
	err     error
}

func (e eyes) Screen(context.Context) ([]image.Image, error)         { return e.screens, e.err }
func (e eyes) Clipboard(context.Context) (clipboard.Clip, error)     { return e.clip, e.err }
func (e eyes) Decode(context.Context, image.Image) ([]string, error) { return e.texts, e.err }
func reader(s string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }
}

func TestLookAtScreen(t *testing.T) {
	said := 0
	e := eyes{screens: make([]image.Image, 2), texts: []string{"x"}}
	got, err := LookAtScreen(t.Context(), e, func(n int) { said = n })
	if err != nil || said != 2 || got.Pictures != 2 || len(got.Texts) != 2 || !got.Screens {
		t.Errorf("%+v, said %d, %v", got, said, err)
	}
	e.err = scan.ErrNoScreen
	if _, err := LookAtScreen(t.Context(), e, func(int) {}); !errors.Is(err, scan.ErrNoScreen) {
		t.Errorf("error %v", err)
	}
}

func TestLookAtPictures(t *testing.T) {
	none := func(int, int) {}
	bad := Picture{"notes.png", reader("hello")}
	if _, err := LookAtPictures(t.Context(), eyes{}, []Picture{bad}, none); !errors.Is(err, scan.ErrNotPicture) {
		t.Errorf("one bad picture: %v", err)
	}
	got, err := LookAtPictures(t.Context(), eyes{}, []Picture{bad, bad}, none)
	if err != nil || len(got.Failed) != 2 || got.Failed[0].Name != "notes.png" {
		t.Errorf("two bad pictures: %+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := LookAtPictures(ctx, eyes{}, []Picture{bad}, none); !IsCancelled(err) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestLookAtClipboard(t *testing.T) {
	got, err := LookAtClipboard(t.Context(), eyes{clip: clipboard.Clip{Text: "a"}})
	if err != nil || !slices.Equal(got.Texts, []string{"a"}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err = LookAtClipboard(t.Context(), eyes{clip: clipboard.Clip{Text: " \n"}}); !errors.Is(err, clipboard.ErrEmpty) {
		t.Errorf("blank text: %v", err)
	}
	pic := eyes{clip: clipboard.Clip{Picture: image.NewGray(image.Rect(0, 0, 1, 1))}, texts: []string{"q"}}
	if got, err = LookAtClipboard(t.Context(), pic); err != nil || got.Pictures != 1 || got.Texts[0] != "q" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err = LookAtClipboard(t.Context(), eyes{err: clipboard.ErrNoClipboard}); !errors.Is(err, clipboard.ErrNoClipboard) {
		t.Errorf("error %v", err)
	}
}

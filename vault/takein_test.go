// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package vault

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/vault/otpauth"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

func documentOf(t *testing.T, v *Vault) snapshot.Document {
	t.Helper()
	d, err := v.Document(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func preview(t *testing.T, v *Vault, d snapshot.Document) []Found {
	t.Helper()
	found, err := v.Preview(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func statuses(found []Found) string {
	var b strings.Builder
	for _, f := range found {
		switch {
		case f.Err != nil:
			b.WriteByte('!')
		case f.Removed:
			b.WriteByte('-')
		case f.Status == New && f.Account.ID != "":
			b.WriteByte('k') // here without its key, or removed
		default:
			b.WriteByte("NSD"[f.Status])
		}
	}
	return b.String()
}

func takeIn(t *testing.T, v *Vault, found []Found, how Take) Taken {
	t.Helper()
	done, err := v.TakeIn(t.Context(), found, how)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// is compares what was counted.
func (t Taken) is(want Taken) bool {
	t.IDs, want.IDs = nil, nil
	return reflect.DeepEqual(t, want)
}

// ample makes a vault with a bit of everything.
func ample(t *testing.T) *Vault {
	t.Helper()
	v := openMem(t, t.TempDir(), newMemStore())
	stock(t, v, 20)
	mustAdd(t, v, key(t, "otpauth://hotp/Counter:ana?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Counter&counter=7"))
	as := v.Accounts()
	if _, err := v.Update(t.Context(), as[2].ID, Details{
		Issuer: as[2].Issuer, Name: as[2].Name, Tags: []string{"work", "ä"}, Note: "at home", Icon: "key", Favourite: true,
	}); err != nil {
		t.Fatal(err)
	}
	if err := v.MarkUsed(t.Context(), as[3].ID, testNow); err != nil {
		t.Fatal(err)
	}
	if err := v.Remove(t.Context(), as[5].ID); err != nil {
		t.Fatal(err)
	}
	if err := v.Reorder(t.Context(), []ID{as[7].ID, as[1].ID}); err != nil {
		t.Fatal(err)
	}
	return v
}

// sameAccounts compares everything but the page.
func sameAccounts(t *testing.T, got, want []Account) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d accounts, want %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		g.page, w.page = 0, 0
		if fmt.Sprintf("%+v", g) != fmt.Sprintf("%+v", w) {
			t.Errorf("account %d:\n%+v, want\n%+v", i, g, w)
		}
	}
}

// A backup taken into an empty vault makes it what the other one was.
func TestTakeInAll(t *testing.T) {
	v := ample(t)
	d := documentOf(t, v)
	w := openMem(t, t.TempDir(), newMemStore())
	found := preview(t, w, d)
	if got, want := statuses(found), strings.Repeat("N", 21); strings.ReplaceAll(got, "-", "N") != want || strings.Count(got, "-") != 1 {
		t.Fatalf("statuses %s", got)
	}
	done := takeIn(t, w, found, Take{Replace: true})
	if !done.is(Taken{Added: 21}) {
		t.Errorf("%+v", done)
	}
	sameAccounts(t, w.Accounts(), v.Accounts())
	sameAccounts(t, w.Removed(), v.Removed())
	for _, a := range v.Accounts() {
		want, err := v.Key(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.Key(t.Context(), a.ID)
		if err != nil || !got.Same(want) || got.Counter != want.Counter {
			t.Errorf("key of %s: %v", a.Label(), err)
		}
	}
	if again := preview(t, w, d); strings.Trim(statuses(again), "S-") != "" {
		t.Errorf("taken in, they are %s", statuses(again))
	}
	done = takeIn(t, w, preview(t, w, d), Take{})
	if !done.is(Taken{Same: 21}) {
		t.Errorf("a second time: %+v", done)
	}
	sameAccounts(t, w.Accounts(), v.Accounts())
}

// Nothing here is overwritten unless it is asked for, and then its key is kept.
func TestTakeInMerges(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	stock(t, v, 4)
	d := documentOf(t, v)
	w := openMem(t, t.TempDir(), newMemStore())
	own := numbered(t, 1)
	own.Account = v.Accounts()[1].Name
	own.Secret = secret.FromString("another key entirely")
	mine := mustAdd(t, w, own)
	mustAdd(t, w, numbered(t, 9))
	found := preview(t, w, d)
	if got := statuses(found); got != "NDNN" {
		t.Fatalf("statuses %s", got)
	}
	if done := takeIn(t, w, found, Take{}); !done.is(Taken{Added: 3, Left: 1}) {
		t.Errorf("merge: %+v", done)
	}
	k, err := w.Key(t.Context(), mine.ID)
	if err != nil || !k.Secret.Equal(own.Secret) {
		t.Error("the key here was overwritten")
	}
	found = preview(t, w, d)
	done := takeIn(t, w, found, Take{Use: []bool{false, true, false, false}, Replace: true})
	if !done.is(Taken{Replaced: 1, Same: 3, Removed: 1}) {
		t.Errorf("replace: %+v", done)
	}
	wantLabels(t, w, labels(v.Accounts())...)
	var kept []string
	for _, a := range w.Removed() {
		k, err := w.Key(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, k.Secret.Reveal())
	}
	if !slices.Contains(kept, own.Secret.Reveal()) || len(kept) != 2 {
		t.Errorf("%d removed accounts", len(kept))
	}
}

// Keys that the store lost come back to their accounts.
func TestTakeInAfterLoss(t *testing.T) {
	m, dir := newMemStore(), t.TempDir()
	v := openMem(t, dir, m)
	stock(t, v, 20)
	as := v.Accounts()
	d := documentOf(t, v)
	m.items = map[string]string{}
	v = openMem(t, dir, m)
	found := preview(t, v, d)
	if got := statuses(found); got != strings.Repeat("k", 20) {
		t.Fatalf("statuses %s", got)
	}
	if done := takeIn(t, v, found, Take{}); !done.is(Taken{Added: 20}) {
		t.Errorf("%+v", done)
	}
	sameAccounts(t, v.Accounts(), as)
	wantAll(t, v, 20)
}

// A bad entry does not keep the others out, and is kept as it is.
func TestTakeInWithBadEntries(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	good := numbered(t, 1)
	line := "abcdefghijkl otpauth://totp/Broken:one?secret=0189&issuer=Broken"
	d := snapshot.Document{
		Accounts: []snapshot.Entry{
			{ID: "aaaaaaaaaaaa", URI: good.URI()},
			{ID: "aaaaaaaaaaaa", URI: numbered(t, 2).URI()}, // the same id
			{ID: "not an id", URI: numbered(t, 3).URI()},
			{ID: "bbbbbbbbbbbb", URI: good.URI()}, // the same account
			{ID: "cccccccccccc", URI: secret.FromString("otpauth://totp/x?secret=!!!")},
			{ID: "dddddddddddd", URI: numbered(t, 4).URI(), Removed: testNow.Add(-time.Hour)},
			{ID: "eeeeeeeeeeee", URI: numbered(t, 5).URI(), Removed: testNow.Add(-90 * 24 * time.Hour)},
		},
		Aside: []snapshot.Aside{{Name: "Broken:one", Reason: "bad", Line: secret.FromString(line)}},
	}
	found := preview(t, v, d)
	if got := statuses(found); got != "NNNS!--!" {
		t.Fatalf("statuses %s", got)
	}
	done := takeIn(t, v, found, Take{})
	if !done.is(Taken{Added: 4, Same: 1, Refused: 2, Left: 1}) {
		t.Errorf("%+v", done)
	}
	wantLabels(t, v, "Service001:ana@example.com", "Service002:ana@example.com", "Service003:ana@example.com")
	if n := len(v.Removed()); n != 1 {
		t.Errorf("%d removed", n)
	}
	if err := v.Verify(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, a := range v.Aside() {
		names = append(names, a.Name)
	}
	if !slices.Contains(names, "Broken:one") {
		t.Errorf("set aside: %q", names)
	}
	again := documentOf(t, v)
	if !slices.ContainsFunc(again.Aside, func(a snapshot.Aside) bool { return a.Line.Reveal() == line }) {
		t.Error("the bad line is not in the next backup")
	}
	takeIn(t, v, preview(t, v, d), Take{})
	if n := len(v.Aside()); n != len(names) {
		t.Errorf("taken in twice, %d are set aside, not %d", n, len(names))
	}
}

// A removed account that the backup has as live comes back.
func TestTakeInRemoved(t *testing.T) {
	v := openMem(t, t.TempDir(), newMemStore())
	stock(t, v, 2)
	d := documentOf(t, v)
	id := v.Accounts()[0].ID
	if err := v.Remove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	found := preview(t, v, d)
	if got := statuses(found); got != "kS" {
		t.Fatalf("statuses %s", got)
	}
	if done := takeIn(t, v, found, Take{}); !done.is(Taken{Added: 1, Same: 1}) {
		t.Errorf("%+v", done)
	}
	if a, ok := v.Account(id); !ok || !a.live() || len(v.Removed()) != 0 {
		t.Error("it is not back")
	}
}

// tenThousand makes a vault of as many accounts; digits tells two of them apart.
func tenThousand(b *testing.B, digits int) *Vault {
	b.Helper()
	v := openMem(b, b.TempDir(), newMemStore())
	ks := make([]otpauth.Key, 10000)
	for i := range ks {
		ks[i] = numbered(b, i%1000)
		ks[i].Account, ks[i].Digits = fmt.Sprintf("account %d", i), digits
	}
	if _, err := v.AddAll(b.Context(), ks); err != nil {
		b.Fatal(err)
	}
	return v
}

// Every key is replaced: at most 1.5 s is wanted.
func BenchmarkTakeInDiffers10000(b *testing.B) {
	benchmarkTakeIn(b, 8, Taken{Replaced: 10000}, func(f []Found) Take { return Take{Use: slices.Repeat([]bool{true}, len(f))} })
}

// Every account is removed and another comes in its place.
func BenchmarkTakeInReplace10000(b *testing.B) {
	benchmarkTakeIn(b, 8, Taken{Removed: 10000}, func([]Found) Take { return Take{Replace: true} })
}

func benchmarkTakeIn(b *testing.B, digits int, want Taken, how func([]Found) Take) {
	b.Helper()
	d, err := tenThousand(b, digits).Document(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if want.Removed > 0 {
		d.Accounts = nil
	}
	for b.Loop() {
		b.StopTimer()
		v := tenThousand(b, 6)
		b.StartTimer()
		found, err := v.Preview(b.Context(), d)
		if err != nil {
			b.Fatal(err)
		}
		if done, err := v.TakeIn(b.Context(), found, how(found)); err != nil || !done.is(want) {
			b.Fatal(done, err)
		}
	}
}

func BenchmarkTakeIn10000(b *testing.B) {
	d, err := tenThousand(b, 6).Document(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v := openMem(b, b.TempDir(), newMemStore())
		found, err := v.Preview(b.Context(), d)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := v.TakeIn(b.Context(), found, Take{}); err != nil {
			b.Fatal(err)
		}
	}
}

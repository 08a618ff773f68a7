// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package ui

import (
	"context"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/recovery/upkeep"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/secret"
	"github.com/kutano/authenticator/vault/snapshot"
)

// cared is a rig whose user has a recovery key, so that the banner is free for
// reminders.
func cared(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, kutanoURI)
	if err := r.vault.Vault.SetRecovery(context.Background(), snapshot.NewKey()); err != nil {
		t.Fatal(err)
	}
	r.u.reload()
	r.settle()
	return r
}

func (r *rig) note(n backupcodes.New) backupcodes.Set {
	r.t.Helper()
	s, err := r.u.care.safe.Note(context.Background(), n)
	if err != nil {
		r.t.Fatal(err)
	}
	r.u.careChanged()
	return s
}

func (r *rig) kutanoID() string { return string(r.vault.Accounts()[0].ID) }

// R70: half a year after a Kutano account came the review is asked for, and again
// a week after it was put off.
func TestReviewInTheBanner(t *testing.T) {
	r := cared(t)
	review := "Half a minute to check that you would get back in."
	if got := upkeep.Open(r.dir).Load(); got.Began != upkeep.At(noon) {
		t.Fatalf("the account came at %v", got.Began)
	}
	if r.sees(review) {
		t.Fatal("asked at once")
	}
	r.tick(noon.AddDate(0, 6, 0))
	r.mustSee(review, "Check now")
	n := r.u.shell.Banner().Notice()
	n.Later()
	r.settle()
	if n := r.u.shell.Banner().Notice(); n != nil {
		t.Errorf("after it was put off it says %q", n.Text)
	}
	r.tick(noon.AddDate(0, 6, 0).Add(upkeep.Later))
	r.mustSee(review)
	r.u.shell.Banner().Press()
	if r.u.shell.Selected() != placeSetup {
		t.Errorf("it leads to %q", r.u.shell.Selected())
	}
}

// R71: after a code was used, and when few are left, new ones are asked for; sets
// of other services are none of it.
func TestBackupCodesInTheBanner(t *testing.T) {
	r := cared(t)
	r.note(backupcodes.New{Title: "GitHub", Where: "at home", Count: 1})
	s := r.note(backupcodes.New{Account: r.kutanoID(), Title: "Kutano", Where: "in the safe at home", Count: 5})
	if n := r.u.shell.Banner().Notice(); n != nil {
		t.Fatalf("it says %q", n.Text)
	}
	use := func() {
		if _, err := r.u.care.safe.UseNoted(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		r.u.careChanged()
	}
	use()
	r.mustSee("You used a backup code.")
	use()
	r.mustSee("3 backup codes are left.")
	for range 3 {
		use()
	}
	r.mustSee("All your backup codes are used.")
}

// What another program does with backup codes counts at once, though the place for
// them was never opened.
func TestBackupCodesOfAnotherProgram(t *testing.T) {
	r := cared(t)
	other, err := backupcodes.Open(r.dir, r.u.True.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Note(t.Context(), backupcodes.New{Account: r.kutanoID(), Title: "Kutano", Where: "at home", Count: 2}); err != nil {
		t.Fatal(err)
	}
	limit, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for len(r.u.care.safe.Sets()) == 0 {
		if limit.Err() != nil {
			t.Fatal("it is never seen")
		}
		runtime.Gosched()
	}
	r.tick(noon)
	r.mustSee("2 backup codes are left.")
}

// News of what was written may come late, and in another order: what is known in
// the end is what the file has, and nothing that was just said is unknown between.
func TestNewsOfUpkeepInAnyOrder(t *testing.T) {
	r := cared(t)
	put := func(k upkeep.Kind) func(*upkeep.State) { return func(s *upkeep.State) { s.Defer(k, noon) } }
	known := func(want ...upkeep.Kind) {
		t.Helper()
		for _, k := range want {
			if r.u.care.state.PutOff[k] == 0 {
				t.Errorf("%q is not known", k)
			}
		}
	}
	write := func(k upkeep.Kind) written {
		w, err := r.u.writeUpkeep(t.Context(), put(k))
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	first, second := write(upkeep.Review), write(upkeep.Number)
	r.u.upkeepWritten(second, nil)
	r.u.upkeepWritten(first, nil)
	known(upkeep.Review, upkeep.Number)

	third := write(upkeep.NoCodes)
	r.u.changeUpkeep(put(upkeep.FewCodes))
	r.u.upkeepWritten(third, nil)
	known(upkeep.FewCodes)
	r.settle()
	known(upkeep.Review, upkeep.Number, upkeep.NoCodes, upkeep.FewCodes)
}

// What keeps codes from being right comes before any reminder.
func TestTroubleBeforeReminders(t *testing.T) {
	r := newRig(t, kutanoURI)
	s := state{now: noon, recovery: true, accounts: 1, reminder: &upkeep.Reminder{Kind: upkeep.Review, Text: "review"}}
	if n, what := mostUrgent(s); n == nil || what != seeTo {
		t.Errorf("with nothing else: %v", what)
	}
	s.recovery = false
	if _, what := mostUrgent(s); what != makeKey {
		t.Errorf("a review comes before the recovery key: %v", what)
	}
	s.reminder.Kind = upkeep.NoCodes
	if _, what := mostUrgent(s); what != seeTo {
		t.Errorf("no codes left: %v", what)
	}
	s.aside = 1
	if _, what := mostUrgent(s); what != showAside {
		t.Errorf("an entry that cannot be read: %v", what)
	}
	r.u.Stop()
}

// The system shows a reminder while the window is not in front, once a week, and
// nothing in it says whose or what for.
func TestNotifications(t *testing.T) {
	r := cared(t)
	r.u.remindLater(firstReminder)
	r.clock.set(noon.AddDate(0, 7, 0))
	told := 0
	r.u.Notify = func(n *fyne.Notification) {
		told++
		if n.Title != "Kutano Authenticator" || n.Content != "It is time for the regular check. It takes half a minute." {
			t.Errorf("it says %q %q", n.Title, n.Content)
		}
	}
	fire := func() {
		run(&r.later.remind)
		r.settle()
	}
	if fire(); told != 0 {
		t.Error("told while the window is in front")
	}
	r.u.behind = true
	if fire(); told != 1 {
		t.Errorf("told %d times", told)
	}
	if fire(); told != 1 {
		t.Error("told again two hours later")
	}
	r.clock.set(noon.AddDate(0, 7, 0).Add(upkeep.Later))
	set := r.u.Settings.Get()
	set.NoReminders = true
	if err := r.u.Settings.Set(set); err != nil {
		t.Fatal(err)
	}
	if fire(); told != 1 {
		t.Error("told though the user wants none")
	}
	set.NoReminders = false
	if err := r.u.Settings.Set(set); err != nil {
		t.Fatal(err)
	}
	if fire(); told != 2 {
		t.Error("not told a week later")
	}
	if r.u.Stop(); r.later.remind != nil {
		t.Error("the timer runs on after the end")
	}
}

func TestReadinessFacts(t *testing.T) {
	r := cared(t)
	f := r.u.readinessFacts()
	if !f.KeyHere || f.Method != readiness.App || f.CodesKnown || !f.RecoveryKey || !f.CopyAt.IsZero() {
		t.Errorf("at first: %+v", f)
	}
	r.note(backupcodes.New{Account: r.kutanoID(), Title: "Kutano", Count: 10})
	if f := r.u.readinessFacts(); !f.CodesKnown || f.CodesHere || f.CodesLeft != 10 {
		t.Errorf("a note: %+v", f) // R68
	}
	r.u.changeUpkeep(func(s *upkeep.State) { s.OtherDevice, s.Method = readiness.Yes, readiness.SMS })
	r.settle()
	if f := r.u.readinessFacts(); f.OtherDevice != readiness.Yes || f.Method != readiness.SMS {
		t.Errorf("after what was said: %+v", f)
	}
	if got := upkeep.Open(r.dir).Load(); got.OtherDevice != readiness.Yes {
		t.Errorf("kept: %+v", got)
	}
}

// Codes of an account whose key went from here, to a phone perhaps, still count.
func TestCodesOfAnAccountThatIsGone(t *testing.T) { // R48
	r := cared(t)
	r.note(backupcodes.New{Account: "0123456789abcdef", Title: "Kutano · ana@example.com", Where: "at home", Count: 9})
	r.note(backupcodes.New{Account: "0123456789abcdef", Title: "GitHub", Where: "at home", Count: 3})
	if f := r.u.readinessFacts(); !f.CodesKnown || f.CodesLeft != 9 {
		t.Errorf("%+v", f)
	}
	if sets := r.u.kutanoSets(); len(sets) != 1 {
		t.Errorf("%d sets", len(sets))
	}
}

// Of several sets the one counts that gets somebody in.
func TestBestCodesCount(t *testing.T) {
	ctx, pass := context.Background(), secret.FromString("correct horse battery staple")
	used := backupcodes.New{Title: "Kutano old", Where: "at home", First: 10}
	for _, first := range []bool{true, false} {
		r := cared(t)
		if err := r.u.care.safe.Create(ctx, pass); err != nil {
			t.Fatal(err)
		}
		if first {
			r.note(used)
			r.clock.set(noon.Add(time.Minute))
		}
		if _, err := r.u.care.safe.Keep(ctx, backupcodes.New{Title: "Kutano", Codes: []secret.Value{secret.FromString("one"), secret.FromString("two")}}); err != nil {
			t.Fatal(err)
		}
		if !first {
			r.clock.set(noon.Add(time.Minute))
			r.note(used)
		}
		if f := r.u.readinessFacts(); !f.CodesKnown || !f.CodesHere || f.CodesLeft != 2 {
			t.Errorf("used up first %v: %+v", first, f)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"context"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/profile"
	"github.com/kutano/authenticator/recovery/readiness"
	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/system"
	"github.com/kutano/authenticator/sync/link"
	"github.com/kutano/authenticator/vault"
	"github.com/kutano/authenticator/vault/backupcodes"
	"github.com/kutano/authenticator/vault/keystore"
	"github.com/kutano/authenticator/vault/otpauth"
)

var now = time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC)

// kutano is an account of which a code was accepted a month ago.
func kutano() vault.Account {
	return vault.Account{
		ID: "abcdefghijkl", Issuer: "Kutano", Name: "ana@example.com", Type: otpauth.TOTP, Algorithm: otpauth.SHA1,
		Digits: 6, Period: 30, Verified: now.AddDate(0, -1, 0),
	}
}

// well is how things stand where nothing is wrong.
func well() Sources {
	return Sources{
		GOOS: "linux", Version: "0.1.0", Profile: profile.Default(), Accounts: []vault.Account{kutano()}, Kind: keystore.Keyring,
		Now: now, Clock: measured(0, time.Millisecond, clock.NTP), Hint: system.Hint{Automatic: system.Yes}, Camera: CameraNA,
	}
}

func measured(off, uncertainty time.Duration, kinds ...clock.Kind) clock.Status {
	m := &clock.Measurement{Agreement: clock.Agreement{Offset: off, Uncertainty: uncertainty}}
	for _, k := range kinds {
		m.With = append(m.With, clock.Estimate{Offset: off, Uncertainty: uncertainty, Kind: k, Name: "time.example.com"})
	}
	return clock.Status{Measured: m, Uncertainty: uncertainty, Age: time.Hour}
}

// linked is a link where the service has seen nothing wrong.
func linked(change func(*link.Linked)) *link.Linked {
	l := &link.Linked{
		Address: "https://app.example.com", Who: link.Who{ID: "1", Email: "ana@example.com", Name: "Ana"}, SeenAt: now,
		Seen: link.Status{Enabled: true, Method: link.TOTP, Since: now.AddDate(0, -2, 0), Codes: link.Codes{Left: 10, All: 10, Made: now.AddDate(0, -2, 0), Saved: true}},
	}
	if change != nil {
		change(l)
	}
	return l
}

func set(change func(*backupcodes.Set)) backupcodes.Set {
	s := backupcodes.Set{ID: "0123456789abcdef", Account: "abcdefghijkl", Title: "Kutano", Place: backupcodes.Elsewhere, Where: "in the safe", Made: now.AddDate(0, -1, 0)}
	if change != nil {
		change(&s)
	}
	return s
}

// checks are the cases of one field: what is changed in well, and what comes of it.
type checks[T comparable] []struct {
	name string
	with func(*Sources)
	want T
}

// run runs the cases and tells which values came out.
func (cs checks[T]) run(t *testing.T, field func(Standing) T) map[T]bool {
	t.Helper()
	out := map[T]bool{}
	for _, c := range cs {
		s := well()
		c.with(&s)
		got := field(Of(s))
		out[got] = true
		if got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	return out
}

// all wants every value of an enumeration to have come out, and no other.
func all[T ~uint8](t *testing.T, out map[T]bool, names []string) {
	t.Helper()
	for i, n := range names {
		if !out[T(i)] {
			t.Errorf("%s never comes out", n)
		}
	}
	if len(out) > len(names) {
		t.Errorf("%d values came out, and %d have a name", len(out), len(names))
	}
}

// plain is a case that says it by its value alone.
func plain[T comparable](set func(*Sources), want T) (c struct {
	name string
	with func(*Sources)
	want T
},
) {
	c.name, c.with, c.want = fmt.Sprint(want), set, want
	return c
}

func TestPlatform(t *testing.T) {
	goos := func(g string) func(*Sources) { return func(s *Sources) { s.GOOS = g } }
	all(t, checks[Platform]{
		plain(goos("linux"), Linux), plain(goos("windows"), Windows), plain(goos("darwin"), MacOS), plain(goos("android"), Android),
		plain(goos("ios"), IOS), plain(goos("js"), Web), plain(goos("wasip1"), Web), plain(goos("freebsd"), OtherPlatform), plain(goos(""), OtherPlatform),
	}.run(t, func(s Standing) Platform { return s.Platform }), platformNames)
}

// R53: the stretches, to the hundredth at their bounds; slow and fast.
func TestClock(t *testing.T) {
	by := func(seconds float64) func(*Sources) {
		return func(s *Sources) {
			s.Clock = measured(time.Duration(seconds*float64(time.Second)), 10*time.Millisecond, clock.NTP)
		}
	}
	with := func(off, uncertainty time.Duration) func(*Sources) {
		return func(s *Sources) { s.Clock = measured(off, uncertainty, clock.Codes) }
	}
	cs := checks[Clock]{
		{"nothing measured", func(s *Sources) { s.Clock = clock.Status{} }, ClockUnchecked},
		{"set since", func(s *Sources) { s.Clock.Stale = clock.Stepped }, ClockUnchecked},
		{"started anew since", func(s *Sources) { s.Clock.Stale = clock.Restarted }, ClockUnchecked},
		{"right, and old", func(s *Sources) { s.Clock.Age = 29 * time.Hour }, ClockUnchecked},
		{"slow, and old", func(s *Sources) { by(47)(s); s.Clock.Age = 29 * time.Hour }, Slow30},
		{"right, as far as another device tells", with(time.Second, 15*time.Second), ClockUnchecked},
		{"perhaps wrong", with(8*time.Second, 15*time.Second), ClockUnchecked},
		{"slow, as another device tells", with(47*time.Second, 15*time.Second), Slow30},
		{"corrected", func(s *Sources) { by(47)(s); s.Clock.Applied = 47 * time.Second }, ClockRight},
		{"corrected by two hours", func(s *Sources) { with(2*time.Hour, time.Second)(s); s.Clock.Applied = 2 * time.Hour }, ClockRight},
		{"corrected long ago", func(s *Sources) { by(47)(s); s.Clock.Applied, s.Clock.Age = 47*time.Second, 29*time.Hour }, ClockUnchecked},
		{"corrected by too little", func(s *Sources) { by(90)(s); s.Clock.Applied = 47 * time.Second }, Slow30},
		{"two hours", with(2*time.Hour, time.Second), WholeHours},
		{"two hours and a minute by hand", with(2*time.Hour+time.Minute, time.Second), WholeHours},
		{"an hour, fast", with(-time.Hour, time.Second), WholeHours},
		{"half an hour", with(30*time.Minute, time.Second), WholeHours},
		{"ten minutes", with(10*time.Minute, time.Second), Slow90},
		{"fifteen hours", with(15*time.Hour, time.Second), Slow90},
		{"two months and more", with(-61*24*time.Hour, time.Second), WrongYear},
		{"the year cannot be", func(s *Sources) { s.Now = s.Now.AddDate(-20, 0, 0) }, WrongYear},
		{"the year cannot be, and nothing is measured", func(s *Sources) { s.Now, s.Clock = s.Now.AddDate(-20, 0, 0), clock.Status{} }, WrongYear},
	}
	for _, c := range []struct {
		seconds    float64
		slow, fast Clock
	}{
		{0, ClockRight, ClockRight},
		{2.49, ClockRight, ClockRight},
		{2.5, Slow3, Fast3},
		{10, Slow3, Fast3},
		{10.49, Slow3, Fast3},
		{10.5, Slow11, Fast11},
		{11, Slow11, Fast11},
		{29, Slow11, Fast11},
		{29.5, Slow30, Fast30},
		{30, Slow30, Fast30},
		{59, Slow30, Fast30},
		{60, Slow60, Fast60},
		{89, Slow60, Fast60},
		{89.49, Slow60, Fast60},
		{89.5, Slow90, Fast90},
		{90, Slow90, Fast90},
		{500, Slow90, Fast90},
	} {
		cs = append(cs, plain(by(c.seconds), c.slow), plain(by(-c.seconds), c.fast))
		cs[len(cs)-2].name, cs[len(cs)-1].name = fmt.Sprint(c.seconds, " slow"), fmt.Sprint(c.seconds, " fast")
	}
	all(t, cs.run(t, func(s Standing) Clock { return s.Clock }), clockNames)
}

func TestSource(t *testing.T) {
	by := func(kinds ...clock.Kind) func(*Sources) {
		return func(s *Sources) { s.Clock = measured(47*time.Second, time.Second, kinds...) }
	}
	all(t, checks[Source]{
		{"nothing measured", func(s *Sources) { s.Clock = clock.Status{} }, NoSource},
		{"holds no longer", func(s *Sources) { s.Clock.Stale = clock.Stepped }, NoSource},
		{"too vague", func(s *Sources) { s.Clock = measured(time.Second, 15*time.Second, clock.Codes) }, NoSource},
		{"only the system itself", by(clock.System), NoSource},
		{"the year cannot be", func(s *Sources) { s.Now, s.Clock = s.Now.AddDate(-20, 0, 0), clock.Status{} }, NoSource},
		{"the linked service, and time servers", by(clock.NTP, clock.Service), ServerTime},
		{"web servers", by(clock.Web), ServerTime},
		{"what a service took", by(clock.Tries), ServerTime},
		{"time servers, and web servers", by(clock.Web, clock.NTP), NTP},
		{"proven time servers", by(clock.NTS), NTP},
		{"codes", by(clock.Codes), OtherDevice},
	}.run(t, func(s Standing) Source { return s.Source }), sourceNames)
}

func TestStore(t *testing.T) {
	err := func(err error) func(*Sources) {
		return func(s *Sources) { s.StoreErr = fmt.Errorf("open vault: %w", err) }
	}
	all(t, checks[Store]{
		{"open", func(*Sources) {}, StoreOK},
		{"a sealed file", func(s *Sources) { s.Kind = keystore.File }, SealedFile},
		plain(err(keystore.ErrLocked), StoreLocked), plain(err(keystore.ErrSealed), StoreLocked),
		plain(err(keystore.ErrNoPassphrase), StoreLocked), plain(err(keystore.ErrPassphrase), StoreLocked),
		plain(err(&vault.WaitError{For: time.Second}), StoreLocked),
		plain(err(keystore.ErrNoService), NoBackend), plain(err(keystore.ErrTimeout), NoBackend),
		plain(err(fmt.Errorf("%w: %w", keystore.ErrNoService, fs.ErrNotExist)), NoBackend), plain(err(keystore.ErrFailed), NoBackend), plain(err(context.DeadlineExceeded), NoBackend),
		plain(err(keystore.ErrDenied), StoreDenied), plain(err(fmt.Errorf("%w: %w", keystore.ErrFailed, fs.ErrPermission)), StoreDenied),
		plain(err(fmt.Errorf("%w: %w", vault.ErrReadOnly, fs.ErrPermission)), StoreReadOnly),
		plain(err(vault.ErrKeysGone), EntryMissing), plain(err(keystore.ErrNotFound), EntryMissing),
		plain(err(vault.ErrMoved), EntryMissing), plain(err(vault.ErrOther), EntryMissing),
		plain(err(fmt.Errorf("%w: %w", keystore.ErrFailed, fs.ErrNotExist)), EntryMissing),
		plain(err(vault.ErrAside), EntryUnreadable), plain(err(keystore.ErrUnreadable), EntryUnreadable),
		plain(err(keystore.ErrDamaged), EntryUnreadable), plain(err(vault.ErrNewer), EntryUnreadable), plain(err(vault.ErrBusy), EntryUnreadable),
		{"a sealed file that fails", func(s *Sources) { s.Kind, s.StoreErr = keystore.File, keystore.ErrFailed }, EntryUnreadable},
	}.run(t, func(s Standing) Store { return s.Store }), storeNames)
}

// R55: and what stands before scanning again.
func TestEnrolment(t *testing.T) {
	change := func(do func(*vault.Account)) func(*Sources) { return func(s *Sources) { do(&s.Accounts[0]) } }
	seen := func(do func(*link.Linked)) func(*Sources) { return func(s *Sources) { s.Linked = linked(do) } }
	method := func(m readiness.Method) func(*Sources) { return func(s *Sources) { s.Upkeep.Method = m } }
	bin := func(s *Sources) { s.Removed, s.Accounts = s.Accounts, nil }
	other := vault.Account{ID: "bbbbbbbbbbbb", Issuer: "Elsewhere", Type: otpauth.HOTP, Algorithm: otpauth.SHA512, Digits: 8}
	all(t, checks[Enrolment]{
		{"nothing", func(s *Sources) { s.Accounts = nil }, NoAccount},
		{"only others", func(s *Sources) { s.Accounts, s.Removed = []vault.Account{other}, []vault.Account{other} }, NoAccount},
		{"beside others", func(s *Sources) { s.Accounts = append(s.Accounts, other, other) }, Active},
		{"by the user's word", change(func(a *vault.Account) { a.Issuer, a.Kutano = "Work", true }), Active},
		{"never proved", change(func(a *vault.Account) { a.Verified = time.Time{} }), Unproved},
		{"accepted just now", func(s *Sources) { s.Accounts[0].Verified, s.Last = time.Time{}, Accepted }, Active},
		{"by counter", change(func(a *vault.Account) { a.Type = otpauth.HOTP }), Unusual},
		{"another algorithm", change(func(a *vault.Account) { a.Algorithm = otpauth.SHA256 }), Unusual},
		{"eight digits", change(func(a *vault.Account) { a.Digits = 8 }), Unusual},
		{"a minute", change(func(a *vault.Account) { a.Period, a.Verified = 60, time.Time{} }), Unusual},
		{"two", func(s *Sources) { s.Accounts = append(s.Accounts, kutano()) }, Duplicates},
		{"two, one unusual", func(s *Sources) { s.Accounts = append(s.Accounts, kutano()); s.Accounts[1].Digits = 8 }, Duplicates},
		{"linked, and well", seen(nil), Active},
		{"set up elsewhere since", seen(func(l *link.Linked) { l.Seen.Since = now.AddDate(0, 0, -1) }), Replaced},
		{"set up within the hour: perhaps here", func(s *Sources) {
			s.Linked = linked(func(l *link.Linked) { l.Seen.Since = s.Accounts[0].Verified.Add(time.Hour) })
		}, Active},
		{"and noticed", func(s *Sources) {
			s.Linked = linked(func(l *link.Linked) {
				l.Seen.Since, l.Untold = s.Accounts[0].Verified.Add(time.Minute), []link.Event{link.SwitchedToApp}
			})
		}, Replaced},
		{"set up elsewhere, and scanned since", func(s *Sources) {
			s.Accounts[0].Verified = time.Time{}
			s.Linked = linked(func(l *link.Linked) { l.Seen.Since, l.Untold = now, []link.Event{link.SwitchedToApp} })
		}, Unproved},
		{"by text message", seen(func(l *link.Linked) { l.Seen.Method = link.SMS }), ByText},
		{"by text message, as the user said", method(readiness.SMS), ByText},
		{"the service knows better", func(s *Sources) { method(readiness.SMS)(s); s.Linked = linked(nil) }, Active},
		{"what was seen before the link ended", seen(func(l *link.Linked) { l.Seen.Method, l.Ended = link.SMS, true }), Active},
		{"never looked at", seen(func(l *link.Linked) { l.Seen, l.SeenAt = link.Status{}, time.Time{} }), Active},
		{"off", seen(func(l *link.Linked) { l.Seen = link.Status{} }), Off},
		{"off, as the user said", method(readiness.Off), Off},
		{"reset", seen(func(l *link.Linked) { l.Seen = link.Status{EnrolBy: now} }), WasReset},
		{"shut", seen(func(l *link.Linked) { l.Seen.Blocked = true }), Shut},
		{"in the bin", bin, InBin},
		{"in the bin, and shut", func(s *Sources) { bin(s); s.Linked = linked(func(l *link.Linked) { l.Seen.Blocked = true }) }, InBin},
		{"in the bin, and by text message", func(s *Sources) { bin(s); method(readiness.SMS)(s) }, ByText},
		{"in the bin, and here", func(s *Sources) { s.Removed = s.Accounts }, Active},
	}.run(t, func(s Standing) Enrolment { return s.Enrolment }), enrolmentNames)
}

func TestLink(t *testing.T) {
	err := func(err error) func(*Sources) {
		return func(s *Sources) { s.Linked, s.LinkErr = linked(nil), fmt.Errorf("look: %w", err) }
	}
	unread := func(err error) func(*Sources) { return func(s *Sources) { s.LinkErr = err } }
	differs := func(s *Sources) {
		s.Linked = linked(nil)
		s.Clock.Measured.Against = []clock.Estimate{{Kind: clock.Service, Offset: time.Hour}}
	}
	all(t, checks[Link]{
		{"none", func(*Sources) {}, NoLink},
		{"none, and the service's clock is known", func(s *Sources) { differs(s); s.Linked = nil }, NoLink},
		{"linked", func(s *Sources) { s.Linked = linked(nil) }, LinkOK},
		{"ended", func(s *Sources) { s.Linked = linked(func(l *link.Linked) { l.Ended = true }) }, LinkExpired},
		plain(err(link.ErrEnded), LinkExpired), plain(err(link.ErrNotLinked), LinkExpired), plain(unread(link.ErrUnreadable), LinkExpired),
		plain(err(link.ErrUnreachable), LinkOffline), plain(err(link.ErrNotService), LinkOffline),
		plain(err(link.ErrTLS), LinkTLS),
		plain(err(link.ErrStrange), AppTooOld), plain(unread(link.ErrNewer), AppTooOld),
		plain(err(link.ErrTooMany), LinkOK), plain(err(keystore.ErrSealed), LinkOK),
		{"its clock differs", differs, ServiceClock},
		{"differed, before the clock was set", func(s *Sources) { differs(s); s.Clock.Stale = clock.Stepped }, LinkOK},
		{"nothing there to be linked", unread(link.ErrNotLinked), NoLink},
	}.run(t, func(s Standing) Link { return s.Link }), linkNames)
}

// R58 R68
func TestCodes(t *testing.T) {
	sets := func(all ...backupcodes.Set) func(*Sources) { return func(s *Sources) { s.Sets = all } }
	counted := func(first, left int) backupcodes.Set {
		return set(func(b *backupcodes.Set) { b.First, b.Left = first, left })
	}
	here := func(b *backupcodes.Set) { b.Place, b.Where, b.First, b.Left = backupcodes.Here, "", 10, 9 }
	seen := func(n int) func(*Sources) {
		return func(s *Sources) { s.Linked = linked(func(l *link.Linked) { l.Seen.Codes.Left = n }) }
	}
	unsaved := func(s *Sources) { s.Linked = linked(func(l *link.Linked) { l.Seen.Codes.Saved = false }) }
	all(t, checks[Codes]{
		{"nothing", func(*Sources) {}, CodesUnknown},
		{"another account's", sets(set(func(b *backupcodes.Set) { b.Account, b.Title = "bbbbbbbbbbbb", "Elsewhere" })), CodesUnknown},
		{"an account that is here and not Kutano's, with its name", func(s *Sources) {
			s.Accounts = append(s.Accounts, vault.Account{ID: "bbbbbbbbbbbb", Issuer: "Elsewhere"})
			s.Sets = []backupcodes.Set{set(func(b *backupcodes.Set) { b.Account = "bbbbbbbbbbbb" })}
		}, CodesUnknown},
		{"a note", sets(set(nil)), CodesNoted},
		{"a note of an account that is on a phone", sets(set(func(b *backupcodes.Set) { b.Account = "" })), CodesNoted},
		{"a note, and a used up set", sets(counted(10, 0), set(nil)), CodesNoted},
		{"here, and not counted", sets(set(func(b *backupcodes.Set) { here(b); b.First = 0 }), set(nil)), CodesHere},
		{"a note first, and here", sets(set(nil), set(func(b *backupcodes.Set) { here(b); b.First = 0 })), CodesHere},
		{"the list was damaged", func(s *Sources) { s.SafeErr = backupcodes.ErrRegister }, CodesHere},
		{"of a newer version", func(s *Sources) { s.SafeErr = backupcodes.ErrNewer }, CodesHere},
		{"none left", sets(counted(10, 0)), NoneLeft},
		{"one left", sets(counted(10, 1)), FewLeft},
		{"three left", sets(counted(10, 3)), FewLeft},
		{"four left", sets(counted(10, 4)), ManyLeft},
		{"the best of two", sets(counted(10, 1), counted(10, 8), counted(10, 0)), ManyLeft},
		{"here", sets(set(here)), ManyLeft},
		{"here, and the file is missing", func(s *Sources) { sets(set(here))(s); s.SafeErr = backupcodes.ErrMissing }, NoneLeft},
		{"here and elsewhere, and the file is missing", func(s *Sources) {
			sets(set(func(b *backupcodes.Set) { here(b); b.Where = "in the safe" }))(s)
			s.SafeErr = backupcodes.ErrMissing
		}, ManyLeft},
		{"the service: none", seen(0), NoneLeft},
		{"the service: three", seen(3), FewLeft},
		{"the service: four", seen(4), ManyLeft},
		{"the service counts better", func(s *Sources) { sets(counted(10, 9))(s); seen(2)(s) }, FewLeft},
		{"the service has none", func(s *Sources) {
			sets(counted(10, 9))(s)
			s.Linked = linked(func(l *link.Linked) { l.Seen.Codes = link.Codes{} })
		}, ManyLeft},
		{"the service: nobody said they are saved", unsaved, NeverSaved},
		{"and none is left", func(s *Sources) { unsaved(s); s.Linked.Seen.Codes.Left = 0 }, NoneLeft},
		{"but it is noted here", func(s *Sources) { unsaved(s); sets(set(nil))(s) }, ManyLeft},
		{"what is noted is of older codes", func(s *Sources) { unsaved(s); s.Linked.Seen.Codes.Made = now; sets(set(nil))(s) }, NeverSaved},
		{"after a set-up", func(s *Sources) { s.Upkeep.SetUp = 1 }, NeverSaved},
		{"after one that was undone", func(s *Sources) { s.Upkeep.SetUp, s.Upkeep.Method = 1, readiness.Off }, CodesUnknown},
	}.run(t, func(s Standing) Codes { return s.Codes }), codesNames)
}

func TestAutomaticLastCamera(t *testing.T) {
	hint := func(a system.Answer) func(*Sources) { return func(s *Sources) { s.Hint.Automatic = a } }
	all(t, checks[Automatic]{
		plain(hint(system.NotKnown), AutomaticUnknown), plain(hint(system.Yes), AutomaticOn), plain(hint(system.No), AutomaticOff),
	}.run(t, func(s Standing) Automatic { return s.Automatic }), automaticNames)
	last := func(l Last, proved bool) func(*Sources) {
		return func(s *Sources) {
			if s.Last = l; !proved {
				s.Accounts[0].Verified = time.Time{}
			}
		}
	}
	all(t, checks[Last]{
		plain(last(NoneTried, false), NoneTried), plain(last(NoneTried, true), Accepted), plain(last(Accepted, false), Accepted),
		plain(last(RefusedOld, true), RefusedOld), plain(last(RefusedWrong, true), RefusedWrong),
	}.run(t, func(s Standing) Last { return s.Last }), lastNames)
	var cs checks[Camera]
	for c := CameraOK; c <= CameraNA; c++ {
		cs = append(cs, plain(func(s *Sources) { s.Camera = c }, c))
	}
	all(t, cs.run(t, func(s Standing) Camera { return s.Camera }), cameraNames)
}

func TestVersion(t *testing.T) {
	for text, want := range map[string][2]uint8{
		"0.1.0": {0, 1}, "v1.2.3": {1, 2}, "0.1.0-dev": {0, 1}, "3.31": {3, 31}, "2.0+5": {2, 0}, "0.9-rc1": {0, 9},
		"4.0.0": {}, "1.32.0": {}, "dev": {}, "": {}, "1": {}, "1.": {}, ".1": {}, "-1.2": {}, "1.x": {}, "256.1": {}, "1.-2": {},
	} {
		s := well()
		s.Version = text
		if got := Of(s); got.Major != want[0] || got.Minor != want[1] {
			t.Errorf("%q: %d.%d, want %v", text, got.Major, got.Minor, want)
		}
	}
}

// Nothing known is a standing, too; and where nothing is wrong, nothing is to be seen to.
func TestZeroAndWell(t *testing.T) {
	zero := Of(Sources{Now: now})
	if want := (Standing{Platform: OtherPlatform}); zero != want {
		t.Errorf("of nothing: %+v", zero)
	}
	want := Standing{Clock: ClockRight, Source: NTP, Enrolment: Active, Automatic: AutomaticOn, Last: Accepted, Camera: CameraNA, Minor: 1}
	if got := Of(well()); got != want {
		t.Errorf("%+v", got)
	}
}

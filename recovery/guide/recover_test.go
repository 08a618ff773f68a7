// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// backIn are the requirements on getting back in.
// R49 R50 R51 R52 R53 R54 R55 R56 R57 R58 R59 R60 R64 R65 R66 R67 R68 R69 R70 R71 R72
func backIn() []string {
	var ids []string
	for n := 49; n <= 72; n++ {
		if n <= 60 || n >= 64 {
			ids = append(ids, fmt.Sprintf("R%02d", n))
		}
	}
	return ids
}

// shown names the tests that show what a requirement is about where that is more
// than what the guide says.
var shown = map[string][]string{
	"R50": {"server/otp/phone_test.go TestMask", "server/pages/setup_test.go TestTheGuideBySMS"},
	"R52": {"server/sentcode/sentcode_test.go TestWait"},
	"R53": {"recovery/check/check_test.go TestOrder", "sync/clock/verdict/verdict_test.go TestSentences"},
	"R54": {"recovery/check/check_test.go TestOrder", "server/otp/totp_test.go TestWindow"},
	"R55": {"recovery/check/check_test.go TestOrder", "server/factor/change_test.go TestScanAgain"},
	"R56": {"recovery/check/check_test.go TestOrder", "recovery/check/topic_test.go TestTopics"},
	"R57": {"server/factor/backup_test.go TestBackupCodes"},
	"R58": {"recovery/profile/profile_test.go TestFill", "recovery/readiness/readiness_test.go TestOf"},
	"R59": {"server/desk/reset_test.go TestReset", "server/desk/real_test.go TestBypassLeadsToEnrolment"},
	"R60": {"server/signin/need_test.go TestNeed", "server/desk/reset_test.go TestResetInsists"},
	"R65": {"recovery/readiness/readiness_test.go TestOf", "ui/safe/keep_test.go TestTakeAndSeal"},
	"R66": {"server/factor/change_test.go TestNewNumber", "recovery/upkeep/upkeep_test.go TestDue"},
	"R68": {"recovery/guide/platform_test.go TestWhereTheCodesAre", "ui/safe/keep_test.go TestTakeAndNote"},
	"R70": {"recovery/upkeep/upkeep_test.go TestDue"},
	"R71": {"recovery/upkeep/upkeep_test.go TestDue", "server/factor/backup_test.go TestBackupCodes"},
	"R72": {"recovery/upkeep/upkeep_test.go TestDue"},
}

// The tests that are named are there.
func TestShown(t *testing.T) {
	for id, tests := range shown {
		for _, test := range tests {
			file, name, _ := strings.Cut(test, " ")
			text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(file)))
			if err != nil || !regexp.MustCompile(`(?m)^func `+name+`\(t \*testing\.T\)`).Match(text) {
				t.Errorf("%s: there is no %s (%v)", id, test, err)
			}
		}
	}
}

// What the published guide says to who cannot get in, and of backup codes (R61 R62
// R63), is said, in the step that claims it.
func TestWhatRecoverySays(t *testing.T) {
	for id, want := range map[string][]string{
		"R49": {"reception", "bars at the top", "airplane mode"},
		"R50": {"the right number", "last digits"},
		"R51": {"providers block"},
		"R52": {"few minutes", "ask for a new code", "Only the newest one works"},
		"R53": {"Codes are made from the time", "Set time automatically", "timedatectl"},
		"R54": {"Wait for the next code", "every 30 seconds"},
		"R55": {"new QR code puts that right", "replaces the old one"},
		"R57": {"instead of the code from the app or the text message"},
		"R58": {"workspace administrator", "{contact}"},
		"R59": {"switch two-factor sign-in off for a while"},
		"R60": {"Set up two-factor sign-in again on the device that you have now"},
		"R61": {"password manager"},
		"R62": {"Each works only once"},
		"R63": {"new backup codes"},
		"R64": {"do not share it"},
		"R65": {"not only on that device"},
		"R66": {"give Kutano your new number at once"},
		"R67": {"always have with you"},
		"R68": {"where you can reach them", "{codes}"},
		"R69": {"You can change to this app at any time"},
		"R70": {"Twice a year"},
		"R71": {"Used a backup code? Make new ones."},
		"R72": {"Changed your number or your provider?"},
	} {
		says(t, guides(t)[1], id, want)
	}
}

// Nobody is asked for a code, and it is said on the step of the call and beside
// backup codes.
func TestNobodyAsksForACode(t *testing.T) {
	for _, id := range []string{"call", "backup", "asked-backup", "gone-backup", "no-text-backup"} {
		s, _ := guides(t)[1].Step(id)
		if !strings.Contains(strings.Join(s.Sentences(), " "), "Kutano support will never ask you for") {
			t.Errorf("%s does not say it", id)
		}
	}
	for _, s := range guides(t)[1].Steps {
		if s.Live == Call && s.ID != "call" {
			t.Errorf("%s is a call of its own", s.ID)
		}
	}
}

// asking are the steps that ask whether somebody is still signed in somewhere.
var asking = map[string]bool{"refused-rescan": true, "no-codes-signed": true}

// reaches are the steps that a step leads to by whatever way, without those that ask.
func reaches(g *Guide, from string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{from}; len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		if s, ok := g.Step(todo[0]); ok && !asking[s.ID] {
			todo = append(todo, s.targets()...)
		}
	}
	return seen
}

// Nobody comes to a call who was not asked whether they are still signed in somewhere,
// which needs no call at all, and nobody who says no is asked again.
func TestAskedWhetherSignedIn(t *testing.T) {
	g := guides(t)[1]
	for _, e := range g.Entries {
		if reaches(g, e.First)["call"] {
			t.Errorf("from %s one comes to a call unasked", e.First)
		}
	}
	for id := range asking {
		s, _ := g.Step(id)
		i := slices.IndexFunc(s.Choices, func(c Choice) bool { return c.Label == "No, nowhere" })
		if i < 0 || !strings.Contains(strings.Join(s.Look.On(Linux), " "), "still signed in to Kutano") {
			t.Fatalf("%s does not ask", id)
		}
		next := reaches(g, s.Choices[i].To)
		for again := range asking {
			if next[again] {
				t.Errorf("who says no at %s comes to %s", id, again)
			}
		}
		if !next["call"] {
			t.Errorf("who says no at %s comes to no call", id)
		}
	}
}

// R54 R59 R60: what comes of a call leads to what is true then: nothing is off after an
// unlock or a clock that was put right, the code that was read out has its place, and
// two codes let nobody in before the one after them.
func TestAfterTheCall(t *testing.T) {
	for _, c := range []struct {
		chooses []string
		steps   string
		says    []string
	}{
		{[]string{"My codes work again"}, "in-fixed", []string{"Your codes let you in again."}},
		{[]string{"They gave me a code, or reset it", "I am in"}, "call-code in-again", []string{
			"“Use a code from your helpdesk”", "eight letters", "15 minutes", "If they reset it, sign in as usual", "what you had before stops working then", "only a short time",
		}},
		{[]string{"They gave me a code, or reset it", "It was refused"}, "call-code call", nil},
		{[]string{"I should type two codes", "Kutano accepted them", "Kutano accepted it"}, "call-two call-next in-fixed", []string{"the one after those two"}},
		{[]string{"I should type two codes", "Kutano accepted them", "It was refused"}, "call-two call-next call", nil},
		{[]string{"I should type two codes", "They were refused"}, "call-two call", nil},
	} {
		r, err := guides(t)[1].Restore(State{Entry: Refused, Step: "call"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var steps, says []string
		for _, label := range c.chooses {
			choices := r.Choices()
			i := slices.IndexFunc(choices, func(c Choice) bool { return c.Label == label })
			if i < 0 || r.Choose(choices[i]) != nil {
				t.Fatalf("%s does not offer %q", r.Step().ID, label)
			}
			steps, says = append(steps, r.Step().ID), append(says, r.Step().Sentences()...)
		}
		text := strings.Join(says, " ")
		if got := strings.Join(steps, " "); got != c.steps || strings.Contains(text, "sign-in is off") {
			t.Errorf("%q: %s, want %s: %s", c.chooses, got, c.steps, text)
		}
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%q: nothing says %q", c.chooses, want)
			}
		}
	}
	for id, live := range map[string]Live{"call-two": Two, "call-next": Code} {
		if s, _ := guides(t)[1].Step(id); s.Live != live {
			t.Errorf("%s has the piece %q", id, s.Live)
		}
	}
}

// R54: the choice on Kutano's page is called what its page calls it, and the page has to
// be opened anew for it.
func TestTwoCodesOnThePage(t *testing.T) {
	s, _ := guides(t)[1].Step("call-two")
	text := strings.Join(s.Text, " ")
	page, err := os.ReadFile(filepath.Join("..", "..", "server", "pages", "templates", "second.html"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`“([^”]+)”`).FindStringSubmatch(text)
	if len(named) != 2 || !strings.Contains(string(page), "<span>"+named[1]+"</span>") || !strings.Contains(text, "sign-in page anew") {
		t.Errorf("the page has no choice as in %q", text)
	}
}

// R58 R59: nobody is told to ask for a reset, which is what is done last and with most
// danger: who calls says what happened.
func TestNobodyAsksForAReset(t *testing.T) {
	for _, g := range guides(t) {
		for _, s := range g.Sentences() {
			if regexp.MustCompile(`(?i)ask[^.]* (for a|to) reset`).MatchString(s) {
				t.Errorf("%s: %q", g.Name, s)
			}
		}
	}
	s, _ := guides(t)[1].Step("call")
	if !strings.Contains(strings.Join(s.Points, " "), "you cannot pass the second step") {
		t.Errorf("it is not said what to say: %q", s.Points)
	}
}

// R58: whom to ask where no contact is known is said there alone.
func TestWithoutAContact(t *testing.T) {
	r, err := guides(t)[1].Restore(State{Entry: Refused, Step: "call"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	const other = "Ask whoever invited you to the workspace."
	if got := r.Step().Points; got[0] != other {
		t.Errorf("without a contact: %q", got)
	}
	r.SetFill(Fill{Contact: "IT desk"})
	if got := r.Step().Points; got[0] != "Your workspace’s contact: IT desk" || slices.Contains(got, other) {
		t.Errorf("with a contact: %q", got)
	}
	s, _ := guides(t)[1].Step("call")
	if slices.Contains(s.Points, other) || !slices.Contains(s.Sentences(), other) {
		t.Errorf("the step as it stands: %q", s.Points)
	}
}

// R58: who is in the wrong account is not sent to ask for a reset, and who reaches
// nobody is told who else can help.
func TestWhoElseHelps(t *testing.T) {
	g := guides(t)[1]
	for _, c := range []struct{ id, want string }{{"wrong-ask", "do not let it be reset"}, {"call", "Any other administrator or owner"}} {
		if s, ok := g.Step(c.id); !ok || !strings.Contains(strings.Join(s.Sentences(), " "), c.want) {
			t.Errorf("%s does not say %q", c.id, c.want)
		}
	}
}

// R49 to R60: each topic goes through the lines of the published guide in their
// order, after what is looked at by itself.
func TestRecoveryOrder(t *testing.T) {
	for _, c := range []struct {
		name, entry string
		facts       Facts
		take        map[string]string
		ids, steps  string
	}{
		{"R53 R54: refused, and the next code is right", Refused, nil, nil, "R56 R53 R54 R70", "refused refused-clock refused-next in-fixed"},
		{
			"R55: refused, and signed in elsewhere", Refused, nil,
			map[string]string{"refused-next": "refused-rescan"},
			"R56 R53 R54 R55 R60", "refused refused-clock refused-next refused-rescan in-scan",
		},
		{
			"R57 R58 R59: refused for good, without backup codes", Refused, nil,
			map[string]string{"refused-next": "refused-rescan", "refused-rescan": "asked-backup", "asked-backup": "no-codes-look", "no-codes-look": "no-codes-ask", "call": "call-code"},
			"R56 R53 R54 R55 R57 R58 R59 R60", "refused refused-clock refused-next refused-rescan asked-backup no-codes-look no-codes-ask call call-code in-again",
		},
		{
			"R49 R50 R51 R52: no message", NoText, nil, nil,
			"R49 R50 R51 R52 R69", "no-text no-text-signal no-text-number no-text-blocked no-text-again in-text",
		},
		{
			"R57: no message, and a backup code", NoText, nil,
			map[string]string{"no-text-again": "no-text-backup"},
			"R49 R50 R51 R52 R57 R66 R69 R71 R72", "no-text no-text-signal no-text-number no-text-blocked no-text-again no-text-backup in-text",
		},
		{"R57 R60: lost", Lost, nil, nil, "R57 R60 R64 R65 R67", "gone-which gone gone-backup in-lost"},
		{"R66: lost with its number", Lost, Facts{ByText: true}, nil, "R66 R57 R60", "gone-which gone gone-number gone-backup in-lost"},
		{
			"R58 R59 R60: lost, without backup codes", Lost, nil,
			map[string]string{"gone-backup": "no-codes-signed", "no-codes-signed": "no-codes-look", "no-codes-look": "no-codes-ask", "call": "call-code"},
			"R57 R58 R59 R60", "gone-which gone gone-backup no-codes-signed no-codes-look no-codes-ask call call-code in-again",
		},
		{
			"R58: no backup codes, come back later", NoCodes, nil,
			map[string]string{"no-codes-signed": "no-codes-look", "no-codes-look": "no-codes-ask", "call": "call-later"},
			"R63 R61 R58 R59", "no-codes no-codes-signed no-codes-look no-codes-ask call call-later",
		},
		{"locked: the keyring opens", KeysLocked, nil, nil, "R54 R65", "keys-locked locked-which locked-open locked-code in-unlocked"},
		{
			"locked: the passphrase is forgotten", KeysLocked, nil,
			map[string]string{"locked-which": "locked-passphrase", "locked-passphrase": "locked-recovery"},
			"R54 R65", "keys-locked locked-which locked-passphrase locked-recovery locked-code in-unlocked",
		},
		{"wrong: several here", WrongAccount, Facts{Several: true}, nil, "R64", "wrong wrong-line in-account"},
		{
			"wrong: another workspace", WrongAccount, nil,
			map[string]string{"wrong-address": "wrong-workspace"},
			"R64", "wrong wrong-address wrong-workspace in-account",
		},
		{
			"wrong: and nothing is to be reset", WrongAccount, nil,
			map[string]string{"wrong-address": "wrong-workspace", "wrong-workspace": "wrong-ask"},
			"R58 R64", "wrong wrong-address wrong-workspace wrong-ask in-account",
		},
		{
			"empty: on another device", Empty, nil, nil, "R60", "empty empty-search empty-removed empty-elsewhere in-new",
		},
		{"R60: new, and the old one works", Lost, nil, map[string]string{"gone-which": "in-new"}, "R60 R64 R67", "gone-which in-new"},
		{"new: the old one works", NewDevice, nil, nil, "R60 R64 R67", "new-device new-old in-new"},
		{"new: the old one is lost", NewDevice, nil, map[string]string{"new-old": "gone-backup"}, "R60 R57 R60", "new-device new-old gone-backup in-lost"},
		{
			"two codes", Refused, nil,
			map[string]string{"refused": "backup", "backup": "backup-refused", "backup-refused": "no-codes-signed", "no-codes-signed": "no-codes-look", "no-codes-look": "asked-backup", "asked-backup": "asked-refused", "asked-refused": "call", "call": "call-two"},
			"R57 R62 R58 R54 R54 R70", "refused backup backup-refused no-codes-signed no-codes-look asked-backup asked-refused call call-two call-next in-fixed",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			ids, steps := meets(t, guides(t)[1], c.entry, c.facts, c.take)
			if got := strings.Join(steps, " "); c.steps != "" && got != c.steps {
				t.Errorf("steps\n%s, want\n%s", got, c.steps)
			}
			inTurn(t, ids, c.ids)
		})
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package guide

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// meets walks from an entry, taking the ways named ("" for the main one), and
// returns the requirements that are met, in order.
func meets(t *testing.T, g *Guide, entry string, f Facts, take map[string]string) (ids, steps []string) {
	t.Helper()
	r, err := g.Begin(entry, f)
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		s := r.Step()
		ids, steps = append(ids, s.Requires...), append(steps, s.ID)
		if r.Ended() {
			return ids, steps
		}
		to := take[s.ID]
		if to == "" {
			to = s.mainWay(f)
		}
		if err := r.follow(to); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("no end: %v", steps)
	return nil, nil
}

// The steps are in the order of Kutano's published guide.
func TestPublishedOrder(t *testing.T) {
	for _, c := range []struct {
		name, entry string
		facts       Facts
		take        map[string]string
		ids, steps  string
	}{
		{
			"R10 R13 R32 R36: the app", Setup, nil, nil,
			"R10 R06 R11 R12 R13 R33 R32 R34 R36 R38 R31 R61 R64",
			"reasons phone open method app app-start scan code app-on codes keep habits summary",
		},
		{
			"R24 R25: text messages", Setup, nil,
			map[string]string{"method": "sms"},
			"R10 R06 R11 R12 R13 R24 R25 R31 R61",
			"reasons phone open method sms sms-start sms-number sms-code sms-on codes keep habits summary",
		},
		{
			"R22 R37: another app", Setup, nil,
			map[string]string{"app": "other-start"},
			"R10 R06 R11 R12 R13 R22 R33 R32 R34 R36 R37 R38 R31 R61",
			"reasons phone open method app other-start other-scan other-code other-on codes keep habits summary",
		},
		{
			"R48: another app, with an account here", Setup,
			Facts{KeyHere: true},
			map[string]string{"app": "other-start"},
			"R22 R38 R48 R31", "reasons phone open method app other-start other-scan other-code other-on other-retire codes keep habits summary",
		},
		{
			"R56 R58: refused for good, which locks nobody out", Setup, nil,
			map[string]string{"code": "check", "check": "unsolved", "help": "pause"},
			"R41 R56 R58", "reasons phone open method app app-start scan code check unsolved help pause",
		},
		{"R42 R44: the review finds the wrong method", Review, nil, map[string]string{"review": "review-wrong", "review-wrong": "to-sms"}, "R42 R44 R24", ""},
		{
			"the app, linked", Setup,
			Facts{Linked: true, HasService: true},
			nil,
			"R10 R06 R13 R33 R32 R31 R61", "reasons phone method app enrol enrolled keep habits summary",
		},
		{
			"text messages, linked", Setup,
			Facts{Linked: true},
			map[string]string{"method": "sms"},
			"R10 R06 R13 R24 R25 R31 R61", "reasons phone method sms sms-send sms-text texted keep habits summary",
		},
		{"R36: on a phone", Setup, Facts{PhoneSize: true}, nil, "R32 R36 R38", "reasons phone open method app app-start scan-phone code app-on codes keep habits summary"},
		{"R68: the place is noted", Review, nil, map[string]string{"review-codes": "review-keep"}, "R42 R63 R68 R64 R53 R70", "review review-codes review-keep review-device review-clock review-remind summary"},
		{"linking is offered", Setup, Facts{HasService: true}, map[string]string{"link": "open"}, "R10 R06 R11", "reasons phone link open method app app-start scan code app-on codes keep habits summary"},
		{"R43", SwitchToApp, nil, nil, "R43 R11 R12 R32 R34 R36 R38 R31 R61", "to-app to-app-open app app-start scan code app-on codes keep habits summary"},
		{"R44 R48", SwitchToSMS, Facts{KeyHere: true}, nil, "R44 R11 R12 R24 R25 R48 R31 R61", "to-sms sms-open sms-start sms-number sms-code sms-on sms-retire codes keep habits summary"},
		{"R43, linked", SwitchToApp, Facts{Linked: true}, nil, "R43 R36 R31", "to-app app enrol enrolled keep habits summary"},
		{"R44, linked", SwitchToSMS, Facts{Linked: true, KeyHere: true}, nil, "R44 R24 R31 R48", "to-sms sms sms-send sms-text texted texted-retire keep habits summary"},
		{"R46: off is not the usual answer", Disable, nil, nil, "R47", "off stays"},
		{"R45 R46 R47 R48", Disable, Facts{KeyHere: true}, map[string]string{"off": "off-open"}, "R47 R11 R12 R45 R46 R48", "off off-open off-press off-retire off-done"},
		{"R46: cancelled", Disable, Facts{KeyHere: true}, map[string]string{"off": "off-open", "off-press": "stays"}, "R47 R45 R46", "off off-open off-press stays"},
		{"R63 R71", NewCodes, nil, nil, "R63 R11 R61 R65 R68", "new-codes new-codes-open keep habits summary"},
		{"R60", NewPhone, nil, nil, "R60 R42 R60 R11", "new-phone new-phone-method new-phone-app again open method app app-start scan code app-on codes keep habits summary"},
		{"R58: no codes", NewPhone, nil, map[string]string{"new-phone": "lost", "lost": "help", "help": "pause"}, "R60 R58", "new-phone lost help pause"},
		{"R66 R72", ChangedNumber, nil, nil, "R66 R42 R66 R11 R12 R66 R24 R25 R31", "changed-number number-method number-in number-open number-change sms sms-start sms-number sms-code sms-on codes keep habits summary"},
		{"R66 R72: provider", ChangedNumber, nil, map[string]string{"changed-number": "provider", "provider": "provider-blocked"}, "R66 R72 R51 R69 R43", ""},
		{"R70", Review, nil, nil, "R42 R63 R64 R53 R70", "review review-codes review-device review-clock review-remind summary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ids, steps := meets(t, load(t), c.entry, c.facts, c.take)
			if got := strings.Join(steps, " "); c.steps != "" && got != c.steps {
				t.Errorf("steps\n%s, want\n%s", got, c.steps)
			}
			inTurn(t, ids, c.ids)
		})
	}
}

// inTurn holds that requirements are met in this order.
func inTurn(t *testing.T, met []string, want string) {
	t.Helper()
	rest := met
	for _, id := range strings.Fields(want) {
		i := slices.Index(rest, id)
		if i < 0 {
			t.Fatalf("%s does not come in its turn: %v", id, met)
		}
		rest = rest[i+1:]
	}
}

// asked are the requirements that the guide's content meets.
// R06 R10 R11 R12 R13 R14 R15 R16 R17 R18 R21 R22 R23 R24 R25 R31 R32 R33 R34
// R36 R37 R38 R41 R42 R43 R44 R45 R46 R47 R48 R49 R50 R51 R52 R53 R54 R55 R56
// R58 R60 R61 R63 R64 R65 R66 R67 R68 R69 R70 R71 R72
func asked() []string {
	var ids []string
	for _, span := range [][2]int{{6, 6}, {10, 18}, {21, 25}, {31, 34}, {36, 38}, {41, 56}, {58, 58}, {60, 61}, {63, 72}} {
		for n := span[0]; n <= span[1]; n++ {
			ids = append(ids, fmt.Sprintf("R%02d", n))
		}
	}
	return ids
}

func TestEachRequirementHasItsStep(t *testing.T) {
	met := map[string]bool{}
	for _, s := range load(t).Steps {
		for _, id := range s.Requires {
			met[id] = true
		}
	}
	for _, id := range asked() {
		if !met[id] {
			t.Errorf("%s has no step", id)
		}
	}
}

// What the published guide says is said, in the step that claims it.
func TestWhatIsSaid(t *testing.T) {
	for id, want := range map[string][]string{
		"R06": {"mobile phone", "device that holds the key"},
		"R10": {"e-mail", "team", "organisations"},
		"R11": {"User Settings", "Security"},
		"R12": {"edit icon", "Two-factor authentication"},
		"R14": {"phone is always with you", "simple"},
		"R15": {"Quick", "any mobile phone", "no app"},
		"R16": {"mobile reception", "travel abroad", "Less safe than an app"},
		"R17": {"most security", "always work"},
		"R18": {"without internet", "airplane mode", "Safer than text messages", "other services"},
		"R21": {"Needs an app", "A little more to set up"},
		"R22": {"Google Authenticator", "Microsoft Authenticator", "Authy"},
		"R23": {"We recommend the app"},
		"R24": {"Use text message"},
		"R25": {"Get started", "Verify phone number", "Verify"},
		"R31": {"without these codes", "workspace administrator"},
		"R32": {"Use authentication app"},
		"R33": {"already use", "If you have none"},
		"R34": {"Continue", "QR code"},
		"R37": {"(+)", "Scan QR code"},
		"R38": {"press “Continue”", "Verify"},
		"R42": {"User Settings", "Security"},
		"R43": {"go on working until", "old backup codes are dead"},
		"R44": {"go on working until", "old backup codes are dead"},
		"R45": {"Disable two-factor authentication"},
		"R46": {"If you cancel there, nothing changes"},
		"R47": {"less secure", "absolutely necessary"},
		"R48": {"Remove the old account"},
		"R58": {"workspace administrator", "{contact}"},
		"R61": {"Print", "password manager"},
		"R64": {"Do not share the device"},
		"R65": {"Not only on this one"},
		"R66": {"Tell Kutano at once"},
		"R67": {"always have with you"},
		"R71": {"Used a backup code? Make new ones."},
		"R72": {"your provider?"},
	} {
		says(t, load(t), id, want)
	}
}

// says holds that a guide's steps that claim a requirement say these words.
func says(t *testing.T, g *Guide, id string, want []string) {
	t.Helper()
	var text strings.Builder
	for _, s := range g.Steps {
		if slices.Contains(s.Requires, id) {
			text.WriteString(strings.Join(s.Sentences(), "\n"))
		}
	}
	for _, w := range want {
		if !strings.Contains(text.String(), w) {
			t.Errorf("%s: nothing says %q", id, w)
		}
	}
}

// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package standing

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
)

// fields are the enumerations by the name of their line, and the names of their values.
var fields = map[string][]string{
	"platform": platformNames, "clock": clockNames, "source": sourceNames, "store": storeNames, "enrolment": enrolmentNames,
	"link": linkNames, "codes": codesNames, "automatic": automaticNames, "last": lastNames, "camera": cameraNames,
}

var (
	jargon = regexp.MustCompile(`(?i)!|\b(token|skew|seed|payload|secret|invalid|error)s?\b`)
	stable = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// Each value of each field has a name of its own and words of its own, plain ones.
func TestEachValueIsSaid(t *testing.T) {
	for i := range reflect.TypeFor[Standing]().NumField() {
		field := strings.ToLower(reflect.TypeFor[Standing]().Field(i).Name)
		names, ok := fields[field]
		if !ok {
			if field != "major" && field != "minor" {
				t.Errorf("%s is not tested", field)
			}
			continue
		}
		said, named := map[string]bool{}, map[string]bool{}
		for v := range len(names) {
			var st Standing
			f := reflect.ValueOf(&st).Elem().Field(i)
			f.SetUint(uint64(v))
			name := f.Interface().(fmt.Stringer).String()
			if name != names[v] || !stable.MatchString(name) {
				t.Errorf("%s %d is named %q", field, v, name)
			}
			named[name] = true
			text := ""
			for _, l := range Say(st) {
				if l.Field == field {
					text = l.Text
				}
				if l.Name == "" || l.Text == "" || jargon.MatchString(l.Name+" "+l.Text) {
					t.Errorf("%s %s: %+v", field, name, l)
				}
			}
			said[text] = true
		}
		if len(said) != len(names) || len(named) != len(names) {
			t.Errorf("of %d values of %s, %d are said and %d named apart", len(names), field, len(said), len(named))
		}
		var st Standing
		f := reflect.ValueOf(&st).Elem().Field(i)
		f.SetUint(255)
		if got := f.Interface().(fmt.Stringer).String(); got != "" {
			t.Errorf("%s 255 is named %q", field, got)
		}
		Say(st) // does not fall over
	}
}

func line(all []Line, field string) Line {
	for _, l := range all {
		if l.Field == field {
			return l
		}
	}
	return Line{}
}

// R53: seconds where they are known, the stretch where it is all there is.
func TestClockInSeconds(t *testing.T) {
	s := well()
	s.Clock = measured(47*time.Second, time.Second, clock.NTP)
	if got := line(s.Say(), "clock"); got.Text != "Your clock is 47 seconds slow: codes will be refused." || !got.Look {
		t.Errorf("%+v", got)
	}
	if got := line(Say(Of(s)), "clock"); got.Text != "Your clock is 30 to 59 seconds slow." || !got.Look {
		t.Errorf("%+v", got)
	}
	for c, want := range map[Clock]string{
		Fast3: "3 to 10 seconds fast", Fast11: "11 to 29 seconds fast", Fast60: "60 to 89 seconds fast", Fast90: "90 seconds fast, or more",
		Slow3: "3 to 10 seconds slow", Slow60: "60 to 89 seconds slow",
	} {
		if got := line(Say(Standing{Clock: c}), "clock").Text; !strings.Contains(got, want) {
			t.Errorf("%v: %s", c, got)
		}
	}
	s.Clock = clock.Status{}
	if got := line(s.Say(), "clock").Text; got != "Your clock was not checked." {
		t.Error(got)
	}
}

func TestNothingToSeeTo(t *testing.T) {
	for _, l := range well().Say() {
		if l.Look {
			t.Errorf("%+v", l)
		}
	}
	if got := line(Say(Standing{Major: 1, Minor: 12}), "version").Text; got != "This app is version 1.12." {
		t.Error(got)
	}
}

// How the last code fared is what the user told and what the app could see of it, and
// is said as no more than that.
func TestLastAsFarAsIsKnown(t *testing.T) {
	for last, want := range map[Last]string{Accepted: "that the app knows of", RefusedWrong: "as far as the app can tell", RefusedOld: "probably"} {
		for _, l := range Say(Standing{Last: last}) {
			if l.Field == "last" && !strings.Contains(l.Text, want) {
				t.Errorf("%s: %q", last, l.Text)
			}
		}
	}
}

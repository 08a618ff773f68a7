// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kutano/authenticator/recovery/readiness"
)

var now = time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC)

func kinds(rs []Reminder) []Kind {
	var ks []Kind
	for _, r := range rs {
		ks = append(ks, r.Kind)
	}
	return ks
}

func TestDue(t *testing.T) {
	long := At(now.AddDate(0, -6, 0))
	for _, c := range []struct {
		name string
		f    Facts
		want []Kind
	}{
		{"nothing is known", Facts{}, nil},
		{"just set up", Facts{State: State{SetUp: At(now.Add(-time.Hour))}}, nil},
		{"codes not saved", Facts{State: State{SetUp: At(now.Add(-25 * time.Hour))}}, []Kind{Unsaved}},
		{"enough codes", Facts{Codes: []Codes{{Left: 10}}}, nil},
		{"three left", Facts{Codes: []Codes{{Left: 3, Renew: true}}}, []Kind{FewCodes}},
		{"three of three", Facts{Codes: []Codes{{Left: 3}}}, nil},
		{"four left, one used", Facts{Codes: []Codes{{Left: 4, Renew: true}}}, []Kind{NewCodes}}, // R71
		{"one used, number unknown", Facts{Codes: []Codes{{Left: -1, Renew: true}}}, []Kind{NewCodes}},
		{"none left", Facts{Codes: []Codes{{Left: 0, Renew: true}}}, []Kind{NoCodes}},
		{"none left of one set, ten of another", Facts{Codes: []Codes{{Left: 0}, {Left: 10}}}, nil},
		{"six months", Facts{State: State{SetUp: long}, Codes: []Codes{{Left: 9}}}, []Kind{Review}}, // R70
		{"reviewed since", Facts{State: State{SetUp: long, Reviewed: At(now.AddDate(0, -1, 0))}, Codes: []Codes{{Left: 9}}}, nil},
		{"a day less than six months", Facts{State: State{Began: At(now.AddDate(0, -6, 1))}}, nil},
		{"the workspace wants three", Facts{State: State{Began: At(now.AddDate(0, -3, 0))}, Months: 3}, []Kind{Review}},
		{"the workspace wants none", Facts{State: State{Began: At(now.AddDate(-9, 0, 0)), NumberChanged: At(now)}, Months: -1}, []Kind{Number}},
		{"switched off", Facts{State: State{Method: readiness.Off, SetUp: long, NumberChanged: At(now)}}, nil},
		{"number changed", Facts{State: State{NumberChanged: At(now)}}, []Kind{Number}}, // R66 R72
		{"put off", Facts{State: State{NumberChanged: At(now), PutOff: map[Kind]Unix{Number: At(now.Add(Later))}}}, nil},
		{"put off long ago", Facts{State: State{NumberChanged: At(now), PutOff: map[Kind]Unix{Number: At(now)}}}, []Kind{Number}},
		{"put off by a clock that was years fast", Facts{State: State{NumberChanged: At(now), PutOff: map[Kind]Unix{Number: At(now.AddDate(9, 0, 0))}}}, []Kind{Number}},
		{"most urgent first", Facts{State: State{NumberChanged: At(now), SetUp: long}, Codes: []Codes{{Left: 2, Renew: true}}}, []Kind{FewCodes, Number, Review}},
	} {
		c.f.Now, c.f.Kutano = now, true
		got := Due(c.f)
		if !slices.Equal(kinds(got), c.want) {
			t.Errorf("%s: %v, want %v", c.name, kinds(got), c.want)
		}
		for _, r := range got {
			if r.Text == "" || r.Action == "" || r.Title == "" || r.Body == "" {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
		c.f.Kutano = false
		if got := Due(c.f); got != nil {
			t.Errorf("%s, without an account: %v", c.name, kinds(got))
		}
	}
}

func TestPutOffAndTold(t *testing.T) {
	var s State
	s.Defer(Review, now)
	f := Facts{Now: now.Add(Later - time.Second), State: s, Kutano: true}
	f.Began = At(now.AddDate(-1, 0, 0))
	if got := Due(f); got != nil {
		t.Errorf("put off: %v", kinds(got))
	}
	f.Now = now.Add(Later)
	due := Due(f)
	if len(due) != 1 {
		t.Fatalf("a week later: %v", kinds(due))
	}
	if r, ok := s.Notify(due, now); !ok || r.Kind != Review {
		t.Errorf("first time: %v %v", r.Kind, ok)
	}
	if _, ok := s.Notify(due, now.Add(Later-time.Second)); ok {
		t.Error("told twice in a week")
	}
	if _, ok := s.Notify(due, now.Add(Later)); !ok {
		t.Error("not told again after a week")
	}
	if _, ok := s.Notify(nil, now); ok {
		t.Error("told of nothing")
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	f := Open(dir)
	if s := f.Load(); s.SetUp != 0 || s.Method != readiness.Unknown {
		t.Errorf("without a file: %+v", s)
	}
	if _, err := f.Change(context.Background(), func(s *State) {
		s.Method, s.OtherDevice, s.SetUp = readiness.App, readiness.Yes, At(now)
		s.Defer(Number, now)
	}); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "upkeep-1.json")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, fileName)); err != nil || string(got) != string(want) {
		t.Errorf("%v: %s", err, got)
	}
	old := t.TempDir()
	if err := os.WriteFile(filepath.Join(old, fileName), want, 0o600); err != nil {
		t.Fatal(err)
	}
	s := Open(old).Load()
	if s.Method != readiness.App || s.OtherDevice != readiness.Yes || !s.SetUp.Time().Equal(now) || s.PutOff[Number] != At(now.Add(Later)) {
		t.Errorf("version 1: %+v", s)
	}
}

func TestUnix(t *testing.T) {
	if At(time.Time{}) != 0 || !Unix(0).Time().IsZero() || !At(now).Time().Equal(now) {
		t.Error("times do not come back as they went")
	}
}

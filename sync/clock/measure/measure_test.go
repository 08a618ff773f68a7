// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/timeserver"
	"github.com/kutano/authenticator/sync/clock/webtime"
)

const slow = 47 * time.Second // how far the device is behind

// A measurement waits for those that answer, and no longer than Within for those
// that do not, however they fail to.
func TestTimeItTakes(t *testing.T) {
	ok, late := says{after: 30 * ms, offset: slow}, says{after: 700 * ms, offset: slow}
	silent, deaf := says{after: never}, says{after: never, deaf: true}
	for _, tc := range []struct {
		name  string
		plain []says
		took  time.Duration
	}{
		{"all answer", []says{ok, ok, ok, ok, ok, late}, 700 * ms},
		{"half are silent", []says{ok, silent, ok, silent, late, silent}, usualWithin},
		{"half hang", []says{ok, deaf, ok, deaf, late, deaf}, usualWithin},
		{"half are not there", []says{ok, {err: timeserver.ErrNoAnswer}, ok, {err: timeserver.ErrNoAnswer}, ok, {err: timeserver.ErrNoAnswer}}, 30 * ms},
	} {
		t.Run(tc.name, func(t *testing.T) {
			names := strings.Split("abcdef", "")
			w := &world{plain: map[string]says{}}
			for i, n := range names {
				w.plain[n] = tc.plain[i]
			}
			w.run(t, Options{Servers: w.servers(names...)}, func(r Result, took time.Duration, err error) {
				if err != nil || took != tc.took || !r.Majority || r.Offset != slow || len(r.Answers) != 6 {
					t.Errorf("%v after %v, majority %v of %d answers, %v", r.Offset, took, r.Majority, len(r.Answers), err)
				}
				if r.At.Boot != took {
					t.Errorf("it refers to %v", r.At.Boot)
				}
			})
		})
	}
}

// What a server proved counts, and else what it said.
func TestProvenIsPreferred(t *testing.T) {
	const plain, proven = 60 * ms, 30 * ms
	for _, tc := range []struct {
		name          string
		plain, proven says
		want          clock.Kind // "" for no answer
		took          time.Duration
	}{
		{"both, the plain first", says{after: 10 * ms, offset: plain}, says{after: 200 * ms, offset: proven}, clock.NTS, 200 * ms},
		{"both, the plain never", says{after: never}, says{after: 200 * ms, offset: proven}, clock.NTS, 200 * ms},
		{"blocked", says{after: 10 * ms, offset: plain}, says{after: never}, clock.NTP, usualWithin},
		{"forged", says{after: 10 * ms, offset: plain}, says{after: 20 * ms, err: timeserver.ErrForged}, clock.NTP, 20 * ms},
		{"refused the plain way", says{err: timeserver.ErrRefused}, says{after: 200 * ms, offset: proven}, clock.NTS, 200 * ms},
		{"neither", says{err: timeserver.ErrUnsure}, says{err: timeserver.ErrForged}, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := &world{plain: map[string]says{"a": tc.plain}, proven: map[string]says{"a": tc.proven}}
			w.run(t, Options{Servers: w.servers("a")}, func(r Result, took time.Duration, err error) {
				if took != tc.took || len(r.Answers) != 1 || len(r.Refused) != 0 {
					t.Fatalf("%+v after %v", r, took)
				}
				a := r.Answers[0]
				if tc.want == "" {
					if !errors.Is(err, ErrNoAnswer) || !errors.Is(a.Err, timeserver.ErrUnsure) || !errors.Is(a.Err, timeserver.ErrForged) {
						t.Errorf("%v; %+v", err, a)
					}
					return
				}
				want := map[clock.Kind]time.Duration{clock.NTP: plain, clock.NTS: proven}[tc.want]
				if err != nil || a.Kind != tc.want || r.Offset != want || a.Estimate.Operator != "who runs a" {
					t.Errorf("%v: %+v", err, a)
				}
			})
		})
	}
}

// Web servers are asked where the time servers do not decide it, and count
// together with them.
func TestWebDecides(t *testing.T) {
	good := says{after: 4 * time.Second, offset: slow + 100*ms}
	web := []string{"https://www.one.example/", "two.example", "three.example:8443"}
	dates := map[string]says{web[0]: good, web[1]: good, web[2]: good}
	for _, tc := range []struct {
		name     string
		plain    map[string]says
		dates    map[string]says
		asked    bool
		majority bool
		against  int
		took     time.Duration
	}{
		{"three agree", map[string]says{"a": {offset: slow}, "b": {offset: slow}, "c": {offset: slow}}, dates, true, true, 0, 4 * time.Second},
		{"one of three lies", map[string]says{"a": {offset: slow}, "b": {offset: 9 * day}, "c": {offset: slow}}, dates, true, true, 1, 4 * time.Second},
		{"one alone, by days", map[string]says{"a": {offset: 9 * day}}, dates, true, true, 1, 4 * time.Second},
		{"none", map[string]says{"a": {err: timeserver.ErrNoAnswer}}, dates, true, true, 0, 4 * time.Second},
		{"two and one", map[string]says{"a": {offset: slow}, "b": {offset: slow}}, map[string]says{
			web[0]: good, web[1]: {err: webtime.ErrPortal}, web[2]: {after: never},
		}, true, true, 0, webWithin},
		{"one and none", map[string]says{"a": {offset: 9 * day}}, map[string]says{
			web[0]: {err: webtime.ErrPortal}, web[1]: {err: webtime.ErrCached}, web[2]: {err: webtime.ErrNotTime},
		}, true, false, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := &world{plain: tc.plain, dates: tc.dates}
			var names []string
			for n := range tc.plain {
				names = append(names, n)
			}
			w.run(t, Options{Servers: w.servers(names...), Web: web}, func(r Result, took time.Duration, err error) {
				asked := slices.ContainsFunc(w.questions(), func(s string) bool { return strings.HasPrefix(s, "web ") })
				if err != nil || asked != tc.asked || r.Majority != tc.majority || len(r.Against) != tc.against || took != tc.took {
					t.Errorf("%v: web asked %v, majority %v, %d against, took %v", err, asked, r.Majority, len(r.Against), took)
				}
				if off := (r.Offset - slow).Abs(); r.Majority && off > r.Uncertainty {
					t.Errorf("%v ± %v", r.Offset, r.Uncertainty)
				}
			})
		})
	}
}

// Where three agree and no code would be corrected by it, or one of them proved
// it, nobody else is asked.
func TestWebIsSpared(t *testing.T) {
	for name, w := range map[string]*world{
		"right":  {plain: map[string]says{"a": {}, "b": {}, "c": {}}},
		"proven": {plain: map[string]says{"a": {offset: slow}, "b": {offset: slow}, "c": {offset: slow}}, proven: map[string]says{"c": {offset: slow}}},
	} {
		w.run(t, Options{Servers: w.servers("a", "b", "c"), Web: []string{"one.example"}}, func(r Result, took time.Duration, err error) {
			if err != nil || !r.Majority || took != 0 || slices.Contains(w.questions(), "web one.example") {
				t.Errorf("%s: %v: majority %v, took %v, asked %v", name, err, r.Majority, took, w.questions())
			}
		})
	}
}

// Nothing proven gets through but by web servers: they are asked before the lie
// moves a code.
func TestForgedWithoutNTS(t *testing.T) {
	lie := says{offset: 4 * time.Minute}
	w := &world{
		plain:  map[string]says{"a": lie, "b": lie, "c": lie},
		proven: map[string]says{"a": {after: never}, "b": {after: never}, "c": {after: never}},
		dates:  map[string]says{"one.example": {after: 200 * ms, offset: slow}},
	}
	w.run(t, Options{Servers: w.servers("a", "b", "c"), Web: []string{"one.example"}}, func(r Result, _ time.Duration, err error) {
		if err != nil || r.Majority || r.Offset != slow {
			t.Errorf("%v: %v, majority %v", err, r.Offset, r.Majority)
		}
	})
}

func TestWebHasOperators(t *testing.T) {
	w := &world{dates: map[string]says{"https://www.cloudflare.com/a": {}, "www.example.com": {}, "api.example.com": {}}, services: map[string]says{"https://2fa.example.org/x": {}}}
	o := Options{Servers: []timeserver.Server{}, Web: []string{"https://www.cloudflare.com/a", "www.example.com", "api.example.com"}, Service: "https://2fa.example.org/x"}
	w.run(t, o, func(r Result, _ time.Duration, err error) {
		got := map[string]string{}
		for _, e := range r.With {
			got[e.Name] = string(e.Kind) + " " + e.Operator
		}
		for name, want := range map[string]string{
			"www.cloudflare.com": "web Cloudflare", "www.example.com": "web example.com", "api.example.com": "web example.com",
			"2fa.example.org": "service example.org",
		} {
			if got[name] != want {
				t.Errorf("%s: got %q, want %q", name, got[name], want)
			}
		}
		if err != nil || !r.Majority || r.Uncertainty > 50*ms {
			t.Errorf("%v: %+v", err, r)
		}
	})
}

// Whoever controls the network blocks what is proven and makes up the rest. What
// still gets through decides, and no correction is a majority's if there is
// little of it.
func TestForgedMajority(t *testing.T) {
	lie, truth, blocked := says{offset: 4 * time.Minute}, says{after: 200 * ms, offset: slow}, says{after: never}
	web := []string{"one.example", "two.example", "three.example"}
	w := &world{
		plain:  map[string]says{"a": lie, "b": lie, "c": lie, "d": lie, "e": lie, "f": lie},
		proven: map[string]says{"a": truth, "b": blocked, "c": blocked, "d": blocked, "e": blocked, "f": blocked},
		dates:  map[string]says{web[0]: truth, web[1]: truth, web[2]: truth},
	}
	o := Options{Servers: w.servers("a", "b", "c", "d", "e", "f"), Web: web}
	w.run(t, o, func(r Result, _ time.Duration, err error) {
		if err != nil || !r.Majority || r.Offset != slow || len(r.Against) != 5 {
			t.Errorf("%v: %v, majority %v, %d against", err, r.Offset, r.Majority, len(r.Against))
		}
	})
	w.dates = map[string]says{web[0]: blocked, web[1]: blocked, web[2]: blocked}
	w.run(t, o, func(r Result, _ time.Duration, err error) {
		if err != nil || r.Majority || r.Offset != slow {
			t.Errorf("%v: %v, majority %v", err, r.Offset, r.Majority)
		}
	})
}

// A single proven liar among many does not decide.
func TestProvenLiar(t *testing.T) {
	w := &world{
		plain:  map[string]says{"a": {offset: slow}, "b": {offset: slow}, "c": {offset: slow}, "d": {after: never}},
		proven: map[string]says{"a": {offset: slow}, "d": {offset: 9 * day}},
	}
	w.run(t, Options{Servers: w.servers("a", "b", "c", "d")}, func(r Result, _ time.Duration, err error) {
		if err != nil || !r.Majority || r.Offset != slow || len(r.Against) != 1 {
			t.Errorf("%v: %v, majority %v, %d against", err, r.Offset, r.Majority, len(r.Against))
		}
	})
}

func TestClockIsSetMeanwhile(t *testing.T) {
	for _, tc := range []struct {
		name string
		by   []time.Duration // in each round
		want error
		more time.Duration // to the uncertainty
	}{
		{"never", []time.Duration{0}, nil, 0},
		{"a little", []time.Duration{-60 * ms}, nil, 60 * ms},
		{"once", []time.Duration{time.Hour, 0}, nil, 0},
		{"again and again", []time.Duration{time.Hour, -3 * time.Second}, ErrStepped, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := &world{plain: map[string]says{"a": {after: 10 * ms}, "b": {after: 20 * ms}, "c": {after: 30 * ms}}}
			rounds := 0
			o := Options{Servers: w.servers("a", "b", "c"), Progress: func(a Answer) {
				if a.Name == "b" {
					w.turn.Add(int64(tc.by[rounds]))
					rounds++
				}
			}}
			w.run(t, o, func(r Result, _ time.Duration, err error) {
				if !errors.Is(err, tc.want) || rounds != len(tc.by) || err == nil && r.Uncertainty != 20*ms+tc.more {
					t.Errorf("%v after %d rounds, ± %v", err, rounds, r.Uncertainty)
				}
			})
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	web := []string{"one.example", "two.example"}
	for _, tc := range []struct {
		name          string
		plain, proven error
		dates         []error
		want          error
	}{
		{"no network", timeserver.ErrNoAnswer, timeserver.ErrNoAnswer, []error{webtime.ErrNoAnswer, webtime.ErrNoAnswer}, ErrNoAnswer},
		{"a portal", timeserver.ErrNoAnswer, timeserver.ErrForged, []error{webtime.ErrPortal, webtime.ErrPortal}, ErrNoAnswer},
		{"the year is wrong", timeserver.ErrNoAnswer, timeserver.ErrNoAnswer, []error{webtime.ErrNoAnswer, webtime.ErrCertificateTime}, ErrCertificateTime},
		{"the year is wrong, to a time server", timeserver.ErrNoAnswer, timeserver.ErrCertificateTime, []error{webtime.ErrNoAnswer, webtime.ErrNoAnswer}, ErrCertificateTime},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := &world{
				plain: map[string]says{"a": {err: tc.plain}}, proven: map[string]says{"a": {err: tc.proven}},
				dates: map[string]says{web[0]: {err: tc.dates[0]}, web[1]: {err: tc.dates[1]}},
			}
			w.run(t, Options{Servers: w.servers("a"), Web: web}, func(r Result, _ time.Duration, err error) {
				if !errors.Is(err, tc.want) || len(r.Answers) != 3 {
					t.Errorf("%v, %d answers", err, len(r.Answers))
				}
			})
		})
	}
}

func TestCallerGivesUp(t *testing.T) {
	for name, first := range map[string]time.Duration{"before anybody answered": never, "after three have answered": 10 * ms} {
		t.Run(name, func(t *testing.T) {
			a := says{after: first, offset: 47 * time.Second}
			w := &world{plain: map[string]says{"a": a, "b": a, "c": a, "d": {after: never}}, dates: map[string]says{"one.example": {after: never}}}
			synctest.Test(t, func(t *testing.T) {
				w.start = time.Now()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(100*ms, cancel)
				o := Options{Servers: w.servers("a", "b", "c", "d"), Web: []string{"one.example"}, Within: usualWithin, Read: w.read}
				_, err := measure(ctx, o, w, w)
				if took := time.Since(w.start); !errors.Is(err, ErrNoAnswer) || !errors.Is(err, context.Canceled) || took != 100*ms || len(w.questions()) != 4 {
					t.Errorf("%v after %v; asked %v", err, took, w.questions())
				}
			})
		})
	}
}

func TestRefusedServersAreLeftAlone(t *testing.T) {
	w := &world{
		plain: map[string]says{
			"a": {}, "b": {err: timeserver.ErrRefused}, "c": {err: timeserver.ErrTooOften}, "d": {},
			"e": {err: timeserver.ErrRefused}, "f": {err: timeserver.ErrRefused},
		},
		// Who makes up a refusal and lets NTS through to nobody has not refused for f.
		proven: map[string]says{"e": {err: timeserver.ErrRefused}, "f": {err: timeserver.ErrNoAnswer}},
	}
	o := Options{Servers: w.servers("a", "b", "c", "d", "e", "f"), Refused: []string{"d", "x"}}
	w.run(t, o, func(r Result, _ time.Duration, err error) {
		slices.Sort(r.Refused)
		asked := []string{"ntp a", "ntp b", "ntp c", "ntp e", "ntp f", "nts e", "nts f"}
		if err != nil || !slices.Equal(r.Refused, []string{"b", "e"}) || !slices.Equal(w.questions(), asked) {
			t.Errorf("%v: refused %v, asked %v", err, r.Refused, w.questions())
		}
	})
}

func TestOwnServers(t *testing.T) {
	w := &world{plain: map[string]says{}, proven: map[string]says{}}
	o := Options{Own: []string{"ntp.example.org", "time.cloudflare.com", "", "ntp.example.org:123", "192.0.2.1:1123"}, Refused: []string{"192.0.2.1:1123"}}
	w.run(t, o, func(r Result, _ time.Duration, err error) {
		if err != nil || !slices.Equal(w.questions(), []string{"ntp ntp.example.org", "ntp time.cloudflare.com", "nts time.cloudflare.com"}) {
			t.Errorf("%v: asked %v", err, w.questions())
		}
	})
}

func TestProgress(t *testing.T) {
	w := &world{plain: map[string]says{"a": {after: 3 * ms}, "b": {after: 2 * ms}, "c": {after: 1 * ms, err: timeserver.ErrNoAnswer}}, dates: map[string]says{"one.example": {after: 5 * ms}}}
	var told []string // without a lock: the race detector would see it
	o := Options{Servers: w.servers("a", "b", "c"), Web: []string{"one.example"}, Progress: func(a Answer) {
		if (a.Estimate == nil) == (a.Err == nil) {
			t.Errorf("%+v", a)
		}
		told = append(told, a.Name)
	}}
	w.run(t, o, func(r Result, _ time.Duration, _ error) {
		if !slices.Equal(told, []string{"c", "b", "a", "one.example"}) || len(r.Answers) != len(told) {
			t.Errorf("told %v", told)
		}
	})
}

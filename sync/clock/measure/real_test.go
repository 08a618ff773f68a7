// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package measure

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/timeserver"
	"github.com/kutano/authenticator/sync/clock/webtime"
)

// turned is this device with its clock behind.
func turned(slow time.Duration) func() clock.Times {
	return func() clock.Times {
		now := clock.Now()
		now.Wall = now.Wall.Round(0).Add(-slow)
		return now
	}
}

// patient is for a busy machine.
func patient(o Options) Options {
	o.Within = 30 * time.Second
	o.Asker = &timeserver.Asker{Read: o.Read, Roots: o.Roots, Timeout: 5 * time.Second, Tries: 2}
	return o
}

// web starts a web server on this device, whose Date is ahead, or kept as it was
// at the start; roots believes it.
func web(t *testing.T, roots *x509.CertPool, ahead time.Duration, stands bool) (host string) {
	t.Helper()
	began := time.Now()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		now := time.Now()
		if stands {
			now = began
		}
		w.Header().Set("Date", now.Add(ahead).UTC().Format(http.TimeFormat))
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots.AddCert(s.Certificate())
	return strings.TrimPrefix(s.URL, "https://")
}

func check(t *testing.T, r Result, err error, want time.Duration, against int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if off := (r.Offset - want).Abs(); off > r.Uncertainty || !r.Majority || len(r.Against) != against {
		t.Errorf("%v ± %v, want %v; majority %v, %d against", r.Offset, r.Uncertainty, want, r.Majority, len(r.Against))
		for _, a := range r.Answers {
			t.Logf("%s %s: %+v %v", a.Kind, a.Name, a.Estimate, a.Err)
		}
	}
}

// Real time servers: three are right, two of them by NTS, one is days off, one
// does not know the time.
func TestRealServers(t *testing.T) {
	all := chronytest.StartAll(t,
		chronytest.Server{NTS: true}, chronytest.Server{NTS: true}, chronytest.Server{}, chronytest.Server{Offset: 9 * day})
	unsure := lietest.Start(t, lietest.Lie{Stratum: 16, Leap: 3})
	for _, slow := range []time.Duration{0, 47 * time.Second, -time.Hour} {
		o := Options{Roots: all[0].Authority.Roots, Read: turned(slow), Web: []string{}}
		for i, r := range all {
			o.Servers = append(o.Servers, timeserver.Server{Host: r.Addr, KeyExchange: r.KeyExchange, Operator: string(rune('a' + i))})
		}
		o.Servers = append(o.Servers, timeserver.Server{Host: unsure.Addr, Operator: "e"})
		r, err := Network(t.Context(), patient(o))
		check(t, r, err, slow, 1)
		kinds := map[clock.Kind]int{}
		for _, e := range r.With {
			kinds[e.Kind]++
		}
		if kinds[clock.NTS] != 2 || kinds[clock.NTP] != 1 || r.Uncertainty > time.Second {
			t.Errorf("with %v, ± %v", kinds, r.Uncertainty)
		}
	}
}

// On a device whose year is wrong plain answers still count.
func TestRealServersOnAWrongYear(t *testing.T) {
	all := chronytest.StartAll(t, chronytest.Server{NTS: true}, chronytest.Server{NTS: true}, chronytest.Server{NTS: true})
	const decade = 3650 * day
	o := Options{Roots: all[0].Authority.Roots, Read: turned(-decade), Web: []string{}}
	for i, r := range all {
		o.Servers = append(o.Servers, timeserver.Server{Host: r.Addr, KeyExchange: r.KeyExchange, Operator: string(rune('a' + i))})
	}
	r, err := Network(t.Context(), patient(o))
	check(t, r, err, -decade, 0)
	for i := range o.Servers {
		o.Servers[i].Host = "127.0.0.1:9" // where nothing is
	}
	if _, err := Network(t.Context(), patient(o)); !errors.Is(err, ErrCertificateTime) {
		t.Error(err)
	}
}

// Where the only time server lies by days, web servers set it right; a date that
// a proxy kept, and a server that nobody vouches for, do not count.
func TestRealWebServers(t *testing.T) {
	const slow = 47 * time.Second
	roots := x509.NewCertPool()
	kept := web(t, roots, -time.Hour, true)
	_, port, _ := net.SplitHostPort(kept)
	liar := lietest.Start(t, lietest.Lie{Offset: 9 * day})
	o := Options{
		Servers: []timeserver.Server{{Host: liar.Addr, Operator: "liar"}}, Roots: roots, Read: turned(slow),
		// All have one certificate, which is good for 127.0.0.1, [::1] and
		// example.com. Two are of the operator 127.0.0.1.
		Web: []string{web(t, roots, 0, false), web(t, roots, 0, false), kept, "localhost:" + port},
	}
	r, err := Network(t.Context(), patient(o))
	if err != nil || r.Majority || (r.Offset-slow).Abs() > r.Uncertainty || len(r.With) != 2 {
		t.Errorf("%v: %v ± %v, majority %v, %d with", err, r.Offset, r.Uncertainty, r.Majority, len(r.With))
	}
	why := map[string]error{}
	for _, a := range r.Answers {
		why[a.Name] = a.Err
	}
	if !errors.Is(why[kept], webtime.ErrCached) || !errors.Is(why["localhost:"+port], webtime.ErrPortal) {
		t.Errorf("%v", why)
	}
	// With one that tells the truth they are three of two operators.
	honest := lietest.Start(t, lietest.Lie{})
	o.Servers = append(o.Servers, timeserver.Server{Host: honest.Addr, Operator: "honest"})
	r, err = Network(t.Context(), patient(o))
	check(t, r, err, slow, 1)
}

func TestRealNetworkThatIsSilent(t *testing.T) {
	silent := lietest.Start(t, lietest.Lie{Silent: true})
	o := Options{Servers: []timeserver.Server{{Host: silent.Addr, Operator: "a"}}, Web: []string{"127.0.0.1:9"}, Within: time.Second}
	r, err := Network(t.Context(), o)
	if !errors.Is(err, ErrNoAnswer) || len(r.Answers) != 2 || silent.Asked() == 0 {
		t.Errorf("%v, %d answers", err, len(r.Answers))
	}
}

// BenchmarkNetwork measures six servers on this device, half of them silent: how
// long it takes is how long it waits for those.
func BenchmarkNetwork(b *testing.B) {
	o := Options{Web: []string{}}
	for i := range 6 {
		s := lietest.Start(b, lietest.Lie{Silent: i%2 == 1})
		o.Servers = append(o.Servers, timeserver.Server{Host: s.Addr, Operator: string(rune('a' + i))})
	}
	var worst time.Duration
	for b.Loop() {
		r, err := Network(b.Context(), o)
		if err != nil || !r.Majority {
			b.Fatal(err)
		}
		worst = max(worst, r.Offset.Abs())
	}
	b.ReportMetric(worst.Seconds()*1000, "ms-error-worst")
}

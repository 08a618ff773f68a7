// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package clocks

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/measure"
	"github.com/kutano/authenticator/sync/clock/timeserver"
	"github.com/kutano/authenticator/sync/clock/webtime"
)

// world is what there is to ask.
type world struct {
	t         testing.TB
	authority *chronytest.Authority
	good      []timeserver.Server // five that are right, of three operators
	proven    []timeserver.Server // likewise, and they prove it
	liars     []timeserver.Server // two that are an hour ahead
	silent    []timeserver.Server // three that never answer
	jitter    []timeserver.Server // the good ones, over ways that take up to 300 ms longer
	uneven    []timeserver.Server // the good ones, with answers that take 200 ms and questions that do not
	web       string
}

var operators = []string{"one", "two", "three"}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, authority: chronytest.NewAuthority(t, time.Now().Add(-30*day), time.Now().Add(90*day))}
	var wanted []chronytest.Server
	for i := range 7 {
		s := chronytest.Server{NTS: i < 5, Authority: w.authority}
		if i >= 5 {
			s.Offset = time.Hour
		}
		wanted = append(wanted, s)
	}
	for i, s := range chronytest.StartAll(t, wanted...) {
		operator := operators[i%len(operators)]
		plain := timeserver.Server{Host: s.Addr, Operator: operator}
		if i >= 5 {
			w.liars = append(w.liars, plain)
			continue
		}
		w.good = append(w.good, plain)
		w.proven = append(w.proven, timeserver.Server{Host: s.Addr, Operator: operator, KeyExchange: s.KeyExchange})
		seed := uint64(i)
		w.jitter = append(w.jitter, timeserver.Server{Operator: operator, Host: lietest.Relay(t, s.Addr, lietest.Path{Jitter: 300 * time.Millisecond, Seed: seed})})
		w.uneven = append(w.uneven, timeserver.Server{Operator: operator, Host: lietest.Relay(t, s.Addr, lietest.Path{Back: 200 * time.Millisecond, Seed: seed})})
	}
	for i := range 3 {
		w.silent = append(w.silent, timeserver.Server{Host: lietest.Start(t, lietest.Lie{Silent: true}).Addr, Operator: operators[i]})
	}
	w.web = w.startWeb()
	return w
}

// startWeb starts a web server with the true time, also that of a service.
func (w *world) startWeb() string {
	w.t.Helper()
	key, certificate, err := w.authority.Issue()
	if err != nil {
		w.t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		w.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/time", func(rw http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(rw).Encode(map[string]int64{"unix_ms": time.Now().UnixMilli()})
	})
	s := httptest.NewUnstartedServer(mux)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	s.StartTLS()
	w.t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "https://")
}

// servers measures a device's clock by time servers alone.
func (w *world) servers(ahead time.Duration, all ...timeserver.Server) (clock.Measurement, error) {
	r, err := measure.Network(context.Background(), measure.Options{
		Servers: all, Web: []string{}, Roots: w.authority.Roots, Read: turned(ahead),
	})
	return r.Measurement, err
}

// sources are the columns of the table.
var sources = []struct {
	name string
	ask  func(w *world, ahead time.Duration) (clock.Measurement, error)
	// limit is how far half of the devices may be from the truth here, on
	// loopback; apart is how many steps the corrected code may be from that of
	// now.
	limit time.Duration
	apart int64
	// proven tells that every server can prove who it is.
	proven bool
}{
	{"five time servers", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.good...)
	}, 5 * time.Millisecond, 0, false},
	{"that prove who they are (NTS)", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.proven...)
	}, 5 * time.Millisecond, 0, true},
	{"one liar of four", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.good[0], w.good[1], w.good[2], w.liars[0])
	}, 5 * time.Millisecond, 0, false},
	{"two liars of five", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.good[0], w.good[1], w.good[2], w.liars[0], w.liars[1])
	}, 5 * time.Millisecond, 0, false},
	{"three silent of six", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, append(w.silent[:3:3], w.good[:3]...)...)
	}, 5 * time.Millisecond, 0, false},
	{"up to 300 ms later", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.jitter...)
	}, 150 * time.Millisecond, 0, false},
	{"answers 200 ms late", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.servers(ahead, w.uneven...)
	}, 110 * time.Millisecond, 0, false},
	{"a web server's Date", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		read := turned(ahead)
		e, err := (&webtime.Asker{Roots: w.authority.Roots, Read: read}).Date(context.Background(), w.web)
		return clock.Single(e, read()), err
	}, 100 * time.Millisecond, 0, false},
	{"a service's /v1/time", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		read := turned(ahead)
		e, err := (&webtime.Asker{Roots: w.authority.Roots, Read: read}).Service(context.Background(), "https://"+w.web)
		return clock.Single(e, read()), err
	}, 20 * time.Millisecond, 0, false},
	{"two codes of another device", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.codes(ahead, false, 4*time.Second, 41*time.Second)
	}, 15 * time.Second, 1, false},
	{"the moment it changes, twice", func(w *world, ahead time.Duration) (clock.Measurement, error) {
		return w.codes(ahead, true, 300*time.Millisecond, 60*time.Second+200*time.Millisecond)
	}, 2 * time.Second, 1, false},
	{"ten codes, taken or refused", (*world).tries, 45 * time.Second, 2, false},
}

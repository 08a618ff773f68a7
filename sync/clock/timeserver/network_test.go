// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver_test

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
	"github.com/kutano/authenticator/sync/clock/timeserver"
)

// However unevenly the network delays packets, the truth lies within the
// uncertainty.
func TestUnevenPaths(t *testing.T) {
	t.Parallel()
	const right = 47 * time.Second
	server := chronytest.Start(t, chronytest.Server{Offset: right})
	for name, path := range map[string]lietest.Path{
		"even":      {Out: 100 * time.Millisecond, Back: 100 * time.Millisecond},
		"slow out":  {Out: 300 * time.Millisecond},
		"slow back": {Back: 300 * time.Millisecond},
		"jitter":    {Jitter: 300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var wait sync.WaitGroup
			for range 10 {
				relay := lietest.Relay(t, server.Addr, path)
				wait.Go(func() {
					e, err := patient().Ask(t.Context(), timeserver.Server{Host: relay})
					if off := (e.Offset - right).Abs(); err != nil || off > e.Uncertainty || e.Uncertainty < (path.Out+path.Back)/2 {
						t.Errorf("%v ± %v: off by %v; %v", e.Offset, e.Uncertainty, off, err)
					}
				})
				path.Seed++
			}
			wait.Wait()
		})
	}
}

// The best of several answers counts.
func TestBestAnswer(t *testing.T) {
	t.Parallel()
	lies := []lietest.Lie{{Late: 400 * time.Millisecond}, {Late: 150 * time.Millisecond}, {Late: 300 * time.Millisecond}}
	for i := range lies {
		lies[i].Change = stampAt(40, 0) // as if the network had taken the time
	}
	s := lietest.Start(t, lies...)
	e, err := patient().Ask(t.Context(), timeserver.Server{Host: s.Addr})
	if err != nil || e.Uncertainty > 150*time.Millisecond || s.Asked() != 3 {
		t.Errorf("got %+v and %v after %d questions", e, err, s.Asked())
	}
}

func TestLoss(t *testing.T) {
	server := lietest.Start(t)
	answers := 0
	for seed := range uint64(20) {
		relay := lietest.Relay(t, server.Addr, lietest.Path{Loss: 0.3, Seed: seed})
		e, err := quick().Ask(t.Context(), timeserver.Server{Host: relay})
		switch {
		case err == nil && e.Offset.Abs() <= e.Uncertainty:
			answers++
		case !errors.Is(err, timeserver.ErrNoAnswer):
			t.Errorf("got %+v and %v", e, err)
		}
	}
	if answers == 0 {
		t.Error("no answer at all")
	}
	t.Logf("%d of 20 answered", answers)
}

// names makes the process ask a name server that knows these names, or says
// nothing to those it knows no address of.
func names(t *testing.T, known map[string][]string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer := resolve(buf[:n], known); answer != nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = before
		_ = conn.Close()
	})
}

// resolve answers a question for A or AAAA (RFC 1035).
func resolve(question []byte, known map[string][]string) []byte {
	var labels []string
	at := 12
	for ; question[at] != 0; at += int(question[at]) + 1 {
		labels = append(labels, string(question[at+1:at+1+int(question[at])]))
	}
	kind := binary.BigEndian.Uint16(question[at+1:])
	end := at + 5
	addresses := known[strings.Join(labels[:2], ".")]
	if addresses == nil {
		return nil
	}
	b := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end]...)
	for _, address := range addresses {
		ip := netip.MustParseAddr(address)
		if ip.Is4() != (kind == 1) {
			continue
		}
		b[7]++
		b = append(b, 0xc0, 12, 0, byte(kind), 0, 1, 0, 0, 0, 60, 0, byte(ip.BitLen()/8))
		b = append(b, ip.AsSlice()...)
	}
	return b
}

// A name has addresses of both sorts, and only one of them answers.
func TestBothFamilies(t *testing.T) {
	names(t, map[string][]string{"both.example": {"127.0.0.1", "::1"}, "six.example": {"::1"}, "mute.example": nil})
	for _, deaf := range []string{"127.0.0.1", "[::1]"} {
		other := map[string]string{"127.0.0.1": "[::1]", "[::1]": "127.0.0.1"}[deaf]
		s := lietest.StartAt(t, other+":0")
		_, port, _ := net.SplitHostPort(s.Addr)
		if _, err := (&timeserver.Asker{Timeout: time.Second}).Ask(t.Context(), timeserver.Server{Host: "both.example:" + port}); err != nil {
			t.Errorf("nothing at %s: %v", deaf, err)
		}
		lietest.StartAt(t, deaf+":"+port, lietest.Lie{Silent: true})
		if _, err := (&timeserver.Asker{Timeout: time.Second}).Ask(t.Context(), timeserver.Server{Host: "both.example:" + port}); err != nil {
			t.Errorf("%s is silent: %v", deaf, err)
		}
	}
	s := lietest.StartAt(t, "[::1]:0", lietest.Lie{Offset: time.Hour})
	_, port, _ := net.SplitHostPort(s.Addr)
	e, err := patient().Ask(t.Context(), timeserver.Server{Host: "six.example:" + port})
	if err != nil || (e.Offset-time.Hour).Abs() > e.Uncertainty || e.Name != "six.example:"+port {
		t.Errorf("IPv6 only: got %+v and %v", e, err)
	}
}

func TestNameServerSilent(t *testing.T) {
	names(t, nil)
	start := time.Now()
	for _, ask := range []func(context.Context, timeserver.Server) (clock.Estimate, error){quick().Ask, quick().AskProven} {
		_, err := ask(t.Context(), timeserver.Server{Host: "mute.example", KeyExchange: "mute.example"})
		if took := time.Since(start); !errors.Is(err, timeserver.ErrNoAnswer) || took > 4*time.Second {
			t.Errorf("it took %v: %v", took, err)
		}
	}
}

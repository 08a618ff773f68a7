// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package lietest gives tests time servers that lie, keep silent or talk
// nonsense, and a network that delays and loses packets, all on loopback. It is
// for tests only.
package lietest

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Lie is how a server answers a question. The zero value is the truth, by a
// server of stratum 2 that is as good as it can be.
type Lie struct {
	Offset         time.Duration              // how far the server's clock is ahead
	At             time.Time                  // what it gives for the time, whatever the time is; zero for none
	Leap           byte                       // 1: a second is added, 2: left out, 3: it does not know the time
	Stratum        byte                       // 0 for 2; 16 for not synchronised
	Kiss           string                     // four letters in place of a time: DENY, RSTR, RATE, INIT ...
	Precision      int8                       // of its clock, as a power of two of a second; 0 for -20, 1 µs
	RootDelay      time.Duration              // from the true time, there and back
	RootDispersion time.Duration              // of the true time, by its own account
	Late           time.Duration              // it answers so much later
	Silent         bool                       // it does not
	Twice          bool                       // it answers twice
	WrongOrigin    bool                       // it answers another question
	Cut            int                        // so many bytes are missing at the end
	Change         func(answer []byte) []byte // what it sends instead; nil for no change
}

// Garbage is a change to 100 bytes that mean nothing.
func Garbage([]byte) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, 100)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Server is a running server.
type Server struct {
	Addr  string // its host and port
	asked atomic.Int64
}

// Asked returns how many questions came.
func (s *Server) Asked() int { return int(s.asked.Load()) }

// Start starts a server on 127.0.0.1 that ends with the test. The first question
// gets the first lie and so on; the last lie is for all that follow.
func Start(t testing.TB, lies ...Lie) *Server {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", lies...)
}

// StartAt starts a server at an address of loopback, for instance "[::1]:0".
func StartAt(t testing.TB, address string, lies ...Lie) *Server {
	t.Helper()
	NeedIPv6(t, address)
	conn, err := net.ListenPacket("udp", address)
	if err != nil {
		t.Fatalf("start a time server: %v", err)
	}
	if len(lies) == 0 {
		lies = []Lie{{}}
	}
	s := &Server{Addr: conn.LocalAddr().String()}
	var all sync.WaitGroup
	all.Go(func() { s.serve(conn, lies, &all) })
	t.Cleanup(func() {
		_ = conn.Close()
		all.Wait()
	})
	return s
}

// NeedIPv6 skips the test if the address is one of IPv6 and the machine has none.
func NeedIPv6(t testing.TB, address string) {
	t.Helper()
	if !strings.HasPrefix(address, "[") {
		return
	}
	conn, err := net.ListenPacket("udp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6, not even its own: %v", err)
	}
	_ = conn.Close()
}

func (s *Server) serve(conn net.PacketConn, lies []Lie, all *sync.WaitGroup) {
	buf := make([]byte, 2048)
	for {
		n, from, err := conn.ReadFrom(buf)
		if err != nil {
			return
		}
		came := time.Now()
		lie := lies[min(int(s.asked.Add(1)), len(lies))-1]
		if n < headerSize || lie.Silent {
			continue
		}
		question := slices.Clone(buf[:n])
		all.Go(func() {
			time.Sleep(lie.Late)
			packet := lie.answer(question, came, time.Now())
			_, _ = conn.WriteTo(packet, from)
			if lie.Twice {
				_, _ = conn.WriteTo(packet, from)
			}
		})
	}
}

const headerSize = 48 // of a packet of NTP

// answer makes the packet (RFC 5905, section 7.3).
func (l *Lie) answer(question []byte, came, goes time.Time) []byte {
	if !l.At.IsZero() {
		came, goes = l.At, l.At
	}
	b := make([]byte, headerSize)
	b[0] = l.Leap<<6 | 4<<3 | 4 // version 4, a server
	b[1] = or(l.Stratum, 2)
	b[3] = byte(or(l.Precision, -20))
	copy(b[12:], "\x7f\x00\x00\x02")
	if l.Kiss != "" {
		b[0] |= 3 << 6
		b[1] = 0
		copy(b[12:16], l.Kiss)
	}
	binary.BigEndian.PutUint32(b[4:], short(l.RootDelay))
	binary.BigEndian.PutUint32(b[8:], short(l.RootDispersion))
	binary.BigEndian.PutUint64(b[16:], stamp(came.Add(l.Offset-10*time.Second)))
	copy(b[24:32], question[40:48])
	binary.BigEndian.PutUint64(b[32:], stamp(came.Add(l.Offset)))
	binary.BigEndian.PutUint64(b[40:], stamp(goes.Add(l.Offset)))
	if l.WrongOrigin {
		b[24] ^= 0xff
	}
	if l.Change != nil {
		b = l.Change(b)
	}
	return b[:max(0, len(b)-l.Cut)]
}

func or[T comparable](given, usual T) T {
	var zero T
	if given == zero {
		return usual
	}
	return given
}

// stamp is a time in seconds since 1900, modulo 2^32, and parts of one in 2^32.
func stamp(t time.Time) uint64 {
	const unix = 2_208_988_800
	return uint64(uint32(t.Unix()+unix))<<32 | uint64(t.Nanosecond())<<32/1_000_000_000
}

// short is a duration in seconds and parts of one in 2^16.
func short(d time.Duration) uint32 { return uint32(d.Seconds() * (1 << 16)) }

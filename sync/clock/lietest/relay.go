// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package lietest

import (
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// Path is a way through a network.
type Path struct {
	Out, Back time.Duration              // how long a packet takes to the server, and from it
	Jitter    time.Duration              // either takes up to so much longer
	Loss      float64                    // the part of packets that never arrive, either way
	Seed      uint64                     // another for other packets
	Change    func(answer []byte) []byte // what arrives instead of an answer; nil for no change
}

// Relay starts a way to a server and returns the address of its near end, on
// 127.0.0.1. It ends with the test.
func Relay(t testing.TB, server string, p Path) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start a relay: %v", err)
	}
	r := relay{path: p, server: server, conn: conn, done: make(chan struct{}), rand: rand.New(rand.NewPCG(p.Seed, 1))}
	r.all.Go(r.run)
	t.Cleanup(func() {
		close(r.done)
		_ = conn.Close()
		r.all.Wait()
	})
	return conn.LocalAddr().String()
}

type relay struct {
	path   Path
	server string
	conn   net.PacketConn
	done   chan struct{}
	all    sync.WaitGroup

	mu   sync.Mutex
	rand *rand.Rand
}

func (r *relay) run() {
	buf := make([]byte, 2048)
	for {
		n, from, err := r.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		question := slices.Clone(buf[:n])
		r.all.Go(func() { r.carry(question, from) })
	}
}

// carry takes a question to the server and all answers to it back.
func (r *relay) carry(question []byte, from net.Addr) {
	if !r.pass(r.path.Out) {
		return
	}
	far, err := net.Dial("udp", r.server)
	if err != nil {
		return
	}
	defer far.Close()
	r.all.Go(func() { // a closed connection ends the reading below
		select {
		case <-r.done:
		case <-time.After(5 * time.Second):
		}
		_ = far.Close()
	})
	if _, err := far.Write(question); err != nil {
		return
	}
	for {
		buf := make([]byte, 2048)
		n, err := far.Read(buf)
		if err != nil {
			return
		}
		r.all.Go(func() {
			answer := buf[:n]
			if r.path.Change != nil {
				answer = r.path.Change(answer)
			}
			if r.pass(r.path.Back) {
				_, _ = r.conn.WriteTo(answer, from)
			}
		})
	}
}

// pass waits as long as a packet takes and tells whether it arrives.
func (r *relay) pass(d time.Duration) bool {
	r.mu.Lock()
	lost := r.rand.Float64() < r.path.Loss
	if r.path.Jitter > 0 {
		d += time.Duration(r.rand.Int64N(int64(r.path.Jitter)))
	}
	r.mu.Unlock()
	select {
	case <-r.done:
		return false
	case <-time.After(d):
		return !lost
	}
}

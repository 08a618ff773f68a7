// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package ntptest is a time server on loopback, for tests.
package ntptest

import (
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// era0 is the beginning of NTP's time in Unix seconds (RFC 5905, 6).
const era0 = -2_208_988_800

// Serve starts a time server that tells what clock says and returns its
// address. Stratum 0 tells clients to go away (RFC 5905, 7.4).
func Serve(t testing.TB, stratum byte, clock func() time.Time) string {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	go func() {
		defer close(done)
		b := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(b)
			if err != nil {
				return
			}
			if n >= 48 {
				_, _ = conn.WriteTo(reply(b[:48], stratum, clock()), from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// reply is an answer of version 4 in mode 4 (RFC 5905, 7.3).
func reply(request []byte, stratum byte, now time.Time) []byte {
	r := make([]byte, 48)
	r[0], r[1], r[2], r[3] = 4<<3|4, stratum, 6, 0xe8
	stamp := func(at int, t time.Time) {
		binary.BigEndian.PutUint32(r[at:], uint32(t.Unix()-era0))
		binary.BigEndian.PutUint32(r[at+4:], uint32((uint64(t.Nanosecond())<<32)/uint64(time.Second)))
	}
	stamp(16, now.Add(-time.Minute)) // when it was set
	copy(r[24:32], request[40:48])   // what the client sent
	stamp(32, now)
	stamp(40, now)
	return r
}

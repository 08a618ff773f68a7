// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kutano/authenticator/sync/clock"
	"github.com/kutano/authenticator/sync/clock/chronytest"
	"github.com/kutano/authenticator/sync/clock/lietest"
)

// joined joins records to an answer.
func joined(records ...record) []byte {
	var b []byte
	for _, r := range records {
		b = r.append(b)
	}
	return b
}

var (
	protocol = record{recordProtocol, true, []byte{0, protocolNTP}}
	cipher   = record{recordCipher, true, []byte{0, cipherSIV}}
	cookie   = record{recordCookie, false, []byte("a cookie of some length")}
	end      = record{recordEnd, true, nil}
)

func host(name string) record { return record{recordServer, true, []byte(name)} }
func port(n uint16) record    { return record{recordPort, true, binary.BigEndian.AppendUint16(nil, n)} }

func number(kind, n uint16) record  { return record{kind, true, binary.BigEndian.AppendUint16(nil, n)} }
func unknown(must bool) record      { return record{1000, must, []byte("something new")} }
func many(n int, r record) []record { return slices.Repeat([]record{r}, n) }

var replies = map[string]struct {
	answer []byte
	want   error // nil for a good one
}{
	"good":               {joined(protocol, cipher, cookie, end), nil},
	"in another order":   {joined(cookie, cipher, cookie, protocol, end), nil},
	"more after the end": {joined(protocol, cipher, cookie, end, unknown(true)), nil},
	"something new":      {joined(unknown(false), protocol, cipher, cookie, end), nil},
	"many cookies":       {joined(append(many(20, cookie), protocol, cipher, end)...), nil},

	"something new that counts": {joined(unknown(true), protocol, cipher, cookie, end), errExchange},
	"no cookie":                 {joined(protocol, cipher, end), errExchange},
	"no protocol":               {joined(cipher, cookie, end), errExchange},
	"no cipher":                 {joined(protocol, cookie, end), errExchange},
	"another protocol":          {joined(number(recordProtocol, 9), cipher, cookie, end), errExchange},
	"another cipher":            {joined(protocol, number(recordCipher, 16), cookie, end), errExchange},
	"no protocol in common":     {joined(record{recordProtocol, true, nil}, cipher, cookie, end), errExchange},
	"two ciphers":               {joined(protocol, cipher, cipher, cookie, end), errExchange},
	"two protocols":             {joined(protocol, protocol, cipher, cookie, end), errExchange},
	"empty cookie":              {joined(protocol, cipher, record{recordCookie, false, nil}, end), errExchange},
	"large cookie":              {joined(protocol, cipher, record{recordCookie, false, make([]byte, maxCookie+1)}, end), errExchange},
	"host with a newline":       {joined(protocol, cipher, cookie, host("a\nb"), end), errExchange},
	"host with a path":          {joined(protocol, cipher, cookie, host("a/b"), end), errExchange},
	"empty host":                {joined(protocol, cipher, cookie, host(""), end), errExchange},
	"long host":                 {joined(protocol, cipher, cookie, host(strings.Repeat("a", maxHost+1)), end), errExchange},
	"two hosts":                 {joined(protocol, cipher, cookie, host("a"), host("b"), end), errExchange},
	"port 0":                    {joined(protocol, cipher, cookie, port(0), end), errExchange},
	"port of one byte":          {joined(protocol, cipher, cookie, record{recordPort, true, []byte{1}}, end), errExchange},
	"two ports":                 {joined(protocol, cipher, cookie, port(1), port(1), end), errExchange},
	"flood":                     {joined(append(many(maxRecords, unknown(false)), protocol, cipher, cookie, end)...), errExchange},
	"huge record":               {joined(record{1000, false, make([]byte, maxExchange+1)}, end), errExchange},
	"flood of bytes":            {joined(append(many(4, record{1000, false, make([]byte, maxExchange/3)}), end)...), io.ErrUnexpectedEOF},
	"error":                     {joined(number(recordError, 1), end), errTrouble},
	"error without a number":    {joined(record{recordError, true, nil}, end), errTrouble},
	"warning":                   {joined(protocol, cipher, cookie, number(recordWarning, 7), end), errTrouble},
	"no end":                    {joined(protocol, cipher, cookie), io.EOF},
	"cut":                       {joined(protocol, cipher, cookie)[:20], io.ErrUnexpectedEOF},
	"nothing":                   {nil, io.EOF},
}

func TestReplies(t *testing.T) {
	for name, test := range replies {
		got, err := readReply(bytes.NewReader(test.answer))
		if !errors.Is(err, test.want) || (err == nil) != (len(got.cookies) > 0) || len(got.cookies) > maxCookies {
			t.Errorf("%s: got %+v and %v, want %v", name, got, err, test.want)
		}
	}
	got, err := readReply(bytes.NewReader(joined(protocol, host("2001:db8::1"), port(65535), cipher, cookie, end)))
	if err != nil || got.server != "2001:db8::1" || got.port != "65535" || string(got.cookies[0]) != string(cookie.body) {
		t.Errorf("got %+v and %v", got, err)
	}
}

func TestRequest(t *testing.T) {
	want := "\x80\x01\x00\x02\x00\x00" + "\x80\x04\x00\x02\x00\x0f" + "\x80\x00\x00\x00"
	if got := string(request()); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

func FuzzReadReply(f *testing.F) {
	for _, test := range replies {
		f.Add(test.answer)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		got, err := readReply(bytes.NewReader(answer))
		if err != nil {
			return
		}
		if !got.protocol || !got.cipher || len(got.cookies) == 0 || len(got.cookies) > maxCookies {
			t.Fatalf("took %+v", got)
		}
		if got.server != "" && !isHost([]byte(got.server)) || got.port == "0" || got.port == "-1" {
			t.Fatalf("took %q, port %q", got.server, got.port)
		}
		for _, c := range got.cookies {
			if len(c) == 0 || len(c) > maxCookie {
				t.Fatalf("took a cookie of %d bytes", len(c))
			}
		}
	})
}

// keyServer answers every key exchange the same way, after it was asked.
func keyServer(t *testing.T, conf *tls.Config, answer []byte) (string, *chronytest.Authority) {
	t.Helper()
	authority := chronytest.NewAuthority(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	key, certificate, err := authority.Issue()
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	conf.Certificates = []tls.Certificate{pair}
	l, err := tls.Listen("tcp", "127.0.0.1:0", conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.ReadFull(conn, make([]byte, len(request())))
				_, _ = conn.Write(answer)
				_ = conn.Close()
			}()
		}
	}()
	return l.Addr().String(), authority
}

func TestKeyServers(t *testing.T) {
	good := joined(protocol, cipher, cookie, end)
	speaks := func() *tls.Config {
		return &tls.Config{NextProtos: []string{exchangeName}, MinVersion: tls.VersionTLS12}
	}
	old, mute, other := speaks(), speaks(), speaks()
	old.MaxVersion, mute.NextProtos, other.NextProtos = tls.VersionTLS12, nil, []string{"h2"}
	for name, test := range map[string]struct {
		conf   *tls.Config
		answer []byte
		server string // what to ask for the time; "" for an error
		want   error
	}{
		"good":           {speaks(), good, "127.0.0.1:123", nil},
		"another port":   {speaks(), joined(protocol, cipher, cookie, port(1123), end), "127.0.0.1:1123", nil},
		"another server": {speaks(), joined(protocol, cipher, cookie, host("time.example"), end), "time.example:123", nil},
		"another of both": {
			speaks(), joined(protocol, cipher, cookie, host("2001:db8::1"), port(1123), end), "[2001:db8::1]:1123", nil,
		},
		"TLS 1.2":          {old, good, "", ErrNoAnswer},
		"no protocol name": {mute, good, "", ErrForged},
		"another name":     {other, good, "", ErrNoAnswer},
		"nonsense":         {speaks(), joined(unknown(true), end), "", ErrForged},
		"error":            {speaks(), joined(number(recordError, 2), end), "", ErrNoAnswer},
		"nothing":          {speaks(), nil, "", ErrNoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			addr, authority := keyServer(t, test.conf, test.answer)
			a := Asker{Roots: authority.Roots}
			got, err := a.exchange(t.Context(), addr)
			if !errors.Is(err, test.want) || (err == nil) != (got != nil) {
				t.Fatalf("got %+v and %v, want %v", got, err, test.want)
			}
			if err == nil && (got.server != test.server || len(got.cookies) != 1) {
				t.Errorf("asks %s for the time, want %s", got.server, test.server)
			}
		})
	}
}

// The server that the key exchange names is the one that is asked. A cookie is
// for one question.
func TestAsksTheServerNamed(t *testing.T) {
	s := lietest.StartAt(t, "[::1]:0", lietest.Lie{})
	_, p, _ := net.SplitHostPort(s.Addr)
	n, _ := net.LookupPort("udp", p)
	addr, authority := keyServer(t, &tls.Config{NextProtos: []string{exchangeName}, MinVersion: tls.VersionTLS13},
		joined(protocol, cipher, cookie, cookie, host("::1"), port(uint16(n)), end))
	a := Asker{Roots: authority.Roots, Timeout: 5 * time.Second}
	e, err := a.AskProven(t.Context(), Server{Host: "127.0.0.1:9", KeyExchange: addr})
	if !errors.Is(err, ErrForged) || e != (clock.Estimate{}) { // it proves nothing
		t.Errorf("got %+v and %v", e, err)
	}
	if s.Asked() != 2 {
		t.Errorf("asked %d times", s.Asked())
	}
}

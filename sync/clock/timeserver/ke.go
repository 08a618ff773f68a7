// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/facebook/time/ntp/protocol/nts/aessiv"
)

// exchangeName is what a key exchange is called within TLS (RFC 8915, section 4).
const exchangeName = "ntske/1"

// session is what a key exchange gives: keys for a few questions.
type session struct {
	server  string // to ask for the time, with its port
	out, in *aessiv.AESSIV
	cookies [][]byte // each for one question
}

// exchange agrees on keys with a server (RFC 8915, section 4).
func (a *Asker) exchange(ctx context.Context, server string) (*session, error) {
	host, port := split(server, kePort)
	d := tls.Dialer{Config: &tls.Config{
		MinVersion: tls.VersionTLS13, NextProtos: []string{exchangeName}, ServerName: host, RootCAs: a.Roots,
		Time: func() time.Time { return a.read().Wall },
	}}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, untrusted(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	state := conn.(*tls.Conn).ConnectionState() // what a tls.Dialer returns is one
	if state.NegotiatedProtocol != exchangeName {
		return nil, fmt.Errorf("%w: it does not speak %s", ErrForged, exchangeName)
	}
	if _, err := conn.Write(request()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	got, err := readReply(conn)
	switch {
	case errors.Is(err, errExchange):
		return nil, fmt.Errorf("%w: %w", ErrForged, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	return agreed(&state, got, host)
}

// agreed derives the keys (section 5.1).
func agreed(state *tls.ConnectionState, got reply, host string) (*session, error) {
	s := session{cookies: got.cookies}
	if got.server != "" {
		host = got.server
	}
	if got.port == "" {
		got.port = ntpPort
	}
	s.server = net.JoinHostPort(host, got.port)
	for way, cipher := range []**aessiv.AESSIV{&s.out, &s.in} {
		purpose := []byte{0, protocolNTP, 0, cipherSIV, byte(way)}
		key, err := state.ExportKeyingMaterial("EXPORTER-network-time-security", purpose, aessiv.KeySize)
		if err == nil {
			*cipher, err = aessiv.NewAESSIV(key)
		}
		if err != nil {
			return nil, fmt.Errorf("derive keys: %w", err)
		}
		clear(key)
	}
	return &s, nil
}

// untrusted wraps what a TLS connection failed with by what it means.
func untrusted(err error) error {
	var when x509.CertificateInvalidError
	var who *tls.CertificateVerificationError
	switch {
	case errors.As(err, &when) && when.Reason == x509.Expired:
		return fmt.Errorf("%w: %w", ErrCertificateTime, err)
	case errors.As(err, &who):
		return fmt.Errorf("%w: %w", ErrForged, err)
	}
	return fmt.Errorf("%w: %w", ErrNoAnswer, err)
}

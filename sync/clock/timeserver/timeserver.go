// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

// Package timeserver asks one time server for the time: by NTP (RFC 5905), or
// by NTS (RFC 8915), where the answer proves who gave it.
//
// What it returns is an honest bound: if the server is right, the true offset
// lies within the uncertainty, however unevenly the network delays packets.
// Whether the server is right only several of them can tell, see [clock.Agree].
//
// It asks a server that gave a poor answer, a wrong one or none again, a few
// times at most; one that wants to be left alone it leaves alone.
package timeserver

import (
	"errors"
	"net"
	"strings"
)

// Server is a time server.
type Server struct {
	Host        string // "host" or "host:port" of NTP; port 123 unless it is there
	Operator    string // who runs it, the same text for the same people
	KeyExchange string // "host" or "host:port" of NTS; port 4460 unless it is there; "" where NTS is not offered
	Smeared     bool   // it spreads leap seconds over hours
}

const (
	ntpPort = "123"
	kePort  = "4460"
)

// Name returns what to call the server to a person: its host, and the port
// where that is not the usual one.
func (s Server) Name() string {
	address, usual := s.Host, ntpPort
	if address == "" {
		address, usual = s.KeyExchange, kePort
	}
	host, port := split(address, usual)
	if port == usual {
		return host
	}
	return net.JoinHostPort(host, port)
}

// split takes "host", "host:port", "[address]:port" or an IPv6 address apart.
func split(address, usual string) (host, port string) {
	if host, port, err := net.SplitHostPort(address); err == nil {
		return host, port
	}
	return strings.TrimSuffix(strings.TrimPrefix(address, "["), "]"), usual
}

// Why a server gave no time that can be used. Each comes wrapped with what
// happened.
var (
	// ErrRefused: the server wants never to be asked again (RFC 5905, section
	// 7.4, DENY and RSTR).
	ErrRefused = errors.New("server refuses to be asked")
	// ErrTooOften: the server was asked too often (RATE), now or a while ago.
	ErrTooOften = errors.New("server was asked too often")
	// ErrUnsure: the server does not know the time well enough itself, or its
	// answer cannot be compared with the device's clock.
	ErrUnsure = errors.New("server is unsure of the time")
	// ErrNoAnswer: nothing came back, or the server was not found.
	ErrNoAnswer = errors.New("server does not answer")
	// ErrForged: an answer came that is not the server's to this question, or
	// that does not prove to be.
	ErrForged = errors.New("answer is not the server's")
	// ErrCertificateTime: at the device's time the server's certificate is not
	// valid. If the device's year is wrong, that is why.
	ErrCertificateTime = errors.New("certificate is not valid at the device's time")
)

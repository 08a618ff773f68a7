// Copyright 2026 The Kutano Authenticator authors
// SPDX-License-Identifier: Apache-2.0

package timeserver

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// The records of a key exchange (RFC 8915, section 4.1), and the only protocol
// and cipher that are asked for.
const (
	recordEnd      = 0
	recordProtocol = 1
	recordError    = 2
	recordWarning  = 3
	recordCipher   = 4
	recordCookie   = 5
	recordServer   = 6
	recordPort     = 7

	critical = 1 << 15

	protocolNTP = 0
	cipherSIV   = 15 // AES-SIV-CMAC-256, which every server has
)

// What an answer may be at most. Servers send eight cookies of about a hundred
// bytes.
const (
	maxExchange = 16 << 10
	maxRecords  = 64
	maxCookies  = 8
	maxCookie   = 1 << 10
	maxHost     = 253
)

// record is one record without its length.
type record struct {
	kind uint16 // without the critical bit
	must bool   // who does not know the kind must give up
	body []byte
}

func (r record) append(b []byte) []byte {
	kind := r.kind
	if r.must {
		kind |= critical
	}
	b = binary.BigEndian.AppendUint16(b, kind)
	b = binary.BigEndian.AppendUint16(b, uint16(len(r.body)))
	return append(b, r.body...)
}

// request is what the client says in a key exchange.
func request() []byte {
	b := record{recordProtocol, true, []byte{0, protocolNTP}}.append(nil)
	b = record{recordCipher, true, []byte{0, cipherSIV}}.append(b)
	return record{recordEnd, true, nil}.append(b)
}

var errExchange = errors.New("not an answer to a key exchange")

// readRecords reads up to the record that ends the answer, which it leaves out.
func readRecords(r io.Reader) ([]record, error) {
	r = io.LimitReader(r, maxExchange)
	var all []record
	for range maxRecords {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return nil, fmt.Errorf("it ends early: %w", err)
		}
		kind := binary.BigEndian.Uint16(head[:])
		length := binary.BigEndian.Uint16(head[2:])
		if length > maxExchange {
			return nil, fmt.Errorf("%w: a record of %d bytes", errExchange, length)
		}
		one := record{kind: kind &^ critical, must: kind&critical != 0, body: make([]byte, length)}
		if _, err := io.ReadFull(r, one.body); err != nil {
			return nil, fmt.Errorf("it ends early: %w", err)
		}
		if one.kind == recordEnd {
			return all, nil
		}
		all = append(all, one)
	}
	return nil, fmt.Errorf("%w: more than %d records", errExchange, maxRecords)
}

// reply is what a server answers in a key exchange.
type reply struct {
	cookies  [][]byte
	server   string // to ask for the time; "" for the one that answered
	port     string // of it; "" for the usual
	protocol bool
	cipher   bool
}

// readReply reads an answer. Only one that offers NTP, the cipher and a cookie is
// one.
func readReply(r io.Reader) (reply, error) {
	var got reply
	records, err := readRecords(r)
	if err != nil {
		return got, err
	}
	for _, one := range records {
		if err := got.take(one); err != nil {
			return reply{}, err
		}
	}
	if !got.protocol || !got.cipher || len(got.cookies) == 0 {
		return reply{}, fmt.Errorf("%w: it offers nothing to go on with", errExchange)
	}
	return got, nil
}

// take takes one record; all but cookies come once.
func (r *reply) take(one record) error {
	var ok bool
	switch one.kind {
	case recordProtocol:
		ok, r.protocol = !r.protocol && one.is(protocolNTP), true
	case recordCipher:
		ok, r.cipher = !r.cipher && one.is(cipherSIV), true
	case recordError, recordWarning:
		return one.trouble()
	case recordCookie:
		ok = r.takeCookie(one.body)
	case recordServer:
		ok, r.server = r.server == "" && isHost(one.body), string(one.body)
	case recordPort:
		ok, r.port = r.port == "" && one.number() > 0, strconv.Itoa(one.number())
	default:
		ok = !one.must
	}
	if !ok {
		return fmt.Errorf("%w: record %d", errExchange, one.kind)
	}
	return nil
}

func (r *reply) takeCookie(cookie []byte) bool {
	if len(r.cookies) < maxCookies {
		r.cookies = append(r.cookies, cookie)
	}
	return len(cookie) > 0 && len(cookie) <= maxCookie
}

// number returns the record's number, or -1 where it does not hold one.
func (r record) number() int {
	if len(r.body) != 2 {
		return -1
	}
	return int(binary.BigEndian.Uint16(r.body))
}

func (r record) is(n int) bool { return r.number() == n }

// errTrouble is what a server reports of itself, or of what it was asked. There
// are no warnings yet that one could go on after (section 4.1.4).
var errTrouble = errors.New("the server cannot do it")

func (r record) trouble() error {
	what := "error"
	if r.kind == recordWarning {
		what = "warning"
	}
	return fmt.Errorf("%w: %s %d", errTrouble, what, r.number())
}

// isHost tells whether b can be the name or the address of a host.
func isHost(b []byte) bool {
	for _, c := range b {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (c < '0' || '9' < c) && c != '.' && c != '-' && c != '_' && c != ':' {
			return false
		}
	}
	return len(b) > 0 && len(b) <= maxHost
}
